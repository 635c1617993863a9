"""Circles among names that lead to names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def circles(leads: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The circles, each told once and begun where it is written first.

    >>> circles({"a": ["b"], "b": ["c"], "c": ["b"]})
    [('b', 'c')]
    """
    edges = {name: list(following) for name, following in leads.items()}
    found: list[tuple[str, ...]] = []
    while circle := _one(edges):
        found.append(circle)
        edges[circle[-1]].remove(circle[0])
    return found


def _one(edges: Mapping[str, list[str]]) -> tuple[str, ...]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        circle = error.args[1][:0:-1]
        written = list(edges)
        first = min(range(len(circle)), key=lambda place: written.index(circle[place]))
        return (*circle[first:], *circle[:first])
    return ()
