"""The dates that the minutes and the calendar of 2025 and 2026 give."""

from __future__ import annotations

from datetime import date

import pytest

from engine.planning.periods import Window
from engine.planning.plan import Deadline
from engine.service.current import current
from engine.service.site import Site

ALL_DAYS = Window(date(2025, 1, 1), date(2027, 12, 31))


@pytest.fixture
def planned(site: Site) -> dict[str, Deadline]:
    return dict(current(site).plan(ALL_DAYS).by_key)


@pytest.mark.parametrize(
    ("key", "nominal_on", "due_on"),
    [
        ("moeder/afdelings-med/oes-med/2026-03-26/dagsorden", "2026-03-19", "2026-03-19"),
        ("retningslinjer/vold/oes-med/2026-1/droeftelse", "2026-03-26", "2026-03-26"),
        ("retningslinjer/vold/oes-med/2026-1/enheder", "2026-03-05", "2026-03-05"),
        ("budget/med-hoering/kommune-med/2026/hoering", "2025-09-01", "2025-09-01"),
        ("budget/med-hoering/kommune-med/2026/hoeringen-slutter", "2025-09-04", "2025-09-04"),
        ("budget/med-hoering/kommune-med/2026/afdelinger@oes-med", "2025-08-26", "2025-08-26"),
    ],
)
def test_a_date_of_the_minutes(
    planned: dict[str, Deadline], key: str, nominal_on: str, due_on: str
) -> None:
    found = planned[key]
    assert (str(found.nominal_on), str(found.due_on)) == (nominal_on, due_on)
    assert found.terms.source
    assert found.derivation


def test_every_department_meets_on_the_budget_on_25_or_26_august_2025(
    planned: dict[str, Deadline],
) -> None:
    days = {
        deadline.committee: deadline.due_on
        for key, deadline in planned.items()
        if key.startswith("budget/med-hoering/kommune-med/2026/afdelinger@")
    }
    assert len(days) >= 7
    assert set(days.values()) == {date(2025, 8, 25), date(2025, 8, 26)}


def test_a_member_of_1_june_2025_has_training_until_31_may_2026(
    planned: dict[str, Deadline],
) -> None:
    entered = [
        (deadline.nominal_on, deadline.due_on)
        for deadline in planned.values()
        if deadline.workflow == "uddannelse/med-grunduddannelse"
        and deadline.committee == "oes-med"
        and deadline.seat is not None
        and deadline.seat.from_on == date(2025, 6, 1)
        and deadline.step == "uddannelse"
    ]
    assert entered
    assert set(entered) == {(date(2026, 5, 31), date(2026, 5, 29))}
