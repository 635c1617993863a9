"""A calendar as Outlook and others export it: its meetings on the days and hours of Denmark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.errors import Finding
from engine.planning.periods import add_months
from engine.wording.dates import ZONE

MONTHS_AHEAD = 24
MOST_INSTANCES = 1000
_CALLED_OFF = re.compile(r"(aflyst|annulleret|cancell?ed)\s*:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment: on which line its text begins, when and where it is, what it is called."""

    line: int
    on: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    title: str = ""
    cancelled: bool = False


@dataclass(slots=True)
class Appointments:
    """What a calendar file holds, and what could not be understood."""

    path: str
    found: list[Appointment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def fault(self, code: str, line: int, **params: object) -> None:
        """Notes what is wrong with the appointment that begins on a line."""
        self.findings.append(Finding(code, path=self.path, line=line, column=1, params=params))


def read_calendar(content: bytes, path: str, today: date) -> Appointments:
    """Reads a calendar; what repeats is spread out, from this year until two years ahead."""
    from icalendar import Calendar

    told = Appointments(path)
    text = _decoded(content)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        events = [event for each in calendars for event in each.walk("VEVENT")]
    except (ValueError, IndexError, KeyError):
        told.fault("import.not-a-calendar", 1)
        return told
    lines = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip().upper() == "BEGIN:VEVENT"
    ]
    moved = _moved(events)
    for line, event in zip(lines, events, strict=False):
        try:
            told.found.extend(_appointments(event, line, moved, today))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            told.fault("import.event-unreadable", line, title=_words(event, "SUMMARY"))
    return told


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _moved(events: list[Any]) -> dict[str, set[datetime]]:
    """The moments of a series that have an appointment of their own instead."""
    found: dict[str, set[datetime]] = {}
    for event in events:
        instead = getattr(event.get("RECURRENCE-ID"), "dt", None)
        if instead is not None:
            found.setdefault(str(event.get("UID", "")), set()).add(_here(instead))
    return found


def _appointments(
    event: Any, line: int, moved: Mapping[str, set[datetime]], today: date
) -> Iterator[Appointment]:
    start = event["DTSTART"].dt
    length = _length(event, start)
    starts = [start]
    if "RRULE" in event or "RDATE" in event:
        skipped = set(_days(event, "EXDATE")) | moved.get(str(event.get("UID", "")), set())
        starts = [each for each in _series(event, start, today) if _here(each) not in skipped]
    title = _words(event, "SUMMARY")
    called_off = _CALLED_OFF.match(title)
    status = str(event.get("STATUS", "")).strip().upper()
    for each in starts:
        yield Appointment(
            line,
            _here(each).date(),
            *_clock(each, length),
            place=_words(event, "LOCATION"),
            title=title[called_off.end() :] if called_off else title,
            cancelled=status == "CANCELLED" or called_off is not None,
        )


def _words(event: Any, name: str) -> str:
    return " ".join(str(event.get(name, "")).split())


def _length(event: Any, start: date) -> timedelta:
    if "DTEND" in event:
        end = event["DTEND"].dt
        return _here(end) - _here(start)
    return event["DURATION"].dt if "DURATION" in event else timedelta()


def _here(moment: date) -> datetime:
    """The moment as a clock in Denmark shows it; a time without a zone is one of here."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(ZONE).replace(tzinfo=None) if moment.tzinfo else moment


def _clock(start: date, length: timedelta) -> tuple[time | None, time | None]:
    """The hours; an appointment for whole days has none."""
    begins, ends = _here(start), _here(start) + length
    whole_days = begins.time() == time() and length and not length % timedelta(days=1)
    if not isinstance(start, datetime) or whole_days:
        return None, None
    same_day = ends.date() == begins.date() and ends > begins
    return _minute(begins), _minute(ends) if same_day else None


def _minute(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)


def _days(event: Any, name: str) -> Iterator[datetime]:
    """The moments of a list that may stand on several lines."""
    told = event.get(name, [])
    for each in told if isinstance(told, list) else [told]:
        yield from (_here(one.dt) for one in each.dts)


def _series(event: Any, start: date, today: date) -> list[date]:
    """What repeats keeps its hour in its own zone, over summer time and winter time."""
    from dateutil.rrule import rrulestr

    zone = start.tzinfo if isinstance(start, datetime) else None
    first = start.replace(tzinfo=None) if isinstance(start, datetime) else _here(start)
    from_at = datetime(today.year, 1, 1)  # noqa: DTZ001 - a clock in the appointment's own zone
    until_at = datetime.combine(add_months(today, MONTHS_AHEAD), time.max)
    found: set[datetime] = set()
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        last = min(until_at, _until(rule, zone) or until_at)
        plain = {name: value for name, value in rule.items() if name.upper() != "UNTIL"}
        text = type(rule)(plain).to_ical().decode()
        found.update(rrulestr(text, dtstart=first).between(from_at, last, inc=True))
    if len(found) > MOST_INSTANCES:
        raise ValueError
    whole = not isinstance(start, datetime)
    spread: list[date] = [each.date() if whole else each.replace(tzinfo=zone) for each in found]
    spread += [each.date() if whole else each for each in _days(event, "RDATE")]
    return sorted(spread, key=_here)


def _until(rule: Any, zone: Any) -> datetime | None:
    """When a rule ends, on the clock it is counted by."""
    told = rule.get("UNTIL")
    last = told[0] if isinstance(told, list) else told
    if last is None:
        return None
    if not isinstance(last, datetime):
        return datetime.combine(last, time.max)
    return last.astimezone(zone or ZONE).replace(tzinfo=None) if last.tzinfo else last
