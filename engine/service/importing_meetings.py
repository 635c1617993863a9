"""A list of meetings taken into the plans: matched, never deleting a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.definitions.calendar_file import Appointment
from engine.definitions.meeting_list import Listed, errors, read_meeting_list
from engine.errors import DefinitionError, EngineError, Finding
from engine.service.meeting_rows import (
    Wanted,
    Written,
    committee_named,
    with_edits,
    written_meetings,
)
from engine.service.moving_meetings import moved_fields
from engine.service.rewriting import Rewriting, Standing, rewriting, standing
from engine.service.site import Site

OPEN_END_DAYS = 31
"""How far a meeting is taken to have moved where no meeting beside it says how far it can."""


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """What the list makes of one meeting."""

    verb: str
    """new, moved, changed, cancelled; or left as it is: missing, kept-cancelled, same-day."""
    committee: str
    on: date
    before: date | None = None


@dataclass(frozen=True, slots=True)
class MeetingImport:
    """What a list of meetings changes, and the files that say so."""

    stands: Standing
    made: Rewriting
    changes: tuple[MeetingChange, ...]
    unchanged: int
    others: tuple[Appointment, ...]
    remarks: tuple[Finding, ...]


def read(site: Site, content: bytes, path: str, committee: str = "") -> MeetingImport:
    """What the list would change; nothing is written."""
    stands = standing(site)
    committees = stands.edition.organisation.committees
    key = committee_named(committee, committees) if committee else ""
    told = read_meeting_list(content, path, key, committees, site.today)
    if any(errors(told.findings)):
        raise DefinitionError(told.findings)
    if not told.meetings:
        raise EngineError("import.no-meetings", path=path)
    changes: list[MeetingChange] = []
    changed: dict[str, bytes] = {}
    unchanged = 0
    for each in dict.fromkeys(one.committee for one in told.meetings):
        wanted = [one for one in told.meetings if one.committee == each]
        match = _Match(each, written_meetings(stands.files, each), wanted, site.today)
        match.run()
        changes += match.changes
        unchanged += match.unchanged
        changed |= with_edits({**stands.files, **changed}, each, match.edits)
    made = rewriting(site, stands, changed)
    return MeetingImport(stands, made, tuple(changes), unchanged, told.others, told.findings)


@dataclass(slots=True)
class _Match:
    """One committee's plan beside its part of the list."""

    committee: str
    written: list[Written]
    listed: Sequence[Listed]
    today: date
    edits: list[Wanted] = field(default_factory=list)
    changes: list[MeetingChange] = field(default_factory=list)
    unchanged: int = 0

    def run(self) -> None:
        """Same day first; then who has moved; the rest is new or missing."""
        by_day = self._one_a_day()
        held = {each.row.on: each for each in self.written if not each.cancelled}
        called_off = {each.row.on for each in self.written if each.cancelled} - set(held)
        for on in sorted(held.keys() & by_day.keys()):
            self._same_day(held[on], by_day[on])
        new = [by_day[on] for on in sorted(by_day) if on not in held]
        for each in [one for one in new if one.appointment.on in called_off]:
            new.remove(each)
            if each.appointment.cancelled:
                self.unchanged += 1
            else:
                self._told("kept-cancelled", each.appointment.on)
        gone = [each for on, each in sorted(held.items()) if on not in by_day]
        self._moved(gone, new, sorted(held.keys() & by_day.keys()))
        for one in new:
            self._new(one)
        days = sorted(by_day)
        for meeting in gone:
            if days[0] <= meeting.row.on <= days[-1] and meeting.row.kind == "ordinary":
                self._told("missing", meeting.row.on)
        self.changes.sort(key=lambda change: change.on)

    def _one_a_day(self) -> dict[date, Listed]:
        """A committee meets once a day; of two entries the one that is held counts."""
        found: dict[date, Listed] = {}
        for each in self.listed:
            on = each.appointment.on
            if on in found:
                self._told("same-day", on)
            if on not in found or found[on].appointment.cancelled:
                found[on] = each
        return found

    def _same_day(self, meeting: Written, entry: Listed) -> None:
        if entry.appointment.cancelled:
            self._edit("cancelled", meeting, {"status": "cancelled"})
            return
        fields = _where(meeting, entry)
        if fields:
            self._edit("changed", meeting, fields)
        else:
            self.unchanged += 1

    def _moved(self, gone: list[Written], new: list[Listed], kept: Sequence[date]) -> None:
        """Pairs what left a gap with what came into it, the nearest first."""
        pairs = sorted(self._pairs(gone, new, kept), key=lambda pair: (pair[0], pair[1].row.on))
        for _, meeting, entry in pairs:
            if meeting in gone and entry in new:
                gone.remove(meeting)
                new.remove(entry)
                on = entry.appointment.on
                fields = moved_fields(meeting, on) | _where(meeting, entry)
                self.edits.append(Wanted(fields, meeting))
                self._told("moved", on, meeting.row.on)

    def _pairs(
        self, gone: list[Written], new: list[Listed], kept: Sequence[date]
    ) -> Iterator[tuple[int, Written, Listed]]:
        for meeting in gone:
            for entry in new:
                if self._may_have_moved(meeting, entry, kept):
                    yield abs((entry.appointment.on - meeting.row.on).days), meeting, entry

    def _may_have_moved(self, meeting: Written, entry: Listed, kept: Sequence[date]) -> bool:
        old, on = meeting.row.on, entry.appointment.on
        if entry.appointment.cancelled or entry.extraordinary or old < self.today:
            return False
        if meeting.row.kind != "ordinary":
            return False
        low, high = min(old, on), max(old, on)
        if any(low < day < high for day in kept):
            return False
        between = any(day < low for day in kept) and any(day > high for day in kept)
        return between or (on - old).days in range(-OPEN_END_DAYS, OPEN_END_DAYS + 1)

    def _new(self, entry: Listed) -> None:
        if entry.appointment.cancelled:
            self.unchanged += 1
            return
        on = entry.appointment.on
        kind = {"kind": "extraordinary"} if entry.extraordinary else {}
        told = {"time": entry.time or None, "place": entry.appointment.place or None}
        self.edits.append(Wanted({"date": on.isoformat(), **kind, **told}))
        self._told("new", on)

    def _edit(self, verb: str, meeting: Written, fields: dict[str, str | None]) -> None:
        self.edits.append(Wanted(fields, meeting))
        self._told(verb, meeting.row.on)

    def _told(self, verb: str, on: date, before: date | None = None) -> None:
        self.changes.append(MeetingChange(verb, self.committee, on, before))


def _where(meeting: Written, entry: Listed) -> dict[str, str | None]:
    """The time and place that the list says, where the plan says otherwise."""
    said: dict[str, str | None] = {}
    if entry.time and entry.time != _plain(meeting.row.time):
        said["time"] = entry.time
    place = entry.appointment.place
    if place and place != meeting.row.place:
        said["place"] = place
    return said


def _plain(text: str | None) -> str:
    return (text or "").replace("–", "-").replace(".", ":").replace(" ", "")
