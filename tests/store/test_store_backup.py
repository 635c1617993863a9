"""The whole store in one file and back, from each database into each."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from postgres_server import PostgresServer
from sqlalchemy import text
from store_examples import (
    ANNE,
    BO,
    NOW,
    everything,
    fact,
    feed,
    fill,
    found,
    mail,
    new,
    only_sqlite,
)

from engine.errors import StoreError
from engine.migrations import settings, upgrade
from engine.store import Store, back_up, open_store, restore
from engine.store.connecting import WRITES, connect
from engine.store.tables import SCHEMA

HERE = Path(__file__).parent
LATER = NOW + timedelta(days=2)


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """The address of a second, empty database of either kind."""

    def made() -> str:
        if request.param == "sqlite":
            return f"sqlite:///{(tmp_path / 'other' / 'medfrist.db').as_posix()}"
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.database()
        request.addfinalizer(lambda: server.drop(url))
        return url

    return made


def kept(store: Store, tmp_path: Path) -> Path:
    file = tmp_path / "kopi.db"
    back_up(store, file, tmp_path / "var", upgrade)
    return file


def test_everything_comes_back_in_either_database(
    store: Store, other: Callable[[], str], tmp_path: Path
) -> None:
    fill(store)
    before = everything(store)
    assert [name for name, rows in before.items() if not rows] == []
    file = kept(store, tmp_path)
    with open_store(other(), upgrade) as new_store:
        restored = restore(new_store, file, tmp_path / "var", upgrade, at=LATER)
        after = everything(new_store)
        (site,) = before["site"]
        held = [*site[:-3], LATER, "restored", site[-1]]
        assert (site[-3:], new_store.outbox_held_at()) == ((None, "", None), LATER)
        assert after == {**before, "site": [tuple(held)]}
        assert restored.rows == {name: len(rows) for name, rows in before.items()}
        assert (restored.edition, restored.forgotten) == (2, ("gone",))
        # Numbers go on after those that came back.
        assert new_store.add_fact(fact("done")).id == 4
        assert new_store.open_case(fact("done", "a/b"), 2026).case_number == "2026-002"
        assert [row.id for row in new_store.queue([(mail(9), [])])] == [3]
        assert new_store.add_feed(feed("cd" * 32)).id == 2
        assert new_store.announce([new("x")], edition=2, at=LATER)[0].revision == 0
    assert sorted((tmp_path / "var").glob("backup*")) == []


def test_a_backup_is_one_state_while_others_write(store: Store, url: str, tmp_path: Path) -> None:
    fill(store)
    file = tmp_path / "kopi.db"
    with open_store(url) as writer:

        def migrate_while_another_writes(target: str) -> None:
            upgrade(target)
            with store.reading():
                writer.add_fact(fact("done", "meanwhile"))

        with store.reading():
            before = everything(store)
            back_up(store, file, tmp_path / "var", migrate_while_another_writes)
    assert len(store.fact_rows("meanwhile")) == 1
    with open_store(f"sqlite:///{file.as_posix()}") as opened:
        assert everything(opened) == before


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_backup_is_its_owners_alone_and_one_plain_file(store: Store, tmp_path: Path) -> None:
    found(store)
    file = kept(store, tmp_path)
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    file.chmod(0o400)
    tmp_path.chmod(0o500)
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    assert connection.execute("SELECT count(*) FROM edition").fetchone() == (1,)
    connection.close()
    tmp_path.chmod(0o700)
    assert sorted(tmp_path.glob("kopi*")) == [file]


def test_a_backup_writes_over_nothing(store: Store, tmp_path: Path) -> None:
    found(store)
    file = tmp_path / "kopi.db"
    file.write_text("noget andet")
    with pytest.raises(StoreError) as raised:
        kept(store, tmp_path)
    assert (raised.value.code, file.read_text()) == ("store.backup-exists", "noget andet")


def test_a_backup_of_nothing_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        kept(store, tmp_path)
    assert raised.value.code == "store.no-site"
    assert sorted(tmp_path.glob("*kopi*")) == []


def test_a_folder_that_is_not_there(store: Store, tmp_path: Path) -> None:
    found(store)
    with pytest.raises(StoreError) as raised:
        back_up(store, tmp_path / "væk" / "kopi.db", tmp_path / "var", upgrade)
    assert raised.value.code == "store.backup-unwritable"


def test_a_store_in_use_is_replaced_only_when_asked(store: Store, tmp_path: Path) -> None:
    fill(store)
    file, before = kept(store, tmp_path), everything(store)
    store.add_fact(fact("done", "later"))
    now = everything(store)
    with pytest.raises(StoreError) as raised:
        restore(store, file, tmp_path / "var", upgrade, at=LATER)
    assert (raised.value.code, everything(store)) == ("store.not-empty", now)
    restore(store, file, tmp_path / "var", upgrade, at=LATER, replace=True)
    store.release_outbox(LATER)
    (site,) = before["site"]
    released = (*site[:-2], f"released {LATER.isoformat()}", site[-1])
    assert everything(store) == {**before, "site": [released]}


def test_who_was_forgotten_since_stays_forgotten(store: Store, tmp_path: Path) -> None:
    """Neither the names nor the subscriptions come back with a backup that has them."""
    found(store)
    store.save_people([ANNE, BO])
    store.add_feed(feed("11" * 32, scope="ahj"))
    store.add_feed(feed("22" * 32, scope="bs"))
    store.add_feed(feed("33" * 32, scope_kind="all", scope=""))
    file = kept(store, tmp_path)
    store.erase({"ahj": LATER})
    store.revoke_feed(3, LATER)

    told = restore(
        store,
        file,
        tmp_path / "var",
        upgrade,
        at=LATER,
        replace=True,
        forgotten={"bs": NOW},
    )

    assert told.forgotten == ("ahj", "bs")
    assert store.erasures() == {"ahj": LATER, "bs": NOW}
    assert [(who, each.name, each.email) for who, each in store.people().items()] == [
        ("ahj", "", ""),
        ("bs", "", ""),
    ]
    assert store.feeds() == []
    with pytest.raises(StoreError) as raised:
        store.save_people([ANNE])
    assert (raised.value.code, raised.value.params) == ("store.person-erased", {"people": "ahj"})


def test_forgetting_keeps_the_first_moment_and_everybody_else(store: Store) -> None:
    found(store)
    store.save_people([ANNE, BO])
    store.erase({"ahj": NOW})
    store.erase({"ahj": LATER})
    assert store.erasures() == {"ahj": NOW}
    assert store.people()["bs"] == BO


def test_a_backup_of_an_older_schema_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    from alembic import command

    old = tmp_path / "old.db"
    database = connect(f"sqlite:///{old.as_posix()}").execution_options(**{WRITES: True})
    with database.begin() as connection:
        command.upgrade(settings(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO site (id, secret, demo, created_at)"
                " VALUES (1, 'ab', 0, '2026-03-12 06:30:00')"
            )
        )
        connection.execute(
            text("INSERT INTO person (id, name, email) VALUES ('bs', 'Bo', 'bo@kommune.example')")
        )
    database.dispose()
    was = old.read_bytes()
    restore(store, old, tmp_path / "var", upgrade, at=LATER)
    assert (store.site().created_at, store.people()["bs"].name) == (NOW, "Bo")
    assert old.read_bytes() == was


def test_a_backup_of_a_newer_program_is_refused(store: Store, tmp_path: Path) -> None:
    fill(store)
    file, before = kept(store, tmp_path), everything(store)
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError) as raised:
        restore(store, file, tmp_path / "var", upgrade, at=LATER, replace=True)
    assert (raised.value.code, raised.value.params) == (
        "store.newer-backup",
        {"place": str(file), "found": "9999", "known": SCHEMA},
    )
    assert everything(store) == before


@only_sqlite
@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda file: file.unlink(), "store.backup-unreadable"),
        (lambda file: file.write_bytes(b""), "store.backup-broken"),
        (lambda file: file.write_text("ikke en kopi"), "store.backup-broken"),
        (lambda file: file.write_bytes(file.read_bytes()[:20_000]), "store.backup-broken"),
        (
            lambda file: file.write_bytes(
                file.read_bytes()[:8192] + b"\xff" * 8192 + file.read_bytes()[16384:]
            ),
            "store.backup-broken",
        ),
        (
            lambda file: (file.unlink(), sqlite3.connect(file).execute("CREATE TABLE a (b)")),
            "store.no-backup",
        ),
    ],
    ids=["gone", "empty", "text", "cut", "overwritten", "another"],
)
def test_a_file_that_is_no_backup_changes_nothing(
    store: Store, tmp_path: Path, harm: Callable[[Path], object], code: str
) -> None:
    fill(store)
    file, before = kept(store, tmp_path), everything(store)
    harm(file)
    with pytest.raises(StoreError) as raised:
        restore(store, file, tmp_path / "var", upgrade, at=LATER, replace=True)
    assert (raised.value.code, everything(store)) == (code, before)


def test_killed_anywhere_a_restore_leaves_the_old_state_or_the_new(
    store: Store, url: str, tmp_path: Path
) -> None:
    """A process dies all along the statements, and on both sides of the commit."""
    fill(store)
    file = kept(store, tmp_path)
    store.add_fact(fact("done", "later"))
    store.close()
    told = subprocess.run(
        [sys.executable, str(HERE / "restorer.py"), url, str(file), str(tmp_path / "var")],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    states = [(int(point), state) for point, state in map(str.split, told.splitlines())]
    assert states == [(point, "old" if point <= 0 else "new") for point, _ in states]
    assert [point for point, _ in states][-3:] == [-1, 0, 1]
    assert len(states) > 8
