"""What a workflow says of every run, worked out once: rules, terms, and what they lean on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.planning.organisation import Side
from engine.planning.rules import FAR, Rule, mentions, reach
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

    __slots__ = ("_day_sets", "anchors", "by_name", "far_days", "names", "steps", "workflow")

    def __init__(self, workflow: Workflow, day_sets: Mapping[str, WorkingCalendar]) -> None:
        self.workflow = workflow
        self._day_sets = day_sets
        self.by_name = {name: self._step(name, step) for name, step in workflow.steps.items()}
        self.steps = tuple(self.by_name.values())
        said = [mentions(rule) for rule in self.rules()]
        self.anchors = frozenset(name for each in said for name in each.anchors)
        self.names = frozenset(name for each in said for name in each.names)
        self.far_days = max(self._reach(name, ()) for name in self.by_name)
        """How far from its anchors the farthest step can lie."""

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

    def _reach(self, name: str, asked: tuple[str, ...]) -> int:
        """How far a step can lie from the anchors, along the steps that its rule names."""
        step = self.workflow.steps.get(name)
        if step is None or step.rule is None or name in asked:
            return 0
        said = mentions(step.rule)
        named = [self._reach(other, (*asked, name)) for other in said.names]
        return reach(step.rule) + max(named, default=0) + (FAR if said.done else 0)
