"""A mail about one matter: what cannot wait for the next morning overview."""

from __future__ import annotations

from datetime import date

from engine.message.digest import Line, entry, headline
from engine.message.letter import Letter, Section
from engine.wording.catalogue import Language, say


def single(
    line: Line,
    on: date,
    language: Language,
    *,
    message_id: str,
    list_id: str,
    references: str,
    because: str,
    ics: str | None = None,
) -> Letter:
    """The letter about one matter, in the thread of `references`; `because` ends it."""
    bare = say("mail.masked", language)
    return Letter(
        subject=bare if line.masked else headline([line], on, language),
        intro=say("mail.greeting.single", language),
        sections=(Section(heading="", entries=(entry(line, on, language),)),),
        footer=because,
        language=language,
        message_id=message_id,
        list_id=list_id,
        references=references,
        topic=bare if line.masked else line.title,
        ics=ics,
    )
