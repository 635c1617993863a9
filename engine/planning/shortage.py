"""Where meetings are lacking: plans that end too early, and parts that no meeting falls in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from engine.errors import Finding, Severity
from engine.planning.organisation import Committee
from engine.planning.periods import Period, Window, add_months
from engine.planning.register import Register
from engine.planning.rules import Meetings
from engine.planning.starts import EachMeeting, EachMilestones, TimesPerPeriod
from engine.planning.workflow import Workflow


class Waiting(Protocol):
    """What is known of a workflow's need for meetings."""

    @property
    def waits_for(self) -> frozenset[str]:
        """The bodies whose meetings it counts from or stands at."""

    @property
    def empty(self) -> tuple[Finding, ...]:
        """Its parts of a period without a meeting."""


def meeting_shortage(
    waiting: Iterable[Waiting], register: Register, window: Window
) -> Iterator[Finding]:
    """Bodies whose meetings are planned for less time than the window asks about."""
    waiting = tuple(waiting)
    bodies = frozenset[str]().union(*(each.waits_for for each in waiting))
    for committee, body in register.roster.committees.items():
        if committee in bodies:
            yield from _unplanned(committee, body, register.plan_of(committee).known, window)
    yield from _once(finding for each in waiting for finding in each.empty)
    yield from _milestones_run_out(register, window)


def _once(empty: Iterable[Finding]) -> Iterator[Finding]:
    """A part that several workflows find empty is told once, by the first of them."""
    told: set[tuple[object, ...]] = set()
    for finding in empty:
        part = (finding.field, finding.params["from_on"], finding.params["until_on"])
        if part not in told:
            told.add(part)
            yield finding


def _unplanned(
    committee: str, body: Committee, known: Meetings, window: Window
) -> Iterator[Finding]:
    """What a body's plan lacks: all of it, its beginning, years in between, or its end."""
    begins_on = max(window.from_on, body.from_on or window.from_on)
    ends_on = min(window.until_on, body.until_on or window.until_on)
    if begins_on > ends_on:
        return
    if known.known_from is None or known.known_until is None:
        yield _lacking("plan.no-meetings", committee, on=None)
        return
    if begins_on < known.known_from:
        yield _lacking("plan.meetings-begin-late", committee, year=known.known_from.year)
    for year in known.unplanned:
        if begins_on.year <= year <= ends_on.year:
            yield _lacking("plan.year-without-meetings", committee, year=year)
    if known.known_until < ends_on:
        yield _lacking("plan.meetings-run-out", committee, on=known.known_until)


def _lacking(code: str, committee: str, **params: object) -> Finding:
    return Finding(
        code,
        Severity.WARNING,
        path="calendars/meetings",
        field=committee,
        params={"committee": committee, **params},
    )


def waited_for(workflow: Workflow, committee: str, register: Register) -> frozenset[str]:
    """The bodies whose meetings a workflow counts from or stands at, for one committee."""
    found: set[str] = set()
    start = workflow.start
    if isinstance(start, EachMeeting) and start.of:
        found.add(start.of)
    elif isinstance(start, EachMeeting | TimesPerPeriod):
        found.add(committee)
    outline = register.outline(workflow)
    for line in outline.own_meetings:
        found.update(register.targets(line, committee) or (committee,))
    return outline.bodies | found


def empty_parts(
    workflow: Workflow, committee: str, register: Register, window: Window
) -> Iterator[Finding]:
    """Parts of a period that no meeting falls in although the year is planned."""
    if not isinstance(workflow.start, TimesPerPeriod):
        return
    known = register.plan_of(committee).known
    known_until = known.known_until or date.min
    for _, chosen in register.choices(workflow, committee, window):
        part = chosen.part
        lacking = chosen.meeting is None and part.until_on <= known_until
        # A year without any meeting is told of as a whole.
        lacking = lacking and known.gap(part.from_on, part.until_on) is None
        if lacking and register.in_time(committee, part.until_on):
            yield _empty_part(committee, part, workflow)


def _empty_part(committee: str, part: Period, workflow: Workflow) -> Finding:
    return Finding(
        "plan.part-without-meeting",
        Severity.WARNING,
        path="calendars/meetings",
        field=committee,
        params={
            "committee": committee,
            "from_on": part.from_on,
            "until_on": part.until_on,
            "workflow": workflow.title,
        },
    )


def _milestones_run_out(register: Register, window: Window) -> Iterator[Finding]:
    """Kinds of milestones that have come at a steady pace, and whose next set is not entered.

    Two sets or more show the pace: budgets of 2026 and 2027 ask for one of 2028, terms of office
    that begin in 2025 and 2027 ask for one in 2029. A single set asks for nothing.
    """
    starts = (workflow.start for workflow in register.edition.workflows.values())
    kinds = {start.kind for start in starts if isinstance(start, EachMilestones)}
    for kind in sorted(kinds):
        sets = [each for each in register.edition.milestones if each.kind == kind and each.dates]
        sets.sort(key=lambda each: each.year)
        pace = sets[-1].year - sets[-2].year if len(sets) > 1 else 0
        if not pace:
            continue
        last_on = min(sets[-1].dates.values())
        next_on = add_months(last_on, 12 * pace)
        if next_on <= window.until_on:
            yield Finding(
                "plan.milestones-run-out",
                Severity.WARNING,
                path="calendars/milestones",
                field=kind,
                params={
                    "kind": kind,
                    "period": sets[-1].period,
                    "on": last_on,
                    "year": next_on.year,
                },
            )
