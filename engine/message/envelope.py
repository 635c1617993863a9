"""From a letter to an EmailMessage: headers, text, HTML and the attached deadline."""

from __future__ import annotations

import unicodedata
from base64 import encodebytes
from binascii import b2a_qp
from datetime import datetime
from email.charset import BASE64, Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from engine.errors import MailError, Outcome
from engine.message.conversation import thread_index
from engine.message.letter import Letter

TEXT_WIDTH = 72

_IDENTIFIERS = frozenset({"Message-ID", "References", "In-Reply-To", "List-Id", "Thread-Index"})
_WORDS = frozenset({"Subject", "Thread-Topic"})
_AS_WRITTEN = _IDENTIFIERS | _WORDS
_OF_ITS_OWN = _AS_WRITTEN | {"To"}

_BOUNDARIES = {"mixed": "=_medfrist-mixed", "alternative": "=_medfrist-alternative"}
"""They hold "=_", which stands in no quoted-printable and in no base64 (RFC 2045, 6.7)."""


# Left to itself the library reckons both encodings of every word to find the shorter.
_UTF_8 = Charset("utf-8")
_UTF_8.header_encoding = BASE64


class _Policy(EmailPolicy):
    """Folds what the standard policy folds wrongly, and reads again nothing that is read.

    It encodes a long identifier as if it were text, and doubles blanks between encoded words.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name in _AS_WRITTEN and value.isprintable():
            return name, value
        return super().header_store_parse(name, value)

    def header_max_count(self, name: str) -> int | None:
        return _most(name)

    def fold(self, name: str, value: str) -> str:
        if name in _IDENTIFIERS:
            return f"{name}: {value}{self.linesep}"
        if name in _WORDS:
            folded = Header(value, _UTF_8, header_name=name).encode(linesep=self.linesep)
            return f"{name}: {folded}{self.linesep}"
        if name in _OF_ITS_OWN:
            return str(super().fold(name, value))
        return _folded(name, value, self.linesep)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


@lru_cache(64)
def _most(name: str) -> int | None:
    """How often a header may stand in a mail."""
    most: int | None = EmailPolicy().header_max_count(name)
    return most


@lru_cache(64)
def _folded(name: str, value: str, linesep: str) -> str:
    """A header that many mails share, as it stands in each."""
    return str(EmailPolicy(linesep=linesep).fold(name, value))


_POLICY = _Policy(linesep="\r\n")


def email_message(letter: Letter, to_address: str, sender: str, sent_at: datetime) -> EmailMessage:
    """The mail of a letter, from `sender` ("Medfrist <medfrist@kommune.example>"), sent then.

    The same letter, address and moment give the same bytes. Raises MailError for an address
    that cannot stand in a mail.
    """
    message = EmailMessage(policy=_POLICY)
    _write_headers(message, letter, sent_at)
    message["From"] = _from(sender)
    message["To"] = _recipient(to_address)
    message["MIME-Version"] = _header("MIME-Version", "1.0")
    message["Content-Language"] = _header("Content-Language", letter.language)
    if letter.ics is None:
        _write_bodies(message, letter)
    else:
        bodies = EmailMessage(policy=_POLICY)
        _write_bodies(bodies, letter)
        _write_parts(message, "mixed", bodies, _attached(letter.ics))
    return message


def _write_bodies(message: EmailMessage, letter: Letter) -> None:
    text = _part('text/plain; charset="utf-8"', "quoted-printable")
    text.set_payload(_quoted(_render("letter.txt", letter)))
    html = _part('text/html; charset="utf-8"', "quoted-printable")
    html.set_payload(_quoted(_render("letter.html", letter)))
    _write_parts(message, "alternative", text, html)


def _attached(ics: str) -> EmailMessage:
    kind = 'text/calendar; charset="utf-8"; method="PUBLISH"'
    part = _part(kind, "base64")
    part["Content-Disposition"] = _header("Content-Disposition", 'attachment; filename="frist.ics"')
    part.set_payload(encodebytes(ics.encode()).decode("ascii"))
    return part


def _part(kind: str, encoding: str) -> EmailMessage:
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = _header("Content-Type", kind)
    part["Content-Transfer-Encoding"] = _header("Content-Transfer-Encoding", encoding)
    return part


def _write_parts(message: EmailMessage, kind: str, *parts: EmailMessage) -> None:
    several = f'multipart/{kind}; boundary="{_BOUNDARIES[kind]}"'
    message["Content-Type"] = _header("Content-Type", several)
    message.set_payload(list(parts))


def _quoted(text: str) -> str:
    """The text as quoted-printable; the library's own encoder is many times slower."""
    lines = text.encode().splitlines()
    return b2a_qp(b"".join(line + b"\n" for line in lines), istext=True).decode("ascii")


def _write_headers(message: EmailMessage, letter: Letter, sent_at: datetime) -> None:
    if letter.references is not None:
        # Of the two Outlook takes the first for what the conversation is called.
        message["Thread-Topic"] = _one_line(letter.topic or letter.subject)
        index = thread_index(letter.references, letter.message_id, sent_at)
        message["Thread-Index"] = index
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = _header("Date", format_datetime(sent_at))
    message["Message-ID"] = f"<{letter.message_id}>"
    if letter.references is not None:
        message["References"] = f"<{letter.references}>"
        message["In-Reply-To"] = f"<{letter.references}>"
    message["List-Id"] = _header("List-Id", f"<{letter.list_id}>")
    message["Auto-Submitted"] = _header("Auto-Submitted", "auto-generated")
    message["X-Auto-Response-Suppress"] = _header("X-Auto-Response-Suppress", "OOF, AutoReply")


@lru_cache(64)
def _header(name: str, value: str) -> Any:
    """A header that many mails share, read once."""
    return _POLICY.header_factory(name, value)


@lru_cache(4)
def _from(sender: str) -> Any:
    return _POLICY.header_factory("From", _sender(sender))


def _sender(sender: str) -> Address:
    name, _, addr_spec = sender.rpartition("<")
    return Address(display_name=name.strip(' "'), addr_spec=addr_spec.strip(" >"))


def _recipient(to_address: str) -> Address:
    try:
        return Address(addr_spec=to_address)
    except (ValueError, IndexError, MessageError):
        raise MailError(Outcome.PERMANENT, "mail.address-unusable") from None


def _one_line(text: str) -> str:
    """The text as one line: line breaks, control characters and runs of blanks become a blank."""
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """The text without signs that are not seen: controls, and those that turn its direction."""
    if text.isprintable():  # as nearly all text is, and then nothing in it is unseen
        return text
    return "".join(_INSTEAD.get(unicodedata.category(sign), sign) for sign in text)


def _visible_lines(text: str) -> str:
    if text.isprintable():
        return text
    return "\n".join(_visible(line) for line in text.split("\n"))


_INSTEAD = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": ""}


def _render(template: str, letter: Letter) -> str:
    return _templates().get_template(template).render(letter=letter)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("engine.wording", "templates/mail"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: _visible_lines(value) if type(value) is str else value,
    )
    templates.filters["wrapped"] = _wrapped
    templates.filters["paragraphs"] = lambda text: [p for p in text.split("\n") if p.strip()]
    return templates


def _wrapped(text: str, indent: str = "") -> str:
    """Each paragraph filled to the width of a terminal; words, also addresses, stay whole."""
    return "\n".join(_filled(_one_line(paragraph), indent) for paragraph in text.split("\n"))


def _filled(line: str, indent: str) -> str:
    if len(indent) + len(line) <= TEXT_WIDTH:  # as most lines are
        return indent + line if line else ""
    first, *words = line.split(" ")
    lines = [indent + first]
    for word in words:
        if len(lines[-1]) + 1 + len(word) <= TEXT_WIDTH:
            lines[-1] += " " + word
        else:
            lines.append(indent + word)
    return "\n".join(lines)
