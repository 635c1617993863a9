"""Who may answer a deadline on a day, and for whom the answer counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.planning.organisation import Person, Seat
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import ReminderKind, must_act
from engine.planning.status import answered, responsible_seats


@dataclass(frozen=True, slots=True)
class Asked:
    """What a recipient of mail may answer of a deadline.

    Where each of several is asked, `mine` are those the recipient answers for, units or
    initials, and `lacking` those of them that have not answered; otherwise both are empty.
    """

    may: bool
    alone: bool
    """Whether one answer is enough."""
    mine: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def can_settle(self) -> bool:
        """Whether an answer that it is done would count."""
        return self.may and (self.alone or bool(self.lacking))


def asked_of(
    recipient: str, deadline: Deadline, plan: Plan, people: Mapping[str, Person], today: date
) -> Asked:
    """What a recipient may answer on a day; one who is responsible may, also while away."""
    kind, _, name = recipient.partition(":")
    own = _own_seats(name, deadline, plan, today) if kind == "person" else ()
    may = bool(own) or recipient in must_act(deadline, plan, people, today)
    told = answered(deadline, plan.register)
    if deadline.finish == "one" or not told.wanted:
        return Asked(may, alone=True)
    stand_for = {seat.unit or seat.person for seat in own}
    mine = tuple(who for who in told.wanted if who in stand_for)
    lacking = tuple(who for who in mine if who not in told.given)
    return Asked(may, alone=False, mine=mine, lacking=lacking)


def acts(
    recipient: str, deadline: Deadline, plan: Plan, people: Mapping[str, Person], today: date
) -> bool:
    """Whether it is the recipient's to do, or whoever's the recipient stands in for.

    Unlike `asked_of`, not for those alone to whom it is escalated when it is late.
    """
    kind, _, name = recipient.partition(":")
    if kind == "person" and _own_seats(name, deadline, plan, today):
        return True
    return recipient in must_act(deadline, plan, people, today, (ReminderKind.DUE,))


def _own_seats(person: str, deadline: Deadline, plan: Plan, today: date) -> tuple[Seat, ...]:
    """The seats that must act, held by the person or by whom the person is a substitute for."""
    roster, side = plan.register.roster, deadline.terms.visible
    found = []
    for seat in responsible_seats(deadline, plan.register, today):
        substitutes = (
            other
            for other in roster.seats_of(seat.committee)
            if other.substitute_for == seat.person and other.held(today)
        )
        acting = [each for each in (seat, *substitutes) if each.person == person]
        if any(side is None or roster.side_of(each) is side for each in acting):
            found.append(seat)
    return tuple(found)
