"""The date rules of a workflow: what they name must be given, and they must not run in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.definitions.circles import circles
from engine.definitions.dates import DEFAULT_DAYS, covered
from engine.definitions.given import unreadable
from engine.definitions.likeness import listed
from engine.definitions.names import Names, unknown
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.inputs import inputs_of, written
from engine.planning.rules import (
    Anchor,
    FixedDay,
    Language,
    Mentions,
    Rule,
    SideMeeting,
    mentions,
    reserved,
    write,
)
from engine.planning.rules.mentions import parts
from engine.planning.starts import (
    EachMeeting,
    EachMember,
    EachMilestones,
    EachPeriod,
    EveryRound,
    TimesPerPeriod,
)
from engine.planning.tables import answer
from engine.planning.workflow import Step, Workflow
from engine.wording.names import Names as Words

_PERIOD = ("period start", "period end")
_LONG = 20
_ROUND_END = "round end"
_ANCHORS: Mapping[type, tuple[str, ...]] = {
    EachPeriod: _PERIOD,
    TimesPerPeriod: ("meeting", "part start", "part end", *_PERIOD),
    EveryRound: ("last done", "round end"),
    EachMember: ("joining", "leaving"),
}


class _Ruled(NamedTuple):
    """A rule of a step, and where it stands."""

    step: str
    at: Path
    rule: Rule
    uses: Mentions


def rule_findings(part: Part[Workflow], names: Names) -> Iterator[Finding]:
    """Everything a workflow's rules name that the file and the site do not give."""
    return _Rules(part, names).findings()


class _Rules:
    """One workflow's names, and its rules with what each mentions."""

    def __init__(self, part: Part[Workflow], names: Names) -> None:
        self.part = part
        self.names = names
        self.workflow = part.model
        self.anchors = _anchors(self.workflow)
        self.asked = inputs_of(self.workflow.start)
        self.steps = dict.fromkeys(part.whole.names("steps"), "step")
        self.inputs = dict.fromkeys(part.whole.names("start", "inputs"), "input")
        self.milestones = dict.fromkeys(_milestone_names(self.workflow, names), "milestone")
        # A step that shares its name is told of by itself, and means the other in rules.
        self.kinds = {**self.steps, **self.inputs, **self.milestones}
        self.dates = dict.fromkeys((*self.steps, *self._date_inputs(), *self.milestones))
        self.rules = [
            _Ruled(key, ("steps", key, field), rule, mentions(rule))
            for key, step in self.workflow.steps.items()
            for field, rule in _written(step)
        ]
        if isinstance(self.workflow.start, EveryRound):
            first = self.workflow.start.first
            self.rules.append(_Ruled("", ("start", "first"), first, mentions(first)))

    def findings(self) -> Iterator[Finding]:
        yield from self._collisions()
        for ruled in self.rules:
            yield from self._named(ruled)
            yield from self._anchored(ruled)
            yield from self._based(ruled)
        for key, step in self.workflow.steps.items():
            yield from self._steps(key, step)
        yield from self._rounds()
        yield from self._milestones()
        yield from self._circles()

    def _collisions(self) -> Iterator[Finding]:
        for name in self.inputs:
            if name in reserved():
                at: Path = ("start", "inputs", name)
                yield self.part.finding(at, "name-reserved", key=True, name=name)
        for key, step in self.workflow.steps.items():
            at = ("steps", key)
            if key in reserved():
                yield self.part.finding(at, "name-reserved", key=True, name=key)
            elif self.kinds[key] != "step":
                code = f"step-named-as-{self.kinds[key]}"
                yield self.part.finding(at, code, key=True, name=key)
            for index, former in enumerate(step.formerly):
                if former in self.steps:
                    place = (*at, "formerly", index)
                    yield self.part.finding(place, "formerly-still-there", name=former)

    def _named(self, ruled: _Ruled) -> Iterator[Finding]:
        for name in sorted(ruled.uses.names):
            if name in self.steps:
                yield from self._fanned(ruled, name)
            elif self.milestones or not isinstance(self.workflow.start, EachMilestones):
                yield from unknown(self.part, ruled.at, "name", name, self.dates)
        for name in sorted(ruled.uses.done):
            yield from unknown(self.part, ruled.at, "step", name, self.steps)
            yield from self._fanned(ruled, name)
        for body in sorted(ruled.uses.bodies):
            yield from self.names.committee(self.part, ruled.at, body)
        for table in sorted(ruled.uses.tables):
            yield from unknown(self.part, ruled.at, "table", table, self.names.tables)
            if table in self.names.decisions:
                yield self.part.finding(ruled.at, "table-not-notice", name=table)

    def _date_inputs(self) -> tuple[str, ...]:
        """The inputs that are dates, so that a rule may name them."""
        others = [name for name, one in self.asked.items() if one.type != "date"]
        return tuple(name for name in self.inputs if name not in others)

    def _fanned(self, ruled: _Ruled, name: str) -> Iterator[Finding]:
        """A step that fans out has many dates; only a step for the same committees may name it."""
        named, naming = self.workflow.steps.get(name), self.workflow.steps.get(ruled.step)
        if named is None or not named.committees:
            return
        if naming is None or naming.committees != named.committees:
            yield self.part.finding(ruled.at, "fanned-step-named", name=name)

    def _anchored(self, ruled: _Ruled) -> Iterator[Finding]:
        language: Language = ruled.rule.language
        if not ruled.step and ruled.uses.anchors & set(self.anchors):
            yield self.part.finding(ruled.at, "round-first-unknown")
            return
        known = [write(Anchor(name), language) for name in self.anchors]
        for name in sorted(ruled.uses.anchors - set(self.anchors)):
            said = write(Anchor(name), language)
            yield self.part.finding(ruled.at, "anchor-not-given", name=said, known=listed(known))
        if not {"meeting", "their meeting"} & set(self.anchors):
            for counted in parts(ruled.rule):
                if isinstance(counted, SideMeeting):
                    body = counted.body
                    yield self.part.finding(ruled.at, "rule.no-meeting-here", body=body)

    def _based(self, ruled: _Ruled) -> Iterator[Finding]:
        start = self.workflow.start
        if ruled.uses.needs_year and not isinstance(
            start, EachPeriod | TimesPerPeriod | EachMilestones
        ):
            yield self.part.finding(ruled.at, "rule.no-base-year")
        if ruled.uses.needs_period and not isinstance(start, EachPeriod | TimesPerPeriod):
            yield self.part.finding(ruled.at, "rule.no-period")
        if ruled.uses.endless:
            yield self.part.finding(ruled.at, "rule.endless-meeting")
        step = self.workflow.steps.get(ruled.step)
        days = (step and step.days) or self.workflow.days or DEFAULT_DAYS
        for fixed in parts(ruled.rule):
            if isinstance(fixed, FixedDay):
                working = self.names.calendars.get(days)
                yield from covered(self.part, ruled.at, fixed.on, working)

    def _steps(self, key: str, step: Step) -> Iterator[Finding]:
        at: Path = ("steps", key)
        for index, name in enumerate(step.needs):
            yield from unknown(self.part, (*at, "needs", index), "step", name, self.steps)
        conditions = (*self.inputs, *self.names.tables)
        for name in step.when:
            place = (*at, "when", name)
            yield from unknown(self.part, place, "condition", name, conditions, key=True)
            if name in self.asked:
                yield from unreadable(self.part, place, self.asked[name], written(step.when[name]))
            yield from self._decided(place, name, step.when[name])

    def _decided(self, at: Path, name: str, value: object) -> Iterator[Finding]:
        """A table that a step asks: its inputs must be given, and it must be able to say so."""
        given = self.asked
        table = self.names.decisions.get(name)
        for asked in self.names.table_inputs.get(name, ()):
            if asked not in self.inputs:
                yield self.part.finding(
                    at, "table-input-not-given", key=True, table=name, name=asked
                )
            elif table and asked in given and given[asked].type != table.type_of(asked):
                yield self.part.finding(
                    at,
                    "table-input-type",
                    key=True,
                    table=name,
                    name=asked,
                    type=given[asked].type,
                    other=table.type_of(asked),
                )
        if table is not None:
            yield from unknown(self.part, at, "result", answer(value), table.results)
        elif not self.names.table_inputs.get(name, ("unread",)):
            yield self.part.finding(at, "table-not-decision", key=True, name=name)

    def _rounds(self) -> Iterator[Finding]:
        start = self.workflow.start
        if not isinstance(start, EveryRound):
            return
        at: Path = ("start", "from")
        name = start.from_done.removeprefix("done").strip()
        yield from unknown(self.part, at, "step", name or None, self.steps)
        step = self.workflow.steps.get(name or next(reversed(self.steps), ""))
        if step is not None and step.automatic:
            yield self.part.finding(at, "round-from-automatic", name=name or [*self.steps][-1])

    def _milestones(self) -> Iterator[Finding]:
        """Titles of milestones that there are not, and milestones without words of any kind."""
        start = self.workflow.start
        if not isinstance(start, EachMilestones):
            return
        if self.milestones:
            for name in start.titles:
                at: Path = ("start", "titles", name)
                yield from unknown(self.part, at, "milestone", name, self.milestones, key=True)
        said = {*start.titles, *self.steps}
        words = Words("da", workflow=self.workflow)
        for ruled in self.rules:
            for name in sorted(ruled.uses.names - said):
                if words.dated_by(name) is None:
                    said.add(name)
                    yield self.part.finding(
                        ruled.at, "milestone-without-title", Severity.INFO, name=name
                    )

    def _circles(self) -> Iterator[Finding]:
        dated: dict[str, list[str]] = {key: [] for key in self.workflow.steps}
        for ruled in self.rules:
            named = sorted(ruled.uses.names | ruled.uses.done)
            leads = dated.setdefault(ruled.step or _ROUND_END, [])
            leads += [name for name in named if self.kinds.get(name) == "step"]
            if ruled.step and _ROUND_END in ruled.uses.anchors:
                # While a round has none before it, its end is what `first` counts.
                leads.append(_ROUND_END)
        needed = {key: list(step.needs) for key, step in self.workflow.steps.items()}
        yield from self._told(circles(dated), "steps-in-circle")
        yield from self._told(circles(needed), "needs-in-circle")

    def _told(self, found: Iterable[tuple[str, ...]], code: str) -> Iterator[Finding]:
        for circle in found:
            around = " → ".join((*circle, circle[0]) if len(circle) < _LONG else circle[:_LONG])
            yield self.part.finding(("steps", circle[0]), code, key=True, circle=around)


def _written(step: Step) -> Iterator[tuple[str, Rule]]:
    rules = {
        "due": step.due,
        "at": step.at,
        "on": step.on,
        "not before": step.not_before,
        "limit": step.limit,
    }
    return ((field, rule) for field, rule in rules.items() if rule is not None)


def _anchors(workflow: Workflow) -> tuple[str, ...]:
    """The anchors that a start gives its occurrences."""
    start = workflow.start
    if isinstance(start, EachMeeting):
        return ("their meeting",) if start.of else ("meeting", "previous meeting", "next meeting")
    if isinstance(start, EachMember) and start.per:
        return ("joining", "leaving", "year start", "year end")
    return _ANCHORS.get(type(start), ())


def _milestone_names(workflow: Workflow, names: Names) -> tuple[str, ...]:
    start = workflow.start
    if not isinstance(start, EachMilestones):
        return ()
    return names.milestones.get(start.kind, ())
