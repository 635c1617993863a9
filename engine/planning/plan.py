"""Editions and facts in, deadlines out: every step of every occurrence, dated and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import EngineError, Finding, NotCovered, Severity
from engine.planning.dating import Dated, Desk
from engine.planning.edition import Edition
from engine.planning.facts import FOLLOW_UP, Facts, Meeting
from engine.planning.followups import follow_ups
from engine.planning.occurrences import NOBODY, Occurrence, occurrences
from engine.planning.organisation import Seat
from engine.planning.periods import Window
from engine.planning.register import Register
from engine.planning.rules import Link, Missing, mentions, reach
from engine.planning.rules.mentions import FAR
from engine.planning.shortage import meeting_shortage
from engine.planning.workflow import Step, Terms, Workflow, terms

# An undated deadline is shown for this long after what it belongs to.
UNDATED_DAYS = 400
# How far a chain of rules is followed when occurrences are gathered for a window.
FARTHEST_DAYS = 8_000


@dataclass(frozen=True, slots=True)
class Deadline:
    """One step of one occurrence, with both its dates and how they were reached."""

    key: str
    workflow: str
    committee: str
    owner: str
    occurrence: str
    step: str
    title: str
    workflow_title: str
    kind: str
    nominal_on: date | None
    due_on: date | None
    not_before_on: date | None
    limit_on: date | None
    derivation: tuple[Link, ...]
    missing: tuple[Missing, ...]
    at_earliest_on: date | None
    provisional: bool
    postponed: bool
    meeting: str
    terms: Terms
    finish: str
    automatic: bool
    needs: tuple[str, ...]
    seat: Seat | None
    about_on: date
    case: str = ""

    @property
    def order(self) -> tuple[date, str]:
        """By day, then by key; what has no day comes last."""
        return (self.due_on or date.max, self.key)


@dataclass(frozen=True, slots=True)
class Plan:
    """The deadlines and meetings of a window, and what planning noticed on the way."""

    window: Window
    deadlines: tuple[Deadline, ...]
    beyond: Mapping[str, Deadline]
    findings: tuple[Finding, ...]
    by_key: Mapping[str, Deadline]
    register: Register
    meetings: tuple[Meeting, ...] = ()


def make_plan(edition: Edition, facts: Facts, window: Window) -> Plan:
    """Every deadline of the edition that falls in the window, explained.

    `beyond` holds those that were reckoned on the way and fall outside, so that one which
    left the window is not mistaken for one that is gone.
    """
    register = Register(edition, facts)
    inside: list[Deadline] = []
    outside: dict[str, Deadline] = {}
    findings: list[Finding] = []
    for workflow in edition.workflows.values():
        for occurrence in _occurrences(workflow, window, register):
            for deadline, fault in _deadlines(occurrence, register):
                if not _belongs(deadline, window) or _is_elsewhere(fault, window):
                    outside[deadline.key] = deadline
                    continue
                inside.append(deadline)
                findings.extend([fault] if fault else _fences(deadline, register))
    for occurrence in follow_ups(register, window):
        deadline = _follow_up(occurrence, register)
        if _belongs(deadline, window):
            inside.append(deadline)
        else:
            outside[deadline.key] = deadline
    findings.extend(meeting_shortage(register, window))
    inside.sort(key=lambda deadline: deadline.order)
    return Plan(
        window,
        tuple(inside),
        outside,
        tuple(sorted(_once_a_day_set(findings), key=lambda finding: finding.order)),
        {deadline.key: deadline for deadline in inside},
        register,
        _meetings(register, window),
    )


def _meetings(register: Register, window: Window) -> tuple[Meeting, ...]:
    """Every body's meetings in the window, by day."""
    held = (
        meeting
        for plan in register.plans.values()
        for meeting in plan.every.between(window.from_on, window.until_on)
    )
    return tuple(sorted(held, key=lambda meeting: (meeting.on, meeting.committee, meeting.id)))


def _occurrences(workflow: Workflow, window: Window, register: Register) -> Iterator[Occurrence]:
    """The runs that may put a deadline in the window.

    What was postponed can lie any number of meetings after its anchors, so those runs are
    looked up by what was told of them.
    """
    reach_days = _reach(workflow)
    wide = window.widened(reach_days)
    committees = register.roster.chosen(workflow.committees) if workflow.committees else (NOBODY,)
    for committee in committees:
        told = dict(register.postponed_runs.get((workflow.key, committee), {}))
        for occurrence in occurrences(workflow, committee, wide, register):
            told.pop(occurrence.key, None)
            yield occurrence
        late = {key: days.from_on for key, days in told.items() if days.until_on >= wide.from_on}
        if not late:
            continue
        earlier = Window(min(late.values()), wide.from_on).widened(reach_days)
        for occurrence in occurrences(workflow, committee, earlier, register):
            if occurrence.key in late:
                yield occurrence


def _reach(workflow: Workflow) -> int:
    """How far from its anchors the farthest step can lie, along the steps that rules name."""
    farthest = max(_step_reach(workflow, name, ()) for name in workflow.steps)
    return min(UNDATED_DAYS + farthest, FARTHEST_DAYS)


def _step_reach(workflow: Workflow, name: str, asked: tuple[str, ...]) -> int:
    step = workflow.steps.get(name)
    if step is None or step.rule is None or name in asked:
        return 0
    said = mentions(step.rule)
    named = [_step_reach(workflow, other, (*asked, name)) for other in said.names]
    return reach(step.rule) + max(named, default=0) + (FAR if said.done else 0)


def _belongs(deadline: Deadline, window: Window) -> bool:
    if deadline.due_on is not None:
        return window.holds(deadline.due_on)
    if deadline.case or deadline.workflow == FOLLOW_UP:
        # These go on until somebody closes them, and closed ones yield nothing that is open.
        return deadline.about_on <= window.until_on
    stood_on = (missing.detail.get("of_on") for missing in deadline.missing)
    latest_on = max([deadline.about_on, *(on for on in stood_on if isinstance(on, date))])
    last_on = latest_on + timedelta(days=UNDATED_DAYS)
    return deadline.about_on <= window.until_on and last_on >= window.from_on


def _is_elsewhere(fault: Finding | None, window: Window) -> bool:
    """Whether a deadline has no day only because it lies outside the window and its day sets."""
    lacking_on = fault.params["on"] if fault and fault.field == "covers" else None
    return isinstance(lacking_on, date) and not window.holds(lacking_on)


def _deadlines(
    occurrence: Occurrence, register: Register
) -> Iterator[tuple[Deadline, Finding | None]]:
    """The deadlines of one run, and what is wrong with the rule of one that has no day."""
    owner = Desk(occurrence, register)
    desks: dict[str, Desk] = {"": owner}
    for name, step in occurrence.workflow.steps.items():
        for target in _targets(occurrence, step, register):
            if target not in desks:
                desks[target] = Desk(occurrence, register, target, owner)
            if not desks[target].condition(name).applies:
                continue
            deadline, fault = _deadline(occurrence, name, step, desks[target])
            if not _after_leaving(deadline, occurrence) and not _left_open(
                deadline, occurrence, register
            ):
                yield deadline, fault


def _targets(occurrence: Occurrence, step: Step, register: Register) -> tuple[str, ...]:
    """The committees a step fans out to that exist then; nobody else's name where it does not."""
    if not step.committees:
        return ("",)
    chosen = register.roster.chosen(step.committees, own=occurrence.committee)
    return tuple(key for key in chosen if register.in_time(key, occurrence.about_on))


def _deadline(
    occurrence: Occurrence, name: str, step: Step, desk: Desk
) -> tuple[Deadline, Finding | None]:
    workflow, target = occurrence.workflow, desk.target
    key = occurrence.step_key(name, target)
    fault: Finding | None = None
    try:
        dated = desk.dated(name)
    except EngineError as error:
        fault = _fault(error, workflow, key)
        dated = Dated.nothing(Missing("error", {"code": error.code, **error.params}))
    body = desk.register.roster.committees.get(desk.committee)
    deadline = Deadline(
        key=key,
        workflow=workflow.key,
        committee=desk.committee,
        owner=occurrence.committee,
        occurrence=occurrence.key,
        step=name,
        title=step.title,
        workflow_title=workflow.title,
        kind=step.kind,
        nominal_on=dated.nominal_on,
        due_on=dated.due_on,
        not_before_on=dated.not_before_on,
        limit_on=dated.limit_on,
        derivation=dated.links,
        missing=dated.missing,
        at_earliest_on=dated.at_earliest_on,
        provisional=dated.provisional,
        postponed=dated.postponed,
        meeting=dated.meeting,
        terms=terms(workflow, step, body.visible if body else None),
        finish=step.finish,
        automatic=step.automatic,
        needs=_needs(occurrence, step, desk),
        seat=occurrence.seat,
        about_on=occurrence.about_on,
        case=occurrence.case.number if occurrence.case else "",
    )
    return deadline, fault


def _follow_up(occurrence: Occurrence, register: Register) -> Deadline:
    """A follow-up goes on after the seat of whoever saw to it has ended."""
    step = occurrence.workflow.steps[FOLLOW_UP]
    deadline, _ = _deadline(occurrence, FOLLOW_UP, step, Desk(occurrence, register))
    return deadline


def _fault(error: EngineError, workflow: Workflow, key: str) -> Finding:
    """What keeps a rule from giving a day: the day set to extend, or the workflow to mend."""
    if isinstance(error, NotCovered):
        path = f"calendars/working-days/{error.day_set}.yaml"
        return Finding(error.code, path=path, field="covers", params=dict(error.params))
    path = f"workflows/{workflow.key}.yaml"
    return Finding(error.code, path=path, field=key, params=dict(error.params))


def _once_a_day_set(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A day set that ends too early is told once, with the first day that it lacks."""
    told: set[str] = set()
    for finding in sorted(findings, key=lambda finding: str(finding.params.get("on"))):
        if finding.field != "covers" or finding.path not in told:
            yield finding
        if finding.field == "covers":
            told.add(finding.path)


def _needs(occurrence: Occurrence, step: Step, desk: Desk) -> tuple[str, ...]:
    """The keys of what must be done first: the same committee's, or all of a fan-out.

    What does not apply need not be done.
    """
    keys: list[str] = []
    target = desk.target
    for name in step.needs:
        needed = occurrence.workflow.steps.get(name)
        if needed is None or not desk.condition(name).applies:
            continue
        targets = _targets(occurrence, needed, desk.register)
        if target and target in targets:
            targets = (target,)
        keys.extend(occurrence.step_key(name, other) for other in targets)
    return tuple(keys)


def _left_open(deadline: Deadline, occurrence: Occurrence, register: Register) -> bool:
    """Whether a case was closed before the deadline was met: then nobody asks for it any more."""
    case = occurrence.case
    if case is None or case.closed_on is None:
        return False
    if deadline.automatic and deadline.due_on is not None and deadline.due_on <= case.closed_on:
        return False
    return register.closed_on(deadline.key) is None


def _after_leaving(deadline: Deadline, occurrence: Occurrence) -> bool:
    """A duty of a seat ends with the seat, unless the leaving itself begins it."""
    seat = occurrence.seat
    if seat is None or seat.until_on is None or deadline.due_on is None:
        return False
    from_leaving = _from_leaving(occurrence.workflow, deadline.step, ())
    return deadline.due_on > seat.until_on and not from_leaving


def _from_leaving(workflow: Workflow, name: str, asked: tuple[str, ...]) -> bool:
    step = workflow.steps.get(name)
    if step is None or step.rule is None or name in asked:
        return False
    said = mentions(step.rule)
    named = said.names | said.done
    return "leaving" in said.anchors or any(
        _from_leaving(workflow, other, (*asked, name)) for other in named
    )


def _fences(deadline: Deadline, register: Register) -> Iterator[Finding]:
    planned_on = deadline.due_on
    if planned_on is None or register.closed_on(deadline.key) is not None:
        return
    if deadline.limit_on is not None and planned_on > deadline.limit_on:
        yield _fence("plan.after-limit", deadline, planned_on, deadline.limit_on)
    if (
        deadline.kind != "open"
        and deadline.not_before_on is not None
        and planned_on < deadline.not_before_on
    ):
        yield _fence("plan.before-not-before", deadline, planned_on, deadline.not_before_on)


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
