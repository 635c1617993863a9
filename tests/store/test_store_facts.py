from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from store_examples import KEY, NOW, fact

from engine.errors import StoreError
from engine.planning.facts import Done, Facts, Postponed, Waived
from engine.store import FactRow, Store
from engine.store.telling import still_told

ON = date(2026, 3, 11)


def test_a_fact_comes_back_with_its_number(store: Store) -> None:
    row = store.add_fact(
        fact("done", unit="Løn", why="drøftet på mødet", evidence="punkt 9", how="page")
    )
    assert row == FactRow(
        id=1,
        key=KEY,
        kind="done",
        on=ON,
        by="ahj",
        how="page",
        unit="Løn",
        why="drøftet på mødet",
        evidence="punkt 9",
        recorded_at=NOW,
    )
    assert store.fact_rows() == [row]


def test_facts_in_the_order_they_were_told(store: Store) -> None:
    store.add_fact(fact("done", "a"))
    store.add_fact(fact("postponed", "b", from_meeting="2026-03-26", to_meeting="2026-06-18"))
    store.add_fact(fact("waived", "c", by="bs"))
    store.add_fact(fact("done", "a", unit="Løn", by="bs"))
    store.add_fact(fact("postponed", "b", from_meeting="2026-06-18"))
    assert store.facts() == Facts(
        done=(Done("a", ON, "ahj"), Done("a", ON, "bs", "Løn")),
        postponed=(
            Postponed("b", "2026-03-26", "2026-06-18", ON),
            Postponed("b", "2026-06-18", "", ON),
        ),
        waived=(Waived("c", ON, "bs"),),
    )
    assert [row.id for row in store.fact_rows("b")] == [2, 5]


def test_an_undone_fact_no_longer_holds_but_stays_on_record(store: Store) -> None:
    store.add_fact(fact("done", "a"))
    store.add_fact(fact("done", "b"))
    store.add_fact(fact("undone", "a", undoes=1))
    assert store.facts() == Facts(done=(Done("b", ON, "ahj"),))
    assert [(row.id, row.kind) for row in store.fact_rows()] == [
        (1, "done"),
        (2, "done"),
        (3, "undone"),
    ]


def test_an_undoing_can_be_undone(store: Store) -> None:
    store.add_fact(fact("done", "a"))
    store.add_fact(fact("undone", "a", undoes=1))
    store.add_fact(fact("undone", "a", undoes=2))
    assert store.facts() == Facts(done=(Done("a", ON, "ahj"),))


@pytest.mark.parametrize(
    ("kind", "undoes", "code"),
    [
        ("undone", None, "store.undoing-nothing"),
        ("done", 1, "store.undoing-nothing"),
        ("undone", 2, "store.fact-unknown"),
    ],
)
def test_what_undoes_must_name_a_fact(
    store: Store, kind: str, undoes: int | None, code: str
) -> None:
    store.add_fact(fact("done"))
    with pytest.raises(StoreError) as raised:
        store.add_fact(fact(kind, undoes=undoes))
    assert raised.value.code == code
    assert len(store.fact_rows()) == 1


def test_a_kind_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError):
        fact("forgotten")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_undoing_everything_newest_first_leaves_nothing(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    rows = [FactRow(id=n, **fact("done", f"k{n}").model_dump()) for n in range(1, count + 1)]
    undone = data.draw(st.sets(st.integers(1, count)))
    undoings = [
        FactRow(id=count + n, **fact("undone", undoes=target).model_dump())
        for n, target in enumerate(sorted(undone, reverse=True), start=1)
    ]
    assert [row.id for row in still_told(rows + undoings)] == [
        row.id for row in rows if row.id not in undone
    ]
