"""What is remembered of applying by itself, and what held at a moment."""

from __future__ import annotations

from datetime import timedelta

from store_examples import KEY, NOW, fact, found, moved, new

from engine.planning.facts import Done, Waived
from engine.store import Store

MINUTE, LEASE = timedelta(minutes=1), timedelta(minutes=3)


def test_one_node_has_the_turn_until_its_lease_runs_out(store: Store) -> None:
    assert store.take_turn("a", NOW, LEASE)
    assert not store.take_turn("b", NOW + MINUTE, LEASE)
    assert store.take_turn("a", NOW + 2 * MINUTE, LEASE)
    assert not store.take_turn("b", NOW + 4 * MINUTE, LEASE)
    assert store.take_turn("b", NOW + 5 * MINUTE, LEASE)
    assert not store.take_turn("a", NOW + 6 * MINUTE, LEASE)


def test_what_is_not_changed_is_remembered(store: Store) -> None:
    store.remember_watching(files_hash="ab", files_since_at=NOW)
    store.remember_watching(outcome="asks", detail={"losses": []}, outcome_at=NOW + MINUTE)
    row = store.auto_applying()
    assert (row.files_hash, row.files_since_at, row.outcome, row.detail) == (
        "ab",
        NOW,
        "asks",
        {"losses": []},
    )


def test_what_held_at_a_moment(store: Store) -> None:
    first = found(store)
    later, latest = NOW + MINUTE, NOW + 2 * MINUTE
    store.announce([new()], edition=first, at=NOW)
    store.append_edition({"b.yaml": ""}, "h2", parent=1, by="", note="", at=later, restores=1)
    store.announce([moved(KEY, "2026-03-19", "2026-03-20")], edition=2, at=later)
    store.add_renames({"b/c/d/e": KEY}, later)
    store.add_fact(fact("done", recorded_at=NOW))
    told = store.add_fact(fact("not-ours", "a/b/c/d", recorded_at=later))
    store.add_fact(fact("undone", "a/b/c/d", undoes=told.id, recorded_at=latest))
    store.add_fact(fact("taken-over", "a/b/c/e", recorded_at=latest))
    on = fact("done").on
    assert store.edition_at(NOW - MINUTE) is None
    assert [store.edition_at(at).number for at in (NOW, later, latest)] == [1, 2, 2]  # type: ignore[union-attr]
    days = [store.ledger(at)[KEY].snapshot.due_on for at in (NOW, later)]
    assert days == ["2026-03-19", "2026-03-20"]
    assert (store.renames(NOW), store.renames(later)) == ({}, {"b/c/d/e": KEY})
    at_first, then, now = store.facts(NOW), store.facts(later), store.facts()
    assert (at_first.done, at_first.waived) == ((Done(KEY, on, "ahj"),), ())
    assert then.waived == (Waived("a/b/c/d", on, "ahj"),)
    assert (now.waived, now.taken_over) == ((), ("a/b/c/e",))


def test_what_each_edition_changed(store: Store) -> None:
    first = found(store)
    reasons = {KEY: "edition 1", "a/b/c/d": "edition 1", "a/b/c/e": "horizon"}
    changes = [new(), new("a/b/c/d"), new("a/b/c/e")]
    store.announce(changes, edition=first, at=NOW, reasons=reasons)
    assert store.counts_of_editions() == {1: {"new": 2}}
