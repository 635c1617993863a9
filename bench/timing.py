"""Timing two ways of doing the same thing, turn by turn, so that noise strikes both.

The processor's time is counted, not the clock's: a shared machine gives its cores to others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Compared:
    """What ours and the peer's took, in seconds, by the median of the rounds."""

    name: str
    ours: float
    peer: float
    amount: int
    peer_amount: int

    def line(self) -> str:
        each, peer_each = self.ours / self.amount, self.peer / self.peer_amount
        return f"{self.name:<64} {each * 1e6:10.3f} µs   peer / ours {peer_each / each:8.2f}"


def compare(
    name: str,
    amount: int,
    ours: Callable[[], object],
    peer: Callable[[], object],
    peer_amount: int | None = None,
) -> Compared:
    """Run both in turn and keep the medians; `amount` is how many each run makes."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for taken, work in zip(times, (ours, peer), strict=True):
            started = process_time()
            work()
            taken.append(process_time() - started)
    return Compared(name, median(times[0]), median(times[1]), amount, peer_amount or amount)
