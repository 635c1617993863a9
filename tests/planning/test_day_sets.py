"""The three shipped day sets, day by day, against two sources that are not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import holidays
import pytest
from danish_days import table
from dateutil.easter import easter
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped

from engine.planning.workdays import Roll, WorkingCalendar

YEARS = range(2015, 2041)
SATURDAY = 5
DANISH = {
    "New Year's Day": "nytårsdag",
    "Maundy Thursday": "skærtorsdag",
    "Good Friday": "langfredag",
    "Easter Sunday": "påskedag",
    "Easter Monday": "2. påskedag",
    "Great Prayer Day": "store bededag",
    "Ascension Day": "Kristi himmelfartsdag",
    "Pentecost": "pinsedag",
    "Pentecost Monday": "2. pinsedag",
    "Christmas Day": "juledag",
    "Second Day of Christmas": "2. juledag",
}
FROM_EASTER = {
    -3: "skærtorsdag",
    -2: "langfredag",
    0: "påskedag",
    1: "2. påskedag",
    39: "Kristi himmelfartsdag",
    49: "pinsedag",
    50: "2. pinsedag",
}
FIXED = {(1, 1): "nytårsdag", (12, 25): "juledag", (12, 26): "2. juledag"}
NO_END = {(6, 5): "grundlovsdag", (12, 24): "juleaften", (12, 31): "nytårsaften"}
CUSTOM = {(5, 1): "arbejdernes kampdag", **NO_END}
"""Days that were kept closed by custom until the custom was ended."""
CUSTOM_ENDED_ON = date(2025, 12, 24)


def days_of(year: int) -> Iterator[date]:
    first_on = date(year, 1, 1)
    return (first_on + timedelta(n) for n in range((date(year + 1, 1, 1) - first_on).days))


def named(day_set: str, year: int) -> dict[date, str]:
    working = shipped().working(day_set)
    return {on: name for on in days_of(year) if (name := working.name_of(on))}


def holidays_by_law(year: int) -> dict[date, str]:
    """Reckoned from Easter and the fixed days; store bededag was a holiday to the end of 2023."""
    sunday = easter(year)
    moving = {sunday + timedelta(offset): name for offset, name in FROM_EASTER.items()}
    if year < 2024:
        moving[sunday + timedelta(26)] = "store bededag"
    return moving | on_days(FIXED, year)


def on_days(names: Mapping[tuple[int, int], str], year: int) -> dict[date, str]:
    return {date(year, *day): name for day, name in names.items()}


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_by_law_are_those_that_easter_gives(year: int) -> None:
    assert named("lov", year) == holidays_by_law(year)


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_by_law_are_those_of_an_independent_list(year: int) -> None:
    listed = holidays.country_holidays("DK", years=year, language="en_US")
    assert named("lov", year) == {on: DANISH[name] for on, name in listed.items()}


@pytest.mark.parametrize("year", YEARS)
def test_a_partys_deadline_ends_on_three_days_fewer(year: int) -> None:
    assert named("frist", year) == on_days(NO_END, year) | holidays_by_law(year)


@pytest.mark.parametrize("year", YEARS)
def test_the_municipality_keeps_closed_what_it_has_decided(year: int) -> None:
    decided = {
        on: name
        for on, name in on_days(CUSTOM, year).items()
        if on < CUSTOM_ENDED_ON or on.month == 12
    }
    assert named("kommune", year) == decided | holidays_by_law(year)


@pytest.mark.parametrize("day_set", ["lov", "frist", "kommune"])
def test_every_day_is_open_unless_it_is_a_weekend_or_has_a_name(day_set: str) -> None:
    working: WorkingCalendar = shipped().working(day_set)
    wrong = [
        on
        for year in YEARS
        for on in days_of(year)
        if working.is_working(on) == (on.weekday() >= SATURDAY or bool(working.name_of(on)))
    ]
    assert wrong == []


@pytest.mark.parametrize("day_set", ["lov", "frist", "kommune"])
def test_the_day_sets_cover_the_same_whole_years(day_set: str) -> None:
    working = shipped().working(day_set)
    edges = (date(2014, 12, 31), date(2015, 1, 1), date(2040, 12, 31), date(2041, 1, 1))
    assert [working.covers(on) for on in edges] == [False, True, True, False]


@pytest.mark.parametrize("row", table("lukkedage.csv"), ids=lambda row: row["dag"])
def test_the_closed_days_that_tests_count_with_are_the_shipped_ones(row: dict[str, str]) -> None:
    assert shipped().working("kommune").name_of(date.fromisoformat(row["dag"])) == row["navn"]


SETS = st.sampled_from(("lov", "frist", "kommune"))
DAYS = st.dates(date(2017, 1, 1), date(2038, 12, 31))
LAWS = settings(max_examples=200, deadline=None)


@LAWS
@given(SETS, DAYS, st.integers(-300, 300))
def test_so_many_working_days_there_and_back_again_is_the_same_day(
    day_set: str, on: date, count: int
) -> None:
    working = shipped().working(day_set)
    from_on = working.roll(on, Roll.DAY_AFTER)
    assert working.shift(working.shift(from_on, count), -count) == from_on


@LAWS
@given(SETS, DAYS, st.sampled_from(Roll))
def test_rolling_a_second_time_changes_nothing(day_set: str, on: date, roll: Roll) -> None:
    working = shipped().working(day_set)
    rolled = working.roll(on, roll)
    assert working.roll(rolled, roll) == rolled
    assert abs((rolled - on).days) <= 6


@LAWS
@given(DAYS, st.sampled_from((Roll.DAY_BEFORE, Roll.DAY_AFTER)))
def test_more_closed_days_never_roll_a_day_less_far(on: date, roll: Roll) -> None:
    by_law, of_ours = (shipped().working(each).roll(on, roll) for each in ("lov", "kommune"))
    assert abs((by_law - on).days) <= abs((of_ours - on).days)
