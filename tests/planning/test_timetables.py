from __future__ import annotations

import pytest

from engine.planning.timetables import Timetable
from engine.planning.workflow import parse_holder

BUDGET = Timetable.model_validate(
    {
        "title": "Tidsplan",
        "workflows": ["budget/hoering", "budget/reduktion*"],
        "columns": {
            "med": {"title": "MED", "meetings": True, "responsible": ["forperson"]},
            "tr": {"title": "TR og organisationer", "steps": "orientering"},
            "hr": {"title": "HR & Løn", "responsible": "office hr"},
        },
    }
)


@pytest.mark.parametrize(
    ("step", "title", "kind", "responsible", "column"),
    [
        ("orientering", "MED: orienteres", "at", "forperson", "tr"),
        ("svar", "TR og organisationer: de svarer", "at", "forperson", "tr"),
        ("svar", "tr og organisationer : de svarer", "due", "office hr", "tr"),
        ("punkt", "Et punkt: budgettet", "at", "office hr", "med"),
        ("svar", "MED svarer", "due", "office hr", "hr"),
        ("svar", "Svar", "due", "forperson", "med"),
        ("svar", "Svar", "due", "forperson of kommune-med", None),
        ("svar", "Svar", "due", "sekretaer", None),
    ],
)
def test_a_step_has_the_first_column_that_claims_it(
    step: str, title: str, kind: str, responsible: str, column: str | None
) -> None:
    assert BUDGET.column(step, title, kind, (parse_holder(responsible),)) == column


def test_a_timetable_shows_the_workflows_it_names_and_those_that_begin_so() -> None:
    keys = ["budget/reduktioner-forloeb", "budget/andet", "budget/reduktioner", "budget/hoering"]
    assert BUDGET.shows(keys) == (
        "budget/hoering",
        "budget/reduktioner",
        "budget/reduktioner-forloeb",
    )
