"""Restores again and again, killed one statement later each time; says what the store is then."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event
from store_examples import everything

from engine.migrations import upgrade
from engine.store import open_store, restore

AT = datetime(2026, 3, 14, tzinfo=UTC)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def restoring(url: str, file: Path, folder: Path, last: int) -> None:
    """Restores, and dies before statement `last`; commits count as statements."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1
        if count == last:
            die()

    with open_store(url) as store:
        mine = store.place
        event.listen(Engine, "before_cursor_execute", lambda c, *_: ours(c) and counted())
        event.listen(Engine, "commit", lambda c: ours(c) and counted())

        def ours(connection: object) -> bool:
            address = connection.engine.url  # type: ignore[attr-defined]
            return mine in (address.database, address.render_as_string())

        restore(store, file, folder, upgrade, at=AT, replace=True)
        if count + 1 == last:
            die()


def state(url: str) -> str:
    with open_store(url) as store:
        facts = len(everything(store)["fact"])
        held = store.outbox_held_at() is not None
    return {(4, False): "old", (3, True): "new"}.get((facts, held), "mixed")


if __name__ == "__main__":
    url, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    point = 0
    while True:
        point += 1
        child = os.fork()
        if child == 0:
            restoring(url, file, folder, point)
            os._exit(0)
        _, ended = os.waitpid(child, 0)
        sys.stdout.write(f"{state(url)}\n")
        if ended == 0 or state(url) == "mixed":
            break
