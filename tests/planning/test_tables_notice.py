from __future__ import annotations

import doctest
from calendar import monthrange
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest
from danish_days import kommune, table
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_shipped import TABLES, read

import engine.planning.tables.cells
import engine.planning.tables.scale
from engine.errors import EngineError
from engine.planning.rules import Link, Missing, Unit, Value
from engine.planning.spans import Span
from engine.planning.tables import notice, scale_of
from engine.planning.tables.scale import last_inside, run_out
from engine.service.calculating import GivenDays

SCALES = sorted(name for name in TABLES if scale_of(TABLES, name))
SHORTEST = {
    "funktionaerloven": (1, 0),
    "funktionaerloven-egen": (1, 0),
    "funktionaerloven-tr": (4, 0),
    "proevetid": (0, 14),
    "sygedage": (1, 0),
    "tjenestemand": (3, 0),
}
HIRED = st.dates(date(1990, 1, 1), date(2040, 12, 31))
ELAPSED = st.integers(0, 365 * 12)
SCALE = st.sampled_from(SCALES)
ONCE = settings(max_examples=200, deadline=None)


def words(span: Any) -> str:
    count, unit = span
    one, many = {"month": ("måned", "måneder"), "day": ("dag", "dage")}[unit]
    return f"{count} {one if count == 1 else many}"


def detail(value: Value) -> dict[str, Any]:
    (link,) = value.links
    return dict(link.detail)


ROWS = table("varsler.csv")


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['tabel']} {row['ansat']} {row['opsagt']}"
)
def test_the_table_of_notices(row: dict[str, str]) -> None:
    since_on, given_on = (date.fromisoformat(row[name]) for name in ("ansat", "opsagt"))
    value = notice(TABLES, row["tabel"], since_on, given_on)
    said = detail(value)
    spans = " + ".join(words(span) for span in (said["notice"], *said["added"]))
    assert (str(value.on), spans) == (row["sidste dag"], row["varsel"])


def test_a_notice_says_everything_a_lawyer_asks() -> None:
    value = notice(TABLES, "funktionaerloven", date(2025, 6, 1), date(2028, 3, 1))
    source = {"document": "Funktionærloven", "reference": "§ 2, stk. 2, 3 og 7"}
    expected: dict[str, object] = {
        "table": "funktionaerloven",
        "title": "Funktionærloven § 2 – varsel fra arbejdsgiveren",
        "since_on": date(2025, 6, 1),
        "given_on": date(2028, 3, 1),
        "row": 3,
        "notice": [4, "month"],
        "added": [],
        "ends": "end of month",
        "within": [6, "year"],
        "within_on": date(2031, 5, 31),
        "beyond": [3, "year"],
        "beyond_on": date(2028, 5, 31),
        "sources": [{**source, "confidence": "certain"}],
    }
    link = Link("notice", date(2028, 7, 31), expected)
    assert value == Value(date(2028, 7, 31), (link,), entered=True)


def test_what_is_not_certain_stays_so_in_a_scale_that_builds_on_another() -> None:
    scale = scale_of(TABLES, "funktionaerloven-tr")
    assert scale is not None
    assert [source.confidence for source in scale.sources] == ["unverified", "certain"]


def test_a_notice_before_the_first_day_of_work_is_refused() -> None:
    with pytest.raises(EngineError) as caught:
        notice(TABLES, "funktionaerloven", date(2025, 6, 1), date(2025, 5, 31))
    told = {"since_on": date(2025, 6, 1), "given_on": date(2025, 5, 31)}
    assert (caught.value.code, caught.value.params) == ("notice.given-first", told)


@pytest.mark.parametrize("name", ["masseafskedigelse", "ukendt"])
def test_a_table_without_notices_leaves_the_date_open(name: str) -> None:
    value = notice(TABLES, name, date(2025, 6, 1), date(2025, 7, 1))
    detail = {"table": name, "since": date(2025, 6, 1), "given": date(2025, 7, 1)}
    assert value == Value(None, missing=(Missing("table", detail),))


SCALE_OF_DAYS = """
title: Dage
source: {document: Lokal aftale}
table: notice
rows:
  - {leaves within: 6 weeks, notice: 1 week}
  - {leaves within: 1 year, notice: 30 days, ends: end of month}
  - {notice: 1 year}
"""
ADDED = """
title: Tillæg
source: {document: Lokal aftale}
table: notice
extends: dage
add: 2 months
"""
TO_THE_END = ADDED.replace("extends: dage", "extends: tillaeg") + "ends: end of month\n"


@pytest.mark.parametrize(
    ("name", "given_on", "on"),
    [
        ("dage", "2025-06-02", "2025-06-09"),
        ("dage", "2025-07-05", "2025-07-12"),
        ("dage", "2025-07-06", "2025-08-31"),
        ("dage", "2026-05-02", "2027-05-02"),
        ("tillaeg", "2025-06-02", "2025-08-09"),
        ("tillaeg", "2025-07-06", "2025-10-31"),
        ("maaned", "2025-06-02", "2025-10-31"),
    ],
)
def test_weeks_days_and_scales_on_top_of_each_other(name: str, given_on: str, on: str) -> None:
    tables = {"dage": read(SCALE_OF_DAYS), "tillaeg": read(ADDED), "maaned": read(TO_THE_END)}
    value = notice(tables, name, date(2025, 6, 1), date.fromisoformat(given_on))
    assert str(value.on) == on


def test_scales_that_extend_each_other_in_a_circle_are_none() -> None:
    tables = {"dage": read(ADDED.replace("dage", "tillaeg")), "tillaeg": read(ADDED)}
    assert scale_of(tables, "dage") is None


def test_the_calculator_never_moves_a_last_day() -> None:
    desk = GivenDays(
        kommune(),
        {"ansat": date(2025, 6, 1), "sendt": date(2025, 10, 31)},
        tables=TABLES,
    )
    value = desk.notice("funktionaerloven", date(2025, 6, 1), date(2025, 10, 31))
    assert (value.on, value.entered) == (date(2025, 11, 30), True)
    assert not desk.working.is_working(date(2025, 11, 30))


@ONCE
@given(SCALE, HIRED, ELAPSED)
def test_a_last_day_ends_its_month_where_the_scale_says_so(
    name: str, since_on: date, elapsed: int
) -> None:
    value = notice(TABLES, name, since_on, since_on + timedelta(elapsed))
    assert value.on is not None
    ends = value.on.day == monthrange(value.on.year, value.on.month)[1]
    assert ends or detail(value)["ends"] == "any day"


@ONCE
@given(SCALE, HIRED, ELAPSED)
def test_a_last_day_is_never_before_the_shortest_notice(
    name: str, since_on: date, elapsed: int
) -> None:
    given_on = since_on + timedelta(elapsed)
    months, days = SHORTEST[name]
    value = notice(TABLES, name, since_on, given_on)
    shortest = (Span(months, Unit.MONTH), Span(days, Unit.DAY))
    assert value.on is not None
    assert value.on >= run_out(given_on, shortest, "any day")


@ONCE
@given(SCALE, HIRED, ELAPSED)
def test_a_day_later_never_ends_earlier(name: str, since_on: date, elapsed: int) -> None:
    given_on = since_on + timedelta(elapsed)
    first = notice(TABLES, name, since_on, given_on).on
    then = notice(TABLES, name, since_on, given_on + timedelta(1)).on
    assert first is not None
    assert then is not None
    assert first <= then


@ONCE
@given(SCALE, HIRED, ELAPSED)
def test_longer_seniority_never_ends_earlier(name: str, since_on: date, elapsed: int) -> None:
    given_on = since_on + timedelta(elapsed)
    first = notice(TABLES, name, since_on, given_on).on
    longer = notice(TABLES, name, since_on - timedelta(1), given_on).on
    assert first is not None
    assert longer is not None
    assert first <= longer


@ONCE
@given(SCALE, HIRED, ELAPSED)
def test_the_row_found_is_the_first_that_holds(name: str, since_on: date, elapsed: int) -> None:
    given_on = since_on + timedelta(elapsed)
    scale = scale_of(TABLES, name)
    assert scale is not None
    holds = [
        row.leaves_within is None
        or run_out(given_on, (row.notice,), scale.row_ends(row))
        <= last_inside(since_on, row.leaves_within)
        for row in scale.rows
    ]
    found = detail(notice(TABLES, name, since_on, given_on))["row"]
    assert found == holds.index(True) + 1


@pytest.mark.parametrize("module", [engine.planning.tables.cells, engine.planning.tables.scale])
def test_the_examples_in_the_code_hold(module: ModuleType) -> None:
    told = doctest.testmod(module)
    assert (told.attempted > 0, told.failed) == (True, 0)
