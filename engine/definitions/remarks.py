"""Remarks about a sound site: sources to be confirmed, and fields without effect yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.rules import add_months
from engine.planning.sources import Source
from engine.planning.tables import AnyTable
from engine.planning.workflow import Workflow

NO_EFFECT_YET = (
    "minutes",
    "case number",
    "recommendation",
    "background",
    "enclosures",
)
"""The fields that are read and checked, and of which the plan makes nothing yet."""

_CHECK_LASTS_MONTHS = 12


def source_findings(part: Part[Workflow], today: date | None) -> Iterator[Finding]:
    """Sources that are not certain and that nobody has held against their text lately."""
    yield from _sources(part, ("source",), part.model.source, today)
    for key, step in part.model.steps.items():
        yield from _sources(part, ("steps", key, "source"), step.source, today)


def table_remarks(part: Part[AnyTable], today: date | None) -> Iterator[Finding]:
    """What there is to say of a sound table."""
    yield from _sources(part, ("source",), part.model.source, today)


def _sources(
    part: Part[Any], at: Path, sources: Sequence[Source], today: date | None
) -> Iterator[Finding]:
    for index, source in enumerate(sources):
        if source.confidence == "certain":
            continue
        here: Path = (*at, index) if part.document.reach((*at, index)) > len(at) else at
        document, checked = source.document, source.checked
        if checked is None:
            yield part.finding(
                (*here, "confidence"), "source-unchecked", Severity.WARNING, document=document
            )
        elif today is not None and add_months(checked.on, _CHECK_LASTS_MONTHS) < today:
            yield part.finding(
                (*here, "checked", "on"),
                "source-checked-long-ago",
                Severity.WARNING,
                document=document,
                on=checked.on,
            )


def effect_findings(part: Part[Workflow]) -> Iterator[Finding]:
    """One remark for each field of a file that has no effect yet, where it stands first."""
    told: set[str] = set()
    for at in _without_effect(part):
        if at[-1] not in told:
            told.add(str(at[-1]))
            yield part.finding(at, "no-effect-yet", Severity.INFO, key=True)


def _without_effect(part: Part[Workflow]) -> Iterator[Path]:
    for key, step in part.model.steps.items():
        at: Path = ("steps", key)
        for name in NO_EFFECT_YET:
            if step.agenda is not None and part.written("steps", key, "agenda", name):
                yield (*at, "agenda", name)


def use_remarks(workflows: Mapping[str, Part[Workflow]]) -> Iterator[Finding]:
    """One remark in all about the workflows that are switched off."""
    off = sorted(key for key, part in workflows.items() if not part.model.in_use)
    if off:
        params = {"names": ", ".join(off), "count": len(off)}
        yield Finding("not-in-use", Severity.INFO, path="workflows", params=params)
