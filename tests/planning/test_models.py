from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from danish_days import table
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from site_given import WORKING, flow, seat, workflow

from engine.errors import RuleError
from engine.planning.edition import MeetingRow, Milestones
from engine.planning.fields import Entry
from engine.planning.organisation import Committee, Escalation, Office, Organisation, Reminders
from engine.planning.periods import Window, periods
from engine.planning.rules import Unit
from engine.planning.spans import Pace, Span, earlier, later, parse_lead, parse_pace, parse_span
from engine.planning.starts import (
    EachCase,
    EachMeeting,
    EachMember,
    EachMilestones,
    EachPeriod,
    EveryRound,
    TimesPerPeriod,
)
from engine.planning.workflow import Example, Holder, Selector, Step, Workflow, parse_holder

MODELS: Mapping[str, type[Entry]] = {
    "arbejdsgang": Workflow,
    "skridt": Step,
    "udvalg": Selector,
    "møde": MeetingRow,
    "milepæle": Milestones,
    "kontor": Office,
    "organisation": Organisation,
    "påmindelser": Reminders,
    "eksempel": Example,
    "udvalget": Committee,
    "videre": Escalation,
}
SOURCE = {
    "title": "Pligt",
    "source": {"document": "Lov"},
    "steps": {"t": {"title": "T", "due": "1 may"}},
}


def faults(model: type[BaseModel], given: Mapping[str, Any]) -> str:
    try:
        model.model_validate(given)
    except ValidationError as error:
        told = sorted(
            str(each.get("ctx", {}).get("code") or each["type"]) for each in error.errors()
        )
        return " ".join(told)
    return ""


@pytest.mark.parametrize(
    "row", table("felter.csv"), ids=lambda row: f"{row['hvad']} {row['felter']}"
)
def test_what_a_file_may_say(row: dict[str, str]) -> None:
    fields = flow(row["felter"])
    given = {**SOURCE, **fields} if row["hvad"] == "arbejdsgang" else fields
    if row["hvad"] == "skridt":
        given = {"title": "T", **fields}
    assert faults(MODELS[row["hvad"]], given) == row["fejl"]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("{each: meeting}", EachMeeting),
        ("{each: meeting, of: kommune-med, extraordinary: too}", EachMeeting),
        ("{each: half-year}", EachPeriod),
        ("{each: 9 years, from: 2020}", EachPeriod),
        ("{times: 2, per: year, prefer: [marts, september], apart: 4 måneder}", TimesPerPeriod),
        ("{every: 3 years, from: done vedtaget, first: '2026-10-01'}", EveryRound),
        ("{each: member, roles: medlem, new members only: ja}", EachMember),
        ("{each: milestones, kind: budget}", EachMilestones),
        ("{each: case, inputs: {dato: {type: date, title: Dato}}}", EachCase),
    ],
)
def test_the_ways_to_begin(start: str, kind: type) -> None:
    assert type(workflow("pligt", flow(start), {"t": {"due": "1 may"}}).start) is kind


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("forperson", Holder(role="forperson")),
        ("sekretaer of kommune-med", Holder(role="sekretaer", body="kommune-med")),
        ("office hr", Holder(office="hr")),
    ],
)
def test_roles_are_read_and_written_alike(text: str, holder: Holder) -> None:
    assert parse_holder(text) == holder
    assert str(holder) == text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("4 months", Span(4, Unit.MONTH)),
        ("2 uger", Span(2, Unit.WEEK)),
        ("uge", Span(1, Unit.WEEK)),
        ("  10   Arbejdsdage ", Span(10, Unit.WORKING_DAY)),
        ("1 år", Span(1, Unit.YEAR)),
    ],
)
def test_lengths_are_read_in_both_languages(text: str, span: Span) -> None:
    assert parse_span(text) == span


def test_leads_and_paces_are_read_in_both_languages() -> None:
    assert [parse_lead(text) for text in ("2 weeks before", "1 uge før", "på dagen")] == [
        Span(2, Unit.WEEK),
        Span(1, Unit.WEEK),
        Span(0, Unit.DAY),
    ]
    assert [parse_pace(text) for text in ("every week", "hver 3 dage", "hvert år")] == [
        Pace(Span(1, Unit.WEEK)),
        Pace(Span(3, Unit.DAY)),
        Pace(Span(1, Unit.YEAR)),
    ]
    seldomer = Pace(Span(1, Unit.WEEK), Span(8, Unit.WEEK), Span(1, Unit.MONTH))
    assert parse_pace("every week for 8 weeks, then every month") == seldomer
    assert parse_pace("hver uge i 8 uger, derefter hver måned") == seldomer


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (parse_span, "fire måneder", "span.unreadable"),
        (parse_span, "-1 week", "span.unreadable"),
        (parse_span, "0 weeks", "span.zero"),
        (parse_lead, "2 weeks", "span.lead"),
        (parse_pace, "week", "span.pace"),
        (parse_pace, "every week for 8 weeks", "span.pace"),
        (parse_pace, "every week for 8 weeks, then never", "span.pace"),
        (parse_pace, "every week for 0 weeks, then every month", "span.zero"),
    ],
)
def test_what_is_no_length(read: Any, text: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        read(text)
    assert caught.value.code == code


@over(
    st.dates(date(2024, 6, 1), date(2027, 6, 1)),
    st.builds(Span, st.integers(0, 9), st.sampled_from(Unit)),
)
@settings(max_examples=100, deadline=None)
def test_later_is_never_before_and_earlier_never_after(on: date, span: Span) -> None:
    if span.unit is Unit.YEAR:
        span = Span(min(span.count, 1), span.unit)
    assert earlier(on, span, WORKING) <= on <= later(on, span, WORKING)


@over(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(0, 3000),
    st.sampled_from((1, 3, 6, 12, 24, 48)),
)
@settings(max_examples=100, deadline=None)
def test_periods_follow_each_other_and_cover_the_window(
    from_on: date, length: int, months: int
) -> None:
    window = Window(from_on, date.fromordinal(from_on.toordinal() + length))
    found = list(periods(window, months, 1996 if months > 12 else None))
    assert found[0].from_on <= window.from_on
    assert found[-1].until_on >= window.until_on
    assert [each.from_on.toordinal() for each in found[1:]] == [
        each.until_on.toordinal() + 1 for each in found[:-1]
    ]
    assert len({each.key for each in found}) == len(found)


@over(st.sampled_from((1, 2, 3, 4, 6, 12)), st.integers(2020, 2030))
@settings(max_examples=50, deadline=None)
def test_the_parts_of_a_period_are_whole_months_and_cover_it(count: int, year: int) -> None:
    (period,) = periods(Window(date(year, 5, 5), date(year, 5, 5)), 12)
    parts = period.parts(count)
    assert [part.key for part in parts] == [f"{year}-{number + 1}" for number in range(count)]
    assert (parts[0].from_on, parts[-1].until_on) == (period.from_on, period.until_on)
    assert [part.from_on.day for part in parts] == [1] * count
    assert [part.from_on.toordinal() for part in parts[1:]] == [
        part.until_on.toordinal() + 1 for part in parts[:-1]
    ]


def test_a_seat_is_known_by_no_name_and_no_day() -> None:
    held = seat("kho oes-med forperson 2025-06-01 2027-05-31")
    assert held.id == "kho-oes-med-forperson-2025"
    days = (date(2025, 5, 31), date(2025, 6, 1), date(2027, 5, 31), date(2027, 6, 1))
    assert [held.held(on) for on in days] == [False, True, True, False]
