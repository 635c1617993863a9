"""Milestones that no workflow asks for although something much like them is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.definitions.likeness import nearest
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.edition import Milestones
from engine.planning.rules import mentions
from engine.planning.starts import EachMilestones
from engine.planning.workflow import Workflow


def milestone_remarks(
    sets: Sequence[Part[Milestones]], workflows: Collection[Part[Workflow]]
) -> Iterator[Finding]:
    """A set of a misspelt kind begins nothing, and a misspelt name leaves a step without a day."""
    asked = _asked(workflows)
    given = {part.model.kind for part in sets} & asked.keys()
    for part in sets:
        kind, dates = part.model.kind, part.model.dates
        if kind not in asked:
            if near := nearest(kind, sorted(given)):
                yield part.finding(
                    ("kind",), "milestones-unused", Severity.WARNING, name=kind, nearest=near
                )
            continue
        lacking = asked[kind] - set(dates)
        for name in dates.keys() - asked[kind]:
            if near := nearest(name, sorted(lacking)):
                at = ("dates", name)
                yield part.finding(
                    at, "milestone-unused", Severity.WARNING, key=True, name=name, nearest=near
                )


def _asked(workflows: Collection[Part[Workflow]]) -> Mapping[str, set[str]]:
    """The names that workflows count from, by the kind of milestones they begin with."""
    found: dict[str, set[str]] = {}
    for part in workflows:
        start = part.model.start
        if not isinstance(start, EachMilestones):
            continue
        names = found.setdefault(start.kind, set())
        for step in part.model.steps.values():
            for rule in filter(None, (step.rule, step.not_before, step.limit)):
                names |= mentions(rule).names - part.model.steps.keys()
    return found
