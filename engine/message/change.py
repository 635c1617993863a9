"""A mail about what has changed of what somebody has been told: moved, lapsed, another's now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.message.digest import shortened
from engine.message.letter import Entry, Letter, Link, Section
from engine.wording.catalogue import Language, say
from engine.wording.dates import day_within, long_day


class Turn(StrEnum):
    """What has become of a matter for the recipient, in the order of the letter."""

    MOVED = "moved"
    REASSIGNED = "reassigned"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Todo:
    """What the recipient must do by the new day, alone or as one of several, and how."""

    several: bool = False
    at_meeting: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """One matter as the recipient was told of it and as it is now; of a masked one, days only."""

    turn: Turn
    title: str
    before_on: date | None
    after_on: date | None
    committee_title: str = ""
    responsible: str = ""
    meeting: str = ""
    sentence: str = ""
    basis: str = ""
    others: str = ""
    url: str = ""
    masked: bool = False
    todo: Todo | None = None
    button: Link | None = None
    """Where it can be answered, besides its page."""

    @property
    def order(self) -> tuple[bool, date, str]:
        """What the recipient must do comes first, then by the day it stands on now, or stood."""
        day = self.after_on or self.before_on or date.max
        # A masked one's place must not tell what there is to do.
        return (self.todo is None or self.masked, day, "" if self.masked else self.title)


def changes(  # noqa: PLR0913  # what a letter is made of, all but three told by name
    items: Sequence[Changed],
    on: date,
    language: Language,
    *,
    message_id: str,
    list_id: str,
    because: str,
    references: str | None = None,
    note: str = "",
    ics: str | None = None,
) -> Letter:
    """The letter about what has changed; `note` is the reason as it was given."""
    ordered = sorted(items, key=lambda item: item.order)
    sections = (
        Section(
            heading=say(f"mail.change.heading.{turn}", language),
            entries=tuple(_entry(item, on, language) for item in ordered if item.turn is turn),
        )
        for turn in Turn
    )
    told = [say("mail.greeting.single", language)]
    if note:
        told.append(say("mail.change.note", language, note=note))
    return Letter(
        subject=_subject(ordered, on, language),
        intro="\n".join(told),
        sections=tuple(section for section in sections if section.entries),
        footer="\n".join((_calendar(items, language), because)),
        language=language,
        message_id=message_id,
        list_id=list_id,
        references=references,
        topic=_topic(ordered, language) if references else "",
        ics=ics,
    )


def _topic(items: Sequence[Changed], language: Language) -> str:
    """What a mail about one matter is about, as in every other mail about it."""
    (item,) = items
    return say("mail.masked", language) if item.masked else item.title


def _calendar(items: Sequence[Changed], language: Language) -> str:
    """That a calendar one subscribes to needs no help: deadlines move, and what is over goes."""
    if all(item.turn is Turn.MOVED and item.after_on for item in items):
        return say("mail.change.calendar-moves", language, count=len(items))
    return say("mail.change.calendar", language)


def _subject(items: Sequence[Changed], on: date, language: Language) -> str:
    if len(items) > 1:
        return say("mail.change.subject.several", language, count=len(items))
    (item,) = items
    if item.masked:
        return say("mail.change.subject.masked", language)
    code = item.turn.value
    if item.turn is Turn.MOVED:
        code = "undated" if item.after_on is None else "dated" if item.before_on is None else code
    return say(
        f"mail.change.subject.{code}",
        language,
        title=shortened(item.title),
        before=day_within(item.before_on, on.year, language) if item.before_on else "",
        after=day_within(item.after_on, on.year, language) if item.after_on else "",
    )


def _entry(item: Changed, on: date, language: Language) -> Entry:
    if item.masked:
        return Entry(
            title=say("mail.masked", language),
            text=_days(item, on, language),
            links=_links("mail.link.masked", item, language),
        )
    concerns = say("mail.committee", language, words=item.committee_title)
    about = " ".join(filter(None, [concerns if item.committee_title else "", _meeting(item)]))
    text = [_todo(item, on, language), _days(item, on, language), *_now(item, language), about]
    if item.others and item.turn is Turn.MOVED:
        text.append(say("mail.others", language, words=item.others))
    button = (item.button,) if item.button else ()
    return Entry(
        title=item.title,
        text="\n".join(filter(None, text)),
        why=_why(item, language),
        basis=item.basis if item.turn is Turn.MOVED else "",
        links=(*button, *_links("mail.link.see", item, language)),
    )


def _meeting(item: Changed) -> str:
    return item.meeting if item.turn is Turn.MOVED else ""


def _todo(item: Changed, on: date, language: Language) -> str:
    if item.todo is None or item.after_on is None:
        return ""
    code = "at" if item.todo.at_meeting else "by"
    if item.after_on < on:
        code = "late"
    day = day_within(item.after_on, on.year, language)
    words = say(f"mail.change.todo.{code}", language, day=day)
    whose = "several" if item.todo.several else "one"
    return say(f"mail.change.todo-of.{whose}", language, words=words)


def _days(item: Changed, on: date, language: Language) -> str:
    before = _day(item.before_on, language)
    if item.turn is not Turn.MOVED:
        if item.before_on is None:
            return ""
        stands = item.turn is Turn.REASSIGNED and on <= item.before_on == item.after_on
        return say(f"mail.change.{'is' if stands else 'was'}", language, day=before)
    after = _day(item.after_on, language)
    told = (
        say("mail.change.before", language, day=before),
        say("mail.change.after", language, day=after),
    )
    return "\n".join(told)


def _day(on: date | None, language: Language) -> str:
    return long_day(on, language) if on else say("mail.change.no-day", language)


def _now(item: Changed, language: Language) -> list[str]:
    """What is left to do, where it is not the same as before."""
    if item.turn is Turn.MOVED:
        return []
    told = [say(f"mail.change.{item.turn}", language)]
    if item.turn is Turn.REASSIGNED and item.responsible:
        told.append(say("mail.change.now-responsible", language, words=item.responsible))
    return told


def _why(item: Changed, language: Language) -> str:
    """How the new day was reached; of one that is not known the sentence says so itself."""
    if item.turn is not Turn.MOVED or not item.sentence:
        return ""
    if item.after_on is None:
        return item.sentence
    return say("mail.why", language, sentence=item.sentence)


def _links(code: str, item: Changed, language: Language) -> tuple[Link, ...]:
    return (Link(say(code, language), item.url),) if item.url else ()
