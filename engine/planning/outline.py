"""What a workflow says of every run, worked out once: rules, terms, and what they lean on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.planning.organisation import Side
from engine.planning.rules import ANYWHERE, FAR, Rule, mentions, reach, reach_back
from engine.planning.starts import EachMeeting, EachPeriod, Start, TimesPerPeriod
from engine.planning.workdays import Roll, WorkingCalendar
from engine.planning.workflow import (
    DEFAULT_DAYS,
    Kind,
    Step,
    Terms,
    Workflow,
    roll_of,
    terms,
)

# Farther than any run of closed days: how far a closed day can send a date.
ROLL_DAYS = 31


@dataclass(frozen=True, slots=True)
class StepOutline:
    """One step with what its rules need said once, not for every run."""

    name: str
    step: Step
    workflow: Workflow
    rule: Rule | None
    kind: Kind
    working: WorkingCalendar = field(compare=False)
    """The working days the step counts in."""
    roll: Roll
    automatic: bool
    fans_out: bool
    """Whether other committees have it to do, each for itself."""
    conditional: bool
    """Whether it applies only when a table or an input says so."""
    fenced: bool
    """Whether law, agreement or the file says how early or late it may be."""
    from_leaving: bool
    """Whether the leaving of a seat begins it, so that it outlives the seat."""
    _terms: dict[Side | None, Terms] = field(default_factory=dict, compare=False, repr=False)

    def terms(self, visible: Side | None) -> Terms:
        """What holds for the step in a committee of a side, or of none."""
        found = self._terms.get(visible)
        if found is None:
            found = self._terms[visible] = terms(self.workflow, self.step, visible)
        return found


class Outline:
    """A workflow laid out for planning."""

    __slots__ = (
        "_day_sets",
        "ahead_days",
        "anchors",
        "bodies",
        "by_name",
        "far_days",
        "names",
        "own_meetings",
        "says_done",
        "steps",
        "workflow",
    )

    def __init__(self, workflow: Workflow, day_sets: Mapping[str, WorkingCalendar]) -> None:
        self.workflow = workflow
        self._day_sets = day_sets
        self.by_name = {name: self._step(name, step) for name, step in workflow.steps.items()}
        self.steps = tuple(self.by_name.values())
        said = [mentions(rule) for rule in self.rules()]
        self.anchors = frozenset(name for each in said for name in each.anchors)
        self.names = frozenset(name for each in said for name in each.names)
        self.bodies = frozenset(body for each in said for body in each.bodies)
        self.own_meetings = tuple(filter(_asks_own_meetings, self.steps))
        """The steps that ask for meetings of the committee that has them to do."""
        self.far_days = max(self._reach(name, ()) for name in self.by_name)
        """How far from its anchors the farthest step can lie."""
        self.says_done = any(each.done for each in said)
        self.ahead_days = self._ahead_days()
        """How long after a day a run may begin that puts a step on it, or before it."""

    def rules(self) -> Iterator[Rule]:
        """Every rule of every step."""
        for step in self.workflow.steps.values():
            yield from filter(None, (step.rule, step.not_before, step.limit))

    def _step(self, name: str, step: Step) -> StepOutline:
        workflow = self.workflow
        return StepOutline(
            name=name,
            step=step,
            workflow=workflow,
            rule=step.rule,
            kind=step.kind,
            working=self._day_sets[step.days or workflow.days or DEFAULT_DAYS],
            roll=roll_of(workflow, step),
            automatic=step.automatic,
            fans_out=bool(step.committees),
            conditional=bool(step.when),
            fenced=step.not_before is not None or step.limit is not None,
            from_leaving=self._from_leaving(name, ()),
        )

    def _from_leaving(self, name: str, asked: tuple[str, ...]) -> bool:
        step = self.workflow.steps.get(name)
        if step is None or step.rule is None or name in asked:
            return False
        said = mentions(step.rule)
        return "leaving" in said.anchors or any(
            self._from_leaving(other, (*asked, name)) for other in said.names | said.done
        )

    def _ahead_days(self) -> int:
        """The farthest that a step lies before the day that its run begins with.

        Runs of members, cases, milestones and rounds have days of their own, so nothing is said
        of those.
        """
        before = _begins_before(self.workflow.start, self.rules())
        back = max(self._reach_back(name, ()) for name in self.by_name)
        return before + back + ROLL_DAYS

    def _reach_back(self, name: str, asked: tuple[str, ...]) -> int:
        """How far a step can lie before the anchors, along the steps that its rule names."""
        step = self.workflow.steps.get(name)
        if step is None or step.rule is None or name in asked:
            return 0
        named = [self._reach_back(other, (*asked, name)) for other in mentions(step.rule).names]
        return reach_back(step.rule) + max(named, default=0)

    def _reach(self, name: str, asked: tuple[str, ...]) -> int:
        """How far a step can lie from the anchors, along the steps that its rule names."""
        step = self.workflow.steps.get(name)
        if step is None or step.rule is None or name in asked:
            return 0
        said = mentions(step.rule)
        named = [self._reach(other, (*asked, name)) for other in said.names]
        return reach(step.rule) + max(named, default=0) + (FAR if said.done else 0)


def _asks_own_meetings(line: StepOutline) -> bool:
    step = line.step
    said = map(mentions, filter(None, (step.rule, step.not_before, step.limit)))
    return any(each.own_meetings or "meeting" in each.anchors for each in said)


def _begins_before(start: Start, rules: Iterator[Rule]) -> int:
    """How far before the day that a run is found by the earliest of its anchors lies.

    A part of a period is found by its own first day, and the period's first day is earlier. The
    year that days without a year lie in begins before a half-year, a quarter or a month of it.
    """
    said = [mentions(rule) for rule in rules]
    year_days = 366 * any(each.needs_year for each in said)
    match start:
        case EachMeeting():
            return 0
        case EachPeriod():
            return year_days if start.months < 12 else 0
        case TimesPerPeriod():
            return year_days + 31 * start.part_months * start.times
        case _:
            return ANYWHERE
