"""Notes follow-ups and applies files until it is told to stop, and says what was stored of it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

from killed_acts import one_more

from engine.config import read_config
from engine.errors import StoreError
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.followups import Wanted, add
from engine.service.site import Site


def told(what: str, act: Callable[[], object]) -> None:
    try:
        act()
        code = "stored"
    except StoreError as error:
        code = error.code
    sys.stdout.write(f"{code} {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    site = Site(folder, read_config(folder), stopped_at(sys.argv[2]), pretended=True)
    stopped = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stopped.set()), daemon=True).start()
    number = 0
    while not stopped.is_set():
        number += 1
        wanted = Wanted(f"Opgave {number}", "sekretær", due="2026-05-01")
        told(wanted.what, lambda wanted=wanted: add(site, "oes-med", wanted))  # type: ignore[misc]
        if number % 4 == 0:
            one_more(site, "a" + "".join(chr(97 + int(digit)) for digit in str(number)))
            note = str(number)
            told(f"Udgave {number}", lambda note=note: apply(site, note=note))  # type: ignore[misc]
