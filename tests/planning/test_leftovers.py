"""What is open and overdue stays in the plan until it is done or waived, however old it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from site_given import days, edition, facts, plan, seat, window, workflow

from engine.planning.facts import Facts
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan
from engine.planning.reminders import due
from engine.planning.status import State, state

YEARLY = workflow(
    "frist",
    {"each": "year"},
    {
        "svar": {"due": "1 june"},
        "raad": {"due": "1 june", "binding": "no"},
        "ikraft": {"on": "1 june"},
    },
)
CHAIR = seat("kho oes-med forperson 2019-01-01")
SINCE = date(2023, 1, 1)
NOW = window("2027-10-01..2028-12-31")
TODAY = date(2028, 10, 26)
OLD = {
    "2023/svar": "2023-06-01",
    "2024/svar": "2024-06-01 → 2024-05-31",
    "2025/svar": "2025-06-01 → 2025-05-30",
    "2026/svar": "2026-06-01",
    "2027/svar": "2027-06-01",
}


def made(told: str = "", since_on: date | None = SINCE, over: Window = NOW) -> Plan:
    given = edition(YEARLY, seats=(CHAIR,))
    return plan(given, facts(told, "frist/oes-med"), replace(over, open_since_on=since_on))


def before(whole: Plan) -> dict[str, str]:
    """What lies before the window, by the end of its key."""
    found = days(whole, "frist/oes-med")
    early = {each.key for each in whole.deadlines if each.due_on and each.due_on < NOW.from_on}
    return {key: on for key, on in found.items() if f"frist/oes-med/{key}" in early}


def test_what_is_open_stays_from_the_day_the_site_began() -> None:
    assert before(made()) == OLD
    assert before(made(since_on=None)) == {}
    assert list(before(made(since_on=date(2026, 1, 1)))) == ["2026/svar", "2027/svar"]


@pytest.mark.parametrize("word", ["udført", "frafaldet"])
def test_what_is_settled_goes(word: str) -> None:
    told = f"{word} 2024/svar 2026-01-05, {word} 2027/svar 2028-01-05"
    assert list(before(made(told))) == ["2023/svar", "2025/svar", "2026/svar"]


def test_what_was_taken_over_from_before_the_site_began_stays_too() -> None:
    key, since_on = "frist/oes-med/2023/svar", date(2024, 1, 1)
    given = edition(YEARLY, seats=(CHAIR,))
    over = replace(NOW, open_since_on=since_on)
    whole = make_plan(given, Facts(taken_over=(key,)), over)
    assert list(before(whole)) == list(OLD)
    # The plan from before it was taken over is not mistaken for this one.
    plain = made(since_on=since_on)
    assert list(before(plain)) == list(OLD)[1:]
    assert make_plan(given, Facts(taken_over=(key,)), over, plain).deadlines == whole.deadlines


def test_it_is_overdue_and_reminded_about() -> None:
    whole = made()
    oldest = whole.by_key["frist/oes-med/2023/svar"]
    assert state(oldest, whole, TODAY) is State.OVERDUE
    told = {each.deadline.key for each in due(whole, {}, {}, TODAY, SINCE)}
    assert {f"frist/oes-med/{key}" for key in OLD} <= told


def test_what_is_in_the_window_is_as_it_was() -> None:
    plain, whole = made(since_on=None), made()
    assert [each for each in whole.deadlines if each.due_on and each.due_on >= NOW.from_on] == list(
        plain.deadlines
    )
    assert whole.findings == plain.findings
