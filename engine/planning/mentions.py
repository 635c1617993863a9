"""Whether a text names somebody: by both names, by one with a capital, or by the address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from engine.planning.organisation import Person

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# Shorter words are too often something else: a name of two letters is refused with its surname.
_LEAST_LETTERS = 3


def names_person(
    text: str, people: Iterable[Person], shared: Collection[str] = frozenset()
) -> bool:
    """Whether a text holds the name or address of somebody on the site.

    Two names of one person, one after the other or with others between, are a name however they
    are written; one alone is when it is written with a capital: `Skov`, but not `skov`. Names
    that are `shared` with somebody else say nothing alone.
    """
    written = _WORD.findall(text)
    lower = {word.casefold().removesuffix("s") for word in written} | {
        word.casefold() for word in written
    }
    alone = {form for word in written for form in _forms(word)}
    for person in people:
        names = _WORD.findall(person.name)
        if person.email and person.email.casefold() in text.casefold():
            return True
        if sum(name.casefold() in lower for name in names) > 1:
            return True
        telling = alone.difference(shared)
        if any(len(name) >= _LEAST_LETTERS and name in telling for name in names):
            return True
    return False


def _forms(word: str) -> Iterator[str]:
    """A word and, where it may be a genitive, the word without it: `Holms` is `Holm`."""
    yield word
    if word.endswith("s"):
        yield word.removesuffix("s").rstrip("'’")


def shared_names(person: Person, people: Iterable[Person]) -> frozenset[str]:
    """Those of a person's names that somebody else has too."""
    others = {
        name for other in people if other.id != person.id for name in _WORD.findall(other.name)
    }
    return frozenset(others.intersection(_WORD.findall(person.name)))
