"""How fast one worker hands mails in, and when it is asked to stop."""

from __future__ import annotations

import threading
import time
from functools import cache

MINUTE = 60.0


class Pace:
    """At most so many mails a minute, on a clock that nobody sets; without a number, no waiting."""

    def __init__(self, per_minute: int | None) -> None:
        self._seconds = MINUTE / per_minute if per_minute else 0.0
        self._next_at = 0.0

    def wait(self, ending: threading.Event) -> bool:
        """Waits for the next mail's turn; false when the worker is asked to stop meanwhile."""
        left = self._next_at - time.monotonic()
        if ending.wait(left) if left > 0 else ending.is_set():
            return False
        self._next_at = time.monotonic() + self._seconds
        return True


@cache
def pace(per_minute: int | None) -> Pace:
    """The one pace of this process, from run to run."""
    return Pace(per_minute)
