"""Which deadlines and meetings a feed holds, and between which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.planning.diff import Announced, Snapshot
from engine.planning.periods import Window, add_months, last_day
from engine.planning.plan import Deadline
from engine.planning.register import Register
from engine.planning.starts import EachCase
from engine.planning.status import responsible_seats
from engine.wording.dates import ZONE

MONTHS_BACK = 12
MONTHS_AHEAD = 24
# A retired entry stands struck out to the end of this many months after its own.
MONTHS_STRUCK_OUT = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """A committee's feed, a person's, or with neither named everything the viewer may see."""

    committee: str = ""
    person: str = ""
    deadlines: bool = True
    meetings: bool = False

    def holds_deadline(self, deadline: Deadline, register: Register) -> bool:
        """Whether a deadline belongs here; cases are told to those who work on them alone."""
        if not self.deadlines or self.committee not in ("", deadline.committee):
            return False
        if self.person:
            return self.person in _concerned(deadline, register)
        workflow = register.edition.workflows.get(deadline.workflow)
        return workflow is None or not isinstance(workflow.start, EachCase)

    def holds_former(self, announced: Announced, register: Register) -> bool:
        """Whether a deadline that the plan no longer yields belongs here, as it was announced."""
        if not self.deadlines or self.committee not in ("", announced.snapshot.committee):
            return False
        if self.person:
            snapshot = announced.snapshot
            return self.person in (*snapshot.people, *snapshot.informed)
        return not any(
            isinstance(workflow.start, EachCase) and announced.key.startswith(f"{key}/")
            for key, workflow in register.edition.workflows.items()
        )

    def holds_meeting(self, snapshot: Snapshot, register: Register) -> bool:
        """Whether a meeting belongs here; a person's are those of the seats held on the day."""
        if not self.meetings or self.committee not in ("", snapshot.committee):
            return False
        if not self.person:
            return True
        on = date.fromisoformat(snapshot.due_on)
        return any(
            seat.person == self.person and seat.held(on)
            for seat in register.roster.seats_of(snapshot.committee)
        )


def horizon(today: date, open_since_on: date | None = None) -> Window:
    """The days a feed covers: whole months, so that it is the same all through a month.

    With a day, what has been open since before them belongs too, if it is not older than that.

    >>> horizon(date(2026, 3, 26))
    Window(from_on=datetime.date(2025, 3, 1), until_on=datetime.date(2028, 3, 31))
    """
    first = today.replace(day=1)
    until_on = last_day(add_months(first, MONTHS_AHEAD))
    return Window(add_months(first, -MONTHS_BACK), until_on, open_since_on)


def still_struck_out(retired_at: datetime, today: date) -> bool:
    """Whether a retired entry is still shown: to the end of the month after."""
    retired_on = retired_at.astimezone(ZONE).date()
    return today <= last_day(add_months(retired_on, MONTHS_STRUCK_OUT))


def _concerned(deadline: Deadline, register: Register) -> set[str]:
    """Who must act or be told, as the seats are held on the day to act by."""
    on = deadline.due_on or deadline.about_on
    people = {seat.person for seat in responsible_seats(deadline, register, on)}
    for holder in deadline.terms.inform:
        people |= {seat.person for seat in register.roster.holding(holder, deadline.committee, on)}
    return people
