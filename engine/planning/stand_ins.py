"""Who is told where those who must act cannot be: substitutes, the secretary, then others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from engine.planning.absences import Absences
from engine.planning.organisation import Seat
from engine.planning.plan import Deadline
from engine.planning.register import Register
from engine.planning.roster import Roster
from engine.planning.workflow import Holder


def on_side(seats: tuple[Seat, ...], deadline: Deadline, register: Register) -> tuple[Seat, ...]:
    """The seats that may be told: what is one side's own never crosses to the other."""
    side = deadline.terms.visible
    if side is None:
        return seats
    return tuple(seat for seat in seats if register.roster.side_of(seat) is side)


def acting_for(
    seats: tuple[Seat, ...], deadline: Deadline, register: Register, absences: Absences
) -> dict[Seat, str]:
    """Whoever acts for the seats; what is confidential is no substitute's business."""
    if deadline.terms.confidential:
        return {seat: "" for seat in seats if absences.reached(seat)}
    found = absences.all_acting(seats)
    told = on_side(tuple(found), deadline, register)
    return {seat: found[seat] for seat in told}


def secretaries(deadline: Deadline, register: Register, absences: Absences) -> dict[Seat, str]:
    """The secretary a deadline is told of, or who acts for them; nobody where it is confidential.

    1. The secretary of the deadline's own committee.
    2. Where that seat is vacant, its holder cannot be reached, or the deadline is one side's own
       and the holder is not on it: the secretary of the committee above, and so on up.
    3. The same from the committees whose roles must act, if these are others.
    """
    if deadline.terms.confidential:
        return {}
    roster = register.roster
    roles = tuple(Holder(role) for role in register.edition.organisation.secretaries)
    bodies = dict.fromkeys((deadline.committee, *(h.body for h in deadline.terms.responsible)))
    for committee in chain.from_iterable(_upwards(body, roster) for body in bodies):
        seats = _seats(roles, committee, roster, absences)
        if found := acting_for(seats, deadline, register, absences):
            return found
    return {}


def stand_ins(deadline: Deadline, register: Register, absences: Absences) -> tuple[str, ...]:
    """Whom the reminders go to when nobody is left who must act.

    1. The secretary, as found by `secretaries`.
    2. Where there is none: those informed, then the same roles further up, and an office that is
       informed at last.

    What is confidential goes to the offices it names and to nobody else; what is one side's own
    to nobody who is not on that side.
    """
    own, roster = deadline.terms, register.roster
    if own.confidential:
        return office_ids(own.inform, deadline, register)
    if found := secretaries(deadline, register, absences):
        return person_ids(tuple(found))
    for committee in _upwards(deadline.committee, roster):
        for holders in (own.inform, own.responsible):
            seats = _seats(holders, committee, roster, absences)
            if found := acting_for(seats, deadline, register, absences):
                return person_ids(tuple(found))
    return office_ids(own.inform, deadline, register)


def office_ids(
    holders: tuple[Holder, ...], deadline: Deadline, register: Register
) -> tuple[str, ...]:
    """The offices among some holders that may be told, as mails are addressed to them."""
    side, roster = deadline.terms.visible, register.roster
    offices = dict.fromkeys(holder.office for holder in holders if holder.office)
    return tuple(f"office:{o}" for o in offices if side is None or roster.office_on(o, side))


def person_ids(seats: tuple[Seat, ...]) -> tuple[str, ...]:
    """Those who hold some seats, as mails are addressed to them."""
    return tuple(dict.fromkeys(f"person:{seat.person}" for seat in seats))


def _seats(
    holders: tuple[Holder, ...], committee: str, roster: Roster, absences: Absences
) -> tuple[Seat, ...]:
    return tuple(s for h in holders for s in roster.holding(h, committee, absences.on))


def _upwards(committee: str, roster: Roster) -> Iterator[str]:
    """A committee and those above it; parents in a circle end it."""
    seen: set[str] = set()
    above: str | None = committee
    while above and above not in seen:
        seen.add(above)
        yield above
        body = roster.committees.get(above)
        above = body.parent if body else None
