"""Who is to be told what on a day: pure, from the plan and what has been told already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, takewhile

from engine.errors import NotCovered
from engine.planning.absences import Absences
from engine.planning.answers import acting_seats
from engine.planning.heard import Heard, Telling, heard
from engine.planning.organisation import Person, Seat
from engine.planning.periods import add_months, months_between
from engine.planning.plan import Deadline, Plan
from engine.planning.register import Register
from engine.planning.spans import Pace, Span, later
from engine.planning.stand_ins import acting_for, office_ids, on_side, person_ids, stand_ins
from engine.planning.status import (
    MAIL_DAYS,
    Paces,
    State,
    advance_days,
    answered,
    opens,
    reminders_of,
    responsible_seats,
    settled_on,
    state,
)
from engine.planning.workdays import Roll, WorkingCalendar
from engine.planning.workflow import Holder, Terms, parse_holder

# A deadline without a date is mentioned once a month, from this long before what it belongs to.
UNDATED_LEAD_DAYS = 90


class ReminderKind(StrEnum):
    """Why somebody is told."""

    HEADS_UP = "heads-up"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    INFORMED = "informed"
    UNDATED = "undated"


# Those who must act come first: whoever else is told, to them it is their own that is overdue.
_CHANNELS = (ReminderKind.DUE, ReminderKind.ESCALATED, ReminderKind.INFORMED)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to tell one recipient; the key is told once only."""

    key: str
    recipient: str
    deadline: Deadline
    kind: ReminderKind
    state: State
    moment_on: date
    vacant: bool = False
    instead_of: tuple[str, ...] = ()
    """Whom the recipient is told in place of, by initials: they are away or without an address."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on which something is told, and the label that tells it from the others."""

    on: date
    kind: ReminderKind
    label: str


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is told, and whether that is because the role is vacant or somebody is away."""

    ids: tuple[str, ...]
    vacant: bool = False
    instead_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def due(
    plan: Plan,
    told: Mapping[str, Telling],
    moves: Mapping[str, int],
    today: date,
    in_force_on: date | None,
    people: Mapping[str, Person] | None = None,
) -> list[Reminder]:
    """Everything to tell today that has not been told.

    Of several moments already past only the latest is told; nothing is told about deadlines
    from before the site came in force unless they were taken over, about what is done or waived,
    or on a closed day. For those of `people` who are away or have no address somebody else is told.
    `told` is in the order it was told. `moves` says how often a deadline has moved: what moved
    after it was told is told again, but not once it has come back to the day that was told.
    """
    working = plan.register.edition.working(MAIL_DAYS)
    if not working.is_working(today):
        return []
    known = heard(told, plan.register.names.present)
    absences = Absences(people or {}, plan.register.roster, today)
    turns = {plan.register.names.present(key): count for key, count in moves.items()}
    found = [
        reminder
        for deadline in plan.deadlines
        if in_force_on is None
        or deadline.key in plan.register.taken_over
        or _belongs_on(deadline, plan) >= in_force_on
        for reminder in _of_deadline(deadline, plan, turns.get(deadline.key, 0), absences, known)
        if not known.has(reminder.key, deadline.due_on)
    ]
    return sorted(found, key=lambda reminder: (reminder.recipient, reminder.deadline.order))


def _belongs_on(deadline: Deadline, plan: Plan) -> date:
    """The day a deadline lies on; without one, that of the last thing it waits for."""
    if deadline.due_on is not None:
        return deadline.due_on
    needed = (plan.by_key.get(key) or plan.beyond.get(key) for key in deadline.needs)
    days = (each.due_on for each in needed if each is not None)
    return max([deadline.about_on, *(on for on in days if on is not None)])


def must_act(
    deadline: Deadline,
    plan: Plan,
    people: Mapping[str, Person],
    today: date,
    kinds: tuple[ReminderKind, ...] = (ReminderKind.DUE, ReminderKind.ESCALATED),
) -> frozenset[str]:
    """Everybody who is told on a day that they must act: also who stands in, or is told at last."""
    register = plan.register
    absences = Absences(people, register.roster, today)
    reminders = reminders_of(deadline, register.edition.organisation.settings.reminders)
    told = (_recipients(deadline, reminders, kind, register, absences) for kind in kinds)
    return frozenset(who for recipients in told for who in recipients.ids)


def next_repeat(
    deadline: Deadline, plan: Plan, people: Mapping[str, Person], today: date
) -> tuple[date, tuple[str, ...]] | None:
    """The next day after today on which those who must act are told that it is late, and who.

    None where it is told once only, or where the days then are not known yet. Due on Friday 29 May
    2026 and told every week, it is told on 1 June, and on 3 June the next day is 8 June.
    """
    register = plan.register
    reminders = reminders_of(deadline, register.edition.organisation.settings.reminders)
    if deadline.due_on is None or deadline.nominal_on is None or reminders.overdue is None:
        return None
    working = register.edition.working(MAIL_DAYS)
    last_on = max(deadline.due_on, deadline.nominal_on)
    with suppress(NotCovered):
        first_on = working.roll(last_on + timedelta(days=1), Roll.DAY_AFTER)
        days = chain([first_on], _repeat_days(first_on, reminders.overdue, working))
        open_days = (working.roll(day, Roll.DAY_AFTER) for day in days)
        on = next((day for day in open_days if day > today), None)
        absences = Absences(people, register.roster, today)
        told = _recipients(deadline, reminders, ReminderKind.OVERDUE, register, absences)
        return (on, told.ids) if on else None
    return None


def _of_deadline(
    deadline: Deadline, plan: Plan, moved: int, absences: Absences, known: Heard
) -> Iterator[Reminder]:
    today = absences.on
    if deadline.kind == "on":
        return
    standing = state(deadline, plan, today)
    if standing in (State.DONE, State.WAIVED):
        return
    defaults = plan.register.edition.organisation.settings.reminders
    reminders = reminders_of(deadline, defaults)
    latest: dict[ReminderKind, Moment] = {}
    for moment in _moments(deadline, reminders, standing, plan, today):
        if moment.on <= today:
            latest[_channel(moment.kind)] = moment
    acting: tuple[str, ...] = ()
    for channel in filter(latest.__contains__, _CHANNELS):
        moment = latest[channel]
        recipients = _recipients(deadline, reminders, channel, plan.register, absences)
        acting = recipients.ids if channel is ReminderKind.DUE else acting
        for recipient in recipients.ids:
            own = channel is not ReminderKind.DUE and recipient in acting
            if own and _reminded_anyway(channel, reminders):
                continue
            yield Reminder(
                known.key(deadline.key, moved, moment.label, recipient),
                recipient,
                deadline,
                ReminderKind.OVERDUE if own else moment.kind,
                standing,
                moment.on,
                recipients.vacant,
                recipients.instead_of.get(recipient, ()),
            )


def _reminded_anyway(channel: ReminderKind, reminders: Paces) -> bool:
    """Whether who must act hears of it without being told what the others are told."""
    return channel is ReminderKind.INFORMED or reminders.overdue is not None


def _channel(kind: ReminderKind) -> ReminderKind:
    """What is told to the same people for the same reason replaces what came before."""
    return kind if kind in _CHANNELS else ReminderKind.DUE


def _moments(
    deadline: Deadline, reminders: Paces, standing: State, plan: Plan, today: date
) -> Iterator[Moment]:
    """Every moment, each channel's in order."""
    if deadline.due_on is None:
        yield from _undated(deadline, standing, plan, today)
        return
    for on, lead in advance_days(deadline, plan):
        kind = ReminderKind.HEADS_UP if lead.count else ReminderKind.DUE
        yield Moment(on, kind, f"before-{_label(lead)}")
    if standing is not State.OVERDUE or deadline.nominal_on is None:
        return
    working = plan.register.edition.working(MAIL_DAYS)
    last_on = max(deadline.due_on, deadline.nominal_on)
    first_on = working.roll(last_on + timedelta(days=1), Roll.DAY_AFTER)
    yield Moment(first_on, ReminderKind.INFORMED, "overdue")
    yield from _repeats(first_on, reminders.overdue, today, working)
    if reminders.escalate is not None:
        # After the last year that is known it is not time yet, and other mail goes on.
        with suppress(NotCovered):
            on = working.roll(later(last_on, reminders.escalate.after, working), Roll.DAY_AFTER)
            yield Moment(on, ReminderKind.ESCALATED, "escalated")


def _repeats(
    first_on: date, pace: Pace | None, today: date, working: WorkingCalendar
) -> Iterator[Moment]:
    """Each is labelled by its day from the first: by a count, a slower pace would be silent."""
    yield Moment(first_on, ReminderKind.OVERDUE, "overdue-1")
    if pace is None:
        return
    with suppress(NotCovered):
        for on in takewhile(lambda on: on <= today, _repeat_days(first_on, pace, working)):
            label = f"overdue-{(on - first_on).days + 1}"
            yield Moment(working.roll(on, Roll.DAY_AFTER), ReminderKind.OVERDUE, label)


def _repeat_days(first_on: date, pace: Pace, working: WorkingCalendar) -> Iterator[date]:
    """The days after the first on which it is said again, before closed days move them, for ever.

    Of working days as far as the years are known. Each is counted from the first, so that a closed
    day moves no other. What grows seldomer is counted anew from the last day at the quicker pace.
    Every week for 3 weeks, then every month, from Monday 1 June 2026: 8, 15 and 22 June, 22 July,
    22 August.
    """
    with suppress(NotCovered):
        turns_on = later(first_on, pace.lasting, working) if pace.lasting else None
        every, from_on, last_on, count = pace.every, first_on, first_on, 0
        while True:
            count += 1
            on = later(from_on, Span(every.count * count, every.unit), working)
            if turns_on is not None and on > turns_on and pace.afterwards is not None:
                every, from_on, count, turns_on = pace.afterwards, last_on, 1, None
                on = later(from_on, every, working)
            yield on
            last_on = on


def _undated(deadline: Deadline, standing: State, plan: Plan, today: date) -> Iterator[Moment]:
    """Once a month: what can be done as soon as possible, and what waits for a day.

    The first from the day it can be done, not before what it needs is done; the other from some
    time before what it belongs to, since a missing day is itself something to see to. While it is
    early yet to do the step that it waits for, nobody need see to anything.
    """
    if deadline.automatic:
        return
    if deadline.kind != "open":
        lead_on = deadline.about_on - timedelta(days=UNDATED_LEAD_DAYS)
        first_on = max([lead_on, *_awaited_days(deadline, plan)])
    elif standing is State.OPEN:
        needed = (settled_on(key, plan) for key in deadline.needs)
        can_on = opens(deadline, plan) or deadline.about_on
        first_on = max([can_on, *(on for on in needed if on is not None)])
    else:
        return
    months = months_between(first_on, today) - (2 if today.day < first_on.day else 1)
    if months >= 0:
        yield Moment(add_months(first_on, months), ReminderKind.UNDATED, f"undated-{months + 1}")


def _awaited_days(deadline: Deadline, plan: Plan) -> list[date]:
    """The days on which the steps are due that are to be done before there is a date."""
    run = deadline.key.rpartition("/")[0]
    _, at, target = deadline.key.partition("@")
    steps = [str(each.detail["step"]) for each in deadline.missing if each.kind == "done"]
    keys = [f"{run}/{step}{mark}" for step in steps for mark in {"", f"{at}{target}"}]
    found = (plan.by_key.get(key) or plan.beyond.get(key) for key in keys)
    return [each.due_on for each in found if each is not None and each.due_on is not None]


def _label(span: Span) -> str:
    return f"{span.count}-{span.unit.value.replace(' ', '-')}"


def _recipients(
    deadline: Deadline,
    reminders: Paces,
    kind: ReminderKind,
    register: Register,
    absences: Absences,
) -> Recipients:
    own = deadline.terms
    match kind:
        case ReminderKind.ESCALATED:
            # Only of what is confidential is it those who know of it already.
            knows = deadline.seat if own.confidential else None
            return _told(_escalated_to(own, reminders), deadline, knows, register, absences)
        case ReminderKind.INFORMED:
            return _told(own.inform, deadline, deadline.seat, register, absences)
        case _:
            return _responsible(deadline, register, absences)


def _escalated_to(own: Terms, reminders: Paces) -> tuple[Holder, ...]:
    """Who is told at last; what is confidential is told to nobody who did not know of it."""
    to = reminders.escalate.to if reminders.escalate else ()
    holders = tuple(parse_holder(text) for text in to)
    if not own.confidential:
        return holders
    return tuple(holder for holder in holders if holder in own.responsible + own.inform)


def _responsible(deadline: Deadline, register: Register, absences: Absences) -> Recipients:
    """Those who must act; of several who must each answer, those who have not.

    Nobody left on the right side, or in the role at all, is a vacancy. For somebody who is away
    the substitute acts; where there is none it is told as of a vacancy, and where nobody stands
    in at all the one who is away is told: no reminder is lost.
    """
    offices = office_ids(deadline.terms.responsible, deadline, register)
    seats = on_side(responsible_seats(deadline, register, absences.on), deadline, register)
    if not seats and not offices:
        return Recipients(stand_ins(deadline, register, absences), vacant=True)
    if deadline.finish != "one":
        asked = answered(deadline, register)
        seats = tuple(seat for seat in seats if (seat.unit or seat.person) not in asked.given)
    acting = acting_for(seats, deadline, register, absences)
    if acting or offices or not seats:
        return Recipients((*person_ids(tuple(acting)), *offices), instead_of=_instead(acting))
    missed = tuple(dict.fromkeys(seat.person for seat in seats))
    if others := stand_ins(deadline, register, absences):
        return Recipients(others, instead_of=dict.fromkeys(others, missed))
    return Recipients(person_ids(seats))


def _instead(acting: Mapping[Seat, str]) -> dict[str, tuple[str, ...]]:
    """Whom each recipient stands in for; who has an own seat in it is told for that."""
    found: dict[str, tuple[str, ...]] = {}
    own = {seat.person for seat, absent in acting.items() if not absent}
    for seat, absent in acting.items():
        if seat.person not in own:
            found[f"person:{seat.person}"] = (*found.get(f"person:{seat.person}", ()), absent)
    return found


def _told(
    holders: tuple[Holder, ...],
    deadline: Deadline,
    member: Seat | None,
    register: Register,
    absences: Absences,
) -> Recipients:
    """Those who are told without having to act, each by whoever stands in, or else themselves.

    Where it is a member's own matter, the member's role is that member and nobody else in it.
    """
    seats = acting_seats(holders, deadline.committee, member, register, absences.on)
    acting: dict[Seat, str] = {}
    for seat in on_side(seats, deadline, register):
        acting |= acting_for((seat,), deadline, register, absences) or {seat: ""}
    ids = (*person_ids(tuple(acting)), *office_ids(holders, deadline, register))
    return Recipients(ids, instead_of=_instead(acting))
