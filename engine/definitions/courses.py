"""Planned courses held against the workflows and bodies they name, and the days they lie on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from engine.definitions.dates import covered
from engine.definitions.duties import selector_findings
from engine.definitions.likeness import listed, nearest
from engine.definitions.names import Names
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.planned_courses import PlannedCourse, PlannedCourses
from engine.planning.starts import EachMember
from engine.planning.workdays import WorkingCalendar
from engine.planning.workflow import Workflow

Workflows = Mapping[str, Part[Workflow]]


def course_findings(
    part: Part[PlannedCourses], workflows: Workflows, names: Names, working: WorkingCalendar | None
) -> Iterator[Finding]:
    """What a course names that there is not, courses given twice, and days nobody comes on."""
    given: dict[tuple[object, ...], int] = {}
    for index, course in enumerate(part.model.courses):
        at: Path = ("courses", index)
        yield from _training(part, at, course, workflows)
        yield from selector_findings(part, (*at, "for"), course.bodies, names)
        for field, on in (("starts", course.starts_on), ("ends", course.ends_on)):
            if on is not None:
                yield from covered(part, (*at, field), on, working)
                yield from _closed(part, (*at, field), on, working)
        same = (course.training, course.starts_on, course.over_on, course.where, course.bodies)
        first = given.setdefault(same, part.document.spot((*at, "training")).line)
        if first != part.document.spot((*at, "training")).line:
            yield part.finding((*at, "starts"), "course.twice", Severity.WARNING, first=first)


def _training(
    part: Part[PlannedCourses], at: Path, course: PlannedCourse, workflows: Workflows
) -> Iterator[Finding]:
    """Whether the course is in something that members must have, and says in what."""
    at, name = (*at, "training"), course.training
    known = [each for key, workflow in workflows.items() for each in _trainings(key, workflow)]
    if name in known:
        return
    workflow = workflows.get(name)
    if workflow is not None and isinstance(workflow.model.start, EachMember):
        steps = ", ".join(f"{name}/{step}" for step in workflow.model.steps)
        yield part.finding(at, "course.which-step", steps=steps)
        return
    near = nearest(name, known)
    yield part.finding(at, "course.training", name=name, nearest=near, known=listed(known))


def _trainings(key: str, workflow: Part[Workflow]) -> Iterator[str]:
    """What a course in a workflow's trainings may be called."""
    if not isinstance(workflow.model.start, EachMember):
        return
    if len(workflow.model.steps) == 1:
        yield key
    for step in workflow.model.steps:
        yield f"{key}/{step}"


def _closed(
    part: Part[PlannedCourses], at: Path, on: date, working: WorkingCalendar | None
) -> Iterator[Finding]:
    if working is None or not working.covers(on) or working.is_working(on):
        return
    closed = working.name_of(on) or ""
    code = "course.on-closed-day" if closed else "course.on-weekend"
    yield part.finding(at, code, Severity.WARNING, on=on, closed=closed)
