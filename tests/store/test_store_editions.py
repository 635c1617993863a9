from __future__ import annotations

from datetime import date, timedelta

import pytest
from store_examples import ANNE, BO, NOW, SECRET, TEXTS, found

from engine.errors import StoreError, Unknown
from engine.store import EditionHead, EditionRow, SiteRow, Store

LATER = NOW + timedelta(days=1)
FIRST = {"number": 1, "parent": None, "hash": "hash-1", "by": "ahj"} | {
    "note": "den første",
    "applied_at": NOW,
}
SECOND = {"number": 2, "parent": 1, "hash": "hash-2", "by": "bs", "note": "", "applied_at": LATER}


def second(store: Store, parent: int | None) -> EditionRow:
    return store.append_edition(
        {"a.yaml": "b"}, "hash-2", parent=parent, by="bs", note="", at=LATER
    )


def test_a_database_without_a_site(store: Store) -> None:
    with pytest.raises(StoreError) as raised:
        store.site()
    assert (raised.value.code, raised.value.params) == ("store.no-site", {"place": store.place})
    assert (store.current_edition(), store.current_number(), store.editions()) == (None, None, [])


def test_the_first_secret_stays(store: Store) -> None:
    made = store.ensure_site(SECRET, NOW, demo=True)
    assert made == SiteRow(secret=SECRET, demo=True, created_at=NOW)
    assert store.ensure_site("00" * 32, LATER) == made
    assert store.site() == made
    assert SECRET not in repr(made)


@pytest.mark.parametrize("weak", ["", "5e" * 31, "5e" * 33, "5E" * 32, "xy" * 32])
def test_a_weak_secret_is_refused(store: Store, weak: str) -> None:
    with pytest.raises(StoreError) as raised:
        store.ensure_site(weak, NOW)
    assert raised.value.code == "store.weak-secret"


def test_in_force(store: Store) -> None:
    store.ensure_site(SECRET, NOW)
    store.set_in_force(date(2026, 3, 12))
    assert store.site().in_force_on == date(2026, 3, 12)


def test_editions_follow_each_other(store: Store) -> None:
    assert found(store) == 1
    assert store.current_edition() == EditionRow(**FIRST, texts=TEXTS)
    assert second(store, parent=1) == EditionRow(**SECOND, texts={"a.yaml": "b"})
    assert store.current_edition() == EditionRow(**SECOND, texts={"a.yaml": "b"})
    assert store.current_number() == 2
    assert store.editions() == [EditionHead(**SECOND), EditionHead(**FIRST)]
    assert store.edition(1) == EditionRow(**FIRST, texts=TEXTS)


@pytest.mark.parametrize("parent", [None, 2, 7])
def test_an_edition_on_another_than_the_current_is_refused(
    store: Store, parent: int | None
) -> None:
    found(store)
    with pytest.raises(StoreError) as raised:
        second(store, parent)
    assert (raised.value.code, raised.value.params) == (
        "store.edition-moved",
        {"current": 1, "parent": parent or 0},
    )
    assert store.editions() == [EditionHead(**FIRST)]


def test_a_first_edition_has_no_parent(store: Store) -> None:
    with pytest.raises(StoreError) as raised:
        second(store, parent=1)
    assert raised.value.params == {"current": 0, "parent": 1}


def test_an_edition_that_is_not_there(store: Store) -> None:
    with pytest.raises(Unknown) as raised:
        store.edition(4)
    assert (raised.value.code, raised.value.params) == ("store.edition-unknown", {"number": 4})


def test_people_come_back_as_they_were_saved(store: Store) -> None:
    store.save_people([BO, ANNE])
    assert list(store.people().items()) == [("ahj", ANNE), ("bs", BO)]


def test_saving_people_changes_those_given_and_no_others(store: Store) -> None:
    store.save_people([ANNE, BO])
    moved = type(BO)("bs", "Bo Ravn", "bo.ravn@kommune.example", "en")
    store.save_people([moved])
    assert store.people() == {"ahj": ANNE, "bs": moved}


def test_an_apply_happens_whole_or_not_at_all(store: Store) -> None:
    found(store)
    with pytest.raises(RuntimeError, match="in between"), store.writing("apply"):
        second(store, parent=1)
        store.save_people([ANNE])
        assert (store.current_number(), store.people()) == (2, {"ahj": ANNE})
        raise RuntimeError("in between")
    assert (store.current_number(), store.people()) == (1, {})


def test_a_reader_sees_one_state_while_another_writes(store: Store, url: str) -> None:
    found(store)
    other = Store(url)
    with other.reading():
        assert other.current_number() == 1
        second(store, parent=1)
        assert (other.current_number(), other.people()) == (1, {})
    assert other.current_number() == 2
    other.close()


def test_writing_within_a_snapshot_sees_what_is_newest(store: Store, url: str) -> None:
    found(store)
    other = Store(url)
    with store.reading():
        assert store.current_number() == 1
        second(other, parent=1)
        with store.writing():
            assert store.current_number() == 2
        assert store.current_number() == 1
    other.close()
