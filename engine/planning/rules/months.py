"""Months and years as laws count them: by day number, never as thirty days."""

from __future__ import annotations

from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


def month_length(year: int, month: int) -> int:
    """The number of days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add_months(on: date, months: int) -> date:
    """The same day number so many months on, or the last day of a shorter month.

    >>> add_months(date(2026, 1, 31), 1).isoformat()
    '2026-02-28'
    """
    year, index = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, index + 1, min(on.day, month_length(year, index + 1)))


def month_end(on: date) -> date:
    """The last day of the month the day lies in."""
    return on.replace(day=month_length(on.year, on.month))


def last_day_within(on: date, years: int) -> date:
    """The last day of the years that begin with the day.

    A member who joins on 1 June 2025 is within the first year until 31 May 2026:

    >>> last_day_within(date(2025, 6, 1), 1).isoformat()
    '2026-05-31'
    >>> last_day_within(date(2024, 2, 29), 1).isoformat()
    '2025-02-28'
    """
    same_day = add_months(on, 12 * years)
    # The year after a leap day has no such day: it is over when February is.
    return same_day - _ONE_DAY if same_day.day == on.day else same_day
