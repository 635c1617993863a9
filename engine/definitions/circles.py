"""Circles among names that lead to names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

MOST = 20
"""Further circles are looked for once these are mended."""


def circles(leads: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The circles, each told once and begun where it is written first.

    >>> circles({"a": ["b"], "b": ["c"], "c": ["b"]})
    [('b', 'c')]
    """
    edges = {name: list(following) for name, following in leads.items()}
    found: list[tuple[str, ...]] = []
    while len(found) < MOST and (circle := _one(edges)):
        found.append(circle)
        edges[circle[-1]].remove(circle[0])
    return found


def _one(edges: Mapping[str, list[str]]) -> tuple[str, ...]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        circle = error.args[1][:0:-1]
        written = {name: place for place, name in enumerate(edges)}
        first = min(range(len(circle)), key=lambda place: written[circle[place]])
        return (*circle[first:], *circle[:first])
    return ()
