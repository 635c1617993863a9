"""A party's deadline moves on, a notice stays, and a duty is planned for the day before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from danish_days import table
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped
from site_given import edition, organisation, plan, window, workflow

from engine.planning.edition import Edition, Milestones
from engine.planning.plan import Deadline
from engine.planning.workflow import Workflow

ONCE = {"each": "milestones", "kind": "engang"}
Step = Mapping[str, Any]


def of_kind(kind: str, rule: str) -> Step:
    """How a workflow file writes a step of that kind."""
    return {
        "parts frist": {"due": rule, "days": "frist", "if closed": "day after"},
        "varsel": {"on": rule},
        "arbejdsgiverens pligt": {"due": rule},
        "mindste tid": {"on": rule},
    }[kind]


def site(given_: Workflow, days: Mapping[str, date]) -> Edition:
    """One workflow, in the shipped working days and tables."""
    year = max(days.values()).year
    milestones = Milestones(kind="engang", period="1", year=year, dates=dict(days))
    made = edition(given_, meetings="", milestones=(milestones,), body=organisation())
    return replace(made, day_sets=shipped().day_sets, tables=shipped().tables)


def dated(step: Step, days: Mapping[str, date]) -> Deadline:
    made = plan(
        site(workflow("sag", ONCE, {"frist": step}), days), over=window("2015-01-01..2040-12-31")
    )
    (deadline,) = made.deadlines
    return deadline


def days_of(text: str) -> dict[str, date]:
    return {name: date.fromisoformat(on) for name, on in map(str.split, text.split(", "))}


ROWS = table("frist-varsel-pligt.csv")


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['hvad']} {row['regel']} {row['givet']}"
)
def test_the_table_of_three_behaviours(row: dict[str, str]) -> None:
    found = dated(of_kind(row["hvad"], row["regel"]), days_of(row["givet"]))
    told = (str(found.nominal_on), str(found.due_on))
    assert told == (row["regnet dato"], row["gældende dato"])


NOTICES = [row for row in ROWS if row["regel"].startswith("varsel efter")]


@pytest.mark.parametrize("if_closed", ["day before", "day after", "stay", ""])
@pytest.mark.parametrize("days", ["lov", "frist", "kommune"])
@pytest.mark.parametrize("row", NOTICES, ids=lambda row: f"{row['regel']} {row['givet']}")
def test_a_notice_stays_whatever_the_file_says_of_closed_days(
    row: dict[str, str], days: str, if_closed: str
) -> None:
    step = {"due": row["regel"], "days": days} | ({"if closed": if_closed} if if_closed else {})
    assert str(dated(step, days_of(row["givet"])).due_on) == row["gældende dato"]


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2016, 1, 1), date(2039, 6, 30)), st.integers(1, 60))
def test_the_three_behaviours_lie_on_either_side_of_the_day_the_text_gives(
    on: date, count: int
) -> None:
    rule = f"{count} days after x"
    party, duty, stays = (
        dated(of_kind(kind, rule), {"x": on})
        for kind in ("parts frist", "arbejdsgiverens pligt", "varsel")
    )
    assert party.due_on is not None
    assert duty.due_on is not None
    assert party.nominal_on == duty.nominal_on == stays.nominal_on == stays.due_on
    assert duty.due_on <= stays.due_on <= party.due_on
    assert shipped().working("frist").is_working(party.due_on)
    assert shipped().working("kommune").is_working(duty.due_on)


LIMITS = table("budgetgraenser.csv")
TOLD = {
    ("plan.before-not-before", "vedtagelse"): "vedtagelse for tidlig",
    ("plan.after-limit", "vedtagelse"): "vedtagelse for sen",
    ("plan.after-limit", "budgetforslag"): "budgetforslag for sent",
}


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row["kilde"])
def test_the_table_of_the_budgets_limits(row: dict[str, str]) -> None:
    year = int(row["år"])
    columns = {
        "okonomiudvalg": "økonomiudvalg",
        "foerste-behandling": "første behandling",
        "anden-behandling": "anden behandling",
    }
    dates = {name: date.fromisoformat(row[column]) for name, column in columns.items()}
    made = plan(
        replace(
            shipped(),
            milestones=(Milestones(kind="budget", period="1", year=year, dates=dates),),
            workflows={"budget/med-hoering": shipped().workflows["budget/med-hoering"]},
        ),
        over=window(str(year)),
    )
    adopted = made.by_key["budget/med-hoering/kommune-med/1/vedtagelse"]
    proposed = made.by_key["budget/med-hoering/kommune-med/1/budgetforslag"]
    assert (str(adopted.not_before_on), adopted.limit_on, proposed.limit_on) == (
        row["anden behandling tidligst"],
        date(year, 10, 15),
        date(year, 9, 15),
    )
    told = [
        TOLD[finding.code, str(finding.field).rpartition("/")[2]]
        for finding in made.findings
        if finding.code in ("plan.before-not-before", "plan.after-limit")
    ]
    assert told == [each for each in row["bemærkning om"].split(", ") if each]
