"""Hands an EmailMessage to the relay over yagmail's live connection, and says what came of it.

A mail's outcome is temporary when it may be tried again as it is (also when the relay or what it
is told of us, not the mail, is at fault: address, certificate, login, sender), permanent when the
relay refused the mail for good, unknown when the connection was lost once its contents were on the
way.
Nothing here logs, and no error carries an address, a subject or the relay's own sentence.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import yagmail

from engine.errors import MailError, Outcome

OK = 250
IDLE_SECONDS = 5.0  # after such a pause the connection is asked whether it still lives

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_STATUS = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")

_TOO_LARGE = re.compile(r"552\b|5\d\d 5\.3\.4")
"""A refusal before the contents that is about this mail: its size (RFC 1870)."""

_ABOUT_THE_SENDER = re.compile(r"5\d\d 5\.1\.[78]")
"""A refusal of the recipient that is about the sender after all (RFC 3463).

Relays that put off every refusal to the recipient, as Postfix does, say it there.
"""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed in; `ca_file` names the only authority trusted, else the system's."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 30.0


class _Replies:
    """What the relay answers, line by line; a whole answer has the time that a mail's step has.

    A timeout of the socket alone begins anew with every byte.
    """

    def __init__(self, connection: socket.socket, timeout: float) -> None:
        self._connection = connection
        self._timeout = timeout
        self._until = 0.0
        self._read = b""

    def begin(self) -> None:
        """The time of the next answer runs from now."""
        self._until = time.monotonic() + self._timeout

    def readline(self, limit: int) -> bytes:
        """The next line, or what there is of it when the connection ends."""
        while b"\n" not in self._read and len(self._read) < limit:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            more = self._connection.recv(limit)
            if not more:
                break
            self._read += more
        self._connection.settimeout(self._timeout)
        end = min(self._read.find(b"\n") + 1 or limit, limit)
        line, self._read = self._read[:end], self._read[end:]
        return line

    def close(self) -> None:
        """Nothing: the connection is closed by whoever has it."""


class _Session(smtplib.SMTP):
    """A connection that remembers whether DATA has begun, and waits for no answer for ever."""

    data_begun = False

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock, self.timeout)
        if self.file is not None:
            self.file.begin()
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.data_begun = True
        return super().data(msg)


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte."""


class _Client(yagmail.SMTP):  # type: ignore[misc]  # yagmail ships no types
    """yagmail's client, with sessions that know how far they came."""

    @property
    def connection(self) -> type[smtplib.SMTP]:
        return _TlsSession if self.ssl else _Session


class Mailer:
    """One live connection to the relay, for one thread."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._client: Any = None
        self._session: Any = None
        self._used_at = 0.0

    def __enter__(self) -> Mailer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: EmailMessage, to: str) -> None:
        """Hands the mail over for one recipient; raises MailError with what is known if not."""
        _check(to)
        kept = self._alive()
        if not kept:
            self._connect()
        try:
            self._hand_over(message, to)
        except MailError:
            # A kept connection may have been ended by the relay; before DATA a new one is safe.
            if not kept or self._client is not None or self._session.data_begun:
                raise
            self._connect()
            self._hand_over(message, to)
        self._used_at = time.monotonic()

    def greeted(self, sender: str) -> datetime | None:
        """Connects, logs in and names the sender as for a mail; the certificate's last moment.

        No mail is handed over. None where the connection is not encrypted. Raises MailError like
        `send`.
        """
        self._connect()
        sock = self._session.sock
        self._name(sender)
        if not isinstance(sock, ssl.SSLSocket):
            return None
        ends = str((sock.getpeercert() or {}).get("notAfter", ""))
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None

    def close(self) -> None:
        """Says goodbye to the relay, if connected."""
        client, self._client = self._client, None
        if client is None or client.smtp is None:
            return
        client.is_closed = True
        try:
            client.smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            client.smtp.close()

    def _alive(self) -> bool:
        if self._client is None:
            return False
        if time.monotonic() - self._used_at < IDLE_SECONDS:
            return True
        try:
            answered = bool(self._session.noop()[0] == 250)
        except (smtplib.SMTPException, OSError):
            answered = False
        if not answered:
            self.close()
        return answered

    def _connect(self) -> None:
        self.close()
        client = _client(self._relay)
        try:
            client.login()
            client.smtp.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            code, reply = _fault_of_relay(error, self._relay, client.smtp)
            self._client = client
            self.close()
            where = {"host": self._relay.host, "port": self._relay.port}
            raise MailError(Outcome.TEMPORARY, code, **where, reply=reply) from None
        self._client = client
        self._session = client.smtp

    def _name(self, sender: str) -> None:
        """Begins a mail and takes it back before anybody is named as its recipient."""
        self._session.data_begun = False
        try:
            number, text = self._session.mail(sender)
            if number != OK:
                raise self._refused_sender(number, text)
            self._session.rset()
        except (smtplib.SMTPException, OSError):
            raise self._lost() from None

    def _hand_over(self, message: EmailMessage, to: str) -> None:
        self._session.data_begun = False
        try:
            self._session.send_message(message, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as refused:
            raise self._refused_recipient(*refused.recipients[to]) from None
        except smtplib.SMTPSenderRefused as refused:
            raise self._refused_sender(refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPResponseException as refused:
            raise self._refused("mail.refused", refused.smtp_code, refused.smtp_error) from None
        except (smtplib.SMTPException, OSError):
            raise self._lost() from None

    def _refused_recipient(self, number: int, text: bytes | str) -> MailError:
        if _ABOUT_THE_SENDER.match(_reply(number, text)):
            return self._refused_sender(number, text)
        return self._refused("mail.recipient-refused", number, text)

    def _refused_sender(self, number: int, text: bytes | str) -> MailError:
        """Our sender is refused: the set-up is at fault, and the mail may go once it is mended."""
        refused = self._refused("mail.refused", number, text)
        reply = _reply(number, text)
        if refused.outcome is not Outcome.PERMANENT or _TOO_LARGE.match(reply):
            return refused
        where = {"host": self._relay.host, "port": self._relay.port}
        return MailError(Outcome.TEMPORARY, "mail.sender-refused", **where, reply=reply)

    def _refused(self, code: str, number: int, text: bytes | str) -> MailError:
        if not 400 <= number < 600:
            return self._lost()
        # 421 ends the connection; after a refusal at DATA its state differs between relays.
        if self._session.data_begun or number == 421:
            self.close()
        reply = _reply(number, text)
        if number >= 500:
            return MailError(Outcome.PERMANENT, code, reply=reply)
        return MailError(Outcome.TEMPORARY, "mail.deferred", reply=reply)

    def _lost(self) -> MailError:
        self.close()
        if self._session.data_begun:
            return MailError(Outcome.UNKNOWN, "mail.lost")
        return MailError(Outcome.TEMPORARY, "mail.dropped")


def _check(address: str) -> None:
    if not address.isascii():
        raise MailError(Outcome.PERMANENT, "mail.address-not-ascii")
    if _ADDRESS.fullmatch(address) is None:
        raise MailError(Outcome.PERMANENT, "mail.address-unusable")


def _client(relay: Relay) -> Any:
    options: dict[str, Any] = {"timeout": relay.timeout}
    starttls: bool | dict[str, Any] = False
    if relay.security == "tls":
        options["context"] = _trust(relay)
    if relay.security == "starttls":
        starttls = {"context": _trust(relay)}
    client = _Client(
        # As a mapping, a login name without @ stays as it is; with a password (even an empty
        # one) no key ring is asked.
        user={relay.user: relay.user},
        password=relay.password,
        host=relay.host,
        port=relay.port,
        smtp_ssl=relay.security == "tls",
        smtp_starttls=starttls,
        smtp_skip_login=not relay.user,
        soft_email_validation=False,
        **options,
    )
    client.set_logging(None)
    return client


def _trust(relay: Relay) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=relay.ca_file)
    except OSError:
        raise MailError(Outcome.TEMPORARY, "mail.ca-file", path=relay.ca_file) from None


def _fault_of_relay(error: Exception, relay: Relay, session: Any) -> tuple[str, str]:
    """The code for a connection that did not come about, and the relay's number if it gave one."""
    if isinstance(error, smtplib.SMTPResponseException):
        refused_login = isinstance(error, smtplib.SMTPAuthenticationError)
        code = "mail.login-refused" if refused_login else "mail.relay-refused"
        return code, _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        encrypted = isinstance(session.sock, ssl.SSLSocket)
        missing = relay.security == "starttls" and not encrypted
        return ("mail.no-starttls" if missing else "mail.no-login"), ""
    if isinstance(error.__context__, TimeoutError):  # smtplib tells a silent relay as a lost one
        return "mail.timeout", ""
    return next(code for kind, code in _FAULTS if isinstance(error, kind)), ""


_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "mail.certificate"),
    (ssl.SSLError, "mail.tls"),
    (TimeoutError, "mail.timeout"),
    (UnicodeError, "mail.login-not-ascii"),
    (Exception, "mail.unreachable"),
)


def _reply(number: int, text: bytes | str) -> str:
    """The relay's number and enhanced status, "550 5.1.1": its words may hold an address."""
    words = text if isinstance(text, bytes) else text.encode("ascii", "replace")
    status = _STATUS.match(words)
    return f"{number} {status[0].decode()}" if status else str(number)
