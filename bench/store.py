"""Applying an edition in which 30 of 30,000 deadlines moved, on both databases, and its memory.

Ours looks up what the world was told and appends one row for each deadline that moved; the peer
writes every deadline anew, as a program does that keeps its plan in a table.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, MetaData, Table, delete, func, insert, select

from bench.timing import Compared, compare
from engine.migrations import upgrade
from engine.planning.diff import Change, Snapshot, Verb
from engine.store import AnnouncementRow, Store, open_store

DEADLINES = 30_000
MOVED = 30
SIZES = (2_000, 8_000, 32_000)
FIRST = datetime(2026, 3, 12, 6, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Memory:
    """The most memory of a process, by how many deadlines it announced."""

    size: int
    mebibytes: float

    def line(self) -> str:
        return f"memory, {self.size:6} deadlines announced (SQLite) {self.mebibytes:10.0f} MiB"


def run() -> Iterator[Compared | Memory]:
    for database, url in databases():
        yield measured(database, url)
    for size in SIZES:
        yield Memory(size, memory(size))


def measured(database: str, url: str) -> Compared:
    with open_store(url, upgrade) as store:
        fill(store, DEADLINES)
        turn = iter(range(1, 1000))
        peer = Peer(store)

        def ours() -> None:
            before = announced(store)
            moves = moved(next(turn))
            with store.writing():
                store.announce(moves, edition=1, at=FIRST)
            if announced(store) != before + MOVED:
                raise AssertionError("exactly the deadlines that moved are written")

        return compare(
            f"30 of 30,000 moved, {database}, peer: all anew", DEADLINES, ours, peer.rewrite
        )


class Peer:
    """A table of every deadline, emptied and filled again in one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = [
            {
                "key": key(number),
                "uid": f"{number:032}",
                "revision": 0,
                "changed_at": FIRST,
                "verb": "new",
                "reason": "",
                "edition": 1,
                "snapshot": asdict(snapshot(number, 0)),
            }
            for number in range(DEADLINES)
        ]
        columns = AnnouncementRow.metadata.tables["announcement"].columns
        self._table = Table(
            "anew",
            MetaData(),
            *(Column(each.name, each.type, primary_key=each.primary_key) for each in columns),
        )
        with store.writing() as connection:
            self._table.create(connection)

    def rewrite(self) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(self._table))
            connection.execute(insert(self._table), self._rows)


def fill(store: Store, size: int) -> None:
    """A site whose every deadline has been announced."""
    with store.writing():
        store.ensure_site("5e" * 32, FIRST)
        store.append_edition({}, "hash", parent=None, by="", note="", at=FIRST)
        store.announce(
            [Change(Verb.NEW, key(number), None, snapshot(number, 0)) for number in range(size)],
            edition=1,
            at=FIRST,
        )


def moved(turn: int) -> list[Change]:
    """Thirty deadlines, spread over all, a day later than the turn before."""
    numbers = range(0, DEADLINES, DEADLINES // MOVED)
    return [
        Change(Verb.MOVED, key(number), snapshot(number, turn - 1), snapshot(number, turn))
        for number in numbers
    ]


def announced(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(AnnouncementRow)) or 0


def key(number: int) -> str:
    return f"moeder/afdelings-med/u{number % 50}/2027-{number:05}/dagsorden"


def snapshot(number: int, turn: int) -> Snapshot:
    on = (datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=number % 365 + turn)).date()
    return Snapshot(
        kind="due",
        title="Dagsordenen sendes ud",
        workflow_title="Mødecyklus",
        committee=f"u{number % 50}",
        nominal_on=on.isoformat(),
        due_on=on.isoformat(),
        limit_on="",
        hours="",
        place="",
        meeting=on.isoformat(),
        holders=("sekretaer",),
        people=("ahj",),
        visible="",
        confidential=False,
        sources=("MED-rammeaftalen|§ 8",),
        derivation=f"anchor:{on} before:{on}",
    )


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="medfrist-bench-") as made:
        yield Path(made)


def databases() -> Iterator[tuple[str, str]]:
    """SQLite always; PostgreSQL where the tests would find one."""
    with folder() as made:
        yield "SQLite", f"sqlite:///{(made / 'm.db').as_posix()}"
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from postgres_server import PostgresServer, missing

    if missing():
        print(missing())
        return
    server = PostgresServer()
    try:
        yield "PostgreSQL", server.database()
    finally:
        server.close()


def memory(size: int) -> float:
    """The most memory, in MiB, of a process that announces so many deadlines and looks again."""
    program = (
        "import re, sys, tempfile; from pathlib import Path; from bench.store import fill; "
        "from engine.migrations import upgrade; from engine.store import open_store\n"
        "with tempfile.TemporaryDirectory() as made:\n"
        "    with open_store(f'sqlite:///{made}/m.db', upgrade) as store:\n"
        "        fill(store, int(sys.argv[1])); store.ledger()\n"
        # A child's ru_maxrss begins with its parent's; this one is the process's own.
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(size)], check=True, capture_output=True, text=True
    )
    return int(said.stdout) / 1024
