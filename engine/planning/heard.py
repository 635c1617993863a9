"""What each recipient has been told of each deadline, and still goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.planning.diff import Verb

ENDED = (Verb.REASSIGNED.value, Verb.RETIRED.value)
"""What a mail says to somebody for whom the matter is over."""


class Telling(Protocol):
    """One thing told, as it is kept under its key."""

    @property
    def kind(self) -> str:
        """Why it was told."""

    @property
    def due_on(self) -> date | None:
        """The day that was told of."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was told, by deadline and recipient.

    Who was told that a matter is over, and has it back, is told of it anew. Who was told of a day
    that the deadline has left and come back to goes by that day still.
    """

    keys: frozenset[str]
    ends: Mapping[tuple[str, str], int]
    """How often each was told that it is over."""
    standing: frozenset[tuple[str, str, str, date | None]]
    """Deadline, recipient, label and day of what was told since."""

    def key(self, deadline: str, moved: int, label: str, recipient: str) -> str:
        """What a reminder is told under, once only."""
        ends = self.ends.get((deadline, recipient), 0)
        return f"{deadline}#{moved}{f'.{ends}' if ends else ''} {label} {recipient}"

    def has(self, key: str, due_on: date | None) -> bool:
        """Whether a reminder of a deadline on this day was told."""
        deadline, label, recipient = _parts(key)
        return key in self.keys or (deadline, recipient, label, due_on) in self.standing


def heard(told: Mapping[str, Telling], present: Callable[[str], str]) -> Heard:
    """What was told, in the order it was, by the names that deadlines have now."""
    keys: set[str] = set()
    ends: dict[tuple[str, str], int] = {}
    since: dict[tuple[str, str], set[tuple[str, date | None]]] = {}
    for key, each in told.items():
        deadline, label, recipient = _parts(key)
        name = present(deadline)
        keys.add(name + key[len(deadline) :])
        if each.kind in ENDED:
            ends[name, recipient] = ends.get((name, recipient), 0) + 1
            since.pop((name, recipient), None)
        else:
            since.setdefault((name, recipient), set()).add((label, each.due_on))
    standing = {(*whose, *what) for whose, whats in since.items() for what in whats}
    return Heard(frozenset(keys), ends, frozenset(standing))


def _parts(key: str) -> tuple[str, str, str]:
    """The deadline, the label and the recipient of a key."""
    deadline, _, rest = key.partition("#")
    _, _, rest = rest.partition(" ")
    label, _, recipient = rest.rpartition(" ")
    return deadline, label, recipient
