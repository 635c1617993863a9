"""Days that a rule names by the year, the month, the week or the period they lie in."""

from __future__ import annotations

from datetime import date, timedelta

from engine.errors import EngineError
from engine.planning.rules.lookup import Link, Lookup, Value
from engine.planning.rules.months import month_length
from engine.planning.rules.tree import (
    LAST,
    WEEKDAYS,
    DayKind,
    FixedDay,
    Ordinal,
    WeekDay,
    YearDay,
)
from engine.planning.workdays import Roll, WorkingCalendar

Span = tuple[date, date]


def base_year(lookup: Lookup) -> int:
    """The year that days without a year lie in."""
    if lookup.base_year is None:
        raise EngineError("rule.no-base-year")
    return lookup.base_year


def span(month: int | None, lookup: Lookup) -> tuple[Span, dict[str, object]]:
    """The first and last day of a month of the base year, or of the period, and how to say it."""
    if month is None:
        if lookup.period is None:
            raise EngineError("rule.no-period")
        return lookup.period, {"period": list(lookup.period)}
    year = base_year(lookup)
    last_on = date(year, month, month_length(year, month))
    return (date(year, month, 1), last_on), {"month": month, "year": year}


def fixed_day(rule: FixedDay) -> Value:
    """A whole date, as somebody entered it."""
    return Value(rule.on, (Link("date", rule.on, {}),), entered=True)


def year_day(rule: YearDay, lookup: Lookup) -> Value:
    """A day of the base year or of one of its neighbours; 29 February only in a leap year."""
    year = base_year(lookup) + rule.year_offset
    if rule.day > month_length(year, rule.month):
        raise EngineError("rule.no-leap-day", year=year)
    on = date(year, rule.month, rule.day)
    detail = {"day": rule.day, "month": rule.month, "year": year}
    return Value(on, (Link("year day", on, detail),))


def week_day(rule: WeekDay, lookup: Lookup) -> Value:
    """A weekday of an ISO week; week 53 only in the years that have one."""
    year = base_year(lookup)
    try:
        on = date.fromisocalendar(year, rule.week, rule.weekday + 1)
    except ValueError:
        raise EngineError("rule.no-such-week-in-year", week=rule.week, year=year) from None
    detail = {"weekday": rule.weekday, "week": rule.week, "year": year}
    return Value(on, (Link("week", on, detail),))


def ordinal(rule: Ordinal, lookup: Lookup) -> Value:
    """The n-th or last of a kind of day in a month or period.

    The last working day of May 2026 is Friday the 29th, as the 31st is a Sunday.
    """
    (first_on, last_on), said = span(rule.month, lookup)
    if rule.of is DayKind.WORKING_DAY:
        on = _working_day(rule.ordinal, first_on, last_on, lookup.working)
    else:
        on = _day(rule.ordinal, rule.of, first_on, last_on)
    if not first_on <= on <= last_on:
        raise EngineError(
            "rule.no-such-ordinal", ordinal=rule.ordinal, from_on=first_on, until_on=last_on
        )
    return Value(on, (Link("ordinal", on, {"ordinal": rule.ordinal, "of": rule.of, **said}),))


def _working_day(ordinal: int, first_on: date, last_on: date, working: WorkingCalendar) -> date:
    if ordinal == LAST:
        return working.roll(last_on, Roll.DAY_BEFORE)
    on = working.roll(first_on, Roll.DAY_AFTER)
    return working.shift(on, ordinal - 1)


def _day(ordinal: int, kind: DayKind, first_on: date, last_on: date) -> date:
    if kind is DayKind.DAY:
        return last_on if ordinal == LAST else first_on + timedelta(ordinal - 1)
    weekday = WEEKDAYS.index(kind)
    if ordinal == LAST:
        return last_on - timedelta((last_on.weekday() - weekday) % 7)
    return first_on + timedelta((weekday - first_on.weekday()) % 7 + 7 * (ordinal - 1))
