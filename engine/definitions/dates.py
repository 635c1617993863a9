"""Meeting plans and milestones held against the organisation and the working days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from engine.definitions.names import Names
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.edition import MeetingPlan, MeetingRow, Milestones
from engine.planning.facts import Meeting
from engine.planning.rules import ANCHORS, reserved
from engine.planning.workdays import WorkingCalendar

DEFAULT_DAYS = "kommune"
_FAR_DAYS = 366
_YEAR = re.compile(r"-(?:19|20|21)[0-9]{2}\Z")


@dataclass(slots=True)
class MeetingPlans:
    """The meetings of all plans by committee, and what is wrong with them."""

    working: WorkingCalendar | None
    names: Names
    keeps_all: bool = False
    """Whether a meeting stands whatever is found: then it took effect once."""
    meetings: dict[str, list[Meeting]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _told: dict[tuple[str, str, date], tuple[str, int]] = field(default_factory=dict)

    def add(self, part: Part[MeetingPlan]) -> None:
        """Takes one file's meetings in."""
        committee = part.model.committee
        wrong = self.names.committee(part, ("committee",), committee)
        self.findings += wrong or _filed_elsewhere(part, self.names)
        for index, row in enumerate(part.model.meetings):
            at: Path = ("meetings", index)
            found = list(self._row(part, at, committee, row))
            self.findings += found
            faulty = any(finding.severity is Severity.ERROR for finding in found)
            if self.keeps_all or not (faulty or wrong):
                self.meetings.setdefault(committee, []).append(_meeting(committee, row))

    def _row(
        self, part: Part[MeetingPlan], at: Path, committee: str, row: MeetingRow
    ) -> Iterator[Finding]:
        """What is wrong with one meeting, and what looks odd about it."""
        yield from self._twice(part, at, committee, row)
        yield from self._term(part, at, committee, row.on)
        yield from covered(part, (*at, "date"), row.on, self.working)
        yield from self._closed(part, at, row)
        yield from _moved(part, at, row)
        yield from _other_year(part, at, row)
        starts, ends = _times(row.time)
        if starts and ends and ends <= starts:
            yield part.finding((*at, "time"), "ends-before-it-begins-time")

    def by_committee(self) -> dict[str, tuple[Meeting, ...]]:
        """Every committee's meetings in the order of their days."""
        return {
            committee: tuple(sorted(meetings, key=lambda meeting: (meeting.on, meeting.id)))
            for committee, meetings in self.meetings.items()
        }

    def _twice(
        self, part: Part[MeetingPlan], at: Path, committee: str, row: MeetingRow
    ) -> Iterator[Finding]:
        """A committee meets once a day, and a meeting's first day is its name for life."""
        meeting = _meeting(committee, row)
        days = {"named": date.fromisoformat(meeting.id)}
        if not meeting.cancelled:
            days["held"] = meeting.on
        here = (part.path, part.document.spot((*at, "date")).line)
        for kind, on in days.items():
            file, first = self._told.setdefault((committee, kind, on), here)
            if (file, first) != here:
                at, name = (*at, "date"), committee
                yield part.finding(at, "meeting-twice", name=name, on=on, file=file, first=first)
                return

    def _term(self, part: Part[MeetingPlan], at: Path, key: str, on: date) -> Iterator[Finding]:
        committee = self.names.committees.get(key)
        if committee is None:
            return
        if committee.from_on and on < committee.from_on:
            begins = committee.from_on
            yield part.finding((*at, "date"), "meeting-before-committee", name=key, begins=begins)
        if committee.until_on and on > committee.until_on:
            ends = committee.until_on
            yield part.finding((*at, "date"), "meeting-after-committee", name=key, ends=ends)

    def _closed(self, part: Part[MeetingPlan], at: Path, row: MeetingRow) -> Iterator[Finding]:
        if self.working is None or not self.working.covers(row.on) or row.status == "cancelled":
            return
        if not self.working.is_working(row.on):
            closed = self.working.name_of(row.on) or ""
            code = "meeting-on-closed-day" if closed else "meeting-on-weekend"
            yield part.finding((*at, "date"), code, Severity.WARNING, on=row.on, closed=closed)


def _moved(part: Part[MeetingPlan], at: Path, row: MeetingRow) -> Iterator[Finding]:
    """A meeting's first day is its name for life, so that it must be right when it moves."""
    moved_from = row.moved_from
    if moved_from is None:
        return
    if moved_from == row.on:
        yield part.finding((*at, "moved from"), "moved-from-itself")
    elif abs((row.on - moved_from).days) > _FAR_DAYS:
        yield part.finding(
            (*at, "moved from"), "moved-far", Severity.WARNING, on=row.on, moved_from=moved_from
        )


def _other_year(part: Part[MeetingPlan], at: Path, row: MeetingRow) -> Iterator[Finding]:
    """A plan that is named after a year holds that year's meetings."""
    year = part.stem[-4:]
    if not _YEAR.search(part.stem) or year in (
        str(row.on.year),
        str((row.moved_from or row.on).year),
    ):
        return
    yield part.finding((*at, "date"), "meeting-other-year", Severity.WARNING, on=row.on, year=year)


def _filed_elsewhere(part: Part[MeetingPlan], names: Names) -> list[Finding]:
    """A plan copied from another committee's, where the committee in it was left as it was."""
    named = [key for key in names.bodies or () if _begins_with(part.stem, key)]
    if not named or part.model.committee in named:
        return []
    longest = max(named, key=len)
    committee = part.model.committee
    return [
        part.finding(
            ("committee",),
            "meetings-filed-elsewhere",
            Severity.WARNING,
            name=committee,
            file=longest,
        )
    ]


def _begins_with(stem: str, key: str) -> bool:
    return stem == key or stem.startswith(f"{key}-")


def _meeting(committee: str, row: MeetingRow) -> Meeting:
    starts, ends = _times(row.time)
    return Meeting(
        committee=committee,
        id=(row.moved_from or row.on).isoformat(),
        on=row.on,
        starts=starts,
        ends=ends,
        place=row.place,
        extraordinary=row.kind == "extraordinary",
        cancelled=row.status == "cancelled",
    )


def _times(text: str | None) -> tuple[time | None, time | None]:
    """The two times of `12:00-14:00`."""
    clocks = [
        time(int(clock[:2]), int(clock[3:]))
        for clock in (text or "").replace("–", "-").replace(" ", "").split("-")
        if clock
    ]
    return clocks[0] if clocks else None, clocks[1] if len(clocks) > 1 else None


def covered(
    part: Part[Any], at: Path, on: date, working: WorkingCalendar | None
) -> Iterator[Finding]:
    """A finding for a date outside the years that the working days are known for."""
    if working is None or working.covers(on):
        return
    days = working.day_set
    yield part.finding(
        at,
        "workdays.not-covered",
        on=on,
        day_set=days.key,
        from_on=days.from_on,
        until_on=days.until_on,
    )


def milestone_findings(
    parts: Sequence[Part[Milestones]], working: WorkingCalendar | None
) -> Iterator[Finding]:
    """Sets told twice, names that a rule could not use, and dates far from their year."""
    first: dict[str, str] = {}
    for part in parts:
        told = first.setdefault(part.model.id, part.path)
        if told != part.path:
            kind, period = part.model.kind, part.model.period
            yield part.finding(("period",), "milestones-twice", kind=kind, period=period, file=told)
        for name, on in part.model.dates.items():
            at: Path = ("dates", name)
            if name in reserved() or name in ANCHORS:
                yield part.finding(at, "name-reserved", key=True, name=name)
            yield from covered(part, at, on, working)
            if abs(on.year - part.model.year) > 1:
                year = part.model.year
                yield part.finding(at, "milestone-year", Severity.WARNING, on=on, year=year)
