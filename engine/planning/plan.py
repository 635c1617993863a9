"""Editions and facts in, deadlines out: every step of every occurrence, dated and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import Finding
from engine.planning.deadlines import Deadline
from engine.planning.edition import Edition
from engine.planning.facts import FOLLOW_UP, Facts, Meeting
from engine.planning.occurrences import NOBODY
from engine.planning.parts import Part, PartKey, follow_up_part, make_part
from engine.planning.periods import Window
from engine.planning.register import Register
from engine.planning.shortage import meeting_shortage
from engine.planning.standing import standing

__all__ = ["Deadline", "Plan", "make_plan"]


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
    register = Register(edition, facts)
    kept: Mapping[PartKey, Part] = {}
    if before is not None and before.window == window:
        kept = standing(before.parts, before.register, register)
    parts: dict[PartKey, Part] = {}
    for workflow in edition.in_use:
        chosen = register.roster.chosen(workflow.committees) if workflow.committees else (NOBODY,)
        for committee in chosen:
            key = (workflow.key, committee)
            part = kept.get(key)
            parts[key] = part or make_part(workflow, committee, window, register)
    parts[FOLLOW_UP, NOBODY] = follow_up_part(window, register)
    inside = [deadline for part in parts.values() for deadline in part.inside]
    inside.sort(key=lambda deadline: deadline.order)
    findings = [finding for part in parts.values() for finding in part.findings]
    findings.extend(meeting_shortage(parts.values(), register, window))
    return Plan(
        window,
        tuple(inside),
        {deadline.key: deadline for part in parts.values() for deadline in part.outside},
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
