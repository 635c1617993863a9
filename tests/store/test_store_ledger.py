from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from store_examples import KEY, NOW, SECRET, found, moved, new, retired, snapshot

from engine.planning.diff import Announced, Change, Verb
from engine.store import AnnouncementRow, Store

LATER = NOW + timedelta(days=1)
LAST = NOW + timedelta(days=2)
OTHER = "moeder/moedecyklus/oes-med/2026-03-26/referat"


def test_a_change_becomes_a_revision(store: Store) -> None:
    found(store)
    (first,) = store.announce([new()], edition=1, at=NOW, reasons={KEY: "edition 1"})
    assert first == Announced(KEY, first.uid, 0, NOW, None, snapshot())
    (second,) = store.announce([moved(KEY, "2026-03-19", "2026-03-18")], edition=1, at=LATER)
    assert second == Announced(KEY, first.uid, 1, LATER, None, snapshot("2026-03-18"))
    assert store.ledger() == {KEY: second}


def test_every_revision_stays(store: Store) -> None:
    found(store)
    store.announce([new()], edition=1, at=NOW, reasons={KEY: "edition 1", OTHER: "no such"})
    store.announce([moved(KEY, "2026-03-19", "2026-03-18")], edition=1, at=LATER)
    uid = store.ledger()[KEY].uid
    told = [
        (row.id, row.uid, row.revision, row.verb, row.reason, row.changed_at, row.edition)
        for row in store.announcements(KEY)
    ]
    assert told == [(1, uid, 0, "new", "edition 1", NOW, 1), (2, uid, 1, "moved", "", LATER, 1)]
    assert [row.snapshot["due_on"] for row in store.announcements(KEY)] == [
        "2026-03-19",
        "2026-03-18",
    ]


def test_what_is_retired_and_comes_back_keeps_its_uid(store: Store) -> None:
    found(store)
    (first,) = store.announce([new()], edition=1, at=NOW)
    (gone,) = store.announce([retired(KEY)], edition=1, at=LATER)
    assert gone == Announced(KEY, first.uid, 1, LATER, LATER, snapshot())
    (back,) = store.announce([new()], edition=1, at=LAST)
    assert back == Announced(KEY, first.uid, 2, LAST, None, snapshot())
    assert store.ledger() == {KEY: back}


def test_a_renamed_key_keeps_its_uid_and_leaves_the_old_name(store: Store) -> None:
    found(store)
    (first,) = store.announce([new()], edition=1, at=NOW)
    store.add_renames({OTHER: KEY}, LATER)
    (renamed,) = store.announce(
        [Change(Verb.REWORDED, OTHER, snapshot(), snapshot())], edition=1, at=LATER
    )
    assert renamed == Announced(OTHER, first.uid, 1, LATER, None, snapshot())
    assert store.ledger() == {OTHER: renamed}


def test_a_new_key_under_an_old_name_gets_a_uid_of_its_own(store: Store) -> None:
    found(store)
    (first,) = store.announce([new()], edition=1, at=NOW)
    store.add_renames({OTHER: KEY}, LATER)
    store.announce([Change(Verb.REWORDED, OTHER, snapshot(), snapshot())], edition=1, at=LATER)
    (fresh,) = store.announce([new()], edition=1, at=LAST)
    assert (fresh.revision, fresh.uid == first.uid) == (0, False)
    assert {key: each.uid for key, each in store.ledger().items()} == {
        OTHER: first.uid,
        KEY: fresh.uid,
    }


def test_a_uid_is_made_of_key_and_secret_and_says_nothing(store: Store) -> None:
    found(store)
    told = store.announce([new(), new(OTHER)], edition=1, at=NOW)
    assert told[0].uid == "22c3745887cf443534af6b1375b098bc"
    assert [re.fullmatch(r"[0-9a-f]{32}", each.uid) is not None for each in told] == [True, True]
    assert told[0].uid != told[1].uid


def test_how_often_things_moved_also_under_an_older_name(store: Store) -> None:
    found(store)
    store.announce([new(), new("fast")], edition=1, at=NOW)
    assert store.moves() == {}
    store.announce([moved(KEY, "2026-03-19", "2026-03-18")], edition=1, at=LATER)
    store.announce([moved(KEY, "2026-03-18", "2026-03-17")], edition=1, at=LAST)
    assert store.moves() == {KEY: 2}
    store.add_renames({OTHER: KEY}, LAST)
    store.announce([moved(OTHER, "2026-03-17", "2026-03-16")], edition=1, at=LAST)
    assert store.moves() == {OTHER: 3}


def test_renames_are_kept_in_both_directions(store: Store) -> None:
    store.add_renames({"b": "a"}, NOW)
    store.add_renames({"b": "a", "c": "b"}, LATER)
    store.add_renames({"a": "b"}, LAST)
    assert store.renames() == {"b": "a", "c": "b", "a": "b"}
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM rename")).scalar() == 3


def test_a_revision_is_told_once(store: Store) -> None:
    found(store)
    (first,) = store.announce([new()], edition=1, at=NOW)
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO announcement (key, uid, revision, changed_at, verb, reason, edition,"
                " snapshot) SELECT 'x', uid, revision, changed_at, verb, reason, edition, snapshot"
                " FROM announcement"
            )
        )
    assert store.ledger() == {KEY: first}


def test_the_mark_tells_states_apart(store: Store) -> None:
    assert store.mark() == (0, 0, 0)
    found(store)
    assert store.mark() == (1, 0, 0)
    store.announce([new(), new(OTHER)], edition=1, at=NOW)
    assert store.mark() == (1, 0, 2)


# A row as revision 0001 wrote it: whatever a snapshot gains later, old ones must still be read.
FIRST_SNAPSHOT = {
    "kind": "due",
    "title": "Dagsordenen sendes ud",
    "workflow_title": "Mødecyklus",
    "committee": "oes-med",
    "nominal_on": "2026-03-19",
    "due_on": "2026-03-19",
    "limit_on": "",
    "hours": "",
    "place": "",
    "meeting": "2026-03-26",
    "holders": ["sekretaer"],
    "people": ["ahj"],
    "visible": "",
    "confidential": False,
    "sources": ["MED-rammeaftalen|§ 8"],
    "derivation": "anchor:2026-03-26 before:2026-03-19",
}


def test_a_snapshot_of_the_first_release_is_read(store: Store) -> None:
    found(store)
    store.announce([new()], edition=1, at=NOW)
    with store.writing() as connection:
        connection.execute(
            text("UPDATE announcement SET snapshot = :old"), {"old": json.dumps(FIRST_SNAPSHOT)}
        )
    assert store.ledger()[KEY].snapshot == snapshot()


def test_rows_are_written_as_they_are_read(store: Store) -> None:
    found(store)
    (first,) = store.announce([new()], edition=1, at=NOW)
    assert store.announcements(KEY) == [
        AnnouncementRow(
            id=1,
            key=KEY,
            uid=first.uid,
            revision=0,
            changed_at=NOW,
            retired_at=None,
            verb="new",
            reason="",
            edition=1,
            snapshot=json.loads(json.dumps(asdict(snapshot()))),
        )
    ]
    assert store.site().secret == SECRET
