"""Plan, facts and today in; the state of every deadline out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from engine.errors import NotCovered
from engine.planning.answers import Answered, acting_seats, answers
from engine.planning.organisation import Escalation, Reminders, Seat
from engine.planning.plan import Deadline, Plan
from engine.planning.register import Register
from engine.planning.spans import Pace, Span, earlier
from engine.planning.workdays import Roll

# Mail goes out on the municipality's working days, whatever days a rule counts in.
MAIL_DAYS = "kommune"


class State(StrEnum):
    """Where a deadline stands; the first that fits, from the top."""

    DONE = "done"
    WAIVED = "waived"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    OPEN = "open"
    UPCOMING = "upcoming"


def state(deadline: Deadline, plan: Plan, today: date) -> State:
    """The state on a day.

    Done, waived, overdue (today is after both dates), blocked (something it needs is not
    done), open (from `not before` or the first reminder), otherwise upcoming.
    """
    register = plan.register
    if is_done(deadline, register, today):
        return State.DONE
    if deadline.key in register.waived:
        return State.WAIVED
    if is_overdue(deadline, today):
        return State.OVERDUE
    if any(not _settled(key, plan, today) for key in deadline.needs):
        return State.BLOCKED
    opens_on = opens(deadline, plan)
    return State.OPEN if opens_on is not None and today >= opens_on else State.UPCOMING


def is_overdue(deadline: Deadline, today: date) -> bool:
    """Whether both the legal day and the day to act by are past; advice is never overdue."""
    if deadline.due_on is None or deadline.nominal_on is None or not deadline.terms.binding:
        return False
    return today > max(deadline.due_on, deadline.nominal_on)


def is_done(deadline: Deadline, register: Register, today: date) -> bool:
    """Whether everybody who must has answered; a day that comes by itself is done when it comes."""
    if deadline.automatic and deadline.due_on is not None and today >= deadline.due_on:
        return True
    return is_reported(deadline, register)


def is_reported(deadline: Deadline, register: Register) -> bool:
    """Whether everybody who must has said that it is done."""
    if deadline.key not in register.done:
        return False
    return deadline.finish == "one" or not answered(deadline, register).lacking


def answered(deadline: Deadline, register: Register) -> Answered:
    """Who must answer for themselves or their unit, and who has."""
    seats = responsible_seats(deadline, register, deadline.due_on or deadline.about_on)
    return answers(deadline.key, seats, register)


def responsible_seats(deadline: Deadline, register: Register, on: date) -> tuple[Seat, ...]:
    """The seats that must act, as they are held on a day."""
    own = deadline.terms
    return acting_seats(own.responsible, deadline.committee, deadline.seat, register, on)


def _settled(key: str, plan: Plan, today: date) -> bool:
    if key in plan.register.waived:
        return True
    needed = plan.by_key.get(key) or plan.beyond.get(key)
    return needed is None or is_done(needed, plan.register, today)


def settled_on(key: str, plan: Plan) -> date | None:
    """The day something was done or waived, or came by itself."""
    needed = plan.by_key.get(key) or plan.beyond.get(key)
    if needed is not None and needed.automatic and needed.due_on is not None:
        return needed.due_on
    return plan.register.closed_on(key)


class Paces(NamedTuple):
    """When people are told of a deadline in advance, how often afterwards, and who at last."""

    remind: tuple[Span, ...]
    overdue: Pace | None
    escalate: Escalation | None


def reminders_of(deadline: Deadline, defaults: Reminders) -> Paces:
    """The step's own reminders, or the site's."""
    own = deadline.terms
    return Paces(
        own.remind if own.remind is not None else defaults.remind,
        own.overdue or defaults.overdue,
        own.escalate or defaults.escalate,
    )


def opens(deadline: Deadline, plan: Plan) -> date | None:
    """The day from which it can be done: its `not before`, or its first reminder."""
    if deadline.not_before_on is not None:
        return deadline.not_before_on
    if deadline.due_on is None:
        return deadline.about_on
    return min((on for on, _ in advance_days(deadline, plan)), default=deadline.due_on)


def advance_days(deadline: Deadline, plan: Plan) -> list[tuple[date, Span]]:
    """The days on which a deadline is told in advance, first to last, and by which lead.

    Leads count in the step's own working days; a reminder goes on a day that mail goes out, the
    last one before where the day itself is closed.
    """
    if deadline.due_on is None:
        return []
    edition = plan.register.edition
    mail_days, counted = edition.working(MAIL_DAYS), edition.working(deadline.terms.days)
    leads = reminders_of(deadline, edition.organisation.settings.reminders).remind
    found: list[tuple[date, Span]] = []
    for lead in leads:
        try:
            on = mail_days.roll(earlier(deadline.due_on, lead, counted), Roll.DAY_BEFORE)
        except NotCovered:
            # Before the first year that is known there was nobody to remind.
            continue
        found.append((on, lead))
    return sorted(found, key=lambda told: told[0])
