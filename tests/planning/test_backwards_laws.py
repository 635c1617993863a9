"""Asked backwards, the calculator gives the very last day that forwards is in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped

from engine.errors import EngineError
from engine.planning.meetings import MeetingPlanOf
from engine.planning.rules import Rule, parse
from engine.planning.workdays import Roll
from engine.service.calculating import GivenDays, backwards, forwards

LAWS = settings(max_examples=50, deadline=None)
ROLLS = st.sampled_from(Roll)
# A last day is proved by asking for each of the days that follow it.
DAYS_AFTER = 75


@cache
def desk(days: str) -> GivenDays:
    plans = {body: MeetingPlanOf(held).known for body, held in shipped().meetings.items()}
    return GivenDays(shipped().working(days), {}, plans=plans)


amounts = st.builds(
    lambda count, unit: f"{count} {unit}",
    st.integers(1, 12),
    st.sampled_from(("days", "weeks", "months", "working days")),
)
layers = st.one_of(
    st.builds(
        lambda amount, way: f"{amount} {way} {{}}", amounts, st.sampled_from(("before", "after"))
    ),
    st.sampled_from(
        (
            "2 years and 3 months after {}",
            "0 working days after {}",
            "within 1 year of {}",
            "the later of {} and 7 days after x",
            "the earlier of {} and 7 days after x",
        )
    ),
)


def around(chosen: list[str]) -> str:
    """Each layer around the ones before it, and `x` innermost."""
    rule = "x"
    for layer in chosen:
        rule = layer.format(rule)
    return rule


WORDS = st.lists(layers, max_size=3).map(around)
RULES = WORDS | WORDS.map("{} to the end of the month".format)
NEAREST = st.builds(
    "{} meeting of kommune-med {} x".format,
    st.just("first"),
    st.sampled_from(("after", "on or after")),
) | st.builds(
    "{} meeting of kommune-med {} x".format,
    st.just("last"),
    st.sampled_from(("before", "on or before")),
)
MEETING_RULES = NEAREST | st.builds("{} before {}".format, amounts, NEAREST)
UNTIL = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def due(rule: Rule, x: date, days: str, roll: Roll) -> date | None:
    try:
        return forwards(rule, replace(desk(days), given={"x": x}), roll).due_on
    except EngineError:
        return None


def last_day(rule: Rule, until_on: date, days: str, roll: Roll) -> date:
    found = backwards(rule, desk(days), {"x"}, until_on, roll).due_on
    assert found is not None
    return found


def assert_last(rule: Rule, until_on: date, days: str, roll: Roll) -> None:
    last_on = last_day(rule, until_on, days, roll)
    reached_on = due(rule, last_on, days, roll)
    assert reached_on is not None
    assert reached_on <= until_on
    for count in range(1, DAYS_AFTER):
        too_late_on = due(rule, last_on + timedelta(count), days, roll)
        assert too_late_on is None or too_late_on > until_on, (last_on, count, too_late_on)


@LAWS
@given(RULES, UNTIL, st.sampled_from(("lov", "frist", "kommune")), ROLLS)
def test_backwards_is_the_last_day_for_every_form_that_counts(
    rule: str, until_on: date, days: str, roll: Roll
) -> None:
    assert_last(parse(rule), until_on, days, roll)


@LAWS
@given(MEETING_RULES, st.dates(date(2025, 6, 1), date(2027, 9, 30)), ROLLS)
def test_backwards_is_the_last_day_for_the_nearest_meeting(
    rule: str, until_on: date, roll: Roll
) -> None:
    assert_last(parse(rule), until_on, "kommune", roll)


@LAWS
@given(RULES, st.dates(date(2020, 1, 1), date(2032, 12, 31)), ROLLS)
def test_forwards_and_back_again_is_never_earlier(rule: str, x: date, roll: Roll) -> None:
    read = parse(rule)
    reached_on = due(read, x, "kommune", roll)
    assert reached_on is not None
    assert last_day(read, reached_on, "kommune", roll) >= x


def test_a_hundred_years_are_counted_back_too() -> None:
    rule = parse("100 years before x")
    assert last_day(rule, date(2026, 3, 26), "kommune", Roll.STAY) == date(2126, 3, 26)


@pytest.mark.parametrize(
    "rule",
    ["the earlier of x and 2026-05-01", "the later of 2026-05-01 and the earlier of x and y"],
)
def test_where_every_day_is_in_time_there_is_no_last_one(rule: str) -> None:
    known = replace(desk("kommune"), given={"y": date(2026, 1, 1)})
    with pytest.raises(EngineError) as caught:
        backwards(parse(rule), known, {"x"}, date(2026, 6, 1), Roll.STAY)
    told = {"name": "x", "until_on": date(2026, 6, 1)}
    assert (caught.value.code, caught.value.params) == ("service.date-any-day", told)
