"""A process that waits for a starting signal and opens a case."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

from engine.store import Fact, open_store

if __name__ == "__main__":
    url, times = sys.argv[1:]
    with open_store(url) as store:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        fact = Fact(
            key="aftale/oes-med",
            kind="case-opened",
            on=date(2026, 3, 12),
            inputs={},
            recorded_at=datetime(2026, 3, 12, tzinfo=UTC),
        )
        for _ in range(int(times)):
            sys.stdout.write(f"{store.open_case(fact, 2026).case_number}\n")
