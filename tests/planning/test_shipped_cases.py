"""The shipped cases: each row of the tables opens one and plans it as it will be planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from danish_days import table
from tables_shipped import deciding

from engine.definitions import read_site, site_files
from engine.planning.edition import Edition
from engine.planning.facts import Case, Facts
from engine.planning.periods import Window
from engine.planning.plan import Deadline, make_plan
from engine.planning.tables import Decided, decide

ROOT = Path(__file__).parents[2]
WINDOW = Window(date(2024, 1, 1), date(2029, 12, 31))
NUMBER = "2026-017"
Row = dict[str, str]


@cache
def shipped() -> Edition:
    edition = read_site(site_files(ROOT)).edition
    assert edition is not None
    return edition


def alone(workflow: str) -> Edition:
    """The shipped site with this workflow only, in use whatever the file says."""
    found = shipped().workflows[workflow].model_copy(update={"in_use": True})
    return replace(shipped(), workflows={workflow: found})


def planned(workflow: str, committee: str, told: Mapping[str, str]) -> dict[str, Deadline]:
    case = Case(NUMBER, workflow, committee, date(2026, 1, 5), told)
    plan = make_plan(alone(workflow), Facts(cases=(case,)), WINDOW)
    ran = {**plan.beyond, **plan.by_key}
    return {key.rsplit("/", 1)[1]: each for key, each in ran.items()}


def told(text: str) -> dict[str, str]:
    """`navn=værdi, navn=værdi`."""
    return dict(pair.split("=") for pair in text.split(", ") if pair)


def dates(deadline: Deadline | None) -> tuple[str, str]:
    """Both dates; `–` for a step that does not apply, `snarest` for one without a day."""
    if deadline is None:
        return ("–", "–")
    if deadline.nominal_on is not None:
        return (str(deadline.nominal_on), str(deadline.due_on))
    lacking = " og ".join(str(gap.detail["name"]) for gap in deadline.missing)
    said = f"mangler {lacking}" if lacking else "snarest"
    return (said, said)


def expected(row: Row) -> tuple[str, str]:
    return (row["regnet"], row["frist"])


def named(row: Row) -> str:
    return f"{row['skridt']}: {row['kilde']}"


@pytest.mark.parametrize("row", table("afsked-frister.csv"), ids=named)
def test_a_dismissal(row: Row) -> None:
    asked = {
        "ansaettelse": row["ansættelse"],
        "organisationen": row["organisation"],
        "beskyttet": row["beskyttet"],
        "arbejdsmangel": row["arbejdsmangel"],
        "masseloven": row["masseloven"],
        **told(row["oplyst"]),
    }
    found = planned("afsked/individuel", "oes-med", asked).get(row["skridt"])
    assert dates(found) == expected(row)


@pytest.mark.parametrize("row", table("masseafskedigelser-frister.csv"), ids=named)
def test_a_collective_redundancy(row: Row) -> None:
    columns = {
        "ansatte": "ansatte",
        "afskediges": "afskediges",
        "frivillige": "frivillige",
        "arbejdssted": "arbejdssted",
        "afskediges der": "afskediges-der",
        "kollektiv aftale": "kollektiv-aftale",
        "forhandling begyndt": "forhandling-begyndt",
        "§ 7 sendt": "paragraf-7",
    }
    asked = {name: row[column] for column, name in columns.items() if row[column]}
    found = planned("afsked/masseafskedigelse", "kommune-med", asked).get(row["skridt"])
    earliest = str(found.not_before_on or "") if found else ""
    assert (*dates(found), earliest) == (*expected(row), row["tidligst"])


@pytest.mark.parametrize(
    "row", table("forloeb-frister.csv"), ids=lambda row: f"{row['arbejdsgang']} {named(row)}"
)
def test_a_case(row: Row) -> None:
    asked = told(row["oplyst"])
    found = planned(row["arbejdsgang"], row["udvalg"], asked).get(row["skridt"])
    latest = str(found.limit_on or "") if found else ""
    assert (*dates(found), latest) == (*expected(row), row["senest"])


@pytest.mark.parametrize("row", table("afsked-skala.csv"), ids=lambda row: "-".join(row.values()))
def test_which_notice_a_dismissal_has(row: Row) -> None:
    inputs = {
        "ansaettelse": row["ansættelse"],
        "beskyttet": row["beskyttet"],
        "arbejdsmangel": row["arbejdsmangel"],
    }
    answer = decide(deciding("afsked-skala"), inputs)
    assert isinstance(answer, Decided)
    assert answer.result == row["skala"]
    applying = {
        step.partition("@")[0]
        for step in planned("afsked/individuel", "oes-med", {**inputs, "masseloven": "nej"})
        if step.startswith("sidste-dag") or step == "varsel-afklaret"
    }
    one = {"funktionaer": "sidste-dag", "afklares": "varsel-afklaret"}
    assert applying == {one.get(row["skala"], f"sidste-dag-{row['skala']}")}


@pytest.mark.parametrize(
    "key", ["afsked/individuel", "arbejdsmiljoe/arbejdsulykke", "sygefravaer/samtale"]
)
def test_a_case_about_a_person_is_shipped_switched_off_and_confidential(key: str) -> None:
    workflow = shipped().workflows[key]
    assert (workflow.in_use, workflow.confidential) == (False, True)
    committee = "aaparken-med"
    case = Case(NUMBER, key, committee, date(2026, 1, 5), {})
    assert make_plan(shipped(), Facts(cases=(case,)), WINDOW).register.all_cases == [case]
    made = make_plan(replace(shipped(), workflows={key: workflow}), Facts(cases=(case,)), WINDOW)
    assert (made.deadlines, dict(made.beyond)) == ((), {})


def test_only_cases_about_persons_are_switched_off() -> None:
    off = {key for key, workflow in shipped().workflows.items() if not workflow.in_use}
    assert off == {"afsked/individuel", "arbejdsmiljoe/arbejdsulykke", "sygefravaer/samtale"}
