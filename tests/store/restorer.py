"""Restores again and again, killed a little later each time; says what the store is then."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from store_examples import everything

from engine.migrations import upgrade
from engine.store import open_store, restore

AT = datetime(2026, 3, 14, tzinfo=UTC)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def restoring(url: str, file: Path, folder: Path, last: int, counting: int) -> None:
    """Restores, and dies before statement `last`, of which the commit is one.

    Without `last` it dies at the commit and says through `counting` which statement that was.
    """
    count = 0

    def counted(commits: bool = False) -> None:
        nonlocal count
        count += 1
        if commits and not last:
            os.write(counting, str(count).encode())
        if count == last or (commits and not last):
            die()

    with open_store(url) as store:

        def ours(connection: Connection) -> bool:
            address = connection.engine.url
            return store.place in (address.database, address.render_as_string())

        event.listen(Engine, "before_cursor_execute", lambda c, *_: ours(c) and counted())
        event.listen(Engine, "commit", lambda c: ours(c) and counted(commits=True))
        restore(store, file, folder, upgrade, at=AT, replace=True)
        if count < last:
            die()


def state(url: str) -> str:
    with open_store(url) as store:
        facts = len(everything(store)["fact"])
        held = store.outbox_held_at() is not None
    return {(4, False): "old", (3, True): "new"}.get((facts, held), "mixed")


def killed(url: str, file: Path, folder: Path, last: int) -> str:
    """What the counting said of a run that died."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        restoring(url, file, folder, last, writer)
        os._exit(1)
    os.close(writer)
    _, ended = os.waitpid(child, 0)
    assert os.WTERMSIG(ended) == signal.SIGKILL
    with os.fdopen(reader) as said:
        return said.read()


if __name__ == "__main__":
    url, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    commit = int(killed(url, file, folder, 0))
    for point in (*range(1, commit, 5), commit - 1, commit, commit + 1):
        killed(url, file, folder, point)
        sys.stdout.write(f"{point - commit} {state(url)}\n")
