"""One transaction at a time in each thread: what is done inside a block is done together."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, insert, text
from sqlalchemy.exc import DBAPIError

from engine.errors import Undone
from engine.store.connecting import CONNECT_SECONDS, WRITES, connect, place, snapshots
from engine.store.refusing import gone, refusals
from engine.store.tables import Table

Row = TypeVar("Row", bound=Table)
Result = TypeVar("Result")

PLANNING = "apply"
"""The lock of whoever changes what is planned or announced: one at a time."""

BESIDE = ""
"""No lock: for single rows that are guarded by themselves, beside whoever plans."""

PAUSES = (0.1, 0.4, 1.5)
"""How long to wait, in seconds, before a transaction that was given up is run again."""


class _Open(threading.local):
    connection: Connection | None = None
    writes: bool = False


class Transactions:
    """The connections of one database, and the transaction that this thread has open."""

    def __init__(self, url: str) -> None:
        self.place = place(url)
        self._database: Engine = connect(url)
        self._readers: Engine = snapshots(self._database)
        self._writers: Engine = self._database.execution_options(**{WRITES: True})
        self._open = _Open()
        self._reached = False

    def close(self) -> None:
        """Gives every connection back."""
        self._database.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot for several queries; inside a transaction that is open, that one."""
        if self._open.connection is not None:
            yield self._open.connection
            return
        with self._begun(self._readers, writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self, lock: str = PLANNING) -> Iterator[Connection]:
        """One transaction that alone may write; all of it happens or none.

        SQLite has one writer at a time anyway. Where several can write, the `lock` is held until
        the transaction ends. A block inside a block belongs to the outer one.
        """
        if self._open.connection is not None and self._open.writes:
            hold(self._open.connection, lock)
            yield self._open.connection
            return
        with self._begun(self._writers, writes=True) as connection:
            with refusals(self.place):
                hold(connection, lock)
            yield connection

    def whole(self, work: Callable[[], Result]) -> Result:
        """Runs a transaction, and runs it again when the database gave it up with nothing done.

        `work` does nothing outside the store. Inside a transaction it runs once: only the
        outermost can be run again.
        """
        if self._open.connection is not None:
            return work()
        for pause in PAUSES:
            try:
                return work()
            except Undone:
                sleep(pause)
        return work()

    @contextmanager
    def _begun(self, database: Engine, *, writes: bool) -> Iterator[Connection]:
        outer = (self._open.connection, self._open.writes)
        with self._connected(database) as connection:
            with refusals(self.place):
                transaction = connection.begin()
            self._open.connection, self._open.writes = connection, writes
            try:
                with refusals(self.place):
                    yield connection
            except BaseException:
                with suppress(DBAPIError):
                    transaction.rollback()
                raise
            finally:
                self._open.connection, self._open.writes = outer
            with refusals(self.place, committing=writes):
                transaction.commit()

    def _connected(self, database: Engine) -> Connection:
        """A connection; a server that was there a moment ago is given time to come back."""
        until = monotonic() + (CONNECT_SECONDS if self._reached else 0)
        while True:
            try:
                connection = database.connect()
            except DBAPIError as error:
                if not gone(error) or monotonic() >= until:
                    with refusals(self.place):
                        raise
                sleep(1 / 10)
            else:
                self._reached = True
                return connection


def hold(connection: Connection, lock: str) -> None:
    """Takes a named lock until the transaction ends, where the database knows such locks."""
    if lock and connection.dialect.name == "postgresql":
        number = zlib.crc32(lock.encode())
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def moment(connection: Connection, otherwise: datetime) -> datetime:
    """The moment on the clock of a database server; a file has none, and the other one holds."""
    if connection.dialect.name != "postgresql":
        return otherwise
    told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return told


def rows(
    connection: Connection,
    model: type[Row],
    query: Executable,
    known: Mapping[str, object] | None = None,
) -> list[Row]:
    """The rows of a query that selects every column of a table; loose, never written back."""
    return [model(**found._mapping) for found in connection.execute(query, known)]


def added(connection: Connection, row: Table) -> int:
    """Inserts a row that the database numbers, and gives back its number."""
    made = connection.execute(insert(type(row)), row.model_dump(exclude={"id"}))
    key: Any = made.inserted_primary_key
    return int(key[0])
