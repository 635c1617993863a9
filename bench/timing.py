"""Timing two ways of doing the same thing, turn by turn, so that noise strikes both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Compared:
    """What ours and the peer's took, in seconds, by the median of the rounds."""

    name: str
    ours: float
    peer: float
    amount: int

    def line(self) -> str:
        ratio = self.peer / self.ours
        each = self.ours / self.amount * 1e6
        return f"{self.name:<46} {each:10.3f} µs each   peer / ours {ratio:8.2f}"


def compare(
    name: str, amount: int, ours: Callable[[], object], peer: Callable[[], object]
) -> Compared:
    """Run both in turn and keep the medians."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for taken, work in zip(times, (ours, peer), strict=True):
            started = perf_counter()
            work()
            taken.append(perf_counter() - started)
    return Compared(name, median(times[0]), median(times[1]), amount)
