"""Follow-ups as runs of their own: one step each, on a day, at a meeting or as soon as possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.planning.facts import FOLLOW_UP, NEXT, FollowUp, Meeting
from engine.planning.meetings import MeetingPlanOf
from engine.planning.occurrences import Occurrence
from engine.planning.organisation import Seat
from engine.planning.periods import Window
from engine.planning.register import Register
from engine.planning.rules import Anchor, FixedDay, Missing, Value
from engine.planning.starts import EachCase
from engine.planning.workflow import Holder, Step, Workflow, parse_holder


def follow_ups(register: Register, window: Window) -> Iterator[Occurrence]:
    """The follow-ups that are open, or were closed in the window or after it.

    An open one stays however old it is: nobody has said that it is seen to.
    """
    for told in register.follow_ups:
        closed_on = register.closed_on(told.key)
        if told.noted_on <= window.until_on and (closed_on is None or closed_on >= window.from_on):
            yield _occurrence(told, register)


def _occurrence(told: FollowUp, register: Register) -> Occurrence:
    anchors = {"meeting": _meeting(told, register.plan_of(told.committee))} if told.meeting else {}
    on = told.due_on or (anchors["meeting"].on if anchors else None) or told.noted_on
    seat = seat_of(told.who, told.committee, on, register)
    return Occurrence(
        _workflow(told, seat, register),
        told.committee,
        told.number,
        told.noted_on,
        anchors=anchors,
        seat=seat,
    )


def _meeting(told: FollowUp, plan: MeetingPlanOf) -> Value:
    """The meeting a follow-up stands at, or that none is planned yet."""
    found = stands_at(told, plan)
    if found is not None:
        return plan.value("meeting", found)
    detail = {"committee": told.committee, "of_on": told.noted_on}
    return Value(None, missing=(Missing("next meeting", detail),))


def stands_at(told: FollowUp, plan: MeetingPlanOf) -> Meeting | None:
    """The meeting named, or the next ordinary one where it is cancelled or was not planned."""
    if told.meeting == NEXT:
        return plan.after(told.noted_on)
    named = plan.by_id.get(told.meeting)
    if named is None or not named.cancelled:
        return named
    return plan.after(named.on)


def _workflow(told: FollowUp, seat: Seat | None, register: Register) -> Workflow:
    """The one-step workflow that a file would say; nobody writes it, so it has no source."""
    own = Holder(role=seat.role) if seat else parse_holder(told.who)
    step = Step.model_construct(
        title=told.what,
        due=FixedDay(told.due_on) if told.due_on else None,
        at=Anchor("meeting") if told.meeting else None,
        not_before=None if told.due_on or told.meeting else FixedDay(told.noted_on),
    )
    return Workflow.model_construct(
        key=FOLLOW_UP,
        title="",
        source=(),
        start=EachCase(each="case"),
        responsible=(own,),
        inform=_teller(told, register),
        steps={FOLLOW_UP: step},
    )


def _teller(told: FollowUp, register: Register) -> tuple[Holder, ...]:
    """Who noted it is informed, in the role held in the committee then."""
    roles = [
        seat.role
        for seat in register.roster.seats_of(told.committee)
        if seat.person == told.by and seat.held(told.noted_on)
    ]
    return (Holder(role=roles[0]),) if roles and told.by != told.who else ()


def seat_of(who: str, committee: str, on: date, register: Register) -> Seat | None:
    """The seat in which a person sees to it, the committee's own first; none where it is a role."""
    seats = [seat for seat in register.edition.seats if seat.person == who]
    return max(
        seats,
        key=lambda seat: (seat.held(on), seat.committee == committee, seat.from_on, seat.id),
        default=None,
    )
