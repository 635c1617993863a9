"""Items of one group: they stand together on an agenda, and go to another meeting together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from engine.planning.plan import Deadline
from engine.planning.status import State, state
from engine.service.deciding import Ground, body_of

T = TypeVar("T")
GroupKey = tuple[str, ...]


def group_of(deadline: Deadline) -> str:
    """The group an item belongs to, by its workflow; empty where it stands alone."""
    agenda = deadline.line.step.agenda
    return (agenda.group or "") if agenda is not None and deadline.kind == "at" else ""


def group_key(deadline: Deadline) -> GroupKey:
    """What items have in common that are one: the group, and who may see them.

    An item that stands alone has only itself.
    """
    group = group_of(deadline)
    if not group:
        return (deadline.key,)
    terms = deadline.terms
    return (group, "closed" if terms.confidential else "open", terms.visible or "")


def grouped(items: Iterable[T], deadline_of: Callable[[T], Deadline]) -> tuple[tuple[T, ...], ...]:
    """The items of one meeting, those of a group together where the first of them stands."""
    found: dict[GroupKey, list[T]] = {}
    for item in items:
        found.setdefault(group_key(deadline_of(item)), []).append(item)
    return tuple(map(tuple, found.values()))


def together_with(ground: Ground, deadline: Deadline) -> tuple[Deadline, ...]:
    """The other items of its group at the meeting where it stands, unless they are settled."""
    if not group_of(deadline) or not deadline.meeting:
        return ()
    body, key = body_of(deadline), group_key(deadline)
    found = [
        each
        for each in (*ground.plan.deadlines, *ground.plan.beyond.values())
        if each.key != deadline.key
        and group_key(each) == key
        and each.meeting == deadline.meeting
        and body_of(each) == body
        and state(each, ground.plan, ground.today) not in (State.DONE, State.WAIVED)
    ]
    return tuple(sorted(found, key=lambda each: each.order))
