"""A process that applies a site and kills itself at the n-th statement or commit of it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from engine.config import read_config
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import Site

if __name__ == "__main__":
    folder, moment, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    points = iter(range(1, 1_000_000))

    def count(*_: Any) -> None:
        if next(points) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", lambda *given: _writes(given[2]) and count())
    event.listen(Engine, "commit", count)

    def _writes(statement: str) -> bool:
        return statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))

    # What is written beside the database counts too.
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        count()
        done = replace(path, target)
        count()
        return done

    Path.replace = replaced  # type: ignore[method-assign, assignment]
    apply(Site(folder, read_config(folder), stopped_at(moment), pretended=True), demo=True)
    sys.stdout.write(f"{next(points) - 1}\n")
