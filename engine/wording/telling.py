"""Sentences about one derivation: the day spoken of now, and the years already said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from engine.planning.facts import Meeting
from engine.wording.catalogue import say
from engine.wording.dates import day_within, long_day
from engine.wording.names import Names

Frame = Literal["due", "at", "on", "asked"]
"""What the last day is: a deadline, an item's meeting, a day that comes by itself, an answer."""


class Form(StrEnum):
    """How a day is spoken of."""

    DAY = "day"
    """A date and nothing else."""
    POINT = "point"
    """Something that has its day: `mødet torsdag den 26. marts 2026`."""
    EDGE = "edge"
    """A day of its own making, which a sentence can also be about: `udgangen af 1. kvartal`."""
    RECKONED = "reckoned"
    """Words that lead to a day, which is said before anything is reckoned from it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A day in words, with what must be said once the day itself has been."""

    noun: str
    on: date
    form: Form = Form.POINT
    is_meeting: bool = False
    is_same_day: bool = False
    """The day has just been said, in the noun."""
    is_told: bool = False
    """The day was said before anything else."""
    literal: bool = False
    """A name the person gave: no capital letter at the beginning of a sentence."""
    note: str = ""


class Telling:
    """Gathers sentences; a year is said where it is first needed and where it differs."""

    def __init__(self, names: Names, frame: Frame, told: Meeting | None = None) -> None:
        self.names = names
        self.meeting = told
        """The meeting whose day has been said before anything else."""
        self.language = names.language
        self.frame = frame
        self.sentences: list[str] = []
        self.notes: list[str] = []
        self.current: Phrase | None = None
        self.provisional_told = False
        self._year: int | None = None

    def say(self, code: str, **params: object) -> str:
        """A message about derivations."""
        return say(f"explain.{code}", self.language, **params)

    def day(self, on: date) -> str:
        """A day; without its year where that has just been said."""
        words = day_within(on, self._year, self.language)
        self._year = on.year
        return words

    def year_said(self, year: int) -> None:
        """Notes that words with a year in them have been said."""
        self._year = year

    def put(self, phrase: Phrase) -> None:
        """Speaks of another day now; the one before it is stated first."""
        self.state()
        self.current = phrase

    def embedded(self) -> str:
        """The current day inside a longer phrase, which takes its place."""
        current = self.current
        if current is None or current.form is Form.RECKONED:
            self.state()
            return self.say("that-day")
        self.current = None
        if current.is_told:
            self.year_said(current.on.year)
            return current.noun
        if current.form is Form.DAY:
            return self.day(current.on)
        return self.say("point", noun=current.noun, day=self.day(current.on))

    def state(self, clause: str = "") -> None:
        """Says in a sentence of its own which day the current phrase is."""
        current, self.current = self.current, None
        if current is None:
            return
        noun = self.say("fixed-date") if current.form is Form.DAY else current.noun
        self.sentences.append(
            self.say("is", noun=_start(noun, current), day=self.day(current.on), clause=clause)
        )
        self._add_note(current)

    def settle(self, sentence: str) -> None:
        """Takes a sentence that says everything about the current day."""
        self.sentences.append(sentence)
        self.current = None

    def conclude(self, on: date) -> None:
        """Says which day follows from what has been said."""
        self.settle(self.say(f"{self.frame}.therefore", day=long_day(on, self.language)))

    def told(self) -> str:
        """Everything, the last day in the frame of what it is for."""
        current = self.current
        if current is not None and self.frame == "asked":
            self.state()
        elif current is not None:
            code = f"{self.frame}.{current.form}"
            if self.frame == "at" and current.is_meeting:
                code += "-meeting"
            same = self.say("same-day") if current.is_same_day else ""
            self.settle(self.say(code, noun=current.noun, day=same or self.day(current.on)))
            self._add_note(current)
        return " ".join([*self.sentences, *self.notes])

    def _add_note(self, phrase: Phrase) -> None:
        if phrase.note:
            self.sentences.append(phrase.note)


def _start(noun: str, phrase: Phrase) -> str:
    return noun if phrase.literal else capital(noun)


def capital(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]
