"""The rows of the meeting plans, each with the file and the place it is written at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.definitions.editing import Edit, Fields, edited, new_plan
from engine.definitions.likeness import nearest
from engine.definitions.meeting_list import hours, named
from engine.definitions.nodes import read_document
from engine.definitions.reading import MEETINGS
from engine.errors import EngineError, Unknown
from engine.planning.edition import MeetingPlan, MeetingRow
from engine.planning.organisation import Committee
from engine.service.rewriting import Files


@dataclass(frozen=True, slots=True)
class Written:
    """A meeting as it is written: in which file, as which row."""

    path: str
    index: int
    row: MeetingRow

    @property
    def id(self) -> date:
        """The day it was first planned for: its name for life."""
        return self.row.moved_from or self.row.on

    @property
    def cancelled(self) -> bool:
        """Whether it is not held."""
        return self.row.status == "cancelled"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An edit of one row, or a new row of a committee."""

    fields: Fields
    at: Written | None = None


def written_meetings(files: Files, committee: str) -> list[Written]:
    """A committee's meetings in all its files, by the day."""
    found = [
        Written(path, index, row)
        for path, plan in _plans(files)
        if plan.committee == committee
        for index, row in enumerate(plan.meetings)
    ]
    return sorted(found, key=lambda each: (each.row.on, each.id))


def _plans(files: Files) -> Iterator[tuple[str, MeetingPlan]]:
    for path in sorted(files):
        if path.startswith(MEETINGS) and path.endswith(".yaml"):
            yield path, MeetingPlan.model_validate(read_document(files[path], path).content)


def with_edits(files: Files, committee: str, wanted: Sequence[Wanted]) -> dict[str, bytes]:
    """The committee's files with the edits; a year without a file gets one."""
    changed: dict[str, bytes] = {}
    for path, edits in _by_file(files, committee, wanted).items():
        if path in files:
            changed[path] = edited(files[path], path, edits)
        else:
            rows = sorted((edit.fields for edit in edits), key=lambda row: str(row["date"]))
            changed[path] = new_plan(committee, rows)
    return changed


def _by_file(files: Files, committee: str, wanted: Sequence[Wanted]) -> dict[str, list[Edit]]:
    """Changes before new rows: a new one moves the places of those after it."""
    found: dict[str, list[Edit]] = {}
    known = written_meetings(files, committee)
    for each in sorted(wanted, key=lambda one: one.at is None):
        if each.at is not None:
            found.setdefault(each.at.path, []).append(Edit(each.fields, each.at.index))
        else:
            year = str(each.fields["date"])[:4]
            found.setdefault(_home(files, committee, year, known), []).append(Edit(each.fields))
    return found


def _home(files: Files, committee: str, year: str, known: Sequence[Written]) -> str:
    """The file of a committee's year: by its name, else the one with most of that year."""
    path = f"{MEETINGS}{committee}-{year}.yaml"
    if path in files:
        if read_committee(files[path], path) != committee:
            raise EngineError("editing.by-hand", path=path)
        return path
    here = [each.path for each in known if each.id.year == int(year)]
    return max(here, key=here.count) if here else path


def read_committee(content: bytes, path: str) -> str:
    """The committee that a plan is of."""
    return MeetingPlan.model_validate(read_document(content, path).content).committee


def committee_named(text: str, committees: Mapping[str, Committee]) -> str:
    """The committee with that key or title."""
    key = named(text, committees)
    if not key:
        near = nearest(text, [*committees, *(each.title for each in committees.values())])
        raise Unknown("service.unknown-committee", name=text, near=near)
    return key


def clock_times(text: str) -> str:
    """Times as a plan has them, of the many ways people write them.

    >>> [clock_times(text) for text in ("12-14", "kl. 9.30 – 11.00", "13:00")]
    ['12:00-14:00', '09:30-11:00', '13:00']
    """
    clocks = hours(text)
    if not clocks:
        raise EngineError("meetings.not-times", text=text)
    return "-".join(f"{clock:%H:%M}" for clock in clocks)
