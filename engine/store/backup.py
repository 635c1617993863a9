"""The whole store in one file, and back: a SQLite file, whatever database it came from.

A file is written under a name of its own and put in place when it is complete and on the disk.
What is restored is restored in one transaction.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update
from sqlmodel import col

from engine.errors import StoreError
from engine.store.copying import copied, count_on, emptied
from engine.store.opening import Store, newer, open_store
from engine.store.tables import SCHEMA, FeedRow

Migrate = Callable[[str], None]

HEADER = b"SQLite format 3\0"
NAME = "backup.db"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows by table, the edition in force, and who stays forgotten."""

    rows: dict[str, int]
    edition: int | None
    forgotten: tuple[str, ...]


def back_up(store: Store, file: Path, folder: Path, migrate: Migrate) -> dict[str, int]:
    """Writes every row to a file that is not there yet; gives back how many each table has.

    It is one state of the store, whoever writes meanwhile. Work is done in `folder`.
    """
    if file.exists():
        raise StoreError("store.backup-exists", place=str(file))
    store.site()
    with _working(folder) as made:
        url = _url(made)
        migrate(url)
        with store.reading() as source, open_store(url) as target, target.writing() as connection:
            counts = copied(source, connection)
        _settle(made)
        _place(made, file)
    return counts


def restore(
    store: Store,
    file: Path,
    folder: Path,
    migrate: Migrate,
    *,
    at: datetime,
    replace: bool = False,
    forgotten: Mapping[str, datetime] | None = None,
) -> Restored:
    """Makes the store what the file says, in one transaction.

    A store that is not empty is only replaced when asked. The outbox is held: nobody knows what
    was mailed after the backup. People forgotten and subscriptions revoked since stay so.
    """
    with (
        _opened(file, folder, migrate) as backup,
        backup.reading() as source,
        store.writing() as connection,
    ):
        if store.is_used() and not replace:
            raise StoreError("store.not-empty", place=store.place)
        erased = {**(forgotten or {}), **store.erasures()}
        revoked = {row.token_hash: row.revoked_at for row in store.feeds(revoked=True)}
        emptied(connection)
        counts = copied(source, connection)
        count_on(connection)
        _revoke(store, revoked)
        store.erase({**erased, **store.erasures()})
        store.hold_outbox(at, "restored")
        return Restored(counts, store.current_number(), tuple(store.erasures()))


def _revoke(store: Store, revoked: Mapping[str, datetime | None]) -> None:
    with store.writing() as connection:
        hashes = select(col(FeedRow.token_hash)).where(col(FeedRow.revoked_at).is_(None))
        for token_hash in list(connection.scalars(hashes)):
            if (at := revoked.get(token_hash)) is not None:
                one = update(FeedRow).where(col(FeedRow.token_hash) == token_hash)
                connection.execute(one.values(revoked_at=at))


@contextmanager
def _opened(file: Path, folder: Path, migrate: Migrate) -> Iterator[Store]:
    """A copy of a backup, brought up to date; the file itself is only read."""
    with _working(folder) as made:
        try:
            shutil.copyfile(file, made)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StoreError("store.backup-unreadable", place=str(file), reason=reason) from error
        if not _sound(made):
            raise StoreError("store.backup-broken", place=str(file))
        with closing(Store(_url(made))) as looked:
            found = looked.revision()
        if found is None:
            raise StoreError("store.no-backup", place=str(file))
        if newer(found):
            raise StoreError("store.newer-backup", place=str(file), found=found, known=SCHEMA)
        with open_store(_url(made), migrate) as backup:
            backup.site()
            yield backup


def _sound(made: Path) -> bool:
    with made.open("rb") as opened:
        if opened.read(len(HEADER)) != HEADER:
            return False
    try:
        with closing(sqlite3.connect(made)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return str(said) == "ok"
    except sqlite3.DatabaseError:
        return False


def _settle(made: Path) -> None:
    """One file that any SQLite opens, also where it may not write."""
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _place(made: Path, file: Path) -> None:
    """Puts a complete copy in place, readable by its owner only; on the disk before its name."""
    beside = file.with_name(f".{file.name}.new")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        number = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(number, "wb") as written, made.open("rb") as opened:
            shutil.copyfileobj(opened, written)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(file)
        if os.name == "posix":
            folder = os.open(file.absolute().parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        reason = error.strerror or type(error).__name__
        raise StoreError("store.backup-unwritable", place=str(file), reason=reason) from error


@contextmanager
def _working(folder: Path) -> Iterator[Path]:
    """The name of a file in a folder of its own, gone afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = TemporaryDirectory(dir=folder, prefix="backup-")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError("store.backup-unwritable", place=str(folder), reason=reason) from error
    with work as made:
        yield Path(made) / NAME


def _url(made: Path) -> str:
    return f"sqlite:///{made.absolute().as_posix()}"
