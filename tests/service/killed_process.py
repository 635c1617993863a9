"""A process that does something to a site and kills itself at the n-th step of it, as it is told.

A step is a write or a commit of the site's database, or a file that is put in place or taken away.
Each line it reads is one run, in a process of its own; it answers with the steps that were taken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from killed import Steps, answer_each_line, ended, site_at, writes
from killed_acts import ACTS
from sqlalchemy import Engine, event


def watch(steps: Steps) -> None:
    """Counts what is done to the database, but for a backup that is looked into, and to files."""

    def ours(connection: Any) -> bool:
        return "backup-" not in str(connection.engine.url.database)

    def before(connection: Any, _: Any, statement: str, *__: Any) -> None:
        if ours(connection) and writes(statement):
            steps.take("write")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", lambda each: ours(each) and steps.take("commit"))
    for name in ("replace", "unlink"):
        setattr(Path, name, _counted(getattr(Path, name), name, steps))
    os.fsync = _counted(os.fsync, "fsync", steps)


def _counted(done: Callable[..., Any], kind: str, steps: Steps) -> Callable[..., Any]:
    def counted(*given: Any, **named: Any) -> Any:
        steps.take(kind)
        return done(*given, **named)

    return counted


def run(act: str, folder: Path, moment: str, last: int, say: int) -> None:
    steps = Steps(last, say)
    watch(steps)
    ACTS[act](site_at(folder, moment))
    steps.take("end")


def answer(act: str, folder: str, moment: str, last: int) -> dict[str, Any]:
    """What became of one run: the steps it took, and whether it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            run(act, Path(folder), moment, last, writer)
        finally:
            sys.stderr.flush()
        os._exit(0)
    os.close(writer)
    return ended(child, reader)


if __name__ == "__main__":
    answer_each_line(answer)
