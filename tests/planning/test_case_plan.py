from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from danish_days import table
from hypothesis import given, settings
from hypothesis import strategies as st
from site_given import YEAR_2026, edition, plan, window, workflow

from engine.errors import EngineError
from engine.planning.conditions import (
    Answer,
    Condition,
    Decided,
    Refused,
    Undecided,
    condition,
    refusal,
)
from engine.planning.diff import Announced, Verb, diff, snapshots
from engine.planning.facts import Case, Done, Facts
from engine.planning.inputs import InputValue
from engine.planning.plan import Deadline, Plan
from engine.planning.rules import Missing
from engine.planning.status import State, state

INPUTS = {
    "opsagt": {"type": "date", "title": "Opsagt"},
    "moede": {"type": "date", "title": "Første møde"},
    "grund": {"type": "choice", "title": "Grund", "choices": ["oekonomi", "andet"]},
    "antal": {"type": "choice", "title": "Antal", "choices": ["3", "7"]},
    "hurtigt": {"type": "yes/no", "title": "Haster det?"},
}
STEPS = {
    "ophoer": {"on": "opsagt"},
    "forhandling": {"due": "3 months after opsagt"},
    "budget": {"due": "1 month after opsagt", "when": {"grund": "oekonomi"}},
    "hoering": {"due": "2 weeks after opsagt", "when": {"antal": "7", "hurtigt": "yes"}},
    "referat": {"due": "2 weeks after moede"},
    "aftalt": {"needs": ["forhandling", "budget"]},
}
AGREEMENT = workflow("aftale", {"each": "case", "inputs": INPUTS}, STEPS)
OPENED_ON = date(2026, 1, 15)


def case(told: str = "", **rest: object) -> Case:
    inputs = dict(pair.split("=") for pair in told.split())
    given_ = {"number": "2026-017", "workflow": "aftale", "committee": "oes-med", **rest}
    return Case(opened_on=OPENED_ON, inputs=inputs, **given_)  # type: ignore[arg-type]  # by name


def facts_of(told: str, spoken: str) -> Facts:
    """`udført STEP DAY`, `afsluttet DAY`, with commas between."""
    closed_on: date | None = None
    done: list[Done] = []
    for part in filter(None, spoken.split(", ")):
        *words, on = part.split()
        if words[0] == "afsluttet":
            closed_on = date.fromisoformat(on)
        else:
            done.append(Done(f"aftale/oes-med/2026-017/{words[1]}", date.fromisoformat(on)))
    return Facts(done=tuple(done), cases=(case(told, closed_on=closed_on),))


def planned(told: str = "", spoken: str = "") -> Plan:
    return plan(edition(AGREEMENT), facts_of(told, spoken))


def day_of(deadline: Deadline) -> str:
    gaps = " og ".join(str(gap.detail["name"]) for gap in deadline.missing)
    return str(deadline.due_on or (f"mangler {gaps}" if gaps else "–"))


@pytest.mark.parametrize("row", table("forloeb.csv"), ids=lambda row: row["kilde"])
def test_the_deadlines_of_a_case(row: dict[str, str]) -> None:
    made = planned(row["oplyst"], row["fortalt"])
    found = {each.step: day_of(each) for each in made.deadlines}
    expected = dict(pair.split("=") for pair in row["forventet"].split(", ") if "=" in pair)
    assert found == expected


def test_a_deadline_is_named_by_the_case_and_explains_its_date() -> None:
    made = planned("opsagt=2026-02-02")
    ophoer = made.by_key["aftale/oes-med/2026-017/ophoer"]
    assert (ophoer.occurrence, ophoer.committee, ophoer.about_on) == (
        "2026-017",
        "oes-med",
        OPENED_ON,
    )
    assert [(link.kind, link.on, link.detail) for link in ophoer.derivation] == [
        (
            "input",
            date(2026, 2, 2),
            {"name": "opsagt", "title": "Opsagt", "case": "2026-017"},
        )
    ]


def test_what_is_missing_is_named_with_its_title() -> None:
    made = planned()
    ophoer = made.by_key["aftale/oes-med/2026-017/ophoer"]
    detail = {"name": "opsagt", "title": "Opsagt", "type": "date", "case": "2026-017"}
    assert ophoer.missing == (Missing("input", detail),)


def test_a_need_that_does_not_apply_is_settled() -> None:
    spoken = "udført forhandling 2026-02-20"
    key, today = "aftale/oes-med/2026-017/aftalt", date(2026, 3, 1)
    made = planned("opsagt=2026-02-02 grund=andet", spoken)
    assert made.by_key[key].needs == ("aftale/oes-med/2026-017/forhandling",)
    assert state(made.by_key[key], made, today) is State.OPEN
    made = planned("opsagt=2026-02-02", spoken)
    assert state(made.by_key[key], made, today) is State.BLOCKED


def test_what_names_a_step_that_does_not_apply_has_no_day() -> None:
    steps = {
        "budget": {"due": "opsagt", "when": {"grund": "oekonomi"}},
        "brev": {"due": "1 week after budget"},
        "svar": {"due": "1 week after done budget"},
        "ellers": {"due": "1 week after budget otherwise opsagt"},
    }
    own = workflow("aftale", {"each": "case", "inputs": INPUTS}, steps)
    made = plan(edition(own), Facts(cases=(case("opsagt=2026-02-02 grund=andet"),)))
    gap = Missing("not applying", {"step": "budget", "title": "Budget", "case": "2026-017"})
    found = {each.step: (each.due_on, each.missing) for each in made.deadlines}
    assert found == {
        "ellers": (date(2026, 2, 2), ()),
        "brev": (None, (gap,)),
        "svar": (None, (gap,)),
    }


@pytest.mark.parametrize(
    ("year", "shown"), [("2025", []), ("2026", ["forhandling"]), ("2031", ["forhandling"])]
)
def test_what_waits_for_a_date_is_shown_until_the_case_is_closed(
    year: str, shown: list[str]
) -> None:
    own = workflow("aftale", {"each": "case", "inputs": INPUTS}, {"forhandling": {"due": "opsagt"}})
    made = plan(edition(own), Facts(cases=(case(),)), window(year))
    assert [each.step for each in made.deadlines] == shown


def test_a_case_of_another_workflow_or_committee_is_not_planned_here() -> None:
    others = (case(number="2026-001", committee="bf-med"), case(number="2026-002", workflow="x"))
    assert plan(edition(AGREEMENT), Facts(cases=others)).deadlines == ()


def test_a_case_keeps_its_deadlines_when_its_workflow_is_renamed() -> None:
    renamed = workflow("aftaler/ny", {"each": "case", "inputs": INPUTS}, STEPS, formerly="aftale")
    made = plan(edition(renamed), Facts(cases=(case("opsagt=2026-02-02"),)))
    assert "aftaler/ny/oes-med/2026-017/ophoer" in made.by_key


def test_closing_a_case_withdraws_what_is_open() -> None:
    before = planned("opsagt=2026-02-02 grund=andet antal=3")
    at = before.window.from_on
    ledger = {
        key: Announced(key, key, 0, _moment(at), None, each)
        for key, each in snapshots(before).items()
        if not key.startswith("meeting/")
    }
    after = planned("opsagt=2026-02-02 grund=andet antal=3", "afsluttet 2026-03-01")
    changes = [each for each in diff(after, ledger, {}) if not each.key.startswith("meeting/")]
    assert [(each.verb, each.key.rsplit("/", 1)[1]) for each in changes] == [
        (Verb.RETIRED, "aftalt"),
        (Verb.RETIRED, "forhandling"),
        (Verb.RETIRED, "referat"),
    ]


def _moment(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


# Tables are asked through one function.

TABLE_STEP = {"navne": {"due": "opsagt", "when": {"masse": "yes"}}}
BY_TABLE = workflow("aftale", {"each": "case", "inputs": INPUTS}, TABLE_STEP)


def by_answer(answer: Answer | None) -> Condition:
    def decide(table: str, inputs: Mapping[str, InputValue]) -> Answer | None:
        assert (table, dict(inputs)) == ("masse", {"employees": 70})
        return answer

    return condition(BY_TABLE, BY_TABLE.steps["navne"], {"employees": 70}, "2026-017", decide)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Decided("yes"), Condition(True)),
        (Decided("ja"), Condition(True)),
        (Decided("no"), Condition(False)),
        (
            Undecided(("grund",)),
            Condition(
                True,
                (
                    Missing(
                        "input",
                        {"name": "grund", "title": "Grund", "type": "choice", "case": "2026-017"},
                    ),
                ),
            ),
        ),
        (
            Undecided(("employees",)),
            Condition(True, (Missing("decision", {"table": "masse", "case": "2026-017"}),)),
        ),
        (
            Refused("Der er for få."),
            Condition(
                True,
                (
                    Missing(
                        "refused",
                        {"table": "masse", "reason": "Der er for få.", "case": "2026-017"},
                    ),
                ),
            ),
        ),
        (None, Condition(True, (Missing("decision", {"table": "masse", "case": "2026-017"}),))),
    ],
)
def test_a_table_decides_whether_a_step_applies(answer: Answer | None, outcome: Condition) -> None:
    assert by_answer(answer) == outcome


def test_a_step_whose_table_cannot_be_looked_up_is_shown_without_a_date() -> None:
    made = plan(edition(BY_TABLE), Facts(cases=(case("opsagt=2026-02-02"),)))
    detail = {"table": "masse", "case": "2026-017"}
    assert [(each.step, each.due_on, each.missing) for each in made.deadlines] == [
        ("navne", None, (Missing("decision", detail),))
    ]


def test_a_table_may_refuse_the_case() -> None:
    assert refusal(BY_TABLE, {}, lambda table, inputs: Refused(f"{table} siger nej")) == (
        "masse siger nej"
    )
    assert refusal(BY_TABLE, {}, lambda table, inputs: Decided("no")) == ""
    assert refusal(BY_TABLE, {}, lambda table, inputs: None) == ""
    assert refusal(AGREEMENT, {}, lambda table, inputs: Refused("aldrig spurgt")) == ""


def test_a_table_that_cannot_take_the_inputs_leaves_the_step_without_a_date() -> None:
    def decide(table: str, inputs: Mapping[str, InputValue]) -> Answer | None:
        raise EngineError("table.no-row", table=table)

    found = condition(BY_TABLE, BY_TABLE.steps["navne"], {}, "2026-017", decide)
    gap = Missing("decision", {"table": "masse", "case": "2026-017"})
    assert found == Condition(True, (gap,))
    assert refusal(BY_TABLE, {}, decide) == ""


# Laws.

ANSWERS = {
    "opsagt": st.dates(date(2026, 1, 1), date(2026, 6, 30)).map(str),
    "moede": st.dates(date(2026, 1, 1), date(2026, 6, 30)).map(str),
    "grund": st.sampled_from(["oekonomi", "andet"]),
    "antal": st.sampled_from(["3", "7"]),
    "hurtigt": st.sampled_from(["yes", "no"]),
}
WHOLE = st.fixed_dictionaries(ANSWERS)


def steps_of(inputs: Mapping[str, str]) -> dict[str, str]:
    told = " ".join(f"{name}={value}" for name, value in inputs.items())
    return {each.step: day_of(each) for each in planned(told).deadlines}


@settings(max_examples=60, deadline=None)
@given(WHOLE, st.sets(st.sampled_from(sorted(ANSWERS))))
def test_knowing_more_only_fills_in_and_leaves_out(whole: dict[str, str], known: set[str]) -> None:
    before = steps_of({name: whole[name] for name in known})
    after = steps_of(whole)
    assert set(after) <= set(before)
    dated = {step: day for step, day in before.items() if not day.startswith("mangler")}
    assert {step: after[step] for step in dated} == dated


@settings(max_examples=60, deadline=None)
@given(WHOLE)
def test_a_case_of_which_all_is_known_misses_nothing(whole: dict[str, str]) -> None:
    assert [day for day in steps_of(whole).values() if day.startswith("mangler")] == []


@settings(max_examples=30, deadline=None)
@given(WHOLE)
def test_two_cases_told_the_same_have_the_same_days(whole: dict[str, str]) -> None:
    told = " ".join(f"{name}={value}" for name, value in whole.items())
    two = (case(told), case(told, number="2026-018"))
    made = plan(edition(AGREEMENT), Facts(cases=two), YEAR_2026)
    first, second = (
        {each.step: each.due_on for each in made.deadlines if each.occurrence == number}
        for number in ("2026-017", "2026-018")
    )
    assert first == second
    assert len(made.by_key) == len(first) + len(second)
