"""Writes facts until it is told to stop, and says each that the store took; for restarts."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, date, datetime

from engine.errors import StoreError
from engine.store import Fact, open_store

if __name__ == "__main__":
    url = sys.argv[1]
    stopped = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stopped.set()), daemon=True).start()
    number = 0
    with open_store(url) as store:
        while not stopped.is_set():
            number += 1
            fact = Fact(
                key=f"k/{number}",
                kind="done",
                on=date(2026, 3, 12),
                recorded_at=datetime(2026, 3, 12, tzinfo=UTC),
            )
            try:
                store.whole(lambda fact=fact: store.add_fact(fact))  # type: ignore[misc]
                sys.stdout.write(f"stored {number}\n")
            except StoreError as error:
                sys.stdout.write(f"{error.code} {number}\n")
            sys.stdout.flush()
