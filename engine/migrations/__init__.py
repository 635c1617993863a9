"""Bringing a database to the schema of this program; each step is a file in `versions`.

Alembic is imported only when it has something to do, so that a command on a current database
starts fast. A step runs in one transaction, on SQLite too: it happens whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from engine.errors import StoreError
from engine.store.connecting import WRITES, connect, place
from engine.store.opening import newer, revision
from engine.store.refusing import refusals
from engine.store.tables import SCHEMA
from engine.store.transactions import hold

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(url: str) -> None:
    """Runs the steps that a database lacks; a database of a newer program is refused."""
    # Rebuilding a table in SQLite drops the old one: its references are checked at the end.
    database = connect(url, foreign_keys=False).execution_options(**{WRITES: True})
    try:
        with refusals(place(url)), database.begin() as connection:
            hold(connection, "upgrade")
            _upgrade(connection, place(url))
    finally:
        database.dispose()


def current(url: str) -> str | None:
    """The revision of a database; none for an empty one."""
    database = connect(url)
    try:
        with refusals(place(url)), database.begin() as connection:
            return revision(connection)
    finally:
        database.dispose()


def head() -> str:
    """The revision that the steps lead to."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(settings()).get_current_head())


def settings(connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no file of them."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "engine:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, shown: str) -> None:
    from alembic import command

    found = revision(connection)
    if newer(found):
        raise StoreError("store.newer-schema", place=shown, found=found, known=SCHEMA)
    if found == SCHEMA:
        return
    command.upgrade(settings(connection), SCHEMA)
    if connection.dialect.name == "sqlite" and connection.execute(text(CHECK_REFERENCES)).first():
        raise StoreError("store.broken-references", place=shown)


CHECK_REFERENCES = "PRAGMA foreign_key_check"
