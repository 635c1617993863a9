"""Days and moments as people say them: weekday, day, month, and the year where it is needed."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from engine.wording.catalogue import Language, say

ZONE = ZoneInfo("Europe/Copenhagen")
"""The place whose clock people read."""

_LOCALES: dict[Language, str] = {"da": "da_DK", "en": "en_GB"}


def long_day(on: date, language: Language) -> str:
    """A day with its weekday and its year.

    >>> long_day(date(2026, 3, 26), "da")
    'torsdag den 26. marts 2026'
    >>> long_day(date(2026, 3, 26), "en")
    'Thursday 26 March 2026'
    """
    return _formatted(on, "dates.long", language)


def short_day(on: date, language: Language) -> str:
    """A day with its weekday, where the year has been said already.

    >>> short_day(date(2026, 5, 14), "da")
    'torsdag den 14. maj'
    """
    return _formatted(on, "dates.short", language)


def day_within(on: date, year: int | None, language: Language) -> str:
    """The short day in the year that is being spoken of, otherwise the long one."""
    return short_day(on, language) if on.year == year else long_day(on, language)


def plain_day(on: date, language: Language) -> str:
    """A day without its weekday.

    >>> plain_day(date(2026, 3, 26), "da")
    '26. marts 2026'
    """
    return _formatted(on, "dates.plain", language)


def week(on: date, language: Language) -> str:
    """The ISO week of a day.

    >>> week(date(2026, 5, 28), "da")
    'uge 22'
    """
    return say("dates.week", language, week=on.isocalendar().week)


def day_with_week(on: date, language: Language) -> str:
    """A day and its week, for lists.

    >>> day_with_week(date(2026, 5, 28), "da")
    'torsdag den 28. maj 2026 (uge 22)'
    """
    return say("dates.with-week", language, day=long_day(on, language), week=week(on, language))


def month(number: int, language: Language) -> str:
    """The name of a month, January being 1.

    >>> month(3, "da")
    'marts'
    """
    return _formatted(date(2000, number, 1), "dates.month", language)


def month_of(on: date, language: Language) -> str:
    """The month a day lies in, with its year.

    >>> month_of(date(2026, 3, 26), "da")
    'marts 2026'
    """
    return _formatted(on, "dates.month-year", language)


def weekday(number: int, language: Language) -> str:
    """The name of a weekday, Monday being 0.

    >>> weekday(0, "da")
    'mandag'
    """
    return _formatted(date(2001, 1, 1 + number), "dates.weekday", language)


def clock(at: time, language: Language) -> str:
    """A time of day.

    >>> clock(time(7, 30), "da")
    'kl. 7.30'
    """
    return say("dates.clock", language, time=_digits(at, language))


def hours(starts: time, ends: time | None, language: Language) -> str:
    """From when until when.

    >>> hours(time(12), time(14), "da")
    'kl. 12.00–14.00'
    """
    if ends is None:
        return clock(starts, language)
    return say(
        "dates.hours", language, starts=_digits(starts, language), ends=_digits(ends, language)
    )


def moment(at: datetime, language: Language) -> str:
    """A moment as the clock in Denmark shows it.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 3, 26, 6, 30, tzinfo=UTC), "da")
    'torsdag den 26. marts 2026 kl. 7.30'
    """
    local = at.astimezone(ZONE)
    return say(
        "dates.moment",
        language,
        day=long_day(local.date(), language),
        clock=clock(local.time(), language),
    )


def _digits(at: time, language: Language) -> str:
    return say("dates.digits", language, hour=at.hour, minute=at.minute)


@lru_cache(maxsize=16_384)
def _formatted(on: date, pattern: str, language: Language) -> str:
    """The day in a pattern of the catalogue; remembered, as calendars say the same days often."""
    return format_date(on, say(pattern, language), locale=_LOCALES[language])
