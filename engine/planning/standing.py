"""What still stands of an earlier plan: the parts that nothing they rest on has changed for."""

from __future__ import annotations

from collections.abc import Mapping

from engine.planning.edition import Edition
from engine.planning.parts import Part, PartKey
from engine.planning.register import Register
from engine.planning.starts import EachMilestones
from engine.planning.workflow import Workflow


def standing(parts: Mapping[PartKey, Part], before: Register, now: Register) -> dict[PartKey, Part]:
    """The parts of an earlier plan that a new plan of the same window may take over.

    A part rests on its workflow, on the meetings it looked at, on what was told of its runs, and
    on milestones where it begins with those. A change of the organisation, of who sits where, of a
    day set or of a table may change anything.
    """
    old, new = before.edition, now.edition
    if not _same_ground(old, new):
        return {}
    moved = {body for body in {*old.meetings, *new.meetings} if _meetings_differ(body, old, new)}
    told = {key for key in {*before.told, *now.told} if before.told.get(key) != now.told.get(key)}
    unchanged = {
        key: workflow
        for key, workflow in new.workflows.items()
        if key in old.workflows
        and _same(workflow, old.workflows[key])
        and _same_beginnings(workflow, old, new)
    }
    return {
        key: part
        for key, part in parts.items()
        if key[0] in unchanged and key not in told and part.asked.isdisjoint(moved)
    }


def _same(a: object, b: object) -> bool:
    return a is b or a == b


def _same_ground(old: Edition, new: Edition) -> bool:
    """Whether what every part rests on is as it was."""
    return (
        _same(old.organisation, new.organisation)
        and _same(old.seats, new.seats)
        and old.day_sets.keys() == new.day_sets.keys()
        and all(_same(old.day_sets[key].day_set, new.day_sets[key].day_set) for key in new.day_sets)
        and _same(old.tables, new.tables)
    )


def _meetings_differ(body: str, old: Edition, new: Edition) -> bool:
    return not _same(old.meetings.get(body), new.meetings.get(body))


def _same_beginnings(workflow: Workflow, old: Edition, new: Edition) -> bool:
    """Whether the milestones that a workflow begins with are as they were."""
    start = workflow.start
    if not isinstance(start, EachMilestones):
        return True
    sets = ([one for one in each.milestones if one.kind == start.kind] for each in (old, new))
    return _same(*sets)
