from __future__ import annotations

import doctest
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from icalendar.parser import Contentline

from engine.feed import entries, horizon, scope
from engine.feed.entries import COPENHAGEN, END, Entry, folded, head, one_line, readable, written
from engine.planning.periods import Window

DENMARK = ZoneInfo("Europe/Copenhagen")
PLAIN = Entry(
    uid="2f1c@medfrist",
    revision=1,
    changed_at=datetime(2026, 2, 2, 6, 30, tzinfo=UTC),
    summary="Frist",
    starts=date(2026, 3, 19),
)


def read(content: bytes) -> Event:
    around = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + content + END)
    (entry,) = around.walk("VEVENT")
    assert entry.errors == []
    return entry


@pytest.mark.parametrize("module", [entries, scope])
def test_examples_in_docstrings(module: object) -> None:
    told = doctest.testmod(module)

    assert told.failed == 0
    assert told.attempted > 0


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\\\\^ æ😀")))
@example("æ" * 400)
@example("\\" * 400)
@example("x" * 73 + "\\,x")
def test_a_line_is_folded_as_the_library_folds_it(line: str) -> None:
    assert folded(line) == Contentline(line).to_ical()


def test_the_lines_of_an_entry() -> None:
    whole = replace(
        PLAIN,
        summary="Frist: Retningslinjen om vold, trusler; \\ og »krænkende handlinger« drøftes",
        description="Ansvarlig: forpersonen.\nGrundlag: § 8",
        url="https://medfrist.kommune.example/deadlines/2f1c@medfrist",
        private=True,
        cancelled=True,
    )

    assert written(whole).decode().split("\r\n") == [
        "BEGIN:VEVENT",
        "SUMMARY:Frist: Retningslinjen om vold\\, trusler\\; \\\\ og »krænkende handl",
        " inger« drøftes",
        "DTSTART;VALUE=DATE:20260319",
        "DTEND;VALUE=DATE:20260320",
        "DTSTAMP:20260202T063000Z",
        "UID:2f1c@medfrist",
        "SEQUENCE:1",
        "CLASS:PRIVATE",
        "DESCRIPTION:Ansvarlig: forpersonen.\\nGrundlag: § 8",
        "LAST-MODIFIED:20260202T063000Z",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "URL:https://medfrist.kommune.example/deadlines/2f1c@medfrist",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "END:VEVENT",
        "",
    ]


def test_the_lines_around_entries() -> None:
    assert head("Frister og møder: afdelingsMED Økonomi & Stab").decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Medfrist//Medfrist//DA",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Frister og møder: afdelingsMED Økonomi & Stab",
        "X-WR-CALNAME:Frister og møder: afdelingsMED Økonomi & Stab",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "X-WR-TIMEZONE:Europe/Copenhagen",
        *COPENHAGEN.decode().split("\r\n"),
    ]


def test_a_long_name_is_cut_at_sixty_characters() -> None:
    name = "Frister og møder: afdelingsMED Kultur, Fritid, Ejendomme og Byudvikling"
    around = Calendar.from_ical(head(name) + END)

    assert [str(around[key]) for key in ("NAME", "X-WR-CALNAME")] == [
        "Frister og møder: afdelingsMED Kultur, Fritid, Ejendomme og…"
    ] * 2


@pytest.mark.parametrize(
    ("ends_hour", "lasting"),
    [
        (14, timedelta(hours=2)),
        (None, timedelta(0)),
        # An end before the start is no end.
        (11, timedelta(0)),
    ],
)
def test_how_long_a_meeting_lasts(ends_hour: int | None, lasting: timedelta) -> None:
    starts = datetime(2026, 3, 26, 12, tzinfo=DENMARK)
    ends = starts.replace(hour=ends_hour) if ends_hour else None
    meeting = replace(PLAIN, starts=starts, ends=ends)
    entry = read(written(meeting))

    assert entry.duration == lasting
    assert (entry["TRANSP"], entry["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("OPAQUE", "BUSY")


TEXTS = st.text(st.sampled_from('aæøåÆØÅ »«–,;:\\^"🗓é\n'), max_size=200)
DAYS = st.dates(date(2000, 1, 1), date(2190, 12, 31))
MOMENTS = st.builds(lambda on, at: datetime.combine(on, at, DENMARK), DAYS, st.times())
ENTRIES = st.builds(
    Entry,
    uid=TEXTS,
    revision=st.integers(0, 200),
    changed_at=MOMENTS,
    summary=TEXTS,
    starts=DAYS | MOMENTS,
    ends=st.none() | MOMENTS,
    description=TEXTS,
    url=TEXTS,
    place=TEXTS,
    private=st.booleans(),
    cancelled=st.booleans(),
)


def by_the_library(entry: Entry) -> bytes:
    """The entry as icalendar writes it."""
    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    ends = entry.ends if entry.ends and isinstance(entry.starts, datetime) else None
    told = {
        "uid": one_line(entry.uid),
        "dtstamp": changed_at,
        "last-modified": changed_at,
        "sequence": entry.revision,
        "summary": one_line(entry.summary),
        "dtstart": entry.starts,
        "transp": "OPAQUE" if entry.takes_time else "TRANSPARENT",
        "x-microsoft-cdo-busystatus": "BUSY" if entry.takes_time else "FREE",
    }
    if not isinstance(entry.starts, datetime):
        told["dtend"] = entry.starts + timedelta(days=1)
    elif ends is not None and ends > entry.starts:
        told["dtend"] = ends
    if entry.description:
        told["description"] = readable(entry.description)
    for name, text in (("location", entry.place), ("url", entry.url)):
        told |= {name: one_line(text)} if text else {}
    told |= {"class": "PRIVATE"} if entry.private else {}
    told |= {"status": "CANCELLED"} if entry.cancelled else {}
    component = Event()
    for name, value in told.items():
        component.add(name, value)
    content: bytes = component.to_ical()
    return content


@given(ENTRIES)
def test_an_entry_is_written_as_the_library_writes_it(entry: Entry) -> None:
    assert written(entry) == by_the_library(entry)


# Folding and characters


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("aæøåÆØÅ »«–,;\\🗓é\n"), max_size=300))
def test_no_line_is_longer_than_75_octets_and_every_text_comes_back(text: str) -> None:
    content = written(replace(PLAIN, summary=text, description=text, place=text))

    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    entry = read(content)
    assert str(entry["SUMMARY"]) == one_line(text)
    assert str(entry.get("DESCRIPTION", "")) == readable(text)
    assert str(entry.get("LOCATION", "")) == one_line(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_no_text_breaks_an_entry(text: str) -> None:
    content = written(
        replace(PLAIN, uid=f"2f{text}", summary=text, description=text, place=text, url=text)
    ).decode("utf-8")

    assert content.count("BEGIN:VEVENT") == 1 + text.count("BEGIN:VEVENT")
    unfolded = content.replace("\r\n ", "").split("\r\n")
    assert not [
        character
        for line in unfolded
        for character in line
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
    ]
    names = [line.replace(";", ":").split(":")[0] for line in unfolded[1:-2]]
    assert names == list(dict.fromkeys(names))


def test_control_characters_are_left_out() -> None:
    entry = read(
        written(
            replace(
                PLAIN,
                summary="Frist:\x00 vold\x07\r\nEND:VEVENT",
                description="a\tb\r\nc\rd\x1b[31m\u2028e\x85\x7f",
            )
        )
    )

    assert str(entry["SUMMARY"]) == "Frist: vold END:VEVENT"
    assert str(entry["DESCRIPTION"]) == "a b\nc\nd[31m\ne"


# The zone


@pytest.mark.parametrize(
    "local",
    [
        datetime(on.year, on.month, on.day, hour, tzinfo=DENMARK)
        for on in (
            # The nights on which clocks are turned, the days around them, and quite far ahead.
            date(2026, 3, 28),
            date(2026, 3, 29),
            date(2026, 3, 30),
            date(2026, 10, 24),
            date(2026, 10, 25),
            date(2026, 10, 26),
            date(2040, 3, 25),
            date(2040, 10, 28),
        )
        for hour in (0, 1, 4, 12)
    ],
    ids=str,
)
def test_the_zone_of_the_calendar_is_that_of_denmark(local: datetime) -> None:
    around = Calendar.from_ical(head("Frister") + END)
    (zone,) = around.walk("VTIMEZONE")
    # Its own rules, without a look at the name that the program knows as well.
    zone["TZID"] = "Et sted"

    there = local.replace(tzinfo=zone.to_tz(lookup_tzid=False))
    assert there.utcoffset() == local.utcoffset()


# The horizon


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2190, 12, 31)))
def test_the_horizon_is_the_same_all_through_a_month(today: date) -> None:
    window = horizon(today)

    assert window == horizon(today.replace(day=1))
    assert window.from_on == date(today.year - 1, today.month, 1)
    assert window.until_on + timedelta(days=1) == (
        date(today.year + 2, today.month + 1, 1) if today.month < 12 else date(today.year + 3, 1, 1)
    )


def test_the_horizon_of_a_leap_february() -> None:
    assert horizon(date(2026, 2, 10)) == Window(date(2025, 2, 1), date(2028, 2, 29))
