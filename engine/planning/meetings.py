"""A body's ordinary meetings, and the one that is chosen for each part of a period."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.planning.facts import Meeting
from engine.planning.periods import Period
from engine.planning.rules import Link, Meetings, Value
from engine.planning.spans import Span, later
from engine.planning.workdays import WorkingCalendar


class Row:
    """Meetings in order, searched by day; none is found across a year that has no plan."""

    def __init__(self, meetings: tuple[Meeting, ...], unplanned: tuple[int, ...] = ()) -> None:
        self.meetings = meetings
        self.days = [meeting.on for meeting in meetings]
        self.unplanned = unplanned

    def after(self, on: date) -> Meeting | None:
        """The first meeting later than the day."""
        index = bisect_right(self.days, on)
        found = self.meetings[index] if index < len(self.meetings) else None
        return found if found and not self._gap(on.year, found.on.year - 1) else None

    def before(self, on: date) -> Meeting | None:
        """The last meeting earlier than the day."""
        index = bisect_left(self.days, on)
        found = self.meetings[index - 1] if index else None
        return found if found and not self._gap(found.on.year, on.year) else None

    def _gap(self, first: int, last: int) -> bool:
        return any(first <= year <= last for year in self.unplanned)

    def between(self, from_on: date, until_on: date) -> tuple[Meeting, ...]:
        """The meetings of a stretch of days."""
        return self.meetings[bisect_left(self.days, from_on) : bisect_right(self.days, until_on)]


class MeetingPlanOf:
    """The meetings of one body, in order, and the calendar years they are planned for."""

    def __init__(self, meetings: tuple[Meeting, ...]) -> None:
        held = sorted((m for m in meetings if not m.cancelled), key=lambda m: (m.on, m.id))
        unplanned = _unplanned(_years(meetings))
        self.every = Row(tuple(held), unplanned)
        self.regular = Row(tuple(m for m in held if not m.extraordinary), unplanned)
        self.all = self.every.meetings
        self.ordinary = self.regular.meetings
        self.by_id = {m.id: m for m in meetings}
        # Where two share a day, the ordinary one is meant.
        self.by_day = {m.on: m for m in (*self.all, *self.ordinary)}
        self.known = _known(self.ordinary, meetings)
        self.known_all = _known(self.all, meetings)
        self._values: dict[tuple[str, str], Value] = {}

    def after(self, on: date) -> Meeting | None:
        """The first ordinary meeting later than the day."""
        return self.regular.after(on)

    def before(self, on: date) -> Meeting | None:
        """The last ordinary meeting earlier than the day."""
        return self.regular.before(on)

    def between(self, from_on: date, until_on: date) -> tuple[Meeting, ...]:
        """The ordinary meetings of a stretch of days."""
        return self.regular.between(from_on, until_on)

    def value(self, name: str, meeting: Meeting) -> Value:
        """A meeting as an anchor, with what a person wants to read about it."""
        asked = (name, meeting.id)
        if asked not in self._values:
            self._values[asked] = _value(name, meeting)
        return self._values[asked]


def _value(name: str, meeting: Meeting) -> Value:
    detail = {
        "name": name,
        "meeting": meeting.id,
        "committee": meeting.committee,
        "starts": meeting.starts.isoformat("minutes") if meeting.starts else None,
    }
    return Value(meeting.on, (Link("anchor", meeting.on, detail),), entered=True)


def _known(chosen: tuple[Meeting, ...], planned: tuple[Meeting, ...]) -> Meetings:
    """The chosen meetings, and the whole years for which any were planned.

    A meeting counts in the year it was first planned for: one that is moved into January does
    not make the new year a planned one, and one that is cancelled was planned all the same.
    """
    years = _years(planned)
    return Meetings(
        days=tuple((meeting.on, meeting.id) for meeting in chosen),
        known_from=date(min(years), 1, 1) if years else None,
        known_until=date(max(years), 12, 31) if years else None,
        unplanned=_unplanned(years),
    )


def _years(planned: tuple[Meeting, ...]) -> set[int]:
    return {(planned_on(meeting.id) or meeting.on).year for meeting in planned}


def _unplanned(years: set[int]) -> tuple[int, ...]:
    """The years between the first and the last that no meeting was planned for."""
    between = range(min(years), max(years)) if years else ()
    return tuple(year for year in between if year not in years)


def planned_on(meeting_id: str) -> date | None:
    """The day a meeting was first planned for, which is its id."""
    try:
        return date.fromisoformat(meeting_id)
    except ValueError:
        return None


NO_MEETINGS = MeetingPlanOf(())


@dataclass(frozen=True, slots=True)
class Chosen:
    """The meeting of one part, and why it was this one."""

    part: Period
    number: int
    meeting: Meeting | None
    on: date
    link: Link


@dataclass(frozen=True, slots=True)
class Choice:
    """How a meeting is chosen in each part of a period."""

    times: int
    per: str
    prefer: tuple[int, ...]
    apart: Span | None
    working: WorkingCalendar

    def choose(
        self, part: Period, number: int, plan: MeetingPlanOf, previous_on: date | None
    ) -> Chosen:
        """One part's meeting.

        Meetings closer than `apart` to the one before are left out unless none remains; then
        the first in a preferred month, otherwise the one nearest the part's middle, the
        earlier of two. A part without a meeting is stood in for by its last day.
        """
        candidates = plan.between(part.from_on, part.until_on)
        distant = tuple(m for m in candidates if self._distant(m.on, previous_on))
        remaining = distant or candidates
        meeting, why = self._pick(part, remaining)
        detail: Mapping[str, object] = {
            "part": number,
            "of": self.times,
            "per": self.per,
            "year": part.year,
            "from_on": part.from_on,
            "until_on": part.until_on,
            "why": why,
            "apart": [self.apart.count, self.apart.unit.value] if self.apart else None,
            "too_near": bool(self.apart and candidates and not distant),
        }
        on = meeting.on if meeting else part.until_on
        return Chosen(part, number, meeting, on, Link("part", on, detail))

    def _distant(self, on: date, previous_on: date | None) -> bool:
        if previous_on is None or self.apart is None:
            return True
        return on >= later(previous_on, self.apart, self.working)

    def _pick(self, part: Period, meetings: tuple[Meeting, ...]) -> tuple[Meeting | None, str]:
        if not meetings:
            return None, "none"
        for meeting in meetings:
            if meeting.on.month in self.prefer:
                return meeting, "preferred"
        if len(meetings) == 1:
            return meetings[0], "only"
        middle = (part.from_on.toordinal() + part.until_on.toordinal()) / 2
        return min(meetings, key=lambda m: (abs(m.on.toordinal() - middle), m.on)), "middle"
