from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from store_examples import NOW, SECRET, only_sqlite

from engine.errors import StoreError
from engine.migrations import current, head, upgrade
from engine.store import Store, open_store
from engine.store.connecting import WRITES, connect, place
from engine.store.tables import SCHEMA


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _set_revision(url: str, revision: str) -> None:
    database = connect(url).execution_options(**{WRITES: True})
    with database.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :number"), {"number": revision}
        )
    database.dispose()


@only_sqlite
def test_a_new_database_is_made_with_its_folder(url: str) -> None:
    assert not _path(url).parent.exists()
    with open_store(url, upgrade) as store:
        assert store.revision() == SCHEMA
    assert _path(url).exists()


@only_sqlite
@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_can_read_the_database(url: str, store: Store) -> None:
    store.ensure_site(SECRET, NOW)
    beside = sorted(_path(url).parent.iterdir())
    assert [(each.name, oct(each.stat().st_mode & 0o777)) for each in beside] == [
        ("medfrist.db", "0o600"),
        ("medfrist.db-shm", "0o600"),
        ("medfrist.db-wal", "0o600"),
    ]


@only_sqlite
@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_database_others_could_read_is_closed_to_them(url: str, store: Store) -> None:
    _path(url).chmod(0o644)
    open_store(url).close()
    assert oct(_path(url).stat().st_mode & 0o777) == "0o600"


@only_sqlite
def test_pragmas(store: Store) -> None:
    with store.reading() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_an_empty_database_is_refused_when_nothing_may_migrate_it(url: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(url)
    assert (raised.value.code, raised.value.params) == (
        "store.older-schema",
        {"place": place(url), "known": SCHEMA},
    )


def test_a_database_of_a_newer_program_is_refused(url: str, store: Store) -> None:
    _set_revision(url, "9999")
    expected = {"place": place(url), "found": "9999", "known": SCHEMA}
    for attempt in (
        lambda: open_store(url),
        lambda: open_store(url, upgrade),
        lambda: upgrade(url),
    ):
        with pytest.raises(StoreError) as raised:
            attempt()
        assert (raised.value.code, raised.value.params) == ("store.newer-schema", expected)
    assert current(url) == "9999"


def test_the_schema_of_the_code_is_the_last_step(url: str, store: Store) -> None:
    assert (head(), current(url)) == (SCHEMA, SCHEMA)


def test_opening_a_current_database_does_not_load_alembic(url: str, store: Store) -> None:
    program = (
        "import sys; from engine.migrations import upgrade; from engine.store import open_store; "
        f"open_store({url!r}, upgrade).close(); print('alembic' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"


@only_sqlite
def test_a_file_that_is_no_database(url: str) -> None:
    _path(url).parent.mkdir()
    _path(url).write_bytes(b"no database at all, only some text that is long enough\n" * 20)
    with pytest.raises(StoreError) as raised:
        open_store(url, upgrade)
    assert (raised.value.code, raised.value.params["reason"]) == (
        "store.unusable",
        "file is not a database",
    )


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{tmp_path}/var/medfrist.db", upgrade)
    assert raised.value.code == "store.unusable"


@pytest.mark.parametrize("wrong", ["var/medfrist.db", "oracel://x/y", "", "sqlite"])
def test_an_address_that_is_none(wrong: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(wrong, upgrade)
    assert raised.value.code == "store.no-such-database"


def test_a_password_is_not_shown() -> None:
    assert place("postgresql+psycopg://medfrist:hemmeligt@db/medfrist") == (
        "postgresql+psycopg://medfrist:***@db/medfrist"
    )


def test_a_database_whose_driver_is_not_installed_is_told_so() -> None:
    with pytest.raises(StoreError) as raised:
        open_store("mysql://somewhere/medfrist")
    assert raised.value.code == "store.no-driver"
    assert raised.value.params == {"database": "mysql", "driver": "MySQLdb"}
