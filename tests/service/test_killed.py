"""What is killed anywhere leaves the old state or the new one, never a mix, and can be done again.

The ordinary run kills each act at a few of its steps, `--prove` at every one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from applied_sites import use_database
from killed import Asked, site_at, started
from killed_acts import ACTS, READY, base
from postgres_server import PostgresServer
from sqlalchemy import select

from engine.service.applying import apply
from engine.service.instep import remembered
from engine.service.placing import files_of
from engine.store.tables import Table

HERE = Path(__file__).parent
BEFORE, MOMENT = "2026-03-02T08:00", "2026-03-02T09:00"
STORED = ("apply", "close", "restore", "rollback")
"""What is done to the store; files are put in place alike, whatever the database is."""

RUNS = [("sqlite", act) for act in ACTS] + [("postgresql", act) for act in STORED]
TELLING = ("commit", "replace", "unlink", "end")
FIRST, LAST = 2, 3
"""How many of the telling steps an ordinary run is killed at."""


@dataclass(frozen=True)
class State:
    """All that the store holds, what the files say, and the edition they are in step with."""

    rows: dict[str, list[tuple[object, ...]]]
    files: dict[str, bytes]
    step: int | None

    @property
    def size(self) -> tuple[dict[str, int], dict[str, bytes], int | None]:
        """What is the same when something is done after a failure: numbers may be left out."""
        return {name: len(rows) for name, rows in self.rows.items()}, self.files, self.step


def state(folder: Path) -> State:
    site = site_at(folder, MOMENT)
    with site.store() as store, store.reading() as connection:
        rows = {
            name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for name, table in Table.metadata.tables.items()
        }
        return State(rows, files_of(site), remembered(site, store))


class Copies:
    """Sites made ready, and copies of them to be killed in."""

    def __init__(self, folder: Path, postgres: PostgresServer | None) -> None:
        self.folder = folder
        self.postgres = postgres
        self.count = 0
        self.made: list[str] = []

    def ready(self, act: str) -> Path:
        folder = self.folder / "ready"
        base(folder)
        if self.postgres is not None:
            use_database(folder, url := self.postgres.database())
        apply(site_at(folder, BEFORE), demo=True)
        READY[act](site_at(folder, BEFORE))
        if self.postgres is not None:
            self.postgres.keep("killed", url)
        return folder

    def drop(self) -> None:
        """Takes the databases away."""
        while self.made:
            assert self.postgres is not None
            self.postgres.drop(self.made.pop())

    def copy(self) -> Path:
        self.count += 1
        folder = self.folder / f"copy-{self.count}"
        shutil.copytree(self.folder / "ready", folder)
        if self.postgres is not None:
            self.made.append(self.postgres.copy("killed"))
            use_database(folder, self.made[-1])
        return folder


class Killer:
    """A process that does one thing after another, and is killed in the middle of each."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def run(self, act: str, folder: Path, last: int = 0) -> list[str]:
        """The steps that were taken, of which `last` was the last."""
        answer = self.asked.ask(act=act, folder=str(folder), moment=MOMENT, last=last)
        assert (answer["killed"], answer["failed"]) == (last > 0, False)
        steps: list[str] = answer["steps"]
        assert last in (0, len(steps))
        return steps


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with started(HERE / "killed_process.py") as asked:
        yield Killer(asked)


@pytest.fixture
def copies(tmp_path: Path, request: pytest.FixtureRequest, database: str) -> Iterator[Copies]:
    postgres = request.getfixturevalue("postgres") if database == "postgresql" else None
    made = Copies(tmp_path, postgres)
    yield made
    made.drop()


def chosen(steps: list[str], proving: bool) -> list[int]:
    """Every step; or one in the middle, and those at which what holds changes."""
    if proving:
        return list(range(1, len(steps) + 1))
    telling = [number for number, kind in enumerate(steps, 1) if kind in TELLING]
    return sorted({len(steps) // 2, *telling[:FIRST], *telling[-LAST:]})


@pytest.mark.parametrize(("database", "act"), RUNS)
def test_killed_at_any_step(act: str, killer: Killer, copies: Copies, proving: bool) -> None:
    ready = copies.ready(act)
    old = state(ready)
    whole = copies.copy()
    steps = killer.run(act, whole)
    new = state(whole)
    assert old != new
    assert len(steps) > 2
    seen: set[str] = set()
    for last in chosen(steps, proving):
        folder = copies.copy()
        killer.run(act, folder, last)
        found = state(folder)
        assert found in (old, new), f"a mix after step {last} of {steps}"
        assert found.step == max((row[0] for row in found.rows["edition"]), default=None)
        seen.add("new" if found == new else "old")
        # Nobody goes back twice to the edition that holds.
        if found == old or act != "rollback":
            ACTS[act](site_at(folder, MOMENT))
        assert state(folder).size == new.size
        assert [path for path in folder.rglob(".*.new") if path.parent.name != "var"] == []
    assert seen == {"old", "new"}
