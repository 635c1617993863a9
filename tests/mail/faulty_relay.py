"""A scripted relay that knows whom it took each mail in for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from ssl import SSLContext

from scripted_relay import ScriptedRelay

Script = dict[str, str | list[str]]


@dataclass(frozen=True)
class Delivery:
    """A mail that was taken in."""

    to: str
    content: bytes
    at: datetime

    @property
    def message(self) -> EmailMessage:
        """As it is read."""
        return BytesParser(policy=policy.default).parsebytes(self.content)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        """Its identity."""
        return str(self.message["Message-ID"]).strip("<>")

    @property
    def text(self) -> str:
        """Its words on one line."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return " ".join(str(body.get_content()).split())


class FaultyRelay(ScriptedRelay):
    """Takes mails in and tells of each; `refusing` maps an address to what it is answered."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        taken: Callable[[str, bytes], None],
        refusing: dict[str, str] | None = None,
        greylisting: bool = False,
        pause: float = 0,
        meanwhile: Callable[[int], None] | None = None,
        tls: SSLContext | None = None,
        halfway: bool = False,
    ) -> None:
        super().__init__(script, tls=tls, halfway=halfway)
        self._taken = taken
        self._refusing = refusing or {}
        self._met: set[str] | None = set() if greylisting else None
        self._pause = pause
        self._meanwhile = meanwhile
        self._here = threading.local()

    def told(self, verb: str, command: str) -> str:
        """The scripted answer, unless it is the recipient who is refused."""
        if verb == "rcpt":
            to = command.partition("<")[2].partition(">")[0]
            self._here.to = to
            if self._met is not None and to not in self._met:
                self._met.add(to)
                return "450 4.7.1 greylisted"
            if to in self._refusing:
                return self._refusing[to]
        return super().told(verb, command)

    def keep(self, content: bytes) -> None:
        """Takes a mail in; what the trial has planned for that happens before the answer."""
        super().keep(content)
        self._taken(self._here.to, content)
        if self._meanwhile is not None:
            self._meanwhile(len(self.kept))

    def write(self, connection: socket.socket, line: bytes) -> None:
        """Sends an answer, byte by byte where it is slow."""
        if not self._pause:
            super().write(connection, line)
            return
        for byte in line:
            connection.sendall(bytes([byte]))
            time.sleep(self._pause)
