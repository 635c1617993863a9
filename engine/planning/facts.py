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


@dataclass(frozen=True, slots=True)
class Postponed:
    """An agenda item moved from one meeting to another; `to` is empty for the next one."""

    key: str
    from_meeting: str
    to_meeting: str = ""


@dataclass(frozen=True, slots=True)
class Waived:
    """A deadline that was decided not to apply."""

    key: str
    on: date
    by: str = ""


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


NOTHING_TOLD = Facts()
