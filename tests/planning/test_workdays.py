from __future__ import annotations

from datetime import date, timedelta

import pytest
from danish_days import kommune, table
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.errors import NotCovered
from engine.planning.workdays import Roll

WORKING = kommune()
ROLLS = {
    "lukket, så dagen før": Roll.DAY_BEFORE,
    "lukket, så dagen efter": Roll.DAY_AFTER,
    "lukket, så bliv": Roll.STAY,
}
# Far enough inside the day set that 300 working days stay covered.
DAYS = st.dates(date(2024, 7, 1), date(2027, 6, 30))
COUNTS = st.integers(-300, 300)
LAWS = settings(max_examples=200, deadline=None)


def answer(row: dict[str, str]) -> str:
    on, question = date.fromisoformat(row["dag"]), row["spørgsmål"]
    if question == "er det en arbejdsdag":
        return "ja" if WORKING.is_working(on) else "nej"
    if question == "hvad hedder dagen":
        return WORKING.name_of(on) or ""
    if question in ROLLS:
        return WORKING.roll(on, ROLLS[question]).isoformat()
    if question == "arbejdsdage efter":
        return WORKING.shift(on, int(row["antal"])).isoformat()
    if question == "arbejdsdage før":
        return WORKING.shift(on, -int(row["antal"])).isoformat()
    return str(
        WORKING.count(on, date.fromisoformat(question.removeprefix("arbejdsdage til og med ")))
    )


@pytest.mark.parametrize(
    "row", table("arbejdsdage.csv"), ids=lambda row: f"{row['dag']} {row['spørgsmål']}"
)
def test_the_table_of_working_days(row: dict[str, str]) -> None:
    assert answer(row) == row["svar"]


def test_the_closed_days_of_easter_have_names_and_the_weekend_day_between_has_none() -> None:
    assert WORKING.closed_between(date(2026, 4, 1), date(2026, 4, 6)) == (
        (date(2026, 4, 2), "skærtorsdag"),
        (date(2026, 4, 3), "langfredag"),
        (date(2026, 4, 5), "påskedag"),
        (date(2026, 4, 6), "2. påskedag"),
    )


def test_both_ends_count_among_the_closed_days_between() -> None:
    ascension = date(2026, 5, 14)
    assert WORKING.closed_between(ascension, ascension) == ((ascension, "Kristi himmelfartsdag"),)
    assert WORKING.closed_between(date(2026, 5, 15), date(2026, 5, 22)) == ()


FIRST, LAST = date(2023, 1, 1), date(2028, 12, 31)


@pytest.mark.parametrize(
    ("on", "count", "outside"),
    [
        (date(2022, 12, 31), 1, date(2022, 12, 31)),
        (date(2029, 1, 1), -1, date(2029, 1, 1)),
        (date(2028, 12, 30), 1, date(2029, 1, 1)),
        (date(2023, 1, 2), -1, date(2022, 12, 31)),
        (date(2026, 1, 2), 100_000, date(2029, 1, 1)),
        (date(2026, 1, 2), -100_000, date(2022, 12, 31)),
        (date(2028, 12, 31), 0, date(2029, 1, 1)),
    ],
)
def test_a_count_that_leaves_the_day_set_says_which_day_is_not_covered(
    on: date, count: int, outside: date
) -> None:
    with pytest.raises(NotCovered) as caught:
        WORKING.shift(on, count)
    assert caught.value.params == {
        "day_set": "kommune",
        "on": outside,
        "from_on": FIRST,
        "until_on": LAST,
    }


def test_the_first_and_last_day_are_covered() -> None:
    assert [WORKING.covers(on) for on in (FIRST, LAST)] == [True, True]
    outside = (FIRST - timedelta(1), LAST + timedelta(1))
    assert [WORKING.covers(on) for on in outside] == [False, False]
    for on in outside:
        with pytest.raises(NotCovered):
            WORKING.is_working(on)
        with pytest.raises(NotCovered):
            WORKING.name_of(on)
        with pytest.raises(NotCovered):
            WORKING.roll(on, Roll.DAY_BEFORE)
        assert WORKING.roll(on, Roll.STAY) == on


@LAWS
@given(DAYS, st.sampled_from(Roll))
def test_rolling_twice_is_rolling_once(on: date, roll: Roll) -> None:
    rolled = WORKING.roll(on, roll)
    assert WORKING.roll(rolled, roll) == rolled
    assert roll is Roll.STAY or WORKING.is_working(rolled)


@LAWS
@given(DAYS, DAYS, COUNTS)
def test_a_later_day_is_never_shifted_before_an_earlier_one(a: date, b: date, count: int) -> None:
    a, b = sorted((a, b))
    assert WORKING.shift(a, count) <= WORKING.shift(b, count)


@LAWS
@given(DAYS, COUNTS)
def test_there_and_back_again_from_a_working_day(on: date, count: int) -> None:
    assume(WORKING.is_working(on))
    assert WORKING.shift(WORKING.shift(on, count), -count) == on


@LAWS
@given(DAYS, st.integers(1, 300))
def test_counting_agrees_with_shifting(on: date, count: int) -> None:
    assert WORKING.count(on, WORKING.shift(on, count)) == count


@LAWS
@given(DAYS, st.integers(1, 20))
def test_shifting_agrees_with_walking_day_by_day(on: date, count: int) -> None:
    walked, left = on, count
    while left:
        walked += timedelta(1)
        left -= WORKING.is_working(walked)
    assert WORKING.shift(on, count) == walked
