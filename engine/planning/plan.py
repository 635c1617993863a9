"""Editions and facts in, deadlines out: every step of every occurrence, dated and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from engine.errors import Finding
from engine.planning.deadlines import Deadline
from engine.planning.edition import Edition
from engine.planning.facts import FOLLOW_UP, Facts, Meeting
from engine.planning.occurrences import NOBODY
from engine.planning.parts import Part, PartKey, beyond, follow_up_part, make_part, reach_of
from engine.planning.periods import Window
from engine.planning.register import Register
from engine.planning.shortage import meeting_shortage
from engine.planning.standing import standing

__all__ = ["Deadline", "Plan", "make_plan"]


_ORDER = attrgetter("order")


class Beyond(Mapping[str, Deadline]):
    """What lies outside the window, reckoned when somebody asks for it."""

    __slots__ = ("_found", "_parts", "_register", "_window")

    def __init__(self, parts: Mapping[PartKey, Part], window: Window, register: Register) -> None:
        self._parts = parts
        self._window = window
        self._register = register
        self._found: dict[PartKey, Mapping[str, Deadline]] = {}

    def __getitem__(self, key: str) -> Deadline:
        workflow, committee, *_ = [*key.rsplit("/", 3), "", ""]
        return self._of((workflow, committee))[key]

    def __iter__(self) -> Iterator[str]:
        return (key for part in self._parts for key in self._of(part))

    def __len__(self) -> int:
        return sum(len(self._of(part)) for part in self._parts)

    def _of(self, key: PartKey) -> Mapping[str, Deadline]:
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._reckoned(key)
        return found

    def _reckoned(self, key: PartKey) -> Mapping[str, Deadline]:
        part = self._parts.get(key)
        if part is None:
            return {}
        register, workflow = self._register, self._register.edition.workflows.get(key[0])
        every = list(part.outside)
        if workflow is not None:
            reach = reach_of(register.outline(workflow), self._window)
            every.extend(beyond(reach, key[1], register))
        return {deadline.key: deadline for deadline in every}


@dataclass(frozen=True, slots=True)
class Plan:
    """The deadlines and meetings of a window, and what planning noticed on the way."""

    window: Window
    deadlines: tuple[Deadline, ...]
    beyond: Mapping[str, Deadline]
    findings: tuple[Finding, ...]
    by_key: Mapping[str, Deadline]
    register: Register
    meetings: tuple[Meeting, ...] = ()
    parts: Mapping[PartKey, Part] = field(default_factory=dict, compare=False, repr=False)


def make_plan(edition: Edition, facts: Facts, window: Window, before: Plan | None = None) -> Plan:
    """Every deadline of the edition that falls in the window, explained.

    `beyond` holds those that were reckoned on the way and fall outside, so that one which
    left the window is not mistaken for one that is gone. From a plan made `before`, of the same
    window, what nothing has changed for is taken over as it stands.
    """
    register = Register(edition, facts, before.register if before is not None else None)
    kept: Mapping[PartKey, Part] = {}
    if before is not None and before.window == window:
        kept = standing(before.parts, before.register, register)
    parts: dict[PartKey, Part] = {}
    for workflow in edition.in_use:
        chosen = register.roster.chosen(workflow.committees) if workflow.committees else (NOBODY,)
        keys = [(workflow.key, committee) for committee in chosen]
        if not all(key in kept for key in keys):
            reach = reach_of(register.outline(workflow), window)
        for key in keys:
            parts[key] = kept.get(key) or make_part(reach, key[1], register)
    parts[FOLLOW_UP, NOBODY] = follow_up_part(window, register)
    inside = [deadline for part in parts.values() for deadline in part.inside]
    inside.sort(key=_ORDER)
    findings = [finding for part in parts.values() for finding in part.findings]
    findings.extend(meeting_shortage(parts.values(), register, window))
    return Plan(
        window,
        tuple(inside),
        Beyond(parts, window, register),
        tuple(sorted(_once_a_day_set(findings), key=lambda finding: finding.order)),
        {deadline.key: deadline for deadline in inside},
        register,
        _meetings(register, window),
        parts,
    )


def _meetings(register: Register, window: Window) -> tuple[Meeting, ...]:
    """Every body's meetings in the window, by day."""
    held = (
        meeting
        for plan in register.plans.values()
        for meeting in plan.every.between(window.from_on, window.until_on)
    )
    return tuple(sorted(held, key=lambda meeting: (meeting.on, meeting.committee, meeting.id)))


def _once_a_day_set(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A day set that ends too early is told once, with the first day that it lacks."""
    told: set[str] = set()
    for finding in sorted(findings, key=lambda finding: str(finding.params.get("on"))):
        if finding.field != "covers" or finding.path not in told:
            yield finding
        if finding.field == "covers":
            told.add(finding.path)
