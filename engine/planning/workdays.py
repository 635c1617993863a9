"""Working days: a day set laid out as tables once, so that every question is one look-up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from engine.errors import NotCovered

_ONE_DAY = timedelta(days=1)


class Roll(StrEnum):
    """Where a date goes that falls on a closed day."""

    STAY = "stay"
    DAY_BEFORE = "day before"
    DAY_AFTER = "day after"


@dataclass(frozen=True, slots=True)
class DaySet:
    """A named set of closed days and the years it speaks for; Monday is 0 in `weekend`."""

    key: str
    title: str
    from_on: date
    until_on: date
    weekend: frozenset[int]
    days: Mapping[date, str]


class WorkingCalendar:
    """Answers which days are working days, for the days its day set covers.

    `_passed[i]` is the number of working days up to and including day `i` of the coverage,
    and `_working` lists them, so the n-th working day after a day is `_working[passed + n - 1]`.
    """

    __slots__ = ("_first", "_named", "_open", "_passed", "_working", "day_set")

    def __init__(self, day_set: DaySet) -> None:
        self.day_set = day_set
        self._first = day_set.from_on.toordinal()
        weekend, closed = day_set.weekend, day_set.days
        covered = range(self._first, day_set.until_on.toordinal() + 1)
        days = [date.fromordinal(ordinal) for ordinal in covered]
        self._open = [on.weekday() not in weekend and on not in closed for on in days]
        self._passed = list(accumulate(self._open, initial=0))[1:]
        self._working = [on for on, is_open in zip(days, self._open, strict=True) if is_open]
        self._named = sorted(day_set.days.items())

    def _index(self, on: date) -> int:
        index = on.toordinal() - self._first
        if 0 <= index < len(self._open):
            return index
        raise self._not_covered(on)

    def _not_covered(self, on: date) -> NotCovered:
        day_set = self.day_set
        return NotCovered(day_set.key, on, day_set.from_on, day_set.until_on)

    def covers(self, on: date) -> bool:
        """Whether the day set speaks for the day."""
        return self.day_set.from_on <= on <= self.day_set.until_on

    def is_working(self, on: date) -> bool:
        """Whether the day is a working day."""
        index = on.toordinal() - self._first
        if 0 <= index < len(self._open):
            return self._open[index]
        raise self._not_covered(on)

    def name_of(self, on: date) -> str | None:
        """What a closed day is called; plain weekend days and working days have no name."""
        self._index(on)
        return self.day_set.days.get(on)

    def shift(self, on: date, n: int) -> date:
        """The day `n` working days after the day, or before it where `n` is negative.

        The day itself is day 0 and is not counted. Zero working days after a closed day is the
        next working day; zero *before* one is `roll(on, Roll.DAY_BEFORE)`.

        With Kristi himmelfartsdag closed, one working day after Wednesday 13 May 2026 is
        Friday 15 May 2026.
        """
        index = on.toordinal() - self._first
        if not 0 <= index < len(self._open):
            raise self._not_covered(on)
        if n > 0:
            place = self._passed[index] + n - 1
        elif n < 0:
            place = self._passed[index] - self._open[index] + n
        else:
            place = self._passed[index] - self._open[index]
        if 0 <= place < len(self._working):
            return self._working[place]
        raise self._not_covered(self._beyond(n))

    def _beyond(self, n: int) -> date:
        """The first day outside the coverage, in the direction of a count."""
        return self.day_set.from_on - _ONE_DAY if n < 0 else self.day_set.until_on + _ONE_DAY

    def roll(self, on: date, roll: Roll) -> date:
        """The day itself if it is a working day, otherwise where the roll sends it."""
        if roll is Roll.STAY or self.is_working(on):
            return on
        return self.shift(on, -1 if roll is Roll.DAY_BEFORE else 1)

    def count(self, from_on: date, until_on: date) -> int:
        """The working days after `from_on` up to and including `until_on`."""
        return self._passed[self._index(until_on)] - self._passed[self._index(from_on)]

    def closed_between(self, from_on: date, until_on: date) -> tuple[tuple[date, str | None], ...]:
        """The closed days that have a name, from the one day to the other, both included."""
        self._index(from_on)
        self._index(until_on)
        first = bisect_left(self._named, (from_on, ""))
        last = bisect_left(self._named, (until_on + _ONE_DAY, ""))
        return tuple(self._named[first:last])
