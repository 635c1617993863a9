from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from site_given import edition, seat, workflow

from engine.planning.examples import Mismatch, mismatches
from engine.planning.workflow import Example, Expected, Workflow

VOLD = workflow(
    "retningslinjer/vold",
    {"times": 2, "per": "year", "prefer": "march", "apart": "4 months"},
    {
        "enheder": {"due": "3 weeks before droeftelse"},
        "droeftelse": {"at": "meeting", "limit": "part end"},
    },
    committees={"level": "afdelings-med"},
)
MEETINGS = ["2026-01-27", "2026-03-26", "2026-06-18", "2026-08-26", "2026-11-19"]


def found(given: Workflow, example: Mapping[str, Any]) -> list[Mismatch]:
    site = edition(given, meetings="", seats=(seat("kho oes-med medlem 2020-01-01"),))
    return list(mismatches(site, given, Example.model_validate(example)))


def vold(expect: Mapping[str, Any], **given: Any) -> list[Mismatch]:
    situation = {"committee": "oes-med", "year": 2026, "meetings": MEETINGS, **given}
    return found(VOLD, {"given": situation, "expect": expect})


def test_an_example_that_comes_true_says_nothing() -> None:
    expect = {
        "2026-1/enheder": "2026-03-05",
        "2026-1/droeftelse": {"nominal": "2026-03-26", "due": "2026-03-26"},
        "2026-2/droeftelse": "2026-08-26",
    }
    assert vold(expect) == []


def test_another_day_than_expected_is_told_with_both() -> None:
    day = date(2026, 3, 26)
    wanted = Expected(nominal=date(2026, 3, 27), due=day)
    assert vold({"2026-1/droeftelse": "2026-03-25", "2026-2/findes-ikke": "2026-08-26"}) == [
        Mismatch("2026-1/droeftelse", day, day, date(2026, 3, 25), found=True),
        Mismatch("2026-2/findes-ikke", None, None, date(2026, 8, 26), found=False),
    ]
    assert vold({"2026-1/droeftelse": {"nominal": "2026-03-27", "due": "2026-03-26"}}) == [
        Mismatch("2026-1/droeftelse", day, day, wanted, found=True)
    ]


def test_an_example_tells_what_was_done_and_postponed() -> None:
    assert vold({"2026-2/droeftelse": "2026-11-19"}, done={"2026-1/droeftelse": "2026-06-18"}) == []
    expect = {"2026-1/droeftelse": "2026-06-18", "2026-1/enheder": "2026-05-28"}
    assert vold(expect, postponed={"2026-1/droeftelse": "2026-06-18"}) == []


def test_an_example_gives_other_bodies_meetings() -> None:
    given = workflow(
        "bagland",
        {"each": "meeting", "of": "kommune-med"},
        {"foer": {"at": "last meeting before their meeting"}},
        committees={"committee": "chefforum"},
    )
    situation = {
        "committee": "chefforum",
        "year": 2025,
        "meetings": ["2025-04-02"],
        "meetings of kommune-med": ["2025-04-30"],
    }
    example = {"given": situation, "expect": {"2025-04-30/foer": "2025-04-02"}}
    assert found(given, example) == []


def test_an_example_of_milestones_is_of_the_period_it_expects() -> None:
    given = workflow(
        "budget", {"each": "milestones", "kind": "budget"}, {"svar": {"due": "1 day after frist"}}
    )
    situation = {"committee": "oes-med", "year": 2025, "milestones": {"frist": "2025-09-01"}}
    assert found(given, {"given": situation, "expect": {"2026/svar": "2025-09-02"}}) == []


def test_an_example_of_a_member_needs_no_name() -> None:
    given = workflow(
        "kursus",
        {"each": "member", "roles": ["medlem"], "new members only": True},
        {"kursus": {"due": "within 1 year of joining"}, "noegle": {"due": "leaving"}},
        committees={"level": "afdelings-med"},
    )
    situation = {"committee": "bf-med", "joining": "2025-06-01", "leaving": "2027-05-31"}
    expect = {"kursus": {"nominal": "2026-05-31", "due": "2026-05-29"}, "noegle": "2027-05-31"}
    assert found(given, {"given": situation, "expect": expect}) == []


def test_an_example_leans_on_nothing_but_what_it_says() -> None:
    site = edition(VOLD, meetings="2026-03-10")
    example = Example.model_validate(
        {
            "given": {"committee": "oes-med", "year": 2026, "meetings": MEETINGS},
            "expect": {"2026-1/droeftelse": "2026-03-26"},
        }
    )
    assert list(mismatches(site, VOLD, example)) == []


FOLLOW_UP = workflow(
    "opfoelgning",
    {"each": "meeting", "extraordinary": "only"},
    {"opfoelgning": {"at": "next meeting"}},
)


def test_an_example_gives_extraordinary_and_cancelled_meetings() -> None:
    example = {
        "given": {
            "committee": "oes-med",
            "meetings": ["2026-03-26", "2026-08-26"],
            "extraordinary meetings": ["2026-05-07", "2026-05-21"],
            "cancelled meetings": ["2026-06-18"],
        },
        "expect": {
            "2026-05-07/opfoelgning": "2026-08-26",
            "2026-05-21/opfoelgning": "2026-06-18",
            "2026-03-26/opfoelgning": "2026-08-26",
            "2026-06-18/opfoelgning": "2026-08-26",
        },
    }
    held, called_off = date(2026, 8, 26), date(2026, 6, 18)
    assert found(FOLLOW_UP, example) == [
        Mismatch("2026-05-21/opfoelgning", held, held, called_off, found=True),
        Mismatch("2026-03-26/opfoelgning", None, None, held, found=False),
        Mismatch("2026-06-18/opfoelgning", None, None, held, found=False),
    ]


def test_an_extraordinary_meeting_alone_leaves_the_next_one_unknown() -> None:
    given = {"committee": "oes-med", "extraordinary meetings": ["2026-05-07"]}
    wanted = date(2026, 6, 18)
    assert found(FOLLOW_UP, {"given": given, "expect": {"opfoelgning": "2026-06-18"}}) == [
        Mismatch("opfoelgning", None, None, wanted, found=True)
    ]


def test_the_examples_of_what_is_switched_off_are_run() -> None:
    off = FOLLOW_UP.model_copy(update={"in_use": False})
    given = {
        "committee": "oes-med",
        "meetings": ["2026-06-18"],
        "extraordinary meetings": ["2026-05-07"],
    }
    right = {"given": given, "expect": {"2026-05-07/opfoelgning": "2026-06-18"}}
    wrong = {"given": given, "expect": {"2026-05-07/opfoelgning": "2026-06-17"}}
    assert (found(off, right), len(found(off, wrong))) == ([], 1)
