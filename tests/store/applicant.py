"""A process that waits for a starting signal and appends an edition on a given parent."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from engine.errors import StoreError
from engine.store import open_store

if __name__ == "__main__":
    url, parent, name = sys.argv[1:]
    with open_store(url) as store:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        try:
            edition = store.append_edition(
                {"a.yaml": name},
                name,
                parent=int(parent),
                by=name,
                note="",
                at=datetime(2026, 3, 12, tzinfo=UTC),
            )
            sys.stdout.write(f"stored {edition.number}\n")
        except StoreError as error:
            sys.stdout.write(f"{error.code} {error.params['current']}\n")
