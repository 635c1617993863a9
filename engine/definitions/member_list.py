"""A list of members from another program, its names made ours: committees, roles, initials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.definitions.likeness import listed, nearest
from engine.definitions.meeting_list import named
from engine.definitions.members import COLUMNS, day_written, row_faults
from engine.definitions.sheet import Row, Sheet
from engine.definitions.workbook import plain_row, read_table
from engine.errors import Finding, Severity
from engine.planning.organisation import Organisation, Person

TRAINED = "uddannet"
"""A column of the day a training was done; `uddannet amo/tre-dage` says which."""

_ALSO: Mapping[str, str] = {
    **dict.fromkeys(("initialer", "init", "brugernavn", "brugerid", "bruger_id"), "person"),
    **dict.fromkeys(("udvalg", "med_udvalg", "udvalgsnavn"), "committee"),
    **dict.fromkeys(("rolle", "funktion", "post"), "role"),
    **dict.fromkeys(("navn", "fulde_navn", "medarbejdernavn"), "name"),
    **dict.fromkeys(("mail", "e_mail", "mailadresse", "arbejdsmail", "e_mailadresse"), "email"),
    **dict.fromkeys(("fra", "fra_dato", "startdato", "tiltrådt", "tiltrædelse"), "from"),
    **dict.fromkeys(("til", "til_dato", "slutdato", "fratrådt", "fratrædelse"), "until"),
    **dict.fromkeys(("mandat", "valgt_som"), "mandate"),
    "sprog": "language",
    "suppleant_for": "substitute_for",
    "fravær_fra": "away_from",
    "fravær_til": "away_until",
    "enhed": "unit",
    "fornavn": "first_name",
    "efternavn": "last_name",
}
_NAMES = ("first_name", "last_name")
_DAYS = ("from", "until", "away_from", "away_until")


@dataclass(frozen=True, slots=True)
class MemberList:
    """The rows of a list as members, the trainings they tell of, and what is wrong."""

    sheet: Sheet
    rows: tuple[Row, ...]
    trained: Mapping[int, Mapping[str, date]]
    """By the line of a row: which training, and the day."""
    findings: tuple[Finding, ...]


def read_member_list(
    content: bytes, path: str, organisation: Organisation, people: Mapping[str, Person]
) -> MemberList:
    """Reads a list; `from` may be missing, for whoever sits there already has one."""
    first = read_table(content, path, COLUMNS, (), _ALSO)
    trainings = tuple(head for head in first.columns if _training(head) is not None)
    columns = (*COLUMNS, *_NAMES, *trainings)
    sheet = read_table(content, path, columns, {"committee", "role"}, _ALSO)
    reader = _Reader(sheet, organisation, people)
    rows = tuple(reader.row(row) for row in sheet.rows)
    whole = [row for row in rows if row.line not in reader.unknown]
    faults = [found for found in row_faults(sheet, whole) if not _may_lack(found)]
    findings = (*sheet.findings, *reader.findings, *faults)
    return MemberList(sheet, tuple(whole), reader.trained, findings)


def _training(head: str) -> str | None:
    """Which training a head is about: nothing more is said by `uddannet` alone."""
    word, _, which = head.partition("_")
    return which.replace("_", "-") if word == TRAINED else None


def _may_lack(finding: Finding) -> bool:
    """What is told where the seats are known, and that known people need no mail here."""
    return finding.code in ("seat-repeated", "person-without-email") or (
        finding.code == "cell-empty" and finding.field in ("from", "person")
    )


class _Reader:
    def __init__(
        self, sheet: Sheet, organisation: Organisation, people: Mapping[str, Person]
    ) -> None:
        self.sheet = sheet
        self.organisation = organisation
        self.people = people
        self.findings: list[Finding] = []
        self.trained: dict[int, dict[str, date]] = {}
        self.unknown: set[int] = set()
        self._by_mail = {each.email.casefold(): key for key, each in people.items() if each.email}
        self._by_initials = {key.casefold(): key for key in people}

    def row(self, row: Row) -> Row:
        """The row with our names; what is not known is a fault."""
        row = plain_row(row, _DAYS)
        self._trained(row)
        cells = dict(row.cells)
        told = (cells.pop(column, "") for column in _NAMES)
        cells["name"] = row["name"] or " ".join(part for part in told if part)
        cells["committee"] = self._committee(row)
        cells["role"] = self._role(row)
        cells["person"] = self._person(replace(row, cells=cells))
        return Row(row.line, {column: cells.get(column, "") for column in COLUMNS})

    def _committee(self, row: Row) -> str:
        committees = self.organisation.committees
        text = row["committee"]
        key = named(text, committees)
        if text and not key:
            self._unknown(row, "committee", [*committees, *(c.title for c in committees.values())])
        return key

    def _role(self, row: Row) -> str:
        text = row["role"].casefold()
        roles = self.organisation.roles
        for key, role in roles.items():
            if text and text in (key, role.title.casefold(), (role.en or "").casefold()):
                return key
        if text:
            self._unknown(row, "role", [*roles, *(role.title for role in roles.values())])
        return ""

    def _unknown(self, row: Row, column: str, known: Sequence[str]) -> None:
        text = row[column]
        self.unknown.add(row.line)
        near, names = nearest(text, known), listed(known)
        self._found(f"unknown-{column}", row, column, name=text, nearest=near, known=names)

    def _person(self, row: Row) -> str:
        """The initials; those known are written as they are, and a known mail tells whose."""
        by_mail = self._by_mail.get(row["email"].casefold(), "")
        initials = self._by_initials.get(row["person"].casefold(), row["person"])
        if not initials and not by_mail:
            self.unknown.add(row.line)
            self._found("import.no-initials", row, "person")
        elif initials and by_mail and initials != by_mail:
            self._found("import.mail-of-another", row, "email", person=by_mail)
        elif initials in self.people and _somebody_else(row, self.people[initials]):
            name = self.people[initials].name
            self._found("import.initials-of-another", row, "person", name=name)
        return initials or by_mail

    def _trained(self, row: Row) -> None:
        for head in self.sheet.columns:
            which = _training(head)
            text = row[head] if which is not None else ""
            if which is None or not text:
                continue
            on = day_written(plain_row(row, (head,))[head])
            if on is None:
                self._found("value.not-a-date", row, head)
            else:
                self.trained.setdefault(row.line, {})[which] = on

    def _found(self, code: str, row: Row, column: str, **params: object) -> None:
        found = self.sheet.finding(code, row, column, Severity.ERROR, **params)
        self.findings.append(found)


def _somebody_else(row: Row, known: Person) -> bool:
    """Whether neither the mail nor a single name is the one that is known."""
    if not (row["email"] and row["name"] and known.email and known.name):
        return False
    names = set(row["name"].casefold().split()) & set(known.name.casefold().split())
    return row["email"].casefold() != known.email.casefold() and not names
