"""Counting the steps of a process, and killing it at the n-th: for the proofs of what survives."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from engine.config import read_config
from engine.service.clock import stopped_at
from engine.service.site import Site

WRITES = ("INSERT", "UPDATE", "DELETE")


class Steps:
    """The steps taken so far; at the last one the process dies."""

    def __init__(self, last: int, say: int) -> None:
        self.last = last
        self.say = say
        self.count = 0

    def take(self, kind: str) -> None:
        self.count += 1
        os.write(self.say, f"{kind}\n".encode())
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def writes(statement: str) -> bool:
    """Whether a statement changes what is stored."""
    return statement.lstrip().upper().startswith(WRITES)


def site_at(folder: Path, moment: str) -> Site:
    return Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def ended(child: int, reader: int) -> dict[str, Any]:
    """What became of a process: the steps it told of, and whether it was killed."""
    with os.fdopen(reader) as said:
        taken = said.read().split()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"steps": taken, "killed": killed, "failed": not killed and status != 0}


def answer_each_line(answer: Callable[..., Any]) -> None:
    """Answers each line that is read, until there are no more."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(**json.loads(line))) + "\n")
        sys.stdout.flush()


class Asked:
    """A process that answers each line it is given."""

    def __init__(self, said: IO[str], told: IO[str]) -> None:
        self._said = said
        self._told = told

    def ask(self, **what: Any) -> Any:
        self._said.write(json.dumps(what) + "\n")
        self._said.flush()
        return json.loads(self._told.readline())


@contextmanager
def started(script: Path) -> Iterator[Asked]:
    """A script that answers each line, until nobody asks any more."""
    beside = os.pathsep.join((str(Path(__file__).parent), *filter(None, sys.path)))
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": beside},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Asked(process.stdin, process.stdout)
        process.stdin.close()
