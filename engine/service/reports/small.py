"""Numbers of people: fewer than five are never counted out, nor can they be reckoned back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.documents import Cell, Table
from engine.planning.lacks import FEWEST
from engine.planning.status import State
from engine.service.reports.settled import Settled
from engine.wording.catalogue import Language, say


def few(count: int, language: Language) -> Cell:
    """A number of people, where one to four are `færre end 5`."""
    return say("report.few", language, count=FEWEST) if 0 < count < FEWEST else count


def is_small(count: int) -> bool:
    """Whether so few people must not be counted out."""
    return 0 < count < FEWEST


def unshown(counts: Mapping[str, int]) -> set[str]:
    """The groups whose number is not shown: the small ones.

    Where a single group is small, the total would give it away; then the smallest of the others
    is held back with it.
    """
    small = {key for key, count in counts.items() if is_small(count)}
    others = [key for key, count in counts.items() if count >= FEWEST]
    if len(small) == 1 and others:
        small.add(min(others, key=lambda key: (counts[key], key)))
    return small


def about_members(settled: Iterable[Settled], language: Language) -> Table:
    """Deadlines about single members, by workflow: how many, and whether all are met."""
    found: dict[str, list[Settled]] = {}
    for each in settled:
        title = each.deadline.workflow_title or say("followup.title", language)
        found.setdefault(title, []).append(each)
    rows = tuple(
        (title, few(len(found[title]), language), _met(found[title], language))
        for title in sorted(found)
    )
    heads = tuple(say(f"report.head.{name}", language) for name in ("workflow", "due-count", "met"))
    return Table(say("report.members", language), heads, rows, (30, 10, 20))


def _met(settled: list[Settled], language: Language) -> str:
    """A word that tells of nobody: where there are few, none."""
    if is_small(len(settled)):
        return ""
    met = all(each.state in (State.DONE, State.WAIVED) for each in settled)
    return say("report.met" if met else "report.not-all-met", language)
