"""A mail relay that does what a test tells it to, over real sockets."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

DROP = "drop"
SILENCE = "silence"
KEEP = "keep, then "
"""Before an answer to the contents: they are kept, whatever is answered."""

USUAL = {
    "connect": "220 relay ready",
    "ehlo": "250 relay",
    "starttls": "220 go ahead",
    "auth": "235 2.7.0 welcome",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "content": "250 2.0.0 kept",
    "rset": "250 ok",
    "noop": "250 ok",
    "quit": "221 bye",
}


class ScriptedRelay:
    """Answers each verb as scripted: one answer for always, or a list whose last one stays.

    `connect` is the greeting, `content` the answer after the final dot; `halfway` drops the
    connection within the contents.
    """

    def __init__(
        self,
        script: dict[str, str | list[str]] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        tls_at_once: bool = False,
        halfway: bool = False,
    ) -> None:
        self._script = {**USUAL, **(script or {})}
        self._tls = tls
        self._tls_at_once = tls_at_once
        self._halfway = halfway
        self._server = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.port: int = self._server.getsockname()[1]
        self.verbs: list[str] = []
        self.commands: list[str] = []
        self.kept: list[bytes] = []
        self.recipients: list[str] = []
        self.connections = 0

    def __enter__(self) -> ScriptedRelay:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, _EndedError), contextlib.ExitStack() as stack:
            if self._tls_at_once and self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            stack.callback(lambda: connection.close())  # noqa: PLW0108 - the one of then
            connection.settimeout(5)
            self._answer(connection, "connect")
            lines = connection.makefile("rb")
            stack.callback(lambda: lines.close())  # noqa: PLW0108 - the one of then
            while line := lines.readline():
                command = line.decode("ascii", "replace").strip()
                verb = command.partition(" ")[0].lower()
                self.verbs.append(verb)
                self.commands.append(command)
                answer = self._answer(connection, verb, command)
                if answer.startswith("354"):
                    self._contents(connection, lines)
                if verb == "rcpt":
                    self.recipients.append(line.decode().split("<")[1].split(">")[0])
                if verb == "starttls" and self._tls is not None:
                    lines.close()
                    connection = self._tls.wrap_socket(connection, server_side=True)
                    lines = connection.makefile("rb")
                if verb == "quit":
                    return

    def _contents(self, connection: socket.socket, lines: object) -> None:
        content = b""
        while (line := lines.readline()) != b".\r\n":  # type: ignore[attr-defined]
            if not line or self._halfway:
                raise _EndedError
            content += line[1:] if line.startswith(b"..") else line
        answer = self.told("content", "")
        if answer.startswith(("250", KEEP)):
            self.keep(content)
        self._say(connection, answer.removeprefix(KEEP))

    def told(self, verb: str, command: str) -> str:
        """What is answered to a command."""
        told = self._script.get(verb, "500 unknown")
        return told if isinstance(told, str) else told.pop(0) if len(told) > 1 else told[0]

    def keep(self, content: bytes) -> None:
        """Takes a mail in."""
        self.kept.append(content)

    def _answer(self, connection: socket.socket, verb: str, command: str = "") -> str:
        return self._say(connection, self.told(verb, command))

    def _say(self, connection: socket.socket, answer: str) -> str:
        if answer == DROP:
            raise _EndedError
        if answer == SILENCE:
            self._over.wait(5)
            raise _EndedError
        self.write(connection, answer.replace("\n", "\r\n").encode() + b"\r\n")
        if answer.startswith("421"):
            raise _EndedError
        return answer

    def write(self, connection: socket.socket, line: bytes) -> None:
        """Sends an answer."""
        connection.sendall(line)


class _EndedError(Exception):
    pass


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test's own, and a server's certificate for 127.0.0.1."""

    ca_file: Path
    server: ssl.SSLContext


def authority(folder: Path) -> Authority:
    ca, key, request, certificate = (
        folder / name for name in ("ca.pem", "key.pem", "request.pem", "server.pem")
    )
    ca_key, extensions = folder / "ca-key.pem", folder / "extensions"
    extensions.write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    new_key = ["-newkey", "rsa:2048", "-nodes"]
    _openssl("req", "-x509", *new_key, "-subj", "/CN=Proeve-CA", "-days", "2",
             "-addext", "keyUsage=critical,keyCertSign", "-keyout", ca_key, "-out", ca)  # fmt: skip
    _openssl("req", *new_key, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", request)
    _openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial",
             "-days", "2", "-extfile", extensions, "-out", certificate)  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return Authority(ca, server)


def has_openssl() -> bool:
    return shutil.which("openssl") is not None


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
