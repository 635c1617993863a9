"""A workflow held against the rest of the site: every name it uses must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.definitions.bodies import escalation_findings
from engine.definitions.given import unreadable
from engine.definitions.names import Names, unknown
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.inputs import EMPLOYEES, inputs_of
from engine.planning.organisation import Side
from engine.planning.rules import Unit
from engine.planning.starts import (
    CaseInput,
    EachCase,
    EachMeeting,
    EachMember,
    EachMilestones,
    TimesPerPeriod,
)
from engine.planning.workflow import Defaults, Example, Selector, Workflow

_WORD = re.compile(r"[^\W_]+")
_CPR = ("cpr", "personnummer")
_NAMES = frozenset({"navn", "navne", "name", "names"})
_IN_A_MONTH = {Unit.YEAR: 1 / 12, Unit.MONTH: 1, Unit.WEEK: 4.4, Unit.DAY: 31, Unit.WORKING_DAY: 23}


def workflow_findings(part: Part[Workflow], names: Names) -> Iterator[Finding]:
    """What the workflow says that the rest of the site does not know."""
    workflow = part.model
    if part.written("key"):
        yield part.finding(("key",), "key-unknown", key=True, nearest="", known="")
    yield from selector_findings(part, ("committees",), workflow.committees, names)
    yield from _start(part, names)
    yield from _duties(part, (), workflow, names)
    for key, step in workflow.steps.items():
        at: Path = ("steps", key)
        yield from _duties(part, at, step, names)
        yield from selector_findings(part, (*at, "committees"), step.committees, names)
        yield from _visible(part, at, step.visible, names)
        if step.agenda is not None and step.at is None:
            yield part.finding((*at, "agenda"), "agenda-without-meeting", key=True)
    yield from _visible(part, (), workflow.visible, names)
    valid = workflow.valid
    if valid.from_on and valid.until_on and valid.until_on < valid.from_on:
        yield part.finding(("valid", "until"), "ends-before-it-begins", begins=valid.from_on)
    for index, example in enumerate(workflow.examples):
        yield from _example(part, ("examples", index), example, names)


def _duties(part: Part[Workflow], at: Path, duty: Defaults, names: Names) -> Iterator[Finding]:
    """Who does it and is told, and the days that count."""
    for field, holders in (("responsible", duty.responsible), ("inform", duty.inform)):
        for index, holder in enumerate(holders or ()):
            yield from names.holder(part, (*at, field, index), holder)
    if duty.escalate is not None:
        yield from escalation_findings(part, (*at, "escalate", "to"), duty.escalate, names)
    yield from names.day_set(part, (*at, "days"), duty.days)


def selector_findings(
    part: Part[Any], at: Path, selectors: Sequence[Selector], names: Names
) -> Iterator[Finding]:
    """The levels and committees that selectors name and that there are not."""
    for index, selector in enumerate(selectors):
        here: Path = (*at, index) if part.document.reach((*at, index)) > len(at) else at
        yield from names.level(part, (*here, "level"), selector.level)
        yield from names.committee(part, (*here, "committee"), selector.committee)
        yield from selector_findings(part, (*here, "except"), selector.excluded, names)


def _start(part: Part[Workflow], names: Names) -> Iterator[Finding]:
    start = part.model.start
    match start:
        case EachMeeting():
            yield from names.committee(part, ("start", "of"), start.of)
        case EachMember():
            for index, role in enumerate(start.roles):
                yield from names.role(part, ("start", "roles", index), role)
        case EachMilestones():
            at: Path = ("start", "kind")
            if names.milestones:
                yield from unknown(part, at, "milestones", start.kind, names.milestones)
            else:
                yield part.finding(at, "milestones-none", Severity.WARNING, name=start.kind)
        case EachCase():
            yield from _inputs(part, start)
        case TimesPerPeriod():
            yield from _apart(part, start)
        case _:
            pass
    for_committees = isinstance(start, EachMeeting | TimesPerPeriod | EachMember | EachCase)
    if for_committees and not part.written("committees"):
        yield part.finding(("committees",), "committees-missing")


def _inputs(part: Part[Workflow], start: EachCase) -> Iterator[Finding]:
    steps = part.model.steps.values()
    is_confidential = part.model.confidential or any(step.confidential for step in steps)
    for name, asked in start.inputs.items():
        at: Path = ("start", "inputs", name)
        if asked.type == "choice" and not asked.choices:
            yield part.finding((*at, "choices"), "choice-without-choices", name=name)
        if name == EMPLOYEES:
            yield part.finding(at, "input-employees", key=True, name=name)
        if asked.type == "short text" and is_confidential:
            yield part.finding((*at, "type"), "short-text-confidential", name=name)
        yield from _about_a_person(part, at, name, asked)


def _about_a_person(
    part: Part[Workflow], at: Path, name: str, asked: CaseInput
) -> Iterator[Finding]:
    """Inputs that ask for a CPR number, or by the look of it for somebody's name."""
    words = set(_WORD.findall(f"{name} {asked.title}".casefold()))
    if any(word.startswith(_CPR) for word in words):
        yield part.finding(at, "input-about-a-person", key=True)
    elif asked.type == "short text" and words & _NAMES:
        yield part.finding(at, "input-about-a-person", Severity.WARNING, key=True)


def _apart(part: Part[Workflow], start: TimesPerPeriod) -> Iterator[Finding]:
    """Two meetings lie less than two parts apart, whichever are chosen."""
    apart, months = start.apart, start.part_months
    if apart is None or apart.count < 2 * months * _IN_A_MONTH[apart.unit]:
        return
    at: Path = ("start", "apart")
    said = part.document.spot(at).text
    most = 2 * months - 1
    yield part.finding(at, "apart-too-long", Severity.WARNING, apart=said, months=months, most=most)


def _visible(
    part: Part[Workflow], at: Path, visible: Side | None, names: Names
) -> Iterator[Finding]:
    """One side's own duty cannot be shown to the other side's body."""
    workflow = part.model
    if visible is None:
        return
    if at and workflow.visible not in {None, visible}:
        yield part.finding((*at, "visible"), "visible-other-side", other=workflow.visible)
    for selector in workflow.committees:
        committee = names.committees.get(selector.committee or "")
        if committee is not None and committee.visible not in {None, visible}:
            yield part.finding(
                (*at, "visible"),
                "visible-other-body",
                name=selector.committee,
                other=committee.visible,
            )


def _example(part: Part[Workflow], at: Path, example: Example, names: Names) -> Iterator[Finding]:
    given = example.given
    yield from names.committee(part, (*at, "given", "committee"), given.committee)
    for body in given.meetings_of:
        place = (*at, "given", f"meetings of {body}")
        yield from names.committee(part, place, body, key=True)
    for expected in example.expect:
        place = (*at, "expect", expected)
        step, _, target = expected.rsplit("/", 1)[-1].partition("@")
        yield from unknown(part, place, "step", step, part.whole.names("steps"), key=True)
        yield from names.committee(part, place, target or None, key=True)
    for field, told in (("done", given.done), ("postponed", given.postponed)):
        for name in told:
            step = name.rsplit("/", 1)[-1].partition("@")[0]
            place = (*at, "given", field, name)
            yield from unknown(part, place, "step", step, part.whole.names("steps"), key=True)
    yield from _given_inputs(part, (*at, "given", "inputs"), given.inputs)


def _given_inputs(part: Part[Workflow], at: Path, given: Mapping[str, str]) -> Iterator[Finding]:
    """The inputs of an example must be asked for, and be what is asked for."""
    asked = inputs_of(part.model.start)
    for name, text in given.items():
        place = (*at, name)
        yield from unknown(
            part, place, "case-input", name, part.whole.names("start", "inputs"), key=True
        )
        if name in asked:
            yield from unreadable(part, place, asked[name], text)
