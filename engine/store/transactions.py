"""One transaction at a time in each thread: what is done inside a block is done together."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, insert, text

from engine.store.connecting import WRITES, connect, place, refusals
from engine.store.tables import Table

Row = TypeVar("Row", bound=Table)


class _Open(threading.local):
    connection: Connection | None = None
    writes: bool = False


class Transactions:
    """The connections of one database, and the transaction that this thread has open."""

    def __init__(self, url: str) -> None:
        self.place = place(url)
        self._readers: Engine = connect(url)
        self._writers: Engine = self._readers.execution_options(**{WRITES: True})
        self._open = _Open()

    def close(self) -> None:
        """Gives every connection back."""
        self._readers.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot for several queries; inside a transaction that is open, that one."""
        if self._open.connection is not None:
            yield self._open.connection
            return
        with self._begun(self._readers, writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self, lock: str = "") -> Iterator[Connection]:
        """One transaction that alone may write; all of it happens or none.

        SQLite has one writer at a time anyway. Where several can write, a named `lock` is held
        until the transaction ends. A block inside a block belongs to the outer one.
        """
        if self._open.connection is not None and self._open.writes:
            hold(self._open.connection, lock)
            yield self._open.connection
            return
        with self._begun(self._writers, writes=True) as connection:
            hold(connection, lock)
            yield connection

    @contextmanager
    def _begun(self, database: Engine, *, writes: bool) -> Iterator[Connection]:
        outer = (self._open.connection, self._open.writes)
        with refusals(self.place), database.begin() as connection:
            self._open.connection, self._open.writes = connection, writes
            try:
                yield connection
            finally:
                self._open.connection, self._open.writes = outer


def hold(connection: Connection, lock: str) -> None:
    """Takes a named lock until the transaction ends, where the database knows such locks."""
    if lock and connection.dialect.name == "postgresql":
        number = zlib.crc32(lock.encode())
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def rows(connection: Connection, model: type[Row], query: Executable) -> list[Row]:
    """The rows of a query that selects every column of a table; loose, never written back."""
    return [model(**found._mapping) for found in connection.execute(query)]


def added(connection: Connection, row: Table) -> int:
    """Inserts a row that the database numbers, and gives back its number."""
    made = connection.execute(insert(type(row)), row.model_dump(exclude={"id"}))
    key: Any = made.inserted_primary_key
    return int(key[0])
