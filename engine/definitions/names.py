"""Everything a site gives a name, so that a wrong name can be told from a right one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.likeness import listed, nearest
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding
from engine.planning.organisation import Committee, Side
from engine.planning.tables import DecisionTable
from engine.planning.workdays import WorkingCalendar
from engine.planning.workflow import Holder


@dataclass(frozen=True, slots=True)
class Names:
    """The names a site's files may refer to; None where the organisation cannot be read."""

    bodies: Collection[str] | None = None
    committees: Mapping[str, Committee] = field(default_factory=dict)
    """What is known of the bodies that are sound."""
    levels: Collection[str] | None = None
    roles: Collection[str] | None = None
    offices: Collection[str] | None = None
    sides: Mapping[str, Side | None] = field(default_factory=dict)
    """The side that each office is on, of those that are sound."""
    day_sets: Collection[str] = ()
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    tables: Collection[str] = ()
    table_inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each decision table asks for."""
    decisions: Mapping[str, DecisionTable] = field(default_factory=dict)
    """The decision tables that are sound by themselves."""
    milestones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of dates by the kind of milestones."""

    def level(self, part: Part[Any], at: Path, name: str | None) -> list[Finding]:
        """A finding if there is no such level."""
        return unknown(part, at, "level", name, self.levels)

    def committee(
        self, part: Part[Any], at: Path, name: str | None, key: bool = False
    ) -> list[Finding]:
        """A finding if there is no such committee."""
        return unknown(part, at, "committee", name, self.bodies, key)

    def role(self, part: Part[Any], at: Path, name: str | None) -> list[Finding]:
        """A finding if there is no such role."""
        return unknown(part, at, "role", name, self.roles)

    def day_set(self, part: Part[Any], at: Path, name: str | None) -> list[Finding]:
        """A finding if there is no such set of working days."""
        return unknown(part, at, "day-set", name, self.day_sets)

    def holder(self, part: Part[Any], at: Path, holder: Holder) -> list[Finding]:
        """Findings for the names in `forperson`, `sekretaer of kommune-med` or `office hr`."""
        return [
            *unknown(part, at, "role", holder.role or None, self.roles),
            *unknown(part, at, "committee", holder.body or None, self.bodies),
            *unknown(part, at, "office", holder.office or None, self.offices),
        ]


def unknown(
    part: Part[Any],
    at: Path,
    kind: str,
    name: str | None,
    known: Collection[str] | None,
    key: bool = False,
) -> list[Finding]:
    """A finding that something of this kind has no such name, and what may have been meant."""
    if name is None or known is None or name in known:
        return []
    near, code = nearest(name, known), f"unknown-{kind}"
    return [part.finding(at, code, key=key, name=name, nearest=near, known=listed(known))]
