"""One entry of a calendar and its bytes, and the lines that stand around all entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FEED_REVISION = 0
"""Added to every SEQUENCE; a release raises it when it changes what entries say."""

MOMENT = "%Y%m%dT%H%M%S"
REFRESH = timedelta(hours=4)
LONGEST_NAME = 60
FOLD_AT = 75
"""The octets at which a line is folded."""

END = b"END:VCALENDAR\r\n"

# The rule of the European Union since 1996, which has no last year.
COPENHAGEN = b"\r\n".join(
    (
        b"BEGIN:VTIMEZONE",
        b"TZID:Europe/Copenhagen",
        b"BEGIN:DAYLIGHT",
        b"DTSTART:19960331T020000",
        b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        b"TZNAME:CEST",
        b"TZOFFSETFROM:+0100",
        b"TZOFFSETTO:+0200",
        b"END:DAYLIGHT",
        b"BEGIN:STANDARD",
        b"DTSTART:19961027T030000",
        b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        b"TZNAME:CET",
        b"TZOFFSETFROM:+0200",
        b"TZOFFSETTO:+0100",
        b"END:STANDARD",
        b"END:VTIMEZONE",
        b"",
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry says; with a day it lasts all of it, with a moment it takes people's time."""

    uid: str
    revision: int
    changed_at: datetime
    summary: str
    starts: date
    ends: datetime | None = None
    description: str = ""
    url: str = ""
    place: str = ""
    private: bool = False
    cancelled: bool = False

    @property
    def takes_time(self) -> bool:
        """Whether others should see the hours as taken."""
        return isinstance(self.starts, datetime) and not self.cancelled


def written(entry: Entry) -> bytes:
    """The entry's lines, folded at 75 octets, as the library would write them."""
    return b"".join(folded(line) + b"\r\n" for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    """What it is and when, then the rest by name: the order in which the library writes it."""
    changed_at = f"{entry.changed_at.astimezone(UTC):{MOMENT}}Z"
    yield "BEGIN:VEVENT"
    yield f"SUMMARY:{_escaped(one_line(entry.summary))}"
    yield f"DTSTART{_when(entry.starts)}"
    ends = _end(entry)
    if ends is not None:
        yield f"DTEND{_when(ends)}"
    yield f"DTSTAMP:{changed_at}"
    yield f"UID:{_escaped(one_line(entry.uid))}"
    yield f"SEQUENCE:{entry.revision + FEED_REVISION}"
    if entry.private:
        yield "CLASS:PRIVATE"
    if entry.description:
        yield f"DESCRIPTION:{_escaped(readable(entry.description))}"
    yield f"LAST-MODIFIED:{changed_at}"
    if entry.place:
        yield f"LOCATION:{_escaped(one_line(entry.place))}"
    if entry.cancelled:
        yield "STATUS:CANCELLED"
    yield f"TRANSP:{'OPAQUE' if entry.takes_time else 'TRANSPARENT'}"
    if entry.url:
        yield f"URL:{one_line(entry.url)}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{'BUSY' if entry.takes_time else 'FREE'}"
    yield "END:VEVENT"


def _end(entry: Entry) -> date | None:
    """The day after for a whole day; nothing where a meeting's end is not known."""
    if not isinstance(entry.starts, datetime):
        return entry.starts + timedelta(days=1)
    return entry.ends if entry.ends is not None and entry.ends > entry.starts else None


def _when(on: date) -> str:
    """A day, or a moment by the clock of its zone."""
    if not isinstance(on, datetime):
        return f";VALUE=DATE:{on:%Y%m%d}"
    zone = getattr(on.tzinfo, "key", None)
    if zone is None:
        return f":{on.astimezone(UTC):{MOMENT}}Z"
    return f";TZID={zone}:{on:{MOMENT}}"


def _escaped(text: str) -> str:
    """A text as a value: backslashes, separators and line ends are marked."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """The line in pieces that are shorter than 75 octets, as the library folds it and faster.

    No letter of more octets is parted, and no backslash or caret from what it stands before.
    """
    rest = line.encode()
    pieces: list[bytes] = []
    while len(rest) >= FOLD_AT:
        end = FOLD_AT - 1
        while rest[end] & 0xC0 == 0x80:  # the letter began before
            end -= 1
        if rest[end - 1] in b"\\^":
            end -= 1
        pieces.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join((*pieces, rest))


def head(name: str) -> bytes:
    """The lines before the first entry: what the calendar is, and how often to fetch it."""
    from icalendar import Calendar

    short = one_line(name)
    if len(short) > LONGEST_NAME:
        short = short[: LONGEST_NAME - 1].rstrip() + "…"
    around = Calendar()
    around.add("prodid", "-//Medfrist//Medfrist//DA")
    around.add("version", "2.0")
    around.add("calscale", "GREGORIAN")
    around.add("method", "PUBLISH")
    around.add("name", short)
    around.add("x-wr-calname", short)
    around.add("x-wr-timezone", "Europe/Copenhagen")
    around.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    around.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    content: bytes = around.to_ical()
    return content.removesuffix(END) + COPENHAGEN


def readable(text: str) -> str:
    r"""The text without characters that are no text, its line ends all alike.

    >>> readable("a\r\nb\x00\x1b c")
    'a\nb c'
    """
    lines = re.split("\r\n|[\r\n\u2028\u2029]", text)
    return "\n".join(
        line if line.isprintable() else "".join(map(_printable, line)) for line in lines
    )


def one_line(text: str) -> str:
    r"""The readable text on one line.

    >>> one_line("a\n b")
    'a b'
    """
    return " ".join(readable(text).split())


def _printable(character: str) -> str:
    if character == "\t":
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cs") else character
