"""A list of meetings from another program: a table or a calendar, held against the committees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from engine.definitions.calendar_file import Appointment, read_calendar
from engine.definitions.likeness import listed, nearest
from engine.definitions.members import day_written
from engine.definitions.sheet import Row, Sheet
from engine.definitions.workbook import plain_row, read_table
from engine.errors import Finding, Severity
from engine.planning.fields import MONTHS
from engine.planning.organisation import Committee

COLUMNS = ("date", "time", "ends", "place", "committee", "kind", "status", "title")
ALSO: Mapping[str, str] = {
    **dict.fromkeys(("dato", "mødedato", "startdato", "start_date", "dag"), "date"),
    **dict.fromkeys(
        ("tid", "tidspunkt", "klokken", "kl", "kl.", "starttidspunkt", "starttid", "start_time"),
        "time",
    ),
    **dict.fromkeys(("sluttidspunkt", "sluttid", "end_time", "slut"), "ends"),
    **dict.fromkeys(("sted", "lokale", "mødested", "mødelokale", "location"), "place"),
    **dict.fromkeys(("udvalg", "med_udvalg", "udvalgsnavn"), "committee"),
    **dict.fromkeys(("art", "type", "mødetype"), "kind"),
    **dict.fromkeys(("emne", "titel", "møde", "subject"), "title"),
}
_EXTRA = re.compile(r"ekstraordinær|extraordinary", re.I)
_KINDS = {"": False, "ordinært": False, "ordinær": False, "ordinary": False}
_STATES = {
    "": False,
    "planlagt": False,
    "planned": False,
    "bekræftet": False,
    "confirmed": False,
    "aflyst": True,
    "cancelled": True,
    "canceled": True,
}
_CLOCK = r"(\d{1,2})(?:[:.](\d\d)(?::\d\d)?)?"
_TIMES = re.compile(rf"(?:kl\.? *)?{_CLOCK}(?: *(?:-|–|til|to) *(?:kl\.? *)?{_CLOCK})?", re.I)
_LONG_DAY = re.compile(r"(?:[a-zæøå]+ (?:den |d\. ?)?)?(\d{1,2})\. ?([a-z]+) (\d{4})", re.I)


@dataclass(frozen=True, slots=True)
class Listed:
    """One meeting of the list, and the committee it is of."""

    committee: str
    appointment: Appointment
    extraordinary: bool = False

    @property
    def time(self) -> str:
        """The hours as a meeting plan has them."""
        told = (self.appointment.starts, self.appointment.ends)
        return "-".join(f"{each:%H:%M}" for each in told if each)


@dataclass(frozen=True, slots=True)
class MeetingList:
    """The meetings of a list, those that are of no committee, and what is wrong."""

    meetings: tuple[Listed, ...]
    others: tuple[Appointment, ...]
    findings: tuple[Finding, ...]


def read_meeting_list(
    content: bytes,
    path: str,
    committee: str,
    committees: Mapping[str, Committee],
    today: date,
) -> MeetingList:
    """Reads a list of meetings; with a committee given, all that names no other one is its."""
    if _is_calendar(content, path):
        read = read_calendar(content, path, today)
        told = [(each, committee_of(each.title, committees) or committee) for each in read.found]
        return _made(told, committee, tuple(read.findings))
    sheet = read_table(content, path, COLUMNS, {"date"}, ALSO)
    reader = _Rows(sheet, committee, committees)
    rows = [row for row in map(reader.read, sheet.rows) if row is not None]
    made = _made([row[:2] for row in rows], committee, (*sheet.findings, *reader.findings))
    extra = {id(row[0]) for row in rows if row[2]}
    meetings = (
        replace(each, extraordinary=each.extraordinary or id(each.appointment) in extra)
        for each in made.meetings
    )
    return replace(made, meetings=tuple(meetings))


def _is_calendar(content: bytes, path: str) -> bool:
    head = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").upper()
    return path.lower().endswith(".ics") or head.startswith(b"BEGIN:VCALENDAR")


def _made(
    told: Sequence[tuple[Appointment, str]], committee: str, findings: tuple[Finding, ...]
) -> MeetingList:
    meetings = tuple(
        Listed(key, each, bool(_EXTRA.search(each.title)))
        for each, key in told
        if key and committee in ("", key)
    )
    others = tuple(each for each, key in told if not key or committee not in ("", key))
    return MeetingList(meetings, others, findings)


def committee_of(title: str, committees: Mapping[str, Committee]) -> str:
    """The committee that a title names in full, by its own title or its key; or none.

    Of several the longest: `afdelingsMED Skoler` is no `afdelingsMED`.
    """
    found = [
        (len(name), key)
        for key, committee in committees.items()
        for name in (key, committee.title)
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", title, re.I)
    ]
    return max(found)[1] if found else ""


class _Rows:
    """Goes through the rows of a table once; faults gather on the way."""

    def __init__(self, sheet: Sheet, committee: str, committees: Mapping[str, Committee]) -> None:
        self.sheet = sheet
        self.committee = committee
        self.committees = committees
        self.findings: list[Finding] = []

    def read(self, row: Row) -> tuple[Appointment, str, bool] | None:
        before = len(self.findings)
        row = plain_row(row, ())
        on = self._day(row)
        starts, ends = self._times(row)
        extra, cancelled = self._word(row, "kind"), self._word(row, "status")
        key = self._committee(row)
        if on is None or len(self.findings) > before:
            return None
        place, title = row["place"], row["title"]
        appointment = Appointment(row.line, on, starts, ends, place, title, cancelled)
        return appointment, key, extra

    def _day(self, row: Row) -> date | None:
        text = plain_row(row, ("date",))["date"]
        on = day_written(text) or _long_day(text)
        if on is None:
            self._found("value.not-a-date" if text else "cell-empty", row, "date")
        return on

    def _times(self, row: Row) -> tuple[time | None, time | None]:
        text = " - ".join(each for each in (row["time"], row["ends"]) if each)
        if not text or row["time"] == "":
            return None, None
        clocks = hours(text)
        if not clocks:
            self._found("import.not-times", row, "time")
            return None, None
        return clocks[0], clocks[1] if len(clocks) > 1 else None

    def _word(self, row: Row, column: str) -> bool:
        text = row[column].casefold()
        if column == "kind" and _EXTRA.search(text):
            return True
        known = _KINDS if column == "kind" else _STATES
        if text not in known:
            words = listed(word for word in known if word)
            self._found(f"import.{column}-unknown", row, column, known=words)
        return known.get(text, False)

    def _committee(self, row: Row) -> str:
        text = row["committee"]
        if text:
            key = named(text, self.committees)
            if not key:
                titles = [*self.committees, *(each.title for each in self.committees.values())]
                near = nearest(text, titles)
                self._found(
                    "unknown-committee",
                    row,
                    "committee",
                    name=text,
                    nearest=near,
                    known=listed(self.committees),
                )
            return key
        key = committee_of(row["title"], self.committees) or self.committee
        if not key:
            self._found("import.which-committee", row, "committee")
        return key

    def _found(self, code: str, row: Row, column: str, **params: object) -> None:
        self.findings.append(self.sheet.finding(code, row, column, Severity.ERROR, **params))


def named(text: str, committees: Mapping[str, Committee]) -> str:
    """The committee with that key or title, however its letters are written."""
    for key, committee in committees.items():
        if text.casefold() in (key, committee.title.casefold()):
            return key
    return ""


def hours(text: str) -> list[time]:
    """One or two times of the many ways people write them; none where it is no time."""
    found = _TIMES.fullmatch(text.strip())
    if found is None:
        return []
    try:
        return [time(int(found[at]), int(found[at + 1] or 0)) for at in (1, 3) if found[at]]
    except ValueError:
        return []


def _long_day(text: str) -> date | None:
    found = _LONG_DAY.fullmatch(text)
    month = MONTHS.get(found[2].lower()) if found else None
    if found is None or month is None:
        return None
    try:
        return date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None


def errors(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Those that stop a list from being taken in."""
    return (finding for finding in findings if finding.severity is Severity.ERROR)
