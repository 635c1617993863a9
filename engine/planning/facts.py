"""What has been told: meetings as they are planned and held, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of one body; its id is the day it was first planned for."""

    committee: str
    id: str
    on: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    extraordinary: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A deadline reported done by somebody on a day."""

    key: str
    on: date
    by: str = ""
    unit: str = ""
    meeting: str = ""
    """The id of the meeting at which it was treated."""
    minutes_item: str = ""
    evidence: str = ""
    answer: str = ""
    """Which of the step's own answers was given, as it read."""
    via: str = ""
    """Whom the link was mailed to by which it was told: `person:hny`, `office:hr`."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """An agenda item moved from one meeting to another, or a deadline to a day by decision.

    `to_meeting` is empty for the next ordinary meeting that is not past when it is told.
    """

    key: str
    from_meeting: str
    to_meeting: str = ""
    told_on: date | None = None
    from_on: date | None = None
    to_on: date | None = None
    why: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Waived:
    """A deadline that was decided not to apply."""

    key: str
    on: date
    by: str = ""
    why: str = ""


FOLLOW_UP = "opfoelgning"
"""What the keys of follow-ups begin and end with; no workflow file may be called so."""
NEXT = "next"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something a committee agreed that somebody sees to, once.

    It is due on a day, or an item at a meeting, or open without a day. `who` is a role of the
    committee, a role of a named body, an office, or somebody's initials. `meeting` is `next`
    while no next meeting was planned.
    """

    number: str
    committee: str
    what: str
    who: str
    noted_on: date
    due_on: date | None = None
    meeting: str = ""
    by: str = ""
    noted_at: str = ""
    """The id of the meeting at which it was agreed."""
    minutes_item: str = ""

    @property
    def key(self) -> str:
        """The deadline's name for life: no computed date and no name is part of it."""
        return f"{FOLLOW_UP}/{self.committee}/{self.number}/{FOLLOW_UP}"


@dataclass(frozen=True, slots=True)
class Case:
    """One run of a workflow that a person opened; its inputs are as they were told."""

    number: str
    workflow: str
    committee: str
    opened_on: date
    inputs: Mapping[str, str | int | bool] = field(default_factory=dict)
    closed_on: date | None = None

    @property
    def key(self) -> str:
        """What its deadlines' keys begin with; `-` stands where it is about no committee."""
        return f"{self.workflow}/{self.committee or '-'}/{self.number}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything people have told about deadlines, newest last."""

    done: tuple[Done, ...] = ()
    postponed: tuple[Postponed, ...] = ()
    waived: tuple[Waived, ...] = ()
    cases: tuple[Case, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    taken_over: tuple[str, ...] = ()
    """Deadlines from before the site came in force that it looks after all the same."""
    names: tuple[tuple[str, str], ...] = ()
    """Pairs of keys, an old and a new, that one thing was announced under."""


NOTHING_TOLD = Facts()
