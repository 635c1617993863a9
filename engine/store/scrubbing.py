"""Taking a name out of everything that is kept beside it: free texts and frozen mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import col

from engine.planning.mentions import names_person, shared_names
from engine.planning.organisation import Person
from engine.store.tables import AnnouncementRow, AutoApplyRow, EditionRow, FactRow, MessageRow

GONE = "[…]"
"""What stands where a text named somebody who was forgotten."""

ON_ITS_WAY = ("due", "retry", "sending")

_TELLING_LETTERS = 8
_FREE_TEXTS = ("minutes_item", "why", "evidence", "what", "who", "inputs")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was taken away, in numbers only."""

    people: int = 0
    feeds: int = 0
    cancelled: int = 0
    mails: int = 0
    texts: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(
            self.people + other.people,
            self.feeds + other.feeds,
            self.cancelled + other.cancelled,
            self.mails + other.mails,
            self.texts + other.texts,
        )


@dataclass
class Words:
    """The words that give one person away, and the free texts that were found to."""

    person: Person
    shared: frozenset[str]
    texts: set[str] = field(default_factory=set)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """The whole name, the address, and every text found; none where nothing is known."""
        parts = self.person.name.split()
        whole = [r"\s+".join(map(re.escape, parts))] if len(parts) > 1 else []
        # A single short word is too often part of something else.
        long = [text for text in self.texts if " " in text or len(text) >= _TELLING_LETTERS]
        told = [re.escape(text) for text in sorted(long, key=len, reverse=True)]
        address = [re.escape(self.person.email)] if self.person.email else []
        words = [*told, *whole, *address]
        text = rf"(?<!\w)(?:{'|'.join(words)})"
        return re.compile(text, re.IGNORECASE) if words else None

    def free(self, text: str) -> str:
        """A free text, or nothing but the mark where it names the person."""
        if not names_person(text, [self.person], self.shared):
            return text
        self.texts.add(text)
        return GONE


def words_of(person: Person, people: Sequence[Person]) -> Words:
    """What to look for; a name that somebody else has too says nothing alone."""
    return Words(person, shared_names(person, people))


def scrub_texts(connection: Connection, words: Words) -> int:
    """Empties every free text that names the person; gives back how many rows had one."""
    changed = _rewritten(connection, FactRow, "id", _FREE_TEXTS, words.free)
    # What the facts said stands in the announcements too, and is looked for as it was written.
    pattern = words.pattern
    if pattern is None:
        return changed

    def whole(text: str) -> str:
        return GONE if text in words.texts or pattern.search(text) else text

    changed += _rewritten(connection, EditionRow, "number", ("note",), words.free)
    changed += _rewritten(connection, AnnouncementRow, "id", ("reason", "snapshot"), whole)
    return changed + _rewritten(connection, AutoApplyRow, "id", ("detail",), whole)


def scrub_mails(connection: Connection, who: str, words: Words) -> tuple[int, int]:
    """Cancels what is on its way to the person, and empties what holds the name or address.

    A mail on its way to somebody else still goes, with the mark where the name stood.
    """
    columns = (MessageRow.id, MessageRow.recipient, MessageRow.state, MessageRow.contents)
    cancelled = emptied = 0
    pattern = words.pattern
    for row in connection.execute(select(*map(col, columns))).all():
        own = row.recipient == f"person:{who}"
        waits = row.state in ON_ITS_WAY
        values: dict[str, Any] = {}
        if own and waits:
            values = {"state": "cancelled", "lease_until_at": None}
            cancelled += 1
        if own or (pattern is not None and not waits and _found(row.contents, pattern)):
            values["contents"] = without_contents(row.contents)
        elif waits and pattern is not None and _found(row.contents, pattern):
            values["contents"] = _marked(row.contents, pattern)
        if values.get("contents", row.contents) == row.contents:
            values.pop("contents", None)
        emptied += "contents" in values
        if values:
            mine = col(MessageRow.id) == row.id
            connection.execute(update(MessageRow).where(mine).values(values))
    return cancelled, emptied


def without_contents(contents: dict[str, Any]) -> dict[str, Any]:
    """What is left of a mail beside its moment: the keys of what it spoke of."""
    return {"letter": {"subject": ""}, "keys": contents.get("keys", [])}


def _rewritten(
    connection: Connection,
    table: type[Any],
    key: str,
    columns: Sequence[str],
    change: Callable[[str], str],
) -> int:
    names = (key, *columns)
    count = 0
    for row in connection.execute(select(*(getattr(table, name) for name in names))).all():
        before = dict(zip(columns, row[1:], strict=True))
        after = {name: _changed(value, change) for name, value in before.items()}
        values = {name: value for name, value in after.items() if value != before[name]}
        if values:
            same = getattr(table, key) == row[0]
            connection.execute(update(table).where(same).values(values))
            count += 1
    return count


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _changed(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    return value


def _marked(value: Any, pattern: re.Pattern[str]) -> Any:
    """The same with the mark where the words stood; an entry that holds them is left out."""
    if isinstance(value, dict):
        return {
            name: None
            if name == "ics" and each and _found(each, pattern)
            else _marked(each, pattern)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_marked(each, pattern) for each in value]
    return pattern.sub(GONE, value) if isinstance(value, str) else value


def _found(value: Any, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(text) for text in _strings(value))


def _strings(value: Any) -> Iterator[str]:
    """Every text of a mail; the lines of a calendar entry are unfolded, its signs unescaped."""
    if isinstance(value, str):
        yield re.sub(r"\r?\n[ \t]", "", value).replace("\\,", ",").replace("\\;", ";")
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
