"""The members file: one row a person in a seat, as a spreadsheet saves it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.definitions.likeness import listed, nearest
from engine.definitions.sheet import Row, Sheet, read_sheet
from engine.errors import Finding, Severity
from engine.planning.organisation import Person, Seat, Side
from engine.planning.rules.builder import FIRST_YEAR, LAST_YEAR

COLUMNS = (
    "person",
    "committee",
    "role",
    "name",
    "email",
    "from",
    "until",
    "side",
    "mandate",
    "language",
    "substitute_for",
    "away_from",
    "away_until",
    "unit",
)
REQUIRED = frozenset(COLUMNS[:7])
_OF_PERSON = ("name", "email", "language", "away_from", "away_until")
_PERSON = re.compile(r"[^\W_]{1,20}")
_EMAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DANISH = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_SIDES = {
    "": None,
    "management": Side.MANAGEMENT,
    "ledelse": Side.MANAGEMENT,
    "employees": Side.EMPLOYEES,
    "medarbejdere": Side.EMPLOYEES,
    "medarbejder": Side.EMPLOYEES,
}


@dataclass(frozen=True, slots=True)
class Members:
    """The seats and people of a members file, and where each seat is written."""

    seats: tuple[Seat, ...]
    people: Mapping[str, Person]
    findings: tuple[Finding, ...]
    rows: Mapping[str, Row]
    sheet: Sheet

    def finding(
        self,
        seat: Seat,
        column: str,
        code: str,
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> Finding:
        """A finding about one cell of a seat's row."""
        return self.sheet.finding(code, self.rows[seat.id], column, severity, **params)


def read_members(content: bytes, path: str) -> Members:
    """Reads the members; a row that says who, where, what and since when gives a seat."""
    sheet = read_sheet(content, path, COLUMNS, REQUIRED)
    reader = _Reader(sheet)
    for row in sheet.rows:
        reader.row(row)
    reader.substitutes()
    reader.reachable()
    reader.terms()
    findings = (*sheet.findings, *reader.findings)
    return Members(tuple(reader.seats), reader.people(), findings, reader.rows, sheet)


def row_faults(sheet: Sheet, rows: Iterable[Row]) -> tuple[Finding, ...]:
    """What is wrong with rows that are to become members, each by itself and together."""
    reader = _Reader(sheet)
    for row in rows:
        reader.row(row)
    return tuple(reader.findings)


def day_written(text: str) -> date | None:
    """The day of a cell, as a members file may write it."""
    return _day(text)


class _Reader:
    """Goes through the rows once, and remembers what was said of each person first."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.findings: list[Finding] = []
        self.seats: list[Seat] = []
        self.rows: dict[str, Row] = {}
        self._said: dict[str, dict[str, tuple[str, int]]] = {}
        self._first: dict[str, Row] = {}
        self._spelled: dict[str, str] = {}

    def row(self, row: Row) -> None:
        self._person(row)
        from_on, until_on = self._days(row, "from", "until")
        needed = ("person", "committee", "role", "from")
        for column in needed:
            if not row[column]:
                self._found("cell-empty", row, column)
        side = row["side"].casefold()
        if side not in _SIDES:
            known = [*Side]
            self._found("side-unknown", row, "side", nearest=nearest(side, known))
        if from_on is None or not all(row[column] for column in needed):
            return
        seat = Seat(
            person=row["person"],
            committee=row["committee"],
            role=row["role"],
            from_on=from_on,
            until_on=until_on,
            side=_SIDES.get(side),
            mandate=row["mandate"],
            substitute_for=row["substitute_for"],
            unit=row["unit"],
        )
        self._seat(seat, row)

    def _seat(self, seat: Seat, row: Row) -> None:
        if seat.id in self.rows:
            self._found("seat-repeated", row, "person", seat=seat.id, first=self.rows[seat.id].line)
            return
        self.seats.append(seat)
        self.rows[seat.id] = row

    def _person(self, row: Row) -> None:
        initials = row["person"]
        if not initials:
            return
        if not _PERSON.fullmatch(initials):
            self._found("initials-unreadable", row, "person")
            return
        spelled = self._spelled.setdefault(initials.casefold(), initials)
        if spelled != initials:
            self._found("initials-spelled-twice", row, "person", other=spelled)
        self._checked_person(row)
        self._first.setdefault(initials, row)
        said = self._said.setdefault(initials, {})
        for column in _OF_PERSON:
            if not row[column]:
                continue
            text, line = said.setdefault(column, (row[column], row.line))
            if text != row[column]:
                self._found("person-differs", row, column, person=initials, other=text, first=line)

    def _checked_person(self, row: Row) -> None:
        if row["email"] and not _EMAIL.fullmatch(row["email"]):
            self._found("value.not-an-email", row, "email")
        if row["language"].lower() not in {"", "da", "en"}:
            self._found("language-unknown", row, "language")
        self._days(row, "away_from", "away_until")

    def _days(self, row: Row, first: str, last: str) -> tuple[date | None, date | None]:
        days: list[date | None] = []
        for column in (first, last):
            days.append(_day(row[column]))
            if row[column] and days[-1] is None:
                self._found_no_day(row, column)
        from_on, until_on = days
        if from_on and until_on and until_on < from_on:
            self._found("ends-before-it-begins", row, last, begins=from_on)
        return from_on, until_on

    def _found_no_day(self, row: Row, column: str) -> None:
        numbers = _numbers(row[column])
        if numbers is None:
            self._found("value.not-a-date", row, column)
        elif FIRST_YEAR <= numbers[0] <= LAST_YEAR:
            self._found("value.no-such-date", row, column)
        else:
            code, first, last = "value.year-out-of-range", FIRST_YEAR, LAST_YEAR
            self._found(code, row, column, first=first, last=last)

    def reachable(self) -> None:
        """Everybody can be written to at an address of their own; a stored file has none at all."""
        if not self.sheet.rows:
            headed = not self.sheet.findings
            self.findings += [_nobody(self.sheet)] if headed else []
        is_stored = not any(said.get("email") or said.get("name") for said in self._said.values())
        by_line = {row.line: row for row in self.sheet.rows}
        owners: dict[str, str] = {}
        for initials, row in self._first.items():
            email, line = self._said[initials].get("email", ("", 0))
            if not email and not is_stored and not self._forgotten(initials):
                self._found("person-without-email", row, "email", Severity.WARNING)
            other = owners.setdefault(email.casefold(), initials)
            if email and other.casefold() != initials.casefold():
                at = by_line[line]
                first = self._said[other]["email"][1]
                self._found(
                    "email-of-another", at, "email", Severity.INFO, other=other, first=first
                )

    def _forgotten(self, initials: str) -> bool:
        """Whether nothing is left of somebody but seats that have an end."""
        seats = [seat for seat in self.seats if seat.person == initials]
        ended = bool(seats) and all(seat.until_on is not None for seat in seats)
        return ended and not self._said[initials].get("name")

    def terms(self) -> None:
        """Nobody needs the same role in the same committee twice at once."""
        latest: dict[tuple[str, str, str], Seat] = {}
        for seat in sorted(self.seats, key=lambda seat: seat.from_on):
            place = (seat.person, seat.committee, seat.role)
            before = latest.get(place)
            if before is not None and (before.until_on is None or seat.from_on < before.until_on):
                row, first = self.rows[seat.id], self.rows[before.id].line
                self._found("seat-overlaps", row, "from", Severity.WARNING, first=first)
            latest[place] = seat

    def substitutes(self) -> None:
        """Whoever stands in for somebody must name a person of the file."""
        for seat in self.seats:
            if seat.substitute_for and seat.substitute_for not in self._said:
                row, near = self.rows[seat.id], nearest(seat.substitute_for, self._said)
                known = listed(self._said)
                self._found(
                    "unknown-person",
                    row,
                    "substitute_for",
                    name=seat.substitute_for,
                    nearest=near,
                    known=known,
                )

    def people(self) -> dict[str, Person]:
        """Everybody named, as told in the first row that says it."""
        return {initials: self._made(initials) for initials in self._said}

    def _made(self, initials: str) -> Person:
        said = {column: text for column, (text, _) in self._said[initials].items()}
        language = said.get("language", "").lower()
        return Person(
            id=initials,
            name=said.get("name", ""),
            email=said.get("email", ""),
            language="en" if language == "en" else "da" if language == "da" else None,
            away_from_on=_day(said.get("away_from", "")),
            away_until_on=_day(said.get("away_until", "")),
        )

    def _found(
        self,
        code: str,
        row: Row,
        column: str,
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> None:
        self.findings.append(self.sheet.finding(code, row, column, severity, **params))


def _nobody(sheet: Sheet) -> Finding:
    return Finding("nobody", Severity.WARNING, sheet.path, 1, 1)


def _numbers(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a cell, written 2025-06-01 or 01-06-2025."""
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DANISH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None
    return year, month, day


def _day(text: str) -> date | None:
    """The date of a cell, if there is such a day in the years that dates are known for."""
    numbers = _numbers(text)
    try:
        return date(*numbers) if numbers and FIRST_YEAR <= numbers[0] <= LAST_YEAR else None
    except ValueError:
        return None
