"""An SMTP relay for demonstration and development: what it is handed stays in a Maildir.

It listens on 127.0.0.1 only, in the same program, and answers 250 when a mail is safely on disk.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import socket
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"

_numbers = itertools.count()


class Sink:
    """A relay at `host` and `port` while its context is open; mails go to a Maildir at `folder`."""

    host = LOOPBACK

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._controller: _LoopbackController | None = None

    @property
    def port(self) -> int:
        """The free port found when the sink was opened."""
        assert self._controller is not None, "the sink is not open"
        return self._controller.port

    def __enter__(self) -> Sink:
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        self._controller = _LoopbackController(_Delivery(self._folder))
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._controller is not None, "the sink is not open"
        self._controller.stop()
        self._controller = None


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that the sink holds, as a page shows it; `to` is whom it was delivered to."""

    subject: str
    to: str
    sent_at: datetime | None
    text: str


def letters(folder: Path, limit: int | None = None) -> tuple[Received, ...]:
    """The mails in a Maildir, the last received first."""
    files = [file for part in ("new", "cur") for file in (folder / part).glob("*")]
    files.sort(key=_received_order, reverse=True)
    return tuple(_received(file.read_bytes()) for file in files[:limit])


def _received_order(file: Path) -> tuple[int, str]:
    moment = file.name.partition(".")[0]
    return (int(moment) if moment.isdigit() else 0, file.name)


def _received(content: bytes) -> Received:
    message = BytesParser(policy=policy.default).parsebytes(content)
    body = message.get_body(("plain",))
    date_header = message["Date"]
    return Received(
        subject=str(message["Subject"] or ""),
        to=str(message["Delivered-To"] or message["To"] or ""),
        sent_at=date_header.datetime if date_header is not None else None,
        text=body.get_content().replace("\r\n", "\n") if body is not None else "",
    )


def forget(folder: Path, name: str, address: str) -> int:
    """Deletes the mails that were delivered to an address or hold it or a name; how many."""
    words = [word.casefold() for word in (name, address) if word]
    count = 0
    for part in ("tmp", "new", "cur"):
        for file in sorted((folder / part).glob("*")):
            text = _everything(file.read_bytes()).casefold()
            if any(word in text for word in words):
                file.unlink()
                count += 1
    return count


def expire(folder: Path, before_on: date, *, dry: bool = False) -> int:
    """Deletes the mails that were sent before a day, whatever they hold; how many there were."""
    count = 0
    for part in ("tmp", "new", "cur"):
        for file in sorted((folder / part).glob("*")):
            if _sent_on(file) < before_on:
                count += 1
                if not dry:
                    file.unlink()
    return count


def _sent_on(file: Path) -> date:
    """The day a mail says it was sent; of one that does not say, the day it was received."""
    with file.open("rb") as content:
        header = BytesParser(policy=policy.default).parse(content, headersonly=True)["Date"]
    if header is not None and header.datetime is not None:
        sent_at: datetime = header.datetime
        return sent_at.date()
    received_at = _received_order(file)[0] / 1e9 or file.stat().st_mtime
    return datetime.fromtimestamp(received_at, UTC).date()


def _everything(content: bytes) -> str:
    """The heads and every part of a mail as they are read, lines of an entry unfolded."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    texts = [str(value) for value in message.values()]
    texts += [
        re.sub(r"\r?\n[ \t]", "", str(part.get_content()))
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]
    return "\n".join(texts)


class _LoopbackController(Controller):
    """aiosmtpd's server on a socket bound beforehand, so that the port is free and known."""

    def __init__(self, delivery: _Delivery) -> None:
        self._socket = socket.create_server((LOOPBACK, 0))
        super().__init__(delivery, LOOPBACK, self._socket.getsockname()[1], ident="Medfrist")

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


class _Delivery:
    """What the server does with a mail: one copy a recipient, on disk before the answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = cast(bytes, envelope.content)
        try:
            for recipient in envelope.rcpt_tos:
                trace = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {recipient}\r\n"
                _keep(self._folder, trace.encode() + content)
        except OSError:
            return "451 4.3.0 Cannot be kept"
        return "250 2.0.0 Kept"


def _keep(folder: Path, content: bytes) -> None:
    """Writes a mail the way of a Maildir: whole in tmp, then by one rename into new."""
    name = f"{time.time_ns()}.P{os.getpid()}Q{next(_numbers)}.medfrist"
    draft = folder / "tmp" / name
    with draft.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / "new" / name)
    entries = os.open(folder / "new", os.O_RDONLY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)
