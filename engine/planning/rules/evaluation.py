"""Turns a date rule into a date, with a derivation that can be told in a sentence.

What stands in a value's links (dates are dates, enums are their words, ordinals 1 to 4 or -1):

| link | detail |
|---|---|
| date | nothing: the date as it was written |
| year day | day, month, year |
| ordinal | ordinal, of, and month and year, or period [first day, last day] |
| week | weekday (Monday 0), week, year |
| count | amounts [[7, "day"]], direction, from_on, skipped [[day, name]] |
| within | years, from_on; the date is the last day of those years |
| month end | from_on |
| later, earlier | a_on, b_on, chosen ("a", "b" or None), and in a and b the links of each side |
| otherwise | missing: what is not known in the rule before it |
| notice | what the table says, and in since and given the links of both dates |
| meeting | which (first, last, next, previous), relation or None, body, of_on, meeting (its id), |
| | month and year, or period, where it is chosen in those |

`skipped` names the closed days passed over while working days were counted. The links of
anchors and names come from the lookup; those of a rule follow those of its parts.
A meeting not known is `Missing("meeting", …)` with the same detail but for known_until instead of
meeting: the last day for which that body's meetings are planned; known_from, the first such day,
where it is sought before that; none_before, that day, where none is planned before the day sought
from; and unplanned, a year between without any, where it lies in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from engine.errors import EngineError
from engine.planning.rules.builder import FIRST_YEAR, LAST_YEAR
from engine.planning.rules.choosing import month_meeting, near_meeting, side_meeting
from engine.planning.rules.lookup import Link, Lookup, Value
from engine.planning.rules.mentions import MOST_KEPT
from engine.planning.rules.months import add_months, last_day_within, month_end
from engine.planning.rules.points import fixed_day, ordinal, week_day, year_day
from engine.planning.rules.tree import (
    Anchor,
    Direction,
    DoneName,
    Earlier,
    FixedDay,
    Later,
    MonthEnd,
    MonthMeeting,
    Name,
    NearMeeting,
    Notice,
    Ordinal,
    Otherwise,
    Rule,
    Shift,
    SideMeeting,
    Unit,
    WeekDay,
    Within,
    YearDay,
)
from engine.planning.workdays import Roll, WorkingCalendar


def evaluate(rule: Rule, lookup: Lookup) -> Value:
    """The nominal date of a rule, before any roll, or why there is none yet.

    `14 days after X` counts X as day 0: X on 1 December 2026 gives 15 December 2026.
    """
    return _FORMS[type(rule)](rule, lookup)


def _anchor(rule: Anchor, lookup: Lookup) -> Value:
    return lookup.anchor(rule.name)


def _name(rule: Name, lookup: Lookup) -> Value:
    return lookup.name(rule.name)


def _done(rule: DoneName, lookup: Lookup) -> Value:
    return lookup.done(rule.name)


def _fixed_day(rule: FixedDay, _: Lookup) -> Value:
    return fixed_day(rule)


def _near_meeting(rule: NearMeeting, lookup: Lookup) -> Value:
    return near_meeting(rule, evaluate(rule.of, lookup), lookup)


def _shift(rule: Shift, lookup: Lookup) -> Value:
    value = evaluate(rule.of, lookup)
    from_on = value.on
    if from_on is None:
        return _not_before(value, lambda on: _counted(on, rule, lookup.working)[0])
    on, skipped = _counted(from_on, rule, lookup.working)
    detail = {
        "amounts": _amounts(rule.amounts),
        "direction": rule.direction,
        "from_on": from_on,
        "skipped": skipped,
    }
    return _moved(value, Link("count", on, detail))


def _counted(on: date, rule: Shift, working: WorkingCalendar) -> tuple[date, list[list[object]]]:
    """Years and months in one step, then weeks and days, then working days."""
    sign = -1 if rule.direction is Direction.BEFORE else 1
    months, days, working_days = _steps(rule.amounts)
    from_on, on = on, add_months(on, sign * months) if months else on
    on = _bounded(from_on, on + timedelta(sign * days))
    if working_days is None:
        return on, _NONE_SKIPPED
    return _worked(on, sign * working_days, rule.direction, working)


# One for all: most counts pass over nothing.
_NONE_SKIPPED: list[list[object]] = []


@lru_cache(MOST_KEPT)
def _amounts(amounts: tuple[tuple[int, Unit], ...]) -> list[list[object]]:
    """What was counted, as a link tells it."""
    return [[count, unit] for count, unit in amounts]


@lru_cache(MOST_KEPT)
def _steps(amounts: tuple[tuple[int, Unit], ...]) -> tuple[int, int, int | None]:
    """The months, days and working days of an amount; none where no working days are counted."""
    months = days = 0
    working_days: int | None = None
    for count, unit in amounts:
        match unit:
            case Unit.YEAR:
                months += 12 * count
            case Unit.MONTH:
                months += count
            case Unit.WEEK:
                days += 7 * count
            case Unit.DAY:
                days += count
            case Unit.WORKING_DAY:
                working_days = count
    return months, days, working_days


def _bounded(from_on: date, on: date) -> date:
    """The day counted to, unless no duty lies that far away."""
    if FIRST_YEAR <= on.year <= LAST_YEAR:
        return on
    raise EngineError("rule.too-far", on=from_on, first=FIRST_YEAR, last=LAST_YEAR)


def _worked(
    on: date, count: int, direction: Direction, working: WorkingCalendar
) -> tuple[date, list[list[object]]]:
    """The working day counted to, and the closed days with a name that were passed over."""
    if count:
        to_on = working.shift(on, count)
    else:
        to_on = working.roll(
            on, Roll.DAY_BEFORE if direction is Direction.BEFORE else Roll.DAY_AFTER
        )
    passed = working.closed_between(min(on, to_on), max(on, to_on))
    # Day 0 is not counted, so it is passed over only where nothing else is.
    return to_on, [[closed_on, name] for closed_on, name in passed if closed_on != on or not count]


def _last_day(rule: Within | MonthEnd, lookup: Lookup) -> Value:
    value = evaluate(rule.of, lookup)
    years = rule.years if isinstance(rule, Within) else 0

    def step(on: date) -> date:
        return _bounded(on, last_day_within(on, years)) if years else month_end(on)

    if value.on is None:
        return _not_before(value, step)
    if years:
        return _moved(value, Link("within", step(value.on), {"years": years, "from_on": value.on}))
    return _moved(value, Link("month end", step(value.on), {"from_on": value.on}))


def _moved(value: Value, link: Link) -> Value:
    """A value whose date one more link has changed: no longer a date that somebody entered."""
    links = (*value.links, link)
    return Value(link.on, links, value.missing, provisional=value.provisional)


def _not_before(value: Value, step: Callable[[date], date]) -> Value:
    """An unknown date stays unknown; what it is at the earliest moves along."""
    if value.at_earliest_on is None:
        return value
    return Value(None, value.links, value.missing, step(value.at_earliest_on))


def _chosen(rule: Later | Earlier, lookup: Lookup) -> Value:
    a, b = evaluate(rule.a, lookup), evaluate(rule.b, lookup)
    is_later = isinstance(rule, Later)
    chosen = _later(a, b) if is_later else _earlier(a, b)
    side = None if chosen is None else "a" if chosen is a else "b"
    on = None if chosen is None else chosen.on
    detail = {"a_on": a.on, "b_on": b.on, "chosen": side, "a": a.links, "b": b.links}
    links = (Link("later" if is_later else "earlier", on, detail),)
    if chosen is None or on is None:
        return Value(None, links, a.missing + b.missing, _earliest(a, b, is_later))
    other = b if chosen is a else a
    if other.on is None and _cannot_be_earlier(other, on):
        return Value(on, links, chosen.missing, None, chosen.provisional, chosen.entered)
    provisional = a.provisional or b.provisional or other.on is None
    return Value(on, links, a.missing + b.missing, None, provisional, chosen.entered)


def _later(a: Value, b: Value) -> Value | None:
    if a.on is None or b.on is None:
        return None
    return a if a.on >= b.on else b


def _earlier(a: Value, b: Value) -> Value | None:
    if a.on is None:
        return None if b.on is None else b
    return a if b.on is None or a.on <= b.on else b


def _cannot_be_earlier(value: Value, on: date) -> bool:
    return value.at_earliest_on is not None and value.at_earliest_on >= on


def _earliest(a: Value, b: Value, is_later: bool) -> date | None:
    """The day that a choice without a date cannot come before."""
    bounds = [bound for value in (a, b) if (bound := value.on or value.at_earliest_on)]
    if is_later:
        return max(bounds, default=None)
    return min(bounds) if len(bounds) == 2 else None


def _otherwise(rule: Otherwise, lookup: Lookup) -> Value:
    first = evaluate(rule.first, lookup)
    if first.on is not None:
        return first
    then = evaluate(rule.then, lookup)
    links = (*then.links, Link("otherwise", then.on, {"missing": first.missing}))
    if then.on is None:
        return Value(None, links, first.missing + then.missing)
    return Value(then.on, links, then.missing, None, then.provisional, then.entered)


def _notice(rule: Notice, lookup: Lookup) -> Value:
    since, given = lookup.name(rule.since), lookup.name(rule.given)
    missing = since.missing + given.missing
    if since.on is None or given.on is None:
        return Value(None, since.links + given.links, missing)
    notice = lookup.notice(rule.table, since.on, given.on)
    provisional = since.provisional or given.provisional or notice.provisional
    way = {"since": since.links, "given": given.links}
    return notice._replace(
        links=tuple(link._replace(detail={**link.detail, **way}) for link in notice.links),
        missing=missing + notice.missing,
        provisional=provisional and notice.on is not None,
    )


_FORMS: Mapping[type[Rule], Callable[[Any, Lookup], Value]] = {
    Anchor: _anchor,
    Name: _name,
    Shift: _shift,
    DoneName: _done,
    FixedDay: _fixed_day,
    YearDay: year_day,
    Ordinal: ordinal,
    WeekDay: week_day,
    SideMeeting: side_meeting,
    NearMeeting: _near_meeting,
    MonthMeeting: month_meeting,
    Within: _last_day,
    MonthEnd: _last_day,
    Later: _chosen,
    Earlier: _chosen,
    Otherwise: _otherwise,
    Notice: _notice,
}
