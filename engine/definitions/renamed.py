"""The former names that workflows give themselves, so that what was told under them is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.definitions.part import Part
from engine.errors import Finding
from engine.planning.facts import FOLLOW_UP
from engine.planning.fields import KEY
from engine.planning.workflow import Workflow


def renamed_findings(
    workflows: Mapping[str, Part[Workflow]], known: Collection[str]
) -> Iterator[Finding]:
    """Former names that no file ever had, that one still has, or that two files claim."""
    claimed: dict[str, str] = {}
    for part in workflows.values():
        for index, former in enumerate(part.model.formerly):
            at = ("formerly", index)
            first = claimed.setdefault(former, part.path)
            if not all(KEY.fullmatch(name) for name in former.split("/")):
                yield part.finding(at, "formerly-no-name", name=former)
            elif former == FOLLOW_UP:
                yield part.finding(at, "formerly-reserved")
            elif former in known:
                yield part.finding(at, "formerly-still-there", name=former)
            elif first != part.path:
                yield part.finding(at, "formerly-twice", name=former, file=first)
