"""Trainings that a list tells were done: the deadlines they meet, and the facts of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import EngineError
from engine.feed import horizon
from engine.planning.plan import Deadline, Plan, make_plan
from engine.planning.starts import EachMember
from engine.planning.status import State, state
from engine.planning.workflow import Workflow
from engine.service.current import current
from engine.service.doing import done
from engine.service.rewriting import Rewriting
from engine.service.site import Site

FOLDER = "uddannelse/"


@dataclass(frozen=True, slots=True)
class Training:
    """A training that somebody has done, and the deadline it meets; without a key there is none."""

    person: str
    which: str
    on: date
    key: str = ""
    recorded: bool = False

    @property
    def command(self) -> str:
        """How it is told by hand, once the deadline is in force."""
        return f"med done {self.key} --on {self.on.isoformat()}" if self.key else ""


def trainings(
    site: Site, made: Rewriting, told: Mapping[str, Mapping[str, date]]
) -> tuple[Training, ...]:
    """The deadlines that are met, as the files will have them; what is told already is left out."""
    edition = made.reading.edition
    if not told or edition is None:
        return ()
    plan = make_plan(edition, current(site).facts, horizon(site.today))
    found: list[Training] = []
    for person, days in told.items():
        for which, on in days.items():
            keys = list(_met(plan, edition.workflows, person, which, on))
            found += [
                Training(person, which, on, each.key)
                for each in keys
                if state(each, plan, site.today) not in (State.DONE, State.WAIVED)
            ]
            if not keys:
                found.append(Training(person, which, on))
    return tuple(found)


def _met(
    plan: Plan, workflows: Mapping[str, Workflow], person: str, which: str, on: date
) -> Iterator[Deadline]:
    """A person's deadlines of a training.

    Without a name it is the one that new members have as a single step. One that is done each
    year is met by name only, and no day tells which year it was.
    """
    steps = {
        (key, step)
        for key, workflow in workflows.items()
        if key.startswith(FOLDER)
        and isinstance(workflow.start, EachMember)
        and workflow.start.per is None
        for step in workflow.steps
        if _named(key.removeprefix(FOLDER), step, workflow, which)
    }
    seats = {seat.id for seat in plan.register.edition.seats if seat.person == person}
    every = {each.key: each for each in (*plan.deadlines, *plan.beyond.values())}
    for deadline in every.values():
        if (deadline.workflow, deadline.step) in steps and deadline.occurrence in seats:
            yield deadline


def _named(name: str, step: str, workflow: Workflow, which: str) -> bool:
    if which:
        return which in (f"{name}/{step}", name if len(workflow.steps) == 1 else "")
    assert isinstance(workflow.start, EachMember)
    return workflow.start.new_members_only and len(workflow.steps) == 1


def record(site: Site, learned: Sequence[Training], by: str = "") -> tuple[Training, ...]:
    """Record those whose deadlines are in force; the others wait for the edition to be."""
    return tuple(_recorded(site, each, by) for each in learned)


def _recorded(site: Site, training: Training, by: str) -> Training:
    if not training.key:
        return training
    try:
        done(site, training.key, by, on=training.on)
    except EngineError:
        return training
    return replace(training, recorded=True)
