"""Deadlines: every step of one run, dated, and whether it is asked for at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from engine.errors import EngineError, Finding, NotCovered, Severity
from engine.planning.dating import Dated, Desk
from engine.planning.occurrences import Occurrence
from engine.planning.organisation import Seat
from engine.planning.outline import Outline, StepOutline
from engine.planning.register import Register
from engine.planning.rules import Link, Missing
from engine.planning.workflow import Terms

_NEVER = date.max.toordinal()


class Deadline(NamedTuple):
    """One step of one run, with both its dates and how they were reached."""

    key: str
    run: Occurrence
    line: StepOutline
    committee: str
    dated: Dated
    terms: Terms
    needs: tuple[str, ...]

    @property
    def order(self) -> tuple[int, str]:
        """By day, then by key; what has no day comes last."""
        due_on = self.dated.due_on
        return (due_on.toordinal() if due_on else _NEVER, self.key)

    @property
    def workflow(self) -> str:
        """The key of the workflow it is a step of."""
        return self.line.workflow.key

    @property
    def workflow_title(self) -> str:
        """What the workflow is called."""
        return self.line.workflow.title

    @property
    def step(self) -> str:
        """The name of the step."""
        return self.line.name

    @property
    def title(self) -> str:
        """What is to be done."""
        return self.line.step.title

    @property
    def kind(self) -> str:
        """How it is bound to its date: due, at, on or open."""
        return self.line.kind

    @property
    def finish(self) -> str:
        """Who must answer before it is done: one, each or all."""
        return self.line.step.finish

    @property
    def automatic(self) -> bool:
        """Whether its day comes by itself and nobody confirms it."""
        return self.line.automatic

    @property
    def owner(self) -> str:
        """The committee whose duty the run is; a fan-out's target is `committee`."""
        return self.run.committee

    @property
    def occurrence(self) -> str:
        """The key of the run."""
        return self.run.key

    @property
    def about_on(self) -> date:
        """The day its run belongs to."""
        return self.run.about_on

    @property
    def seat(self) -> Seat | None:
        """Whose seat it is about, where it is about a single member."""
        return self.run.seat

    @property
    def case(self) -> str:
        """The number of the case it belongs to."""
        return self.run.case.number if self.run.case else ""

    @property
    def nominal_on(self) -> date | None:
        """The day as the text counts it."""
        return self.dated.nominal_on

    @property
    def due_on(self) -> date | None:
        """The day to act by."""
        return self.dated.due_on

    @property
    def not_before_on(self) -> date | None:
        """The first day it may be done."""
        return self.dated.not_before_on

    @property
    def limit_on(self) -> date | None:
        """The last day that law or agreement allows."""
        return self.dated.limit_on

    @property
    def derivation(self) -> tuple[Link, ...]:
        """How its dates were reached."""
        return self.dated.links

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What is not known yet."""
        return self.dated.missing

    @property
    def at_earliest_on(self) -> date | None:
        """The day it cannot come before, while its date is not known."""
        return self.dated.at_earliest_on

    @property
    def provisional(self) -> bool:
        """Whether the date may still move when more is known."""
        return self.dated.provisional

    @property
    def postponed(self) -> bool:
        """Whether it has been moved to another meeting."""
        return self.dated.postponed

    @property
    def meeting(self) -> str:
        """The id of the meeting it stands at."""
        return self.dated.meeting


def deadlines(
    occurrence: Occurrence, outline: Outline, register: Register
) -> Iterator[tuple[Deadline, Finding | None]]:
    """The deadlines of one run, and what is wrong with the rule of one that has no day."""
    owner = Desk(occurrence, outline, register)
    desks: dict[str, Desk] = {}
    may_lapse = occurrence.seat is not None or occurrence.case is not None
    for line in outline.steps:
        for desk in _desks(line, owner, desks) if line.fans_out else (owner,):
            if line.conditional and not desk.condition(line.name).applies:
                continue
            deadline, fault = _deadline(line, desk)
            if not (may_lapse and _has_lapsed(deadline, register)):
                yield deadline, fault


def only_deadline(occurrence: Occurrence, register: Register) -> Deadline:
    """The deadline of a run of one step, which outlives the seat of whoever sees to it."""
    outline = Outline(occurrence.workflow, register.edition.day_sets)
    deadline, _ = _deadline(outline.steps[0], Desk(occurrence, outline, register))
    return deadline


def _desks(line: StepOutline, owner: Desk, desks: dict[str, Desk]) -> Iterator[Desk]:
    """The desks of the committees that a step fans out to."""
    for target in _targets(owner.occurrence, line, owner.register):
        if target not in desks:
            desks[target] = Desk(owner.occurrence, owner.outline, owner.register, target, owner)
        yield desks[target]


def _has_lapsed(deadline: Deadline, register: Register) -> bool:
    return _after_leaving(deadline) or _left_open(deadline, register)


_OWN = ("",)


def _targets(occurrence: Occurrence, line: StepOutline, register: Register) -> tuple[str, ...]:
    """The committees a step fans out to that exist then; nobody else's name where it does not."""
    if not line.fans_out:
        return _OWN
    chosen = register.targets(line, occurrence.committee)
    return tuple(key for key in chosen if register.in_time(key, occurrence.about_on))


def _deadline(line: StepOutline, desk: Desk) -> tuple[Deadline, Finding | None]:
    key = desk.key(line.name)
    fault: Finding | None = None
    try:
        dated = desk.dated(line.name)
    except EngineError as error:
        fault = _fault(error, line.workflow.key, key)
        dated = Dated.nothing(Missing("error", {"code": error.code, **error.params}))
    terms = line.terms(desk.visible)
    needs = _needs(line, desk) if line.step.needs else ()
    return Deadline(key, desk.occurrence, line, desk.committee, dated, terms, needs), fault


def _fault(error: EngineError, workflow: str, key: str) -> Finding:
    """What keeps a rule from giving a day: the day set to extend, or the workflow to mend."""
    if isinstance(error, NotCovered):
        path = f"calendars/working-days/{error.day_set}.yaml"
        return Finding(error.code, path=path, field="covers", params=dict(error.params))
    path = f"workflows/{workflow}.yaml"
    return Finding(error.code, path=path, field=key, params=dict(error.params))


def _needs(line: StepOutline, desk: Desk) -> tuple[str, ...]:
    """The keys of what must be done first: the same committee's, or all of a fan-out.

    What does not apply need not be done.
    """
    keys: list[str] = []
    occurrence, target = desk.occurrence, desk.target
    for name in line.step.needs:
        needed = desk.outline.by_name.get(name)
        if needed is None or not desk.condition(name).applies:
            continue
        targets = _targets(occurrence, needed, desk.register)
        if target and target in targets:
            targets = (target,)
        keys.extend(occurrence.step_key(name, other) for other in targets)
    return tuple(keys)


def _left_open(deadline: Deadline, register: Register) -> bool:
    """Whether a case was closed before the deadline was met: then nobody asks for it any more."""
    case, due_on = deadline.run.case, deadline.due_on
    if case is None or case.closed_on is None:
        return False
    if deadline.automatic and due_on is not None and due_on <= case.closed_on:
        return False
    return register.closed_on(deadline.key) is None


def _after_leaving(deadline: Deadline) -> bool:
    """A duty of a seat ends with the seat, unless the leaving itself begins it."""
    seat, due_on = deadline.run.seat, deadline.dated.due_on
    if seat is None or seat.until_on is None or due_on is None:
        return False
    return due_on > seat.until_on and not deadline.line.from_leaving


def fences(deadline: Deadline, register: Register) -> Iterator[Finding]:
    """A planned date outside what law or agreement allows, while it can still be mended."""
    planned_on, opens_on, limit_on = deadline.dated[1:4]
    if planned_on is None or (opens_on is None and limit_on is None):
        return
    if register.closed_on(deadline.key) is not None:
        return
    if limit_on is not None and planned_on > limit_on:
        yield _fence("plan.after-limit", deadline, planned_on, limit_on)
    if deadline.kind != "open" and opens_on is not None and planned_on < opens_on:
        yield _fence("plan.before-not-before", deadline, planned_on, opens_on)


def _fence(code: str, deadline: Deadline, on: date, fence_on: date) -> Finding:
    severity = Severity.WARNING if deadline.terms.binding else Severity.INFO
    return Finding(
        code,
        severity,
        path=f"workflows/{deadline.workflow}.yaml",
        field=deadline.key,
        params={
            "title": deadline.title,
            "committee": deadline.committee,
            "on": on,
            "fence_on": fence_on,
            "sources": [source.model_dump() for source in deadline.terms.source],
        },
    )
