from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from store_examples import NOW, fact

from engine.migrations import settings as steps
from engine.migrations import upgrade
from engine.planning.facts import Case, Done, Facts
from engine.store import FactRow, Store, open_store
from engine.store.connecting import WRITES, connect
from engine.store.telling import cases_told

HERE = Path(__file__).parent
ABOUT = "aftale/oes-med"
ON = date(2026, 3, 11)
KEY = f"{ABOUT}/2026-001"


def opened(store: Store, year: int = 2026, **told: object) -> str:
    row = store.open_case(fact("case-opened", ABOUT, **told), year)
    return str(row.case_number)


def tell(store: Store, kind: str, **told: object) -> int:
    return store.add_fact(fact(kind, KEY, case_number="2026-001", **told)).id


def test_a_case_gets_the_years_next_number(store: Store) -> None:
    assert [opened(store), opened(store), opened(store, 2027), opened(store)] == [
        "2026-001",
        "2026-002",
        "2027-001",
        "2026-003",
    ]


def test_numbers_go_on_after_999(store: Store) -> None:
    store.add_fact(fact("case-opened", f"{ABOUT}/2026-999", case_number="2026-999"))
    assert [opened(store), opened(store)] == ["2026-1000", "2026-1001"]


def test_an_opened_case_is_a_fact_with_its_inputs(store: Store) -> None:
    row = store.open_case(fact("done", ABOUT, inputs={"opsagt": "2026-02-02", "antal": 3}), 2026)
    assert row == FactRow(
        id=1,
        key=KEY,
        kind="case-opened",
        on=ON,
        by="ahj",
        how="command",
        case_number="2026-001",
        inputs={"opsagt": "2026-02-02", "antal": 3},
        recorded_at=NOW,
    )
    assert store.case_rows("2026-001") == [row]


def test_what_is_set_stands_and_what_is_emptied_goes(store: Store) -> None:
    opened(store, inputs={"opsagt": "2026-02-02", "antal": 3})
    tell(store, "case-set", inputs={"antal": 4, "hurtigt": False})
    tell(store, "case-set", inputs={"opsagt": None})
    assert store.facts().cases == (
        Case("2026-001", "aftale", "oes-med", ON, {"antal": 4, "hurtigt": False}),
    )


def test_a_case_is_closed_and_opened_again_by_undoing(store: Store) -> None:
    opened(store)
    number = tell(store, "case-closed", on=date(2026, 4, 1))
    case = Case("2026-001", "aftale", "oes-med", ON)
    assert store.facts().cases == (Case("2026-001", "aftale", "oes-med", ON, {}, date(2026, 4, 1)),)
    store.add_fact(fact("undone", KEY, undoes=number))
    assert store.facts().cases == (case,)


def test_a_number_that_was_undone_is_not_given_again(store: Store) -> None:
    opened(store)
    tell(store, "case-set", inputs={"antal": 4})
    store.add_fact(fact("undone", KEY, undoes=1))
    assert store.facts().cases == ()
    assert opened(store) == "2026-002"


def test_a_case_about_no_committee(store: Store) -> None:
    store.open_case(fact("case-opened", "a/b/-"), 2026)
    assert store.facts().cases == (Case("2026-001", "a/b", "", ON),)


def test_two_processes_that_open_cases_at_once_get_different_numbers(url: str) -> None:
    upgrade(url)
    command = [sys.executable, str(HERE / "case_opener.py"), url, "5"]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    numbers = [number for one in both for number in one.communicate(timeout=60)[0].split()]
    assert sorted(numbers) == [f"2026-{number:03}" for number in range(1, 11)]


def test_a_number_taken_twice_is_refused_by_the_database(store: Store) -> None:
    opened(store)
    with pytest.raises(IntegrityError):
        store.add_fact(fact("case-opened", "andet/oes-med/2026-001", case_number="2026-001"))
    assert len(store.fact_rows()) == 1


def test_facts_from_before_there_were_cases_are_kept(url: str) -> None:
    from alembic import command

    database = connect(url).execution_options(**{WRITES: True})
    with database.begin() as connection:
        command.upgrade(steps(connection), "0001")
        connection.execute(
            text(
                'INSERT INTO fact (key, kind, "on", from_meeting, to_meeting, unit, by, how, why,'
                " evidence, recorded_at) VALUES ('a', 'done', '2026-03-11', '', '', '', 'ahj',"
                " 'command', '', '', '2026-03-12 06:30:00')"
            )
        )
    database.dispose()
    with open_store(url, upgrade) as store:
        assert store.facts() == Facts(done=(Done("a", ON, "ahj"),))
        assert [(row.case_number, row.inputs) for row in store.fact_rows()] == [(None, None)]
        assert opened(store) == "2026-001"


VALUES = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 9), st.booleans()), max_size=3
)


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=6))
def test_the_last_word_on_each_input_holds(told: list[dict[str, int | bool | None]]) -> None:
    kinds = ["case-opened", *["case-set"] * (len(told) - 1)]
    rows = [
        FactRow(
            id=number,
            **fact(kind, KEY, case_number="2026-001", inputs=inputs).model_dump(),
        )
        for number, (kind, inputs) in enumerate(zip(kinds, told, strict=True), start=1)
    ]
    last = {name: value for inputs in told for name, value in inputs.items()}
    (case,) = cases_told(rows)
    assert case.inputs == {name: value for name, value in last.items() if value is not None}
