"""Timetables held against the workflows, roles and offices that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.likeness import nearest
from engine.definitions.names import Names
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.timetables import Timetable, Timetables
from engine.planning.workflow import Workflow


def timetable_findings(
    part: Part[Timetables], workflows: Mapping[str, Part[Workflow]], names: Names
) -> Iterator[Finding]:
    """What a timetable names that there is not; a pattern may wait for its workflow."""
    for key, timetable in part.model.timetables.items():
        at: Path = ("timetables", key)
        for index, name in enumerate(timetable.workflows):
            if "*" not in name and name not in workflows:
                near = nearest(name, workflows)
                # A report's layout does not keep a workflow from being taken away.
                yield part.finding(
                    (*at, "workflows", index),
                    "timetable.workflow",
                    Severity.WARNING,
                    name=name,
                    nearest=near,
                )
        yield from _columns(part, at, timetable, workflows, names)


def _columns(
    part: Part[Timetables],
    at: Path,
    timetable: Timetable,
    workflows: Mapping[str, Part[Workflow]],
    names: Names,
) -> Iterator[Finding]:
    steps = {name for key in timetable.shows(workflows) for name in workflows[key].model.steps}
    for key, column in timetable.columns.items():
        within: Path = (*at, "columns", key)
        for index, holder in enumerate(column.responsible):
            yield from names.holder(part, (*within, "responsible", index), holder)
        for index, step in enumerate(column.steps):
            if step not in steps:
                near = nearest(step, steps)
                yield part.finding(
                    (*within, "steps", index),
                    "timetable.step",
                    Severity.WARNING,
                    name=step,
                    nearest=near,
                )
