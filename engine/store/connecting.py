"""How a database is reached: pragmas, file modes, and what is refused from the start."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from pydantic_core import from_json
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from engine.errors import StoreError
from engine.store.mounts import network_share
from engine.store.refusing import WAIT_SECONDS

WRITES = "medfrist_writes"
"""The execution option of a connection whose transactions take the write lock at once."""

ALONE = "medfrist_alone"
"""The execution option of a connection whose statements stand outside every transaction."""

CONNECT_SECONDS = 10
"""How long a server may take to answer."""

POSTGRESQL = ("postgresql", "postgres")
"""How an address names PostgreSQL when it leaves the driver to us."""


def connect(url: str, *, foreign_keys: bool = True) -> Engine:
    """The pool of connections of a database; a SQLite file is made when there is none."""
    parsed = _parsed(url)
    options: dict[str, Any] = {"json_serializer": _json_text, "json_deserializer": from_json}
    if parsed.get_backend_name() != "sqlite":
        return _server(parsed, options)
    if parsed.database and parsed.database != ":memory:":
        _prepare(Path(parsed.database))
    database = create_engine(parsed, **options)
    _keep_sqlite_strict(database, foreign_keys=foreign_keys)
    return database


def _server(parsed: URL, options: dict[str, Any]) -> Engine:
    """A database server; its driver is installed by whoever chooses one."""
    if parsed.get_backend_name() == "postgresql":
        options |= {"pool_pre_ping": True, "connect_args": _manners(parsed)}
    try:
        return create_engine(parsed, **options)
    except ModuleNotFoundError as error:
        name = error.name or parsed.drivername
        raise StoreError("store.no-driver", database=parsed.drivername, driver=name) from error


def _manners(parsed: URL) -> dict[str, object]:
    """How we behave on a PostgreSQL; what the address says itself wins."""
    ours = {
        "application_name": "medfrist",
        "connect_timeout": CONNECT_SECONDS,
        "options": f"-c lock_timeout={WAIT_SECONDS}s -c timezone=UTC",
    }
    return {name: value for name, value in ours.items() if name not in parsed.query}


def snapshots(database: Engine) -> Engine:
    """The same pool for readers: several queries see one state, and none of them writes."""
    if database.dialect.name != "postgresql":
        return database
    return database.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def place(url: str) -> str:
    """Where a database is, fit to be shown: no password."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.render_as_string(hide_password=True)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.drivername in POSTGRESQL:
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError("store.no-such-database") from error
    return parsed


def _prepare(path: Path) -> None:
    if (kind := network_share(path)) is not None:
        raise StoreError("store.network-share", place=str(path), kind=kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if os.name == "posix" and path.stat().st_mode & 0o077 and path.stat().st_uid == os.getuid():
            path.chmod(0o600)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError("store.unusable", place=str(path), reason=reason) from error


def _keep_sqlite_strict(database: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(database, "connect")
    def set_pragmas(connection: Any, record: object) -> None:
        # The driver's own BEGIN comes too late and is never IMMEDIATE: we say it ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        _use_write_ahead_log(cursor)
        # What is erased is overwritten, not only let go of.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(database, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(ALONE):
            return
        writes = options.get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    # Two that open a new database at once get in each other's way here, and for this statement
    # alone SQLite does not always wait.
    until = monotonic() + WAIT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > until:
                raise
            sleep(1 / 20)


def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
