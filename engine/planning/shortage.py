"""Where meetings are lacking: plans that end too early, and parts that no meeting falls in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.errors import Finding, Severity
from engine.planning.periods import Period, Window
from engine.planning.register import Register
from engine.planning.rules import mentions
from engine.planning.starts import EachMeeting, TimesPerPeriod
from engine.planning.workflow import Workflow


def meeting_shortage(register: Register, window: Window) -> Iterator[Finding]:
    """Bodies whose meetings are planned for less time than the window asks about."""
    waited_for = _waited_for(register)
    for committee, body in register.roster.committees.items():
        if committee not in waited_for:
            continue
        until_on = register.plan_of(committee).known.known_until
        ends_on = min(window.until_on, body.until_on or window.until_on)
        if until_on is None:
            yield _runs_out("plan.no-meetings", committee, None)
        elif until_on < ends_on:
            yield _runs_out("plan.meetings-run-out", committee, until_on)
    yield from _empty_parts(register, window)


def _runs_out(code: str, committee: str, on: date | None) -> Finding:
    return Finding(
        code,
        Severity.WARNING,
        path="calendars/meetings",
        field=committee,
        params={"committee": committee, "on": on},
    )


def _waited_for(register: Register) -> set[str]:
    """The bodies whose meetings any workflow counts from or stands at."""
    found: set[str] = set()
    for workflow in register.edition.workflows.values():
        start = workflow.start
        chosen = register.roster.chosen(workflow.committees)
        if isinstance(start, EachMeeting) and start.of:
            found.add(start.of)
        elif isinstance(start, EachMeeting | TimesPerPeriod):
            found.update(chosen)
        for step in workflow.steps.values():
            for rule in filter(None, (step.rule, step.not_before, step.limit)):
                said = mentions(rule)
                found |= said.bodies
                if said.own_meetings or "meeting" in said.anchors:
                    for own in chosen:
                        found.update(register.roster.chosen(step.committees, own) or (own,))
    return found


def _empty_parts(register: Register, window: Window) -> Iterator[Finding]:
    """Parts of a period that no meeting falls in although the year is planned."""
    seen: set[tuple[str, date, date]] = set()
    for workflow in register.edition.workflows.values():
        if not isinstance(workflow.start, TimesPerPeriod):
            continue
        for committee in register.roster.chosen(workflow.committees):
            known_until = register.plan_of(committee).known.known_until or date.min
            for _, chosen in register.choices(workflow, committee, window):
                part = chosen.part
                told = (committee, part.from_on, part.until_on)
                if chosen.meeting or told in seen or part.until_on > known_until:
                    continue
                if register.in_time(committee, part.until_on):
                    seen.add(told)
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
