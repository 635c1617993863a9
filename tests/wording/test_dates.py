from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from engine.planning.rules import Unit
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.dates import (
    clock,
    day_with_week,
    day_within,
    hours,
    long_day,
    moment,
    month,
    month_of,
    plain_day,
    short_day,
    week,
    weekday,
)
from engine.wording.lengths import amount, listing, stretch


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "da",
            [
                "torsdag den 26. marts 2026",
                "torsdag den 26. marts",
                "26. marts 2026",
                "uge 13",
                "torsdag den 26. marts 2026 (uge 13)",
                "marts 2026",
            ],
        ),
        (
            "en",
            [
                "Thursday 26 March 2026",
                "Thursday 26 March",
                "26 March 2026",
                "week 13",
                "Thursday 26 March 2026 (week 13)",
                "March 2026",
            ],
        ),
    ],
)
def test_a_day_in_all_its_forms(language: Language, said: list[str]) -> None:
    forms = (long_day, short_day, plain_day, week, day_with_week, month_of)
    assert [form(date(2026, 3, 26), language) for form in forms] == said


def test_the_year_is_left_out_only_where_it_has_been_said() -> None:
    on = date(2026, 5, 14)
    assert [day_within(on, year, "da") for year in (2026, 2025, None)] == [
        "torsdag den 14. maj",
        "torsdag den 14. maj 2026",
        "torsdag den 14. maj 2026",
    ]


def test_days_about_new_year_belong_to_their_iso_week() -> None:
    assert [week(on, "da") for on in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4))] == [
        "uge 53",
        "uge 53",
        "uge 1",
    ]


def test_months_and_weekdays_have_small_letters_in_danish() -> None:
    assert [month(number, "da") for number in (1, 5, 12)] == ["januar", "maj", "december"]
    assert [weekday(number, "da") for number in (0, 2, 5, 6)] == [
        "mandag",
        "onsdag",
        "lørdag",
        "søndag",
    ]
    assert [month(3, "en"), weekday(0, "en")] == ["March", "Monday"]


def test_times_of_day() -> None:
    assert [clock(time(7, 30), "da"), clock(time(12), "da")] == ["kl. 7.30", "kl. 12.00"]
    assert [clock(time(7, 30), "en"), hours(time(12), time(14), "en")] == [
        "at 07:30",
        "12:00–14:00",
    ]
    assert hours(time(12), time(14), "da") == "kl. 12.00–14.00"
    assert hours(time(12), None, "da") == "kl. 12.00"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "søndag den 29. marts 2026 kl. 1.59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "søndag den 29. marts 2026 kl. 3.00"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "fredag den 1. januar 2027 kl. 0.30"),
    ],
)
def test_a_moment_is_told_by_the_danish_clock(at: datetime, said: str) -> None:
    assert moment(at, "da") == said


def test_every_unit_has_one_and_many() -> None:
    assert {unit.value: (amount(1, unit, "da"), amount(2, unit, "da")) for unit in Unit} == {
        "year": ("1 år", "2 år"),
        "month": ("1 måned", "2 måneder"),
        "week": ("1 uge", "2 uger"),
        "day": ("1 dag", "2 dage"),
        "working day": ("1 arbejdsdag", "2 arbejdsdage"),
    }
    assert [amount(0, Unit.DAY, language) for language in LANGUAGES] == ["0 dage", "0 days"]


def test_lists_are_read_aloud() -> None:
    assert [listing(["a"], "da"), listing(["a", "b"], "da"), listing("abc", "da")] == [
        "a",
        "a og b",
        "a, b og c",
    ]
    assert listing("abc", "en") == "a, b and c"


@pytest.mark.parametrize(
    ("from_on", "until_on", "da", "en"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "2026", "2026"),
        (date(2026, 7, 1), date(2026, 12, 31), "2. halvår 2026", "half-year 2 of 2026"),
        (date(2026, 4, 1), date(2026, 6, 30), "2. kvartal 2026", "quarter 2 of 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "februar 2026", "February 2026"),
        (
            date(2026, 9, 1),
            date(2026, 12, 31),
            "september–december 2026",
            "September–December 2026",
        ),
        (date(2026, 2, 1), date(2026, 4, 30), "februar–april 2026", "February–April 2026"),
        (date(2025, 1, 1), date(2026, 12, 31), "2025–2026", "2025–2026"),
    ],
)
def test_stretches_have_their_everyday_names(
    from_on: date, until_on: date, da: str, en: str
) -> None:
    assert (stretch(from_on, until_on, "da"), stretch(from_on, until_on, "en")) == (da, en)
