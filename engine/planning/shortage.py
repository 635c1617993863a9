"""Where meetings are lacking: plans that end too early, and parts that no meeting falls in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from engine.errors import Finding, Severity
from engine.planning.periods import Period, Window
from engine.planning.register import Register
from engine.planning.rules import mentions
from engine.planning.starts import EachMeeting, TimesPerPeriod
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
        if committee not in bodies:
            continue
        until_on = register.plan_of(committee).known.known_until
        ends_on = min(window.until_on, body.until_on or window.until_on)
        if until_on is None:
            yield _runs_out("plan.no-meetings", committee, None)
        elif until_on < ends_on:
            yield _runs_out("plan.meetings-run-out", committee, until_on)
    yield from _once(finding for each in waiting for finding in each.empty)


def _once(empty: Iterable[Finding]) -> Iterator[Finding]:
    """A part that several workflows find empty is told once, by the first of them."""
    told: set[tuple[object, ...]] = set()
    for finding in empty:
        part = (finding.field, finding.params["from_on"], finding.params["until_on"])
        if part not in told:
            told.add(part)
            yield finding


def _runs_out(code: str, committee: str, on: date | None) -> Finding:
    return Finding(
        code,
        Severity.WARNING,
        path="calendars/meetings",
        field=committee,
        params={"committee": committee, "on": on},
    )


def waited_for(workflow: Workflow, committee: str, register: Register) -> frozenset[str]:
    """The bodies whose meetings a workflow counts from or stands at, for one committee."""
    found: set[str] = set()
    start = workflow.start
    if isinstance(start, EachMeeting) and start.of:
        found.add(start.of)
    elif isinstance(start, EachMeeting | TimesPerPeriod):
        found.add(committee)
    for line in register.outline(workflow).steps:
        for rule in filter(None, (line.rule, line.step.not_before, line.step.limit)):
            said = mentions(rule)
            found |= said.bodies
            if said.own_meetings or "meeting" in said.anchors:
                found.update(register.targets(line, committee) or (committee,))
    return frozenset(found)


def empty_parts(
    workflow: Workflow, committee: str, register: Register, window: Window
) -> Iterator[Finding]:
    """Parts of a period that no meeting falls in although the year is planned."""
    if not isinstance(workflow.start, TimesPerPeriod):
        return
    known_until = register.plan_of(committee).known.known_until or date.min
    for _, chosen in register.choices(workflow, committee, window):
        part = chosen.part
        lacking = chosen.meeting is None and part.until_on <= known_until
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
