"""A sender that claims one mail, says so, and never comes to record it; killed by a test."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from engine.store import open_store

if __name__ == "__main__":
    url, now = sys.argv[1:]
    with open_store(url) as store:
        (row,) = store.claim("doomed", datetime.fromisoformat(now), timedelta(minutes=5), 1)
        sys.stdout.write(f"{row.id} {row.fence}\n")
        sys.stdout.flush()
        time.sleep(60)
