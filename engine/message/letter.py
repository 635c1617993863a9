"""A letter: everything a mail says, frozen before the first attempt; no name, no address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue, TypeAdapter

from engine.wording.catalogue import Language


@dataclass(frozen=True, slots=True)
class Link:
    """A button: what it says, and the page it opens."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter in a letter: what to do and by when first, then why and on what basis."""

    title: str
    when: str = ""
    text: str = ""
    why: str = ""
    basis: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, in one language; `message_id` and `references` without brackets.

    Paragraphs of `intro`, `footer` and an entry's `text` are parted by a newline.
    `ics` is a whole iCalendar text with METHOD:PUBLISH, attached as frist.ics.
    """

    subject: str
    intro: str
    sections: tuple[Section, ...]
    footer: str
    language: Language
    message_id: str
    list_id: str
    references: str | None = None
    topic: str = ""
    """What the mails that share `references` are about: the same words in all of them."""
    footer_links: tuple[Link, ...] = ()
    ics: str | None = None


_LETTER = TypeAdapter(Letter)


def letter_to_json(letter: Letter) -> dict[str, JsonValue]:
    """The letter as the JSON an outbox keeps."""
    return cast(dict[str, JsonValue], _LETTER.dump_python(letter, mode="json"))


def letter_from_json(kept: JsonValue) -> Letter:
    """The letter that `letter_to_json` wrote."""
    return _LETTER.validate_python(kept)
