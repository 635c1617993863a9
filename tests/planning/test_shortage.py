"""Years that a body's meeting plan leaves out, and what lies before its first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from site_given import Plan, days, edition, facts, organisation, plan, window, workflow

from engine.planning.edition import Milestones

BEFORE_AND_AFTER = "2025-03-20 2025-11-20 2027-03-18 2027-11-18"
ITEM = workflow("referat", {"each": "meeting"}, {"naeste": {"at": "next meeting"}})


def told(made: Plan) -> list[tuple[str, str, Mapping[str, object]]]:
    return [(found.code, found.field, found.params) for found in made.findings]


def only(step: str) -> str:
    """The days of one step under a yearly duty, where meetings are planned before and after."""
    flow = workflow("pligt", {"each": "year"}, {"frist": {"due": step}})
    made = plan(edition(flow, meetings=BEFORE_AND_AFTER), over=window("2026"))
    return days(made, "pligt/oes-med").get("2026/frist", "ikke vist")


def test_a_year_left_out_between_two_planned_ones_is_found_once() -> None:
    twice = workflow("vold", {"times": 2, "per": "year"}, {"punkt": {"at": "meeting"}})
    given = edition(ITEM, twice, meetings=BEFORE_AND_AFTER)
    missing = {"committee": "oes-med", "year": 2026}
    assert told(plan(given, over=window("2025-12-01..2027-12-31"))) == [
        ("plan.year-without-meetings", "oes-med", missing)
    ]
    assert told(plan(given, over=window("2027"))) == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first meeting on or after 1 march", "–"),
        ("last meeting before 1 march", "–"),
        ("first meeting on or after 1 november the year before", "ikke vist"),
        ("first meeting of march", "–"),
        ("last meeting of period", "–"),
        ("last meeting on or before 1 april the year after", "ikke vist"),
    ],
)
def test_no_meeting_is_chosen_across_a_year_that_is_not_planned(rule: str, expected: str) -> None:
    assert only(rule) == expected


def test_the_next_and_the_previous_meeting_are_not_sought_across_it() -> None:
    steps = {"naeste": {"at": "next meeting"}, "forrige": {"due": "1 day after previous meeting"}}
    flow = workflow("referat", {"each": "meeting"}, steps)
    made = plan(edition(flow, meetings=BEFORE_AND_AFTER), over=window("2025-11-01..2027-11-30"))
    assert days(made, "referat/oes-med") == {
        "2027-11-18/forrige": "2027-03-19",
        "2025-03-20/naeste": "2025-11-20",
        "2025-03-20/forrige": "–",
        "2025-11-20/naeste": "–",
        "2027-03-18/forrige": "–",
        "2027-03-18/naeste": "2027-11-18",
        "2027-11-18/naeste": "–",
    }


def test_what_is_postponed_waits_for_the_year_to_be_planned() -> None:
    flow = workflow("status", {"each": "meeting"}, {"punkt": {"at": "meeting"}})
    fact = facts("udsat 2025-11-20/punkt 2025-11-20", "status/oes-med")
    asked = window("2025-11-01..2026-12-31")
    gap = plan(edition(flow, meetings=BEFORE_AND_AFTER), fact, asked)
    filled = plan(edition(flow, meetings=f"{BEFORE_AND_AFTER} 2026-02-05"), fact, asked)
    assert days(gap, "status/oes-med") == {"2025-11-20/punkt": "–"}
    assert days(filled, "status/oes-med")["2025-11-20/punkt"] == "2026-02-05"


def test_a_cancelled_meeting_makes_its_year_a_planned_one() -> None:
    given = edition(ITEM, meetings=f"{BEFORE_AND_AFTER} 2026-03-19a")
    made = plan(given, over=window("2025-12-01..2027-12-31"))
    assert told(made) == []
    assert days(made, "referat/oes-med")["2025-11-20/naeste"] == "2027-03-18"


def test_a_meeting_moved_into_the_year_is_found_and_leaves_it_unplanned() -> None:
    given = edition(ITEM, meetings="2025-03-20 2025-11-20>2026-01-08 2027-03-18")
    made = plan(given, over=window("2026"))
    assert days(made, "referat/oes-med") == {
        "2025-03-20/naeste": "2026-01-08",
        "2025-11-20/naeste": "–",
    }
    assert [code for code, _, _ in told(made)] == ["plan.year-without-meetings"]


def test_a_plan_that_begins_after_the_window_is_found_unless_the_body_is_new() -> None:
    given = edition(ITEM, meetings="2027-03-18")
    asked = window("2026-06-01..2027-12-31")
    assert told(plan(given, over=asked)) == [
        ("plan.meetings-begin-late", "oes-med", {"committee": "oes-med", "year": 2027})
    ]
    new = organisation({"oes-med": {"title": "ØS", "from": "2027-01-01"}})
    assert told(plan(edition(ITEM, meetings="2027-03-18", body=new), over=asked)) == []
    over = organisation({"oes-med": {"title": "ØS", "until": "2026-03-31"}})
    assert told(plan(edition(ITEM, meetings="2026-03-18", body=over), over=asked)) == []


def test_what_lies_before_everything_that_was_written_down_is_no_gap() -> None:
    """The meeting of December 2025 is not lacking in 2026: nobody wrote down meetings then."""
    flow = workflow(
        "aarshjul", {"each": "year"}, {"punkt": {"at": "first meeting after 1 december"}}
    )
    given = edition(flow, meetings="2026-03-19 2026-12-10")
    assert days(plan(given, over=window("2026")), "aarshjul/oes-med") == {
        "2026/punkt": "2026-12-10"
    }
    early = plan(given, over=window("2025-06-01..2026-12-31"))
    assert days(early, "aarshjul/oes-med") == {"2026/punkt": "2026-12-10", "2025/punkt": "–"}


def sets(kind: str, *years: int) -> tuple[Milestones, ...]:
    return tuple(
        Milestones(kind=kind, period=str(year + 1), year=year, dates={"dagen": date(year, 9, 1)})
        for year in years
    )


@pytest.mark.parametrize(
    ("years", "over", "asked"),
    [
        ((2025, 2026), "2027", 2027),
        ((2025, 2026), "2026", None),
        ((2025, 2026), "2026-11-23..2027-08-31", None),
        ((2025, 2026), "2026-11-23..2027-09-01", 2027),
        ((2024, 2026), "2027", None),
        ((2024, 2026), "2028", 2028),
        ((2026,), "2027", None),
        ((2025, 2026, 2027), "2027", None),
        ((2020, 2021), "2027", 2022),
    ],
)
def test_milestones_that_have_come_at_a_pace_are_asked_for(
    years: tuple[int, ...], over: str, asked: int | None
) -> None:
    flow = workflow("budget", {"each": "milestones", "kind": "budget"}, {"punkt": {"on": "dagen"}})
    given = edition(
        flow, meetings={}, milestones=(*sets("budget", *years), *sets("andet", 2024, 2025))
    )
    last = max(years)
    params = {"kind": "budget", "period": str(last + 1), "on": date(last, 9, 1), "year": asked}
    found = [("plan.milestones-run-out", "budget", params)] if asked else []
    assert told(plan(given, over=window(over))) == found
