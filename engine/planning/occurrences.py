"""Each run of a workflow in time: what begins it, and the days it is measured from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

from engine.planning.conditions import input_missing
from engine.planning.edition import Milestones
from engine.planning.facts import Case, Meeting
from engine.planning.inputs import InputValue, typed
from engine.planning.meetings import Chosen, MeetingPlanOf, Row
from engine.planning.organisation import Seat
from engine.planning.outline import Outline
from engine.planning.periods import Period, Window, periods
from engine.planning.register import Register
from engine.planning.rules import FixedDay, Link, Missing, Value, last_day_within, parts
from engine.planning.spans import later
from engine.planning.starts import (
    EachCase,
    EachMeeting,
    EachMember,
    EachMilestones,
    EachPeriod,
    EveryRound,
    TimesPerPeriod,
)
from engine.planning.workflow import DEFAULT_DAYS, Workflow

NOBODY = "-"
# Where nothing says when a first round begins, it has always been open.
BEGINNING = date(1990, 1, 1)
# The years, quarters and months of some decades; many committees share each.
MOST_PERIODS = 2_048
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Occurrence(NamedTuple):
    """One run of a workflow: whose it is, what it answers for, and its anchors."""

    workflow: Workflow
    committee: str
    key: str
    about_on: date
    anchors: Mapping[str, Value] = NOTHING
    names: Mapping[str, Value] = NOTHING
    base_year: int | None = None
    period: tuple[date, date] | None = None
    seat: Seat | None = None
    chosen: Chosen | None = None
    inputs: Mapping[str, InputValue] = NOTHING
    case: Case | None = None

    def step_key(self, step: str, target: str = "") -> str:
        """The deadline's name for life: no computed date is part of it."""
        ending = f"@{target}" if target else ""
        return f"{self.workflow.key}/{self.committee}/{self.key}/{step}{ending}"


EndedOn = Callable[[Occurrence, Register], date | None]


def occurrences(
    workflow: Workflow, committee: str, window: Window, register: Register, ended_on: EndedOn
) -> Iterator[Occurrence]:
    """The runs of a workflow for one committee that may put a deadline in the window.

    `ended_on` says when a round was over, which only the dates of its steps can tell.
    """
    from_on, until_on = _valid(workflow, committee, register)
    begun: Iterator[Occurrence]
    if isinstance(workflow.start, EveryRound):
        begun = _every_round(workflow, workflow.start, committee, window, register, ended_on)
    else:
        begin = _BEGINNINGS[type(workflow.start)]
        begun = begin(workflow, workflow.start, committee, window, register)
    for occurrence in begun:
        if from_on <= occurrence.about_on <= until_on:
            yield occurrence


def _valid(workflow: Workflow, committee: str, register: Register) -> tuple[date, date]:
    """The days on which both the text holds and the committee exists."""
    body, valid = register.roster.committees.get(committee), workflow.valid
    begins = (valid.from_on, body.from_on if body else None)
    ends = (valid.until_on, body.until_on if body else None)
    return (
        max((on for on in begins if on is not None), default=date.min),
        min((on for on in ends if on is not None), default=date.max),
    )


def _anchor(name: str, on: date, **detail: object) -> Value:
    return Value(on, (Link("anchor", on, {"name": name, **detail}),))


def _entered(name: str, on: date, **detail: object) -> Value:
    """An anchor whose day somebody has written down, and which therefore never moves."""
    return Value(on, (Link("anchor", on, {"name": name, **detail}),), entered=True)


def _no_meeting(name: str, committee: str, on: date) -> Value:
    return Value(
        None, missing=(Missing("anchor", {"name": name, "committee": committee, "of_on": on}),)
    )


def _each_meeting(
    workflow: Workflow, start: EachMeeting, committee: str, window: Window, register: Register
) -> Iterator[Occurrence]:
    body = start.of or committee
    plan = register.plan_of(body)
    row = plan.regular if start.extraordinary is None else plan.every
    neighbours = plan.every if start.extraordinary == "too" else plan.regular
    name = "their meeting" if start.of else "meeting"
    beside = _BESIDE & register.outline(workflow).anchors if not start.of else _NONE_BESIDE
    for meeting in row.between(*_with_neighbours(window, neighbours)):
        if start.extraordinary == "only" and not meeting.extraordinary:
            continue
        anchors = {name: plan.value(name, meeting)}
        for other in beside:
            anchors[other] = _beside(other, meeting, plan, neighbours)
        yield Occurrence(workflow, committee, meeting.id, meeting.on, anchors)


def _with_neighbours(window: Window, row: Row) -> tuple[date, date]:
    """The window and the meeting on either side: what is next to them may lie inside."""
    before, after = row.before(window.from_on), row.after(window.until_on)
    return (before.on if before else window.from_on, after.on if after else window.until_on)


_BESIDE = frozenset({"previous meeting", "next meeting"})
_NONE_BESIDE: frozenset[str] = frozenset()


def _beside(name: str, meeting: Meeting, plan: MeetingPlanOf, row: Row) -> Value:
    other = row.before(meeting.on) if name == "previous meeting" else row.after(meeting.on)
    if other is None:
        return _no_meeting(name, meeting.committee, meeting.on)
    return plan.value(name, other)


@lru_cache(MOST_PERIODS)
def _period_anchors(period: Period) -> Mapping[str, Value]:
    detail = {"period": period.key}
    return {
        "period start": _anchor("period start", period.from_on, **detail),
        "period end": _anchor("period end", period.until_on, **detail),
    }


def _each_period(
    workflow: Workflow, start: EachPeriod, committee: str, window: Window, _: Register
) -> Iterator[Occurrence]:
    for period in periods(window, start.months, start.from_year):
        yield Occurrence(
            workflow,
            committee,
            period.key,
            period.from_on,
            _period_anchors(period),
            base_year=period.year,
            period=(period.from_on, period.until_on),
        )


def _times_per_period(
    workflow: Workflow, _: TimesPerPeriod, committee: str, window: Window, register: Register
) -> Iterator[Occurrence]:
    plan = register.plan_of(committee)
    for period, chosen in register.choices(workflow, committee, window):
        yield Occurrence(
            workflow,
            committee,
            chosen.part.key,
            chosen.on,
            _part_anchors(period, chosen, plan),
            base_year=period.year,
            period=(period.from_on, period.until_on),
            chosen=chosen,
        )


def _part_anchors(period: Period, chosen: Chosen, plan: MeetingPlanOf) -> dict[str, Value]:
    part = chosen.part
    detail = {"part": chosen.number, "period": period.key}
    return {
        **_period_anchors(period),
        "meeting": part_meeting(chosen, plan),
        "part start": _anchor("part start", part.from_on, **detail),
        "part end": _anchor("part end", part.until_on, **detail),
    }


def part_meeting(chosen: Chosen, plan: MeetingPlanOf) -> Value:
    """The meeting of a part, or the part's last day while there is none."""
    if chosen.meeting is None:
        return Value(chosen.on, (chosen.link,), provisional=True)
    anchored = plan.value("meeting", chosen.meeting)
    # Built anew, as there are many: replacing a field takes twice the time.
    return Value(anchored.on, (*anchored.links, chosen.link), entered=anchored.entered)


def _every_round(
    workflow: Workflow,
    start: EveryRound,
    committee: str,
    window: Window,
    register: Register,
    ended_on: EndedOn,
) -> Iterator[Occurrence]:
    last_on: date | None = None
    for number in count(1):
        anchors = _round_anchors(workflow, start, last_on, register)
        about_on = last_on or _first_about(workflow, start, committee, register)
        occurrence = Occurrence(workflow, committee, f"r{number}", about_on, anchors)
        yield occurrence
        last_on = ended_on(occurrence, register)
        if last_on is None or last_on > window.until_on:
            return


def _first_about(workflow: Workflow, start: EveryRound, committee: str, register: Register) -> date:
    """The day the first round belongs to: the one its `first` counts from, or the beginning."""
    entered = [part.on for part in parts(start.first) if isinstance(part, FixedDay)]
    body = register.roster.committees.get(committee)
    beginnings = (
        min(entered, default=None),
        workflow.valid.from_on,
        body.from_on if body else None,
        register.edition.organisation.settings.in_force_from_on,
    )
    return next((on for on in beginnings if on is not None), BEGINNING)


def _round_anchors(
    workflow: Workflow, start: EveryRound, last_on: date | None, register: Register
) -> dict[str, Value]:
    if last_on is None:
        never = Value(None, missing=(Missing("anchor", {"name": "last done"}),))
        return {"last done": never}
    working = register.edition.working(workflow.days or DEFAULT_DAYS)
    end_on = later(last_on, start.every, working)
    every = [start.every.count, start.every.unit.value]
    return {
        "last done": _anchor("last done", last_on),
        "round end": _anchor("round end", end_on, every=every, from_on=last_on),
    }


def _each_member(
    workflow: Workflow, start: EachMember, committee: str, window: Window, register: Register
) -> Iterator[Occurrence]:
    for seat in register.roster.seats_of(committee):
        if start.roles and seat.role not in start.roles:
            continue
        if start.new_members_only and register.first_seat(workflow, start, seat.person) != seat:
            continue
        if start.per == "year":
            first_only = start.new_members_only
            held = register.function_period(workflow, start, seat) if first_only else seat
            yield from _function_years(workflow, start, held, window)
        elif window.holds(seat.from_on) or (seat.until_on and window.holds(seat.until_on)):
            yield Occurrence(
                workflow, committee, seat.id, seat.from_on, _seat_anchors(seat), seat=seat
            )


def _seat_anchors(seat: Seat) -> dict[str, Value]:
    detail = {"committee": seat.committee, "role": seat.role}
    leaving = (
        _entered("leaving", seat.until_on, **detail)
        if seat.until_on
        else Value(None, missing=(Missing("anchor", {"name": "leaving", **detail}),))
    )
    return {"joining": _entered("joining", seat.from_on, **detail), "leaving": leaving}


def _function_years(
    workflow: Workflow, start: EachMember, seat: Seat, window: Window
) -> Iterator[Occurrence]:
    until_on = seat.from_on - timedelta(days=1)
    for number in count(1):
        from_on = until_on + timedelta(days=1)
        if from_on > window.until_on or (seat.until_on and from_on > seat.until_on):
            return
        until_on = last_day_within(seat.from_on, number)
        if number < start.first_year or until_on < window.from_on:
            continue
        anchors = _seat_anchors(seat) | {
            "year start": _anchor("year start", from_on, year=number),
            "year end": _anchor("year end", until_on, year=number),
        }
        yield Occurrence(
            workflow, seat.committee, f"{seat.id}-{number}", from_on, anchors, seat=seat
        )


def _each_milestones(
    workflow: Workflow, start: EachMilestones, committee: str, window: Window, register: Register
) -> Iterator[Occurrence]:
    for milestones in register.edition.milestones:
        if milestones.kind != start.kind:
            continue
        days = list(milestones.dates.values()) or [date(milestones.year, 1, 1)]
        first_on = min(days)
        if first_on > window.until_on or max(days) < window.from_on:
            continue
        yield Occurrence(
            workflow,
            committee,
            milestones.period,
            first_on,
            names=_milestone_names(register.outline(workflow), milestones),
            base_year=milestones.year,
        )


def _milestone_names(outline: Outline, milestones: Milestones) -> dict[str, Value]:
    about = {"kind": milestones.kind, "period": milestones.period}
    unknown = outline.names - set(milestones.dates) - set(outline.by_name)
    found = {
        name: Value(on, (Link("milestone", on, {"name": name, **about}),), entered=True)
        for name, on in milestones.dates.items()
    }
    for name in sorted(unknown):
        found[name] = Value(None, missing=(Missing("milestone", {"name": name, **about}),))
    return found


def _each_case(
    workflow: Workflow, start: EachCase, committee: str, window: Window, register: Register
) -> Iterator[Occurrence]:
    for case in register.cases.get((workflow.key, committee), ()):
        if case.closed_on is not None and case.closed_on < window.from_on:
            continue
        inputs = typed(start, case.inputs)
        names = _input_names(start, inputs, case.number)
        yield Occurrence(
            workflow,
            committee,
            case.number,
            case.opened_on,
            names=names,
            inputs=inputs,
            case=case,
        )


def _input_names(
    start: EachCase, inputs: Mapping[str, InputValue], number: str
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, asked in start.inputs.items():
        if asked.type != "date":
            continue
        on = inputs.get(name)
        if isinstance(on, date):
            detail = {"name": name, "title": asked.title, "case": number}
            found[name] = Value(on, (Link("input", on, detail),), entered=True)
        else:
            found[name] = Value(None, missing=(input_missing(name, asked, number),))
    return found


_BEGINNINGS: Mapping[type, Callable[..., Iterator[Occurrence]]] = {
    EachMeeting: _each_meeting,
    EachPeriod: _each_period,
    TimesPerPeriod: _times_per_period,
    EachMember: _each_member,
    EachMilestones: _each_milestones,
    EachCase: _each_case,
}
