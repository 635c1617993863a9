"""The syntax tree of a date rule: one frozen node for every form of the grammar.

Trees of a Danish and an English text are equal; `language` only remembers how it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Language = Literal["da", "en"]


class Unit(StrEnum):
    """What an amount counts; in the order in which a compound amount is counted."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    WORKING_DAY = "working day"


class Direction(StrEnum):
    """Which way an amount is counted."""

    BEFORE = "before"
    AFTER = "after"


class Side(StrEnum):
    """Which neighbour of the occurrence's meeting is meant."""

    NEXT = "next"
    PREVIOUS = "previous"


class Which(StrEnum):
    """Which of several meetings is meant."""

    FIRST = "first"
    LAST = "last"


class Relation(StrEnum):
    """How a chosen meeting lies to a date."""

    BEFORE = "before"
    AFTER = "after"
    ON_OR_BEFORE = "on or before"
    ON_OR_AFTER = "on or after"


class DayKind(StrEnum):
    """What an ordinal counts in a month or a period."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    WORKING_DAY = "working day"
    DAY = "day"


WEEKDAYS: tuple[DayKind, ...] = tuple(DayKind)[:7]

LAST = -1
"""The ordinal of "last"; the others are 1 to 4."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A date rule, or a part of one; what it was written in does not make it another rule."""

    language: Language = field(default="en", compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Anchor(Rule):
    """What the occurrence is measured from: "meeting", "period end" …, by its English phrase."""

    name: str


@dataclass(frozen=True, slots=True)
class Name(Rule):
    """An input, a milestone or a step's planned date, in small letters."""

    name: str


@dataclass(frozen=True, slots=True)
class DoneName(Rule):
    """The day a step was really done."""

    name: str


@dataclass(frozen=True, slots=True)
class FixedDay(Rule):
    """A whole date."""

    on: date


@dataclass(frozen=True, slots=True)
class YearDay(Rule):
    """A day of the base year, or of the year before (-1) or after (1)."""

    day: int
    month: int
    year_offset: int = 0


@dataclass(frozen=True, slots=True)
class Ordinal(Rule):
    """The first (1) to fourth or last (-1) of a kind of day, in a month or the period (None)."""

    ordinal: int
    of: DayKind
    month: int | None


@dataclass(frozen=True, slots=True)
class WeekDay(Rule):
    """A weekday, Monday 0, of an ISO week of the base year."""

    weekday: int
    week: int


@dataclass(frozen=True, slots=True)
class SideMeeting(Rule):
    """The next or previous meeting of a body, from the occurrence's own or their meeting."""

    direction: Side
    body: str


@dataclass(frozen=True, slots=True)
class NearMeeting(Rule):
    """The first or last meeting of a body (None: the committee's own) before or after a date."""

    which: Which
    body: str | None
    relation: Relation
    of: Rule


@dataclass(frozen=True, slots=True)
class MonthMeeting(Rule):
    """The first or last meeting of a body in a month or in the period (None)."""

    which: Which
    body: str | None
    month: int | None


@dataclass(frozen=True, slots=True)
class Notice(Rule):
    """The last day of a notice by a table, counted from two named dates."""

    table: str
    since: str
    given: str


@dataclass(frozen=True, slots=True)
class Shift(Rule):
    """Amounts before or after a date; each unit once, in the order of `Unit`."""

    amounts: tuple[tuple[int, Unit], ...]
    direction: Direction
    of: Rule


@dataclass(frozen=True, slots=True)
class Within(Rule):
    """The last day of the years that begin with a date."""

    years: int
    of: Rule


@dataclass(frozen=True, slots=True)
class Later(Rule):
    """The later of two dates."""

    a: Rule
    b: Rule


@dataclass(frozen=True, slots=True)
class Earlier(Rule):
    """The earlier of two dates."""

    a: Rule
    b: Rule


@dataclass(frozen=True, slots=True)
class MonthEnd(Rule):
    """The last day of the month a date lies in; stands outermost or beside `Otherwise`."""

    of: Rule


@dataclass(frozen=True, slots=True)
class Otherwise(Rule):
    """A rule, and the one used while its date is not known; stands outermost."""

    first: Rule
    then: Rule
