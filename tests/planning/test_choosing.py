from __future__ import annotations

from datetime import date

import pytest
from danish_days import table
from site_given import YEAR_2026, bodies, edition, facts, plan, seat, workflow

from engine.planning.facts import Done, Facts
from engine.planning.plan import Deadline, Plan

KEY = "retningslinjer/vold"
PREFIX = f"{KEY}/oes-med"


def chosen(row: dict[str, str]) -> Plan:
    start: dict[str, object] = {"times": int(row["gange"]), "per": row["pr"]}
    if row["foretrukket"]:
        start["prefer"] = row["foretrukket"].split()
    if row["afstand"]:
        start["apart"] = row["afstand"]
    given = workflow(KEY, start, {"droeftelse": {"at": "meeting"}})
    told = facts(row["fortalt"], PREFIX)
    return plan(edition(given, meetings=row["møder"]), told, YEAR_2026)


def told(deadline: Deadline) -> str:
    provisional = " foreløbig" if deadline.provisional else ""
    return f"{deadline.occurrence}={deadline.due_on}{provisional}"


def why(deadline: Deadline) -> object:
    return next(link.detail["why"] for link in deadline.derivation if link.kind == "part")


@pytest.mark.parametrize("row", table("moedevalg.csv"), ids=lambda row: row["kilde"])
def test_one_meeting_is_chosen_in_each_part(row: dict[str, str]) -> None:
    made = chosen(row)
    assert ", ".join(map(told, made.deadlines)) == row["forventet"]
    assert " ".join(str(why(deadline)) for deadline in made.deadlines) == row["hvorfor"]


def test_the_link_names_the_part_and_the_distance_kept() -> None:
    given = workflow(
        KEY, {"times": 2, "per": "year", "apart": "4 months"}, {"d": {"at": "meeting"}}
    )
    made = plan(edition(given))
    links = [link for link in made.by_key[f"{PREFIX}/2026-2/d"].derivation if link.kind == "part"]
    assert [(link.on, dict(link.detail)) for link in links] == [
        (
            date(2026, 8, 26),
            {
                "part": 2,
                "of": 2,
                "per": "year",
                "year": 2026,
                "from_on": date(2026, 7, 1),
                "until_on": date(2026, 12, 31),
                "why": "middle",
                "apart": [4, "month"],
                "too_near": False,
            },
        )
    ]


def test_the_choice_says_when_every_meeting_was_too_near() -> None:
    given = workflow(
        KEY, {"times": 2, "per": "year", "apart": "8 months"}, {"d": {"at": "meeting"}}
    )
    made = plan(edition(given))
    near = [
        link.detail["too_near"]
        for deadline in made.deadlines
        for link in deadline.derivation
        if link.kind == "part"
    ]
    assert near == [False, True]


def test_working_days_apart_are_counted_as_working_days() -> None:
    start = {"times": 12, "per": "year", "apart": "10 working days"}
    given = workflow(KEY, start, {"d": {"at": "meeting"}})
    meetings = "2026-03-30 2026-04-10 2026-04-17"
    found = plan(edition(given, meetings=meetings)).by_key[f"{PREFIX}/2026-4/d"].due_on
    assert found == date(2026, 4, 17)


def test_old_meetings_may_be_removed_without_moving_the_next_choice() -> None:
    start = {"times": 2, "per": "year", "prefer": "january", "apart": "4 months"}
    given = workflow(KEY, start, {"d": {"at": "meeting"}})
    told_of = facts("udført 2025-2/d 2025-11-20", PREFIX)
    before = plan(edition(given, meetings="2025-11-20 2026-01-27 2026-06-18"), told_of)
    after = plan(edition(given, meetings="2026-01-27 2026-06-18"), told_of)
    assert after.by_key[f"{PREFIX}/2026-1/d"].due_on == date(2026, 6, 18)
    assert before.deadlines == after.deadlines


def test_a_fan_out_chooses_among_the_targets_own_meetings() -> None:
    given = workflow(
        KEY,
        {"times": 2, "per": "year", "apart": "4 months"},
        {"d": {"at": "meeting", "committees": {"level": "afdelings-med"}}},
        committees={"committee": "kommune-med"},
    )
    meetings = bodies(
        "kommune-med: 2026-02-11 2026-09-02, oes-med: 2026-03-26 2026-06-18 2026-08-26 2026-11-19,"
        " bf-med: 2026-05-05"
    )
    done = facts("udført 2026-1/d@oes-med 2026-06-18", f"{KEY}/kommune-med")
    made = plan(edition(given, meetings=meetings), done)
    assert [
        (d.key.removeprefix(f"{KEY}/kommune-med/"), d.due_on, d.meeting) for d in made.deadlines
    ] == [
        ("2026-1/d@oes-med", date(2026, 3, 26), "2026-03-26"),
        ("2026-1/d@bf-med", date(2026, 5, 5), "2026-05-05"),
        ("2026-2/d@oes-med", date(2026, 11, 19), "2026-11-19"),
        ("2026-2/d@bf-med", date(2026, 12, 31), ""),
    ]


def test_a_part_without_a_meeting_is_found_once_for_each_committee() -> None:
    first = workflow("a", {"times": 2, "per": "year"}, {"d": {"at": "meeting"}})
    second = workflow("b", {"times": 2, "per": "year"}, {"d": {"at": "meeting"}})
    made = plan(edition(first, second, meetings="2026-08-26"))
    assert [(f.code, f.field, f.params["from_on"]) for f in made.findings] == [
        ("plan.part-without-meeting", "oes-med", date(2026, 1, 1))
    ]


@pytest.mark.parametrize(
    ("answers", "second"),
    [
        # Treated on 18 June by all: four months later is after 26 August.
        ("kho 2026-03-26, bra 2026-06-18", "2026-11-19"),
        # One of the two is still to answer, so the item counts as treated when it was planned.
        ("kho 2026-06-18", "2026-08-26"),
        ("kho 2026-06-18, kho 2026-06-19", "2026-08-26"),
        # One who was not asked answers too, and a report by nobody in particular is for all.
        ("kho 2026-03-26, xyz 2026-06-18", "2026-08-26"),
        (" 2026-06-18", "2026-11-19"),
    ],
)
def test_an_item_that_each_must_answer_was_treated_when_the_last_of_them_did(
    answers: str, second: str
) -> None:
    given = workflow(
        KEY,
        {"times": 2, "per": "year", "prefer": ["march", "august"], "apart": "4 months"},
        {"d": {"at": "meeting", "responsible": ["forperson", "naestforperson"], "finish": "each"}},
    )
    both = ("kho oes-med forperson 2025-01-01", "bra oes-med naestforperson 2025-01-01")
    told_of = Facts(
        tuple(
            Done(f"{PREFIX}/2026-1/d", date.fromisoformat(on), by)
            for by, on in (each.split(" ") for each in answers.split(", "))
        )
    )
    made = plan(edition(given, seats=tuple(map(seat, both))), told_of)
    assert str(made.by_key[f"{PREFIX}/2026-2/d"].due_on) == second
