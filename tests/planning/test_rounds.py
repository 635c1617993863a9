"""When a round is over: everybody who had to has answered, in every committee that had to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from site_given import Facts, days, edition, facts, organisation, plan, seat, window, workflow

from engine.planning.edition import Edition
from engine.planning.facts import Done, Waived
from engine.planning.status import State, state

MEMBERS = (
    seat("aaa oes-med medlem 2025-01-01"),
    seat("bbb oes-med medlem 2025-01-01", unit="Nord"),
    seat("ccc oes-med medlem 2025-01-01", unit="Nord"),
    seat("ddd oes-med medlem 2025-01-01 2026-02-28"),
    seat("eee oes-med forperson 2025-01-01"),
)
OVER = window("2026-01-01..2028-12-31")
KEY = "apv/oes-med/r1/svar"


def rounds(step: Mapping[str, Any], **rest: Any) -> Edition:
    start = {"every": "1 year", "from": "done", "first": "2026-03-16"}
    steps = {"start": {"due": "1 month before round end"}, "svar": {"due": "round end", **step}}
    return edition(workflow("apv", start, steps, **rest), seats=MEMBERS)


def answers(*told: tuple[str, str]) -> Facts:
    return Facts(done=tuple(Done(KEY, date.fromisoformat(on), by) for on, by in told))


EACH = {"responsible": "medlem", "finish": "each"}


@pytest.mark.parametrize(
    ("told", "second"),
    [
        ((), None),
        ((("2026-03-02", "aaa"),), None),
        ((("2026-03-02", "bbb"), ("2026-03-03", "ccc")), None),
        ((("2026-03-02", "aaa"), ("2026-03-09", "ccc")), "2027-03-09"),
        ((("2026-03-09", "bbb"), ("2026-03-02", "aaa")), "2027-03-09"),
        ((("2026-03-04", ""),), "2027-03-04"),
    ],
)
def test_a_round_ends_with_the_last_answer_and_not_the_first(
    told: tuple[tuple[str, str], ...], second: str | None
) -> None:
    """Two in one unit answer together; who left before the deadline is not waited for."""
    made = plan(rounds(EACH), answers(*told), OVER)
    expected = {"r1/start": "2026-02-16", "r1/svar": "2026-03-16"}
    if second:
        expected |= {"r2/start": second.replace("-03-", "-02-"), "r2/svar": second}
    assert days(made, "apv/oes-med") == expected
    standing = state(made.by_key[KEY], made, date(2026, 3, 10))
    assert (standing is State.DONE) == (second is not None)


def test_all_means_everybodys_yes_to_one_act() -> None:
    step = {"responsible": ["forperson", "medlem"], "finish": "all"}
    three = (("2026-03-02", "aaa"), ("2026-03-03", "bbb"), ("2026-03-06", "eee"))
    assert "r2/svar" not in days(plan(rounds(step), answers(*three[:2]), OVER), "apv/oes-med")
    made = plan(rounds(step), answers(*three), OVER)
    assert days(made, "apv/oes-med")["r2/svar"] == "2027-03-06 → 2027-03-05"


def test_what_is_waived_is_over_whoever_has_answered() -> None:
    told = Facts(done=answers(("2026-03-02", "aaa")).done, waived=(Waived(KEY, date(2026, 3, 12)),))
    assert days(plan(rounds(EACH), told, OVER), "apv/oes-med")["r2/svar"] == "2027-03-12"


def test_a_round_whose_last_day_comes_by_itself_goes_on_for_ever() -> None:
    made = plan(rounds({"done": "automatic"}), None, OVER)
    assert days(made, "apv/oes-med") == {
        "r1/start": "2026-02-16",
        "r1/svar": "2026-03-16",
        "r2/start": "2027-02-16",
        "r2/svar": "2027-03-16",
        "r3/start": "2028-02-16",
        "r3/svar": "2028-03-16",
    }


def test_a_committee_that_was_gone_when_the_round_began_is_not_waited_for() -> None:
    body = organisation(
        {
            "kommune-med": {"title": "KommuneMED", "level": "kommune-med"},
            "oes-med": {"title": "ØS", "level": "afdelings-med"},
            "bf-med": {"title": "BF", "level": "afdelings-med", "until": "2025-12-31"},
        }
    )
    start = {"every": "1 year", "from": "done", "first": "2026-03-16"}
    steps = {"svar": {"due": "round end", "committees": {"level": "afdelings-med"}}}
    flow = workflow("apv", start, steps, committees={"committee": "kommune-med"})
    told = facts("udført r1/svar@oes-med 2026-03-02", "apv/kommune-med")
    assert days(plan(edition(flow, body=body), told, OVER), "apv/kommune-med") == {
        "r1/svar@oes-med": "2026-03-16",
        "r2/svar@oes-med": "2027-03-02",
    }


def test_done_in_a_rule_waits_for_the_last_answer_too() -> None:
    steps = {
        "svar": {"due": "2026-03-16", **EACH},
        "samling": {"due": "2 weeks after done svar"},
    }
    given = edition(workflow("spoerg", {"each": "year"}, steps), seats=MEMBERS)
    key = "spoerg/oes-med/2026/svar"
    one, two = Done(key, date(2026, 3, 2), "aaa"), Done(key, date(2026, 3, 9), "bbb")
    first, both = plan(given, Facts(done=(one,))), plan(given, Facts(done=(one, two)))
    assert days(first, "spoerg/oes-med")["2026/samling"] == "–"
    assert days(both, "spoerg/oes-med")["2026/samling"] == "2026-03-23"
