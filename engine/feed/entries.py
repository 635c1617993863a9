"""One entry of a calendar and its bytes, and the lines that stand around all entries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

FEED_REVISION = 0
"""Added to every SEQUENCE; a release raises it when it changes what entries say."""

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
    """The entry's lines, folded at 75 octets."""
    from icalendar import Event

    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    component = Event()
    component.add("uid", one_line(entry.uid))
    component.add("dtstamp", changed_at)
    component.add("last-modified", changed_at)
    component.add("sequence", entry.revision + FEED_REVISION)
    component.add("summary", one_line(entry.summary))
    component.add("dtstart", entry.starts)
    _add_end(component, entry)
    component.add("transp", "OPAQUE" if entry.takes_time else "TRANSPARENT")
    component.add("x-microsoft-cdo-busystatus", "BUSY" if entry.takes_time else "FREE")
    if entry.description:
        component.add("description", readable(entry.description))
    if entry.place:
        component.add("location", one_line(entry.place))
    if entry.url:
        component.add("url", one_line(entry.url))
    if entry.private:
        component.add("class", "PRIVATE")
    if entry.cancelled:
        component.add("status", "CANCELLED")
    return b"".join(folded(str(line)) + b"\r\n" for line in component.content_lines() if line)


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


def _add_end(component: Event, entry: Entry) -> None:
    """The day after for a whole day; nothing where a meeting's end is not known."""
    if not isinstance(entry.starts, datetime):
        component.add("dtend", entry.starts + timedelta(days=1))
    elif entry.ends is not None and entry.ends > entry.starts:
        component.add("dtend", entry.ends)


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
