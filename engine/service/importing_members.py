"""A list of members taken into members.csv: by seat, never losing a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from engine.definitions.meeting_list import errors
from engine.definitions.member_list import MemberList, read_member_list
from engine.definitions.members import COLUMNS, day_written
from engine.definitions.reading import MEMBERS
from engine.definitions.sheet import Row, Sheet, read_sheet
from engine.definitions.sheet_editing import NewRow, edited_table
from engine.errors import DefinitionError, EngineError, Finding, Severity
from engine.service.meeting_rows import committee_named
from engine.service.rewriting import Rewriting, Standing, rewriting, standing
from engine.service.site import Site
from engine.service.trainings import Training, record, trainings

_OF_PERSON = ("name", "email", "language", "away_from", "away_until")
_OF_SEAT = ("side", "mandate", "substitute_for", "unit")
_SIDES = {
    "management": "management",
    "ledelse": "management",
    "employees": "employees",
    "medarbejdere": "employees",
    "medarbejder": "employees",
}

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole committees that the list replaces, and the day from which new seats begin."""

    replace: tuple[str, ...] = ()
    from_on: date | None = None


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class SeatChange:
    """What the list makes of one seat or person."""

    verb: str
    """new, again, changed, ended; or kept-from, not-listed, later: told, and left as it is."""
    person: str
    committee: str = ""
    role: str = ""
    on: date | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberImport:
    """What a list of members changes, and the file that says so."""

    stands: Standing
    made: Rewriting
    changes: tuple[SeatChange, ...]
    unchanged: int
    trainings: tuple[Training, ...]
    remarks: tuple[Finding, ...]


def read(site: Site, content: bytes, path: str, terms: Terms = NO_TERMS) -> MemberImport:
    """What the list would change; nothing is written."""
    stands = standing(site)
    organisation = stands.edition.organisation
    whole = tuple(committee_named(each, organisation.committees) for each in terms.replace)
    if whole and terms.from_on is None:
        raise EngineError("import.replace-from")
    told = read_member_list(content, path, organisation, stands.people)
    if any(errors(told.findings)):
        raise DefinitionError(told.findings)
    _refuse_empty(told, whole, path)
    before = stands.files[MEMBERS]
    sheet = read_sheet(before, MEMBERS, COLUMNS, ())
    merge = _Merge(sheet, told, Terms(whole, terms.from_on), site.today)
    merge.run()
    if merge.findings:
        raise DefinitionError(merge.findings)
    after = edited_table(before, MEMBERS, COLUMNS, merge.changed, merge.added)
    made = rewriting(site, stands, {MEMBERS: after})
    learned = trainings(site, made, merge.trained)
    return MemberImport(stands, made, tuple(merge.changes), merge.unchanged, learned, told.findings)


def recorded(site: Site, told: MemberImport, by: str = "") -> MemberImport:
    """The same import, once what was learned is recorded of the deadlines in force."""
    return replace(told, trainings=record(site, told.trainings, by))


def _refuse_empty(told: MemberList, whole: Sequence[str], path: str) -> None:
    if not told.rows:
        raise EngineError("import.no-rows", path=path)
    listed = {row["committee"] for row in told.rows}
    for committee in whole:
        if committee not in listed:
            raise EngineError("import.nobody-listed", path=path, committee=committee)


@dataclass(slots=True)
class _Merge:
    """The members file beside the list; what differs becomes cells to change and rows to add."""

    sheet: Sheet
    told: MemberList
    terms: Terms
    today: date
    changed: dict[int, dict[str, str]] = field(default_factory=dict)
    added: list[NewRow] = field(default_factory=list)
    changes: list[SeatChange] = field(default_factory=list)
    unchanged: int = 0
    findings: list[Finding] = field(default_factory=list)
    trained: dict[str, dict[str, date]] = field(default_factory=dict)
    _seats: dict[Place, list[Row]] = field(default_factory=dict)
    _first: dict[tuple[str, str, str, str], Row] = field(default_factory=dict)
    _listed: set[Place] = field(default_factory=set)

    def run(self) -> None:
        """Every row of the list, then those a whole list leaves out, then the persons."""
        for row in self.sheet.rows:
            self._seats.setdefault(_place(row), []).append(row)
        for row in self.told.rows:
            before = (len(self.changes), len(self.findings))
            self._row(row)
            changed = self._of_person(row)
            if before == (len(self.changes), len(self.findings)) and not changed:
                self.unchanged += 1
        self._left_out()

    def _row(self, row: Row) -> None:
        place = _place(row)
        self._listed.add(place)
        for which, on in self.told.trained.get(row.line, {}).items():
            self.trained.setdefault(row["person"], {})[which] = on
        first = self._first.setdefault((*place, row["from"]), row)
        if first is not row:
            self._found("import.row-repeated", row, "person", first=first.line)
            return
        known = self._seats.get(place, [])
        seat = self._same(row, known)
        if seat is None:
            self._new(row, again=bool(known))
        else:
            self._same_seat(row, seat)

    def _same(self, row: Row, known: Sequence[Row]) -> Row | None:
        """The seat a row is about: the one it begins with or falls into; without a day the last.

        A seat that has ended before the row begins is another one: re-elected people get a new.
        """
        if not known:
            return None
        begins = day_written(row["from"]) or self._term_of(row)
        last = max(known, key=lambda seat: seat["from"] and str(day_written(seat["from"])))
        if begins is None:
            ended = day_written(last["until"])
            until = day_written(row["until"])
            is_past = ended is not None and ended < self.today
            return None if is_past and (until is None or until > self.today) else last
        for seat in known:
            if day_written(seat["from"]) == begins:
                return seat
        until = day_written(row["until"]) or date.max
        for seat in known:
            starts, ends = day_written(seat["from"]), day_written(seat["until"]) or date.max
            if starts and starts <= until and begins <= ends:
                return seat
        return None

    def _term_of(self, row: Row) -> date | None:
        return self.terms.from_on if row["committee"] in self.terms.replace else None

    def _new(self, row: Row, again: bool) -> None:
        begins = day_written(row["from"]) or self.terms.from_on
        if begins is None:
            self._found("import.no-beginning", row, "from")
            return
        cells = {column: text for column, text in row.cells.items() if text and column in COLUMNS}
        cells["from"] = self._day(begins)
        for column in ("until", "away_from", "away_until"):
            if on := day_written(row[column]):
                cells[column] = self._day(on)
        if row["side"]:
            cells["side"] = self._side(row["side"])
        for column in _OF_PERSON:
            if not cells.get(column) and (known := self._known(row["person"], column)):
                cells[column] = known
        beside = [seat.line for seat in self.sheet.rows if seat["committee"] == row["committee"]]
        self.added.append(NewRow(cells, max(beside, default=None)))
        verb = "again" if again else "new"
        self.changes.append(SeatChange(verb, *_place(row), begins))

    def _same_seat(self, row: Row, seat: Row) -> None:
        cells: dict[str, str] = {}
        begins, stands = day_written(row["from"]), day_written(seat["from"])
        if begins and begins != stands:
            if stands and begins.year == stands.year:
                cells["from"] = self._day(begins)
            else:
                self.changes.append(SeatChange("kept-from", *_place(row), stands))
        until = day_written(row["until"])
        if until and until != day_written(seat["until"]):
            cells["until"] = self._day(until)
        for column in _OF_SEAT:
            said = self._side(row[column]) if column == "side" else row[column]
            if said and said != seat[column] and not _same_side(column, said, seat[column]):
                cells[column] = said
        if cells:
            self.changed.setdefault(seat.line, {}).update(cells)
            is_end = set(cells) == {"until"}
            if is_end:
                self.changes.append(SeatChange("ended", *_place(row), until))
            else:
                self.changes.append(SeatChange("changed", *_place(row), None, tuple(cells)))

    def _of_person(self, row: Row) -> bool:
        """What is told of a person is told in all their rows, and changed in all of them."""
        differs: list[str] = []
        for column in _OF_PERSON:
            on = day_written(row[column]) if column.startswith("away") else None
            said = self._day(on) if on else row[column]
            known = self._known(row["person"], column)
            if not said or said == known or (on and on == day_written(known)):
                continue
            seats = [seat for seat in self.sheet.rows if seat["person"] == row["person"]]
            written = [seat for seat in seats if seat[column]]
            for seat in written or seats[:1]:
                self.changed.setdefault(seat.line, {})[column] = said
            if seats:
                differs.append(column)
        change = SeatChange("changed", row["person"], columns=tuple(differs))
        if differs and change not in self.changes:
            self.changes.append(change)
        return bool(differs)

    def _known(self, person: str, column: str) -> str:
        """What the members file will say of a person, as it is changed so far."""
        for seat in self.sheet.rows:
            if seat["person"] == person:
                text = self.changed.get(seat.line, {}).get(column, seat[column])
                if text:
                    return text
        return ""

    def _left_out(self) -> None:
        """Whoever a whole list leaves out ends the day before; elsewhere they are told of."""
        whole, from_on = self.terms.replace, self.terms.from_on
        about = {row["committee"] for row in self.told.rows}
        for seat in self.sheet.rows:
            place = _place(seat)
            starts, ends = day_written(seat["from"]), day_written(seat["until"])
            if place in self._listed or seat["committee"] not in about:
                continue
            if seat["committee"] not in whole or from_on is None:
                if ends is None or ends >= self.today:
                    self.changes.append(SeatChange("not-listed", *place))
            elif starts and starts >= from_on:
                self.changes.append(SeatChange("later", *place, starts))
            elif ends is None or ends >= from_on:
                last = from_on - timedelta(days=1)
                self.changed.setdefault(seat.line, {})["until"] = self._day(last)
                self.changes.append(SeatChange("ended", *place, last))

    def _day(self, on: date) -> str:
        """A day as the members file writes its days."""
        days = [row["from"] for row in self.sheet.rows if row["from"]]
        danish = sum(len(day.split("-")[0]) < 4 for day in days)
        return f"{on:%d-%m-%Y}" if danish * 2 > len(days) else on.isoformat()

    def _side(self, text: str) -> str:
        """A side in the words that the members file uses."""
        side = _SIDES.get(text.casefold(), "")
        used = {row["side"].casefold() for row in self.sheet.rows}
        for word, means in _SIDES.items():
            if means == side and word in used:
                return word
        return side

    def _found(self, code: str, row: Row, column: str, **params: object) -> None:
        found = self.told.sheet.finding(code, row, column, Severity.ERROR, **params)
        self.findings.append(found)


def _place(row: Row) -> Place:
    return (row["person"], row["committee"], row["role"])


def _same_side(column: str, one: str, other: str) -> bool:
    return column == "side" and _SIDES.get(one) == _SIDES.get(other.casefold())
