from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from danish_days import table
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_shipped import TABLES, deciding, read

from engine.errors import EngineError
from engine.planning.tables import (
    Answer,
    Decided,
    DecisionTable,
    Refused,
    Undecided,
    decide,
    faults,
)

NORMAL = deciding("masseafskedigelse")
LARGE = deciding("masseafskedigelse-stor")
ONCE = settings(max_examples=200, deadline=None)
PEOPLE = st.integers(0, 1_000)


def in_use(employed: int, dismissed: int, voluntary: int) -> bool:
    inputs = {"ansatte": employed, "afskediges": dismissed, "frivillige": voluntary}
    answer = decide(NORMAL, inputs)
    assert isinstance(answer, Decided)
    return {"yes": True, "no": False}[answer.result]


@pytest.mark.parametrize(
    "row",
    table("masseafskedigelse.csv"),
    ids=lambda row: f"{row['afskediges']}+{row['frivillige']} af {row['ansatte']}",
)
def test_the_table_of_collective_redundancies(row: dict[str, str]) -> None:
    numbers = (int(row[name]) for name in ("ansatte", "afskediges", "frivillige"))
    assert in_use(*numbers) == {"ja": True, "nej": False}[row["i brug"]]


@pytest.mark.parametrize(
    "row",
    table("masseafskedigelse-stor.csv"),
    ids=lambda row: f"{row['afskediges der']} af {row['arbejdssted']}",
)
def test_the_table_of_the_large_case(row: dict[str, str]) -> None:
    inputs = {
        "arbejdssted": row["arbejdssted"],
        "afskediges-der": row["afskediges der"],
        "kollektiv-aftale": row["kollektiv aftale"],
    }
    answer = decide(LARGE, inputs)
    assert isinstance(answer, Decided)
    assert answer.result == {"ja": "yes", "nej": "no"}[row["21 dage og 8 uger"]]


@ONCE
@given(PEOPLE, PEOPLE, PEOPLE)
def test_the_law_on_collective_redundancies_as_it_is_written(
    employed: int, dismissed: int, voluntary: int
) -> None:
    counted = dismissed + voluntary if dismissed >= 5 else dismissed
    law = (
        (20 < employed < 100 and counted >= 10)
        or (100 <= employed < 300 and counted * 10 >= employed)
        or (employed >= 300 and counted >= 30)
    )
    assert in_use(employed, dismissed, voluntary) == law


@ONCE
@given(PEOPLE, PEOPLE, PEOPLE, st.integers(0, 20), st.integers(0, 20))
def test_more_dismissals_never_take_the_law_out_of_use(
    employed: int, dismissed: int, voluntary: int, more: int, more_voluntary: int
) -> None:
    fewer = in_use(employed, dismissed, voluntary)
    assert not fewer or in_use(employed, dismissed + more, voluntary + more_voluntary)


def large(employed: int, dismissed: int, agreed: bool) -> bool:
    inputs = {"arbejdssted": employed, "afskediges-der": dismissed, "kollektiv-aftale": agreed}
    answer = decide(LARGE, {name: _plain(value) for name, value in inputs.items()})
    assert isinstance(answer, Decided)
    return {"yes": True, "no": False}[answer.result]


def _plain(value: int | bool) -> str:
    return ("ja" if value else "nej") if isinstance(value, bool) else str(value)


@ONCE
@given(PEOPLE, PEOPLE, st.booleans(), st.integers(0, 200))
def test_more_dismissals_in_one_place_never_shorten_the_wait(
    employed: int, dismissed: int, agreed: bool, more: int
) -> None:
    law = not agreed and employed >= 100 and dismissed * 2 >= employed
    assert large(employed, dismissed, agreed) == law
    assert not law or large(employed, dismissed + more, agreed)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Undecided(("ansatte", "afskediges"))),
        ({"ansatte": 50}, Undecided(("afskediges",))),
        ({"ansatte": 50, "afskediges": 4}, Decided("no", 4)),
        ({"ansatte": 50, "afskediges": 7}, Undecided(("frivillige",))),
        ({"ansatte": 20}, Decided("no", 4)),
        ({"ansatte": 20, "afskediges": None}, Decided("no", 4)),
        ({"ansatte": 200, "afskediges": 20, "frivillige": 0}, Decided("yes", 2)),
        ({"ansatte": "200", "afskediges": "20", "frivillige": "0"}, Decided("yes", 2)),
        ({"afskediges": 12, "frivillige": 0}, Undecided(("ansatte",))),
    ],
)
def test_what_is_not_known_yet_is_asked_for_only_where_it_matters(
    inputs: dict[str, Any], expected: Answer
) -> None:
    assert decide(NORMAL, inputs) == expected


def test_a_procedural_guideline_cannot_be_ended() -> None:
    table = deciding("retningslinjers-opsigelse")
    reason = (
        "En procedureretningslinje kan ikke opsiges. Den gælder, indtil parterne har aftalt en ny."
    )
    assert [decide(table, {"slags": kind}) for kind in ("procedure", "Procedure", "anden")] == [
        Refused(reason, 1),
        Refused(reason, 1),
        Decided("almindelig", 2),
    ]
    assert decide(table, {}) == Undecided(("slags",))


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("arbejdssted", "mange", "whole number"),
        ("arbejdssted", -1, "whole number"),
        ("arbejdssted", True, "whole number"),
        ("kollektiv-aftale", "måske", "yes/no"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: object, kind: str) -> None:
    with pytest.raises(EngineError) as caught:
        decide(LARGE, {name: value})
    told = {"name": name, "value": str(value), "type": kind}
    assert (caught.value.code, caught.value.params) == ("table.value-refused", told)


def decision(inputs: str, *rows: str, counts: str = "{}") -> DecisionTable:
    lines = "".join(f"  - {{{row}}}\n" for row in rows)
    made = read(
        f"title: T\nsource: {{document: D}}\ntable: decision\ninputs: {{{inputs}}}\n"
        f"counts: {counts}\nrows:\n{lines}"
    )
    assert isinstance(made, DecisionTable)
    return made


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ("5", [5]),
        ('"= 5"', [5]),
        ('"> 5"', [6, 7, 8]),
        ('">= 5"', [5, 6, 7, 8]),
        ('"< 2"', [0, 1]),
        ('"<= 2"', [0, 1, 2]),
        ('"3..5"', [3, 4, 5]),
        ('">= 2.5"', [3, 4, 5, 6, 7, 8]),
        ("any", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ('">= 50 % of b"', [4, 5, 6, 7, 8]),
        ('"> 50 % of b"', [5, 6, 7, 8]),
        ('"= 50 % af b"', [4]),
        ('">= 33.4 % of b"', [3, 4, 5, 6, 7, 8]),
    ],
)
def test_every_form_of_a_test(cell: str, held: list[int]) -> None:
    asked = decision("a: whole number, b: whole number", f"a: {cell}, result: yes", "result: no")
    fits = [
        number for number in range(9) if decide(asked, {"a": number, "b": 8}) == Decided("yes", 1)
    ]
    assert fits == held


def test_days_are_compared_as_days() -> None:
    asked = decision("a: date", 'a: "2026-01-01..2026-12-31", result: yes', "result: no")
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [decide(asked, {"a": on}) for on in days] == [
        Decided("no", 2),
        Decided("yes", 1),
        Decided("yes", 1),
        Decided("no", 2),
    ]


def test_the_employees_of_the_committee_need_no_input() -> None:
    asked = decision("a: whole number", 'a: ">= 10 % of employees", result: yes', "result: no")
    assert list(faults(asked)) == []
    assert decide(asked, {"a": 7, "employees": 70}) == Decided("yes", 1)
    assert decide(asked, {"a": 7}) == Undecided(("employees",))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_shipped_tables_have_no_faults(name: str) -> None:
    assert list(faults(TABLES[name])) == []


CELLS = st.sampled_from(
    ['">= 3"', '"< 3"', '"2..4"', "any", "3", '">= 50 % of b"', '"< 50 % of b"', '"> 4"']
)


@ONCE
@given(st.lists(st.tuples(CELLS, CELLS.filter(lambda cell: "%" not in cell)), max_size=5))
def test_what_is_said_of_gaps_and_rows_is_what_trying_everything_shows(
    rows: list[tuple[str, str]],
) -> None:
    written = [f"a: {a}, b: {b}, result: r{i}" for i, (a, b) in enumerate(rows)]
    asked = decision("a: whole number, b: whole number", *(written or ["result: yes"]))
    reached, uncovered = set(), []
    for a in range(15):
        for b in range(15):
            try:
                answer = decide(asked, {"a": a, "b": b})
            except EngineError:
                uncovered.append((a, b))
            else:
                assert isinstance(answer, Decided)
                reached.add(answer.row)
    found = list(faults(asked))
    gaps = [fault for fault in found if fault.code == "table.gap"]
    told = {fault.params["row"] for fault in found if fault.code == "table.unreachable"}
    assert bool(gaps) == bool(uncovered)
    assert reached & told == set()
