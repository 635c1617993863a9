"""The checked bundle of a site's files, as planning reads it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from engine.planning.facts import Meeting
from engine.planning.fields import Day, Entry, Key, Number, OneOrMore, Text
from engine.planning.organisation import Organisation, Seat
from engine.planning.planned_courses import PlannedCourse
from engine.planning.sources import SourceList
from engine.planning.starts import EachMember
from engine.planning.tables import AnyTable
from engine.planning.timetables import Timetable
from engine.planning.workdays import WorkingCalendar
from engine.planning.workflow import Workflow


class MeetingRow(Entry):
    """One meeting as a meeting plan gives it."""

    on: Day = Field(alias="date")
    time: str | None = Field(
        None, pattern=r"^([01]\d|2[0-3])[:.][0-5]\d( *[-–] *([01]\d|2[0-3])[:.][0-5]\d)?$"
    )
    place: str = ""
    kind: Literal["ordinary", "extraordinary"] = "ordinary"
    status: Literal["planned", "cancelled"] = "planned"
    moved_from: Day | None = Field(None, alias="moved from")


class MeetingPlan(Entry):
    """A file of `calendars/meetings/`."""

    committee: Key
    meetings: tuple[MeetingRow, ...]


class Milestones(Entry):
    """A file of `calendars/milestones/`: named dates of one period."""

    kind: Key
    period: Text = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")
    year: Number = Field(ge=1990, le=2200)
    dates: dict[Key, Day]

    @property
    def id(self) -> str:
        """Kind and period, as the file is called."""
        return f"{self.kind}-{self.period}"


class ClosingDay(Entry):
    """A day the municipality itself keeps closed."""

    name: str
    decided_by: str | None = Field(None, alias="decided by")
    since: Day | None = None


class DaySetFile(Entry):
    """A file of `calendars/working-days/`."""

    title: str
    covers: str | None = Field(None, pattern=r"^\d{4}\.\.\d{4}$")
    extends: Key | None = None
    weekend: Annotated[tuple[str, ...], OneOrMore] = ()
    days: dict[Day, str | ClosingDay] = {}


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything the administrators have said, checked and immutable."""

    organisation: Organisation
    seats: tuple[Seat, ...] = ()
    meetings: Mapping[str, tuple[Meeting, ...]] = field(default_factory=dict)
    milestones: tuple[Milestones, ...] = ()
    day_sets: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    tables: Mapping[str, AnyTable] = field(default_factory=dict)
    sources: SourceList | None = None
    timetables: Mapping[str, Timetable] = field(default_factory=dict)
    courses: tuple[PlannedCourse, ...] = ()

    def working(self, key: str) -> WorkingCalendar:
        """The working days of a set."""
        return self.day_sets[key]

    @property
    def in_use(self) -> tuple[Workflow, ...]:
        """The workflows that yield occurrences: all but those that are switched off."""
        return tuple(workflow for workflow in self.workflows.values() if workflow.in_use)

    def in_force(self, on: date) -> bool:
        """Whether the site looks after deadlines of this day."""
        start = self.organisation.settings.in_force_from_on
        return start is None or on >= start


class FormerNames:
    """What workflows, steps, committees and their seats were called before, by `formerly`.

    A former name that is in use again means what it says now. `told` are pairs of keys, an old
    and a new, that one thing was announced under: after going back to an edition from before a
    renaming, they tell what the later name meant.
    """

    def __init__(self, edition: Edition, told: Iterable[tuple[str, str]] = ()) -> None:
        self._workflows = edition.workflows
        self._keys = {
            former: workflow.key
            for workflow in edition.workflows.values()
            for former in workflow.formerly
            if former not in edition.workflows
        }
        self._steps = {
            (workflow.key, former): name
            for workflow in edition.workflows.values()
            for name, step in workflow.steps.items()
            for former in step.formerly
            if former not in workflow.steps
        }
        known = edition.organisation.committees
        self._committees = {
            former: key
            for key, committee in known.items()
            for former in committee.formerly
            if former not in known
        }
        for one, other in told:
            self._learn(one, other, known)
            self._learn(other, one, known)
        of_committee: dict[str, list[str]] = {}
        for former, key in self._committees.items():
            of_committee.setdefault(key, []).append(former)
        self._seats = {
            replace(seat, committee=former).id: seat.id
            for seat in edition.seats
            for former in of_committee.get(seat.committee, ())
        }

    def _learn(self, name: str, present: str, committees: Container[str]) -> None:
        """What a part of a key that is not in use was called where it is."""
        if name.count("/") < 3 or present.count("/") < 3:
            return
        workflow, committee, _, ending = name.rsplit("/", 3)
        its, body, _, its_ending = present.rsplit("/", 3)
        step, _, target = ending.partition("@")
        its_step, _, its_target = its_ending.partition("@")
        if its in self._workflows:
            if workflow not in self._workflows:
                self._keys.setdefault(workflow, its)
            steps = self._workflows[its].steps
            if step not in steps and its_step in steps:
                self._steps.setdefault((its, step), its_step)
        for old, new in ((committee, body), (target, its_target)):
            if old and old not in committees and new in committees:
                self._committees.setdefault(old, new)

    def present(self, key: str) -> str:
        """What a deadline or meeting is called now, whatever it was called when it was told.

        With `formerly: haandbold` in `idraet.yaml`, `haandbold/oes-med/2026-1/moede` is
        `idraet/oes-med/2026-1/moede`.
        """
        if not (self._keys or self._steps or self._committees):
            return key
        match key.rsplit("/", 3):
            case ["meeting", committee, meeting]:
                return f"meeting/{self._committee(committee)}/{meeting}"
            case [former, committee, occurrence, step]:
                workflow = self._keys.get(former, former)
                return "/".join(
                    (
                        workflow,
                        self._committee(committee),
                        self._occurrence(workflow, occurrence),
                        self._step(workflow, step),
                    )
                )
            case _:
                return key

    def _committee(self, key: str) -> str:
        return self._committees.get(key, key)

    def _occurrence(self, workflow: str, occurrence: str) -> str:
        known = self._workflows.get(workflow)
        if known is None or not isinstance(known.start, EachMember):
            return occurrence
        if known.start.per is None:
            return self._seats.get(occurrence, occurrence)
        seat, dash, year = occurrence.rpartition("-")
        return f"{self._seats.get(seat, seat)}{dash}{year}"

    def _step(self, workflow: str, ending: str) -> str:
        step, at, target = ending.partition("@")
        return f"{self._steps.get((workflow, step), step)}{at}{self._committee(target)}"
