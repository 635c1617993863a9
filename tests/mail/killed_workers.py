"""Workers that send a site's mail at once, each killed at the n-th step of its own, as it is told.

A step is a write or a commit of the database, or something said to the relay. Each line it reads
is one run, with a process a worker; it answers with the steps that each took.
"""

from __future__ import annotations

import os
import smtplib
import sys
from pathlib import Path
from typing import Any

from killed import Steps, answer_each_line, ended, site_at, writes
from sqlalchemy import Engine, event

from engine.errors import StoreError
from engine.service.reminding import forecast, remind


def watch(steps: Steps) -> None:
    """Counts what is written, committed and said to the relay."""

    def before(_: Any, __: Any, statement: str, *___: Any) -> None:
        if writes(statement):
            steps.take("write")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", lambda _: steps.take("commit"))
    sending, answered = smtplib.SMTP.send, smtplib.SMTP.getreply

    def send(session: smtplib.SMTP, words: Any) -> None:
        steps.take("said")
        sending(session, words)

    def getreply(session: smtplib.SMTP) -> tuple[int, bytes]:
        reply = answered(session)
        steps.take("heard")
        return reply

    smtplib.SMTP.send = send  # type: ignore[assignment,method-assign]
    smtplib.SMTP.getreply = getreply  # type: ignore[method-assign]


def run(folder: Path, moment: str, last: int, say: int) -> None:
    steps = Steps(last, say)
    watch(steps)
    remind(site_at(folder, moment))
    steps.take("end")


def started(folder: Path, moment: str, last: int, go: int) -> tuple[int, int]:
    """A worker that waits for the word, and where it tells its steps."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    code = 1
    try:
        os.close(reader)
        os.read(go, 1)
        run(folder, moment, last, writer)
        code = 0
    except StoreError as error:
        os.write(writer, f"{error.code}\n".encode())
    finally:
        sys.stderr.flush()
        os._exit(code)


def answer(folder: str, moment: str, lasts: list[int]) -> list[dict[str, Any]]:
    """What became of each worker: the steps it took, and whether it was killed.

    What all of them read is read before they part.
    """
    forecast(site_at(Path(folder), moment))
    ready, go = os.pipe()
    workers = [started(Path(folder), moment, last, ready) for last in lasts]
    os.write(go, b"!" * len(workers))
    told = [ended(child, reader) for child, reader in workers]
    os.close(ready)
    os.close(go)
    return told


if __name__ == "__main__":
    answer_each_line(answer)
