"""Writing in the members file when somebody is away and who stands in; never why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.definitions.members import read_members
from engine.definitions.reading import MEMBERS
from engine.errors import StoreError, Unknown
from engine.planning.organisation import Seat
from engine.service.members_file import (
    members_diff,
    members_sheet,
    read_members_file,
    with_cells,
    write_members,
)
from engine.service.site import Site


@dataclass(frozen=True, slots=True)
class Away:
    """What was written, and the committees in which nobody stands in."""

    diff: tuple[str, ...]
    without: tuple[str, ...]


def away(
    site: Site, person: str, from_on: date | None, until_on: date | None, substitute: str = ""
) -> Away:
    """Write the first and last day of an absence, or take it out, and name a substitute.

    The substitute stands in where both have a seat in the days of the absence. It is in force
    when the files are applied.
    """
    if from_on and until_on and until_on < from_on:
        raise StoreError("people.away-backwards", from_on=from_on, until_on=until_on)
    before = read_members_file(site)
    sheet, members = members_sheet(before), read_members(before, MEMBERS)
    if person not in members.people:
        raise Unknown("service.unknown-person", name=person, near="")
    told = {
        "away_from": from_on.isoformat() if from_on else "",
        "away_until": until_on.isoformat() if until_on else "",
    }
    changes = {row.line: dict(told) for row in sheet.rows if row["person"] == person}
    held = [seat for seat in members.seats if _during(seat, from_on, until_on)]
    bodies = dict.fromkeys(seat.committee for seat in held if seat.person == person)
    if substitute:
        if substitute not in members.people or substitute == person:
            raise Unknown("service.unknown-person", name=substitute, near="")
        theirs = [s for s in held if s.person == substitute and s.committee in bodies]
        if not theirs:
            raise StoreError("people.no-common-seat", person=person, substitute=substitute)
        for seat in theirs:
            _refuse_another(seat, person)
            line = members.rows[seat.id].line
            changes.setdefault(line, {})["substitute_for"] = person
        held = [s for s in held if s not in theirs]
        covered = {seat.committee for seat in theirs}
    else:
        covered = set()
    covered |= {seat.committee for seat in held if seat.substitute_for == person}
    after = with_cells(before, changes)
    diff = members_diff(before, after)
    if diff:
        write_members(site, after)
    without = tuple(body for body in bodies if body not in covered) if from_on or until_on else ()
    return Away(diff, without)


def _during(seat: Seat, from_on: date | None, until_on: date | None) -> bool:
    """Whether a seat is held on any day of the absence."""
    begins, ends = from_on or date.min, until_on or date.max
    return seat.from_on <= ends and (seat.until_on is None or begins <= seat.until_on)


def _refuse_another(seat: Seat, person: str) -> None:
    if seat.substitute_for not in ("", person):
        raise StoreError("people.substitutes-another", seat=seat.id, other=seat.substitute_for)
