"""Dating the steps of one occurrence: nominal day, day to act by, fences, and the way there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from engine.errors import EngineError
from engine.planning.answers import acting_seats, answered_on
from engine.planning.conditions import ALWAYS, Condition, condition
from engine.planning.inputs import EMPLOYEES
from engine.planning.occurrences import Occurrence, part_meeting
from engine.planning.organisation import Seat
from engine.planning.outline import Outline, StepOutline
from engine.planning.register import Register
from engine.planning.rules import Link, Meetings, Missing, Rule, Value, evaluate
from engine.planning.starts import EachMeeting, EveryRound, TimesPerPeriod
from engine.planning.tables import notice
from engine.planning.workdays import Roll, WorkingCalendar
from engine.planning.workflow import Step


class Dated(NamedTuple):
    """Everything that is known about when a step stands."""

    nominal_on: date | None
    due_on: date | None
    not_before_on: date | None = None
    limit_on: date | None = None
    links: tuple[Link, ...] = ()
    missing: tuple[Missing, ...] = ()
    at_earliest_on: date | None = None
    provisional: bool = False
    postponed: bool = False
    meeting: str = ""

    @classmethod
    def nothing(cls, *missing: Missing) -> Dated:
        """A step without a date, and what is missing."""
        return cls(None, None, missing=missing)


def rolled_link(working: WorkingCalendar, closed_on: date, roll: Roll) -> Link:
    """Where a closed day goes, with the name it has and the closed days that are passed over."""
    on = working.roll(closed_on, roll)
    passed = working.closed_between(min(closed_on, on), max(closed_on, on))
    detail = {
        "from_on": closed_on,
        "roll": roll.value,
        "name": working.name_of(closed_on),
        "passed": [list(day) for day in passed],
    }
    return Link("rolled", on, detail)


Reckoned = tuple[Value, bool, str]
"""A step's nominal day after postponements, whether it was postponed, and its meeting."""

_UNRULED: Reckoned = (Value(None), False, "")


class Desk:
    """Answers what the rules of one occurrence ask, for its committee or a fan-out's target."""

    __slots__ = (
        "_after",
        "_before",
        "_conditions",
        "_owner",
        "_values",
        "committee",
        "occurrence",
        "outline",
        "register",
        "target",
        "visible",
    )

    def __init__(
        self,
        occurrence: Occurrence,
        outline: Outline,
        register: Register,
        target: str = "",
        owner: Desk | None = None,
    ) -> None:
        # None for the owner itself: a desk that held itself would outlive the run it is for.
        self._owner = owner
        self.occurrence = occurrence
        self.outline = outline
        self.register = register
        self.target = target
        self.committee = target or occurrence.committee
        self.visible = register.visible(self.committee)
        self._before = f"{occurrence.workflow.key}/{occurrence.committee}/{occurrence.key}/"
        self._after = f"@{target}" if target else ""
        self._conditions: dict[str, Condition] = {}
        self._values: dict[str, Reckoned | None] = {}

    def key(self, name: str) -> str:
        """A step's name for life, for the desk's committee."""
        return f"{self._before}{name}{self._after}"

    def dated(self, name: str) -> Dated:
        """A step's dates.

        The rule gives the nominal day, `if closed` the day to act by. `not before` moves
        forward only; a limit is the law's own day and does not move.
        """
        line = self.outline.by_name[name]
        value, postponed, meeting = self.reckoned(name)
        opens_on, limit_on = self._fences(line) if line.fenced else (None, None)
        due_on, links = _due(value, line)
        return Dated(
            _nominal(value),
            due_on,
            opens_on,
            limit_on,
            links,
            value.missing,
            value.at_earliest_on,
            value.provisional,
            postponed,
            meeting if due_on else "",
        )

    def condition(self, name: str) -> Condition:
        """Whether a step applies to the occurrence, and what must be known to tell."""
        line = self.outline.by_name[name]
        if not line.conditional:
            return ALWAYS
        if self._owner is not None:
            return self._owner.condition(name)
        if name not in self._conditions:
            self._conditions[name] = self._judged(line.step)
        return self._conditions[name]

    def _judged(self, step: Step) -> Condition:
        occurrence = self.occurrence
        body = self.register.roster.committees.get(occurrence.committee)
        inputs = dict(occurrence.inputs)
        if body is not None and body.employees is not None:
            inputs[EMPLOYEES] = body.employees
        decide = self.register.decide
        return condition(occurrence.workflow, step, inputs, occurrence.key, decide)

    def answered_on(self, name: str) -> date | None:
        """The day a step was done by everybody who is asked on the day to act by."""
        step = self.outline.by_name[name].step
        return answered_on(self.key(name), step, lambda: self._asked(name), self.register)

    def settled_on(self, name: str) -> date | None:
        """The day a step was done by all who are asked, waived, or came by itself."""
        key, line = self.key(name), self.outline.by_name[name]
        if key in self.register.waived:
            return self.register.closed_on(key)
        if line.automatic and (due_on := self._due_on(name)) is not None:
            return due_on
        return self.answered_on(name)

    def _asked(self, name: str) -> tuple[Seat, ...]:
        """The seats that must act, as they are held on the day to act by."""
        occurrence, committee = self.occurrence, self.committee
        own = self.outline.by_name[name].terms(self.visible)
        on = self._due_on(name) or occurrence.about_on
        return acting_seats(own.responsible, committee, occurrence.seat, self.register, on)

    def _due_on(self, name: str) -> date | None:
        """The day to act by; none where the rule gives none, which planning tells by itself."""
        try:
            return self.dated(name).due_on
        except EngineError:
            return None

    def desk_of(self, name: str) -> Desk:
        """Where a step is dated: with the same target if it fans out too, else with the owner."""
        if self._owner is None or self.outline.by_name[name].fans_out:
            return self
        return self._owner

    def reckoned(self, name: str) -> Reckoned:
        """A step's nominal day and meeting, reckoned once."""
        found = self._values.get(name)
        if found is not None:
            return found
        if name in self._values:
            asked = [each for each, value in self._values.items() if value is None]
            raise EngineError("workflow.circle", steps=[*asked[asked.index(name) :], name])
        self._values[name] = None
        try:
            found = self._values[name] = self._reckon(name)
        except BaseException:
            del self._values[name]
            raise
        return found

    def _reckon(self, name: str) -> Reckoned:
        line = self.outline.by_name[name]
        if line.conditional:
            judged = self.condition(name)
            if not judged.applies:
                return Value(None, missing=(self.not_applying(name),)), False, ""
            if judged.missing:
                return Value(None, missing=judged.missing), False, ""
        if line.rule is None:
            return _UNRULED
        value = evaluate(line.rule, View(self, line.working))
        if line.kind == "due" and self.register.postponed:
            return self._by_decision(line, value)
        if line.kind != "at" or value.on is None:
            return value, False, ""
        return self._at_its_meeting(name, value)

    def _by_decision(self, line: StepOutline, value: Value) -> Reckoned:
        """A deadline on the day it was postponed to, unless it lies there or later anyhow.

        The day the rule gives is kept beside it. Due on 28 May 2026 and postponed to 5 June,
        it is due on 5 June; should its meeting move so that the rule gives 11 June, on 11 June.
        """
        told = self.register.postponed.get(self.key(line.name), ())
        days = [each.to_on for each in told if each.to_on]
        if not days:
            return value, False, ""
        to_on = days[-1]
        due_on, links = _due(value, line)
        if due_on is not None and due_on >= to_on:
            return value, False, ""
        link = Link("decided", to_on, {"nominal_on": value.on})
        return Value(to_on, (*links, link), entered=True), True, ""

    def not_applying(self, name: str) -> Missing:
        """A step that gives no day, because it does not apply here."""
        title = self.occurrence.workflow.steps[name].title
        detail = {"step": name, "title": title, "case": self.occurrence.key}
        return Missing("not applying", detail)

    def _at_its_meeting(self, name: str, value: Value) -> Reckoned:
        assert value.on is not None
        body, stood_at = self._stands_at(value)
        told = self.register.postponed
        if not told or (key := self.key(name)) not in told:
            return value, False, stood_at
        meeting, left = self.register.after_postponements(key, body, stood_at)
        if meeting is None:
            of_on = left.on if left else value.on
            missing = Missing("next meeting", {"committee": body, "of_on": of_on})
            return Value(None, value.links, (missing,)), True, ""
        if meeting.id == stood_at:
            return value, False, stood_at
        detail = {"from_on": value.on, "meeting": meeting.id, "committee": body}
        link = Link("postponed", meeting.on, detail)
        moved = value._replace(
            on=meeting.on, links=(*value.links, link), provisional=False, entered=False
        )
        return moved, True, meeting.id

    def _stands_at(self, value: Value) -> tuple[str, str]:
        """The body and the meeting that an item's day is; the meeting is empty where it is none."""
        assert value.on is not None
        named = meeting_of(value.links, value.on)
        if named is not None:
            body, meeting = named
            return body or self.committee, meeting
        same_day = self.register.plan_of(self.committee).by_day.get(value.on)
        return self.committee, same_day.id if same_day else ""

    def _fences(self, line: StepOutline) -> tuple[date | None, date | None]:
        """The first day that the step may be done, and the last."""
        step, view = line.step, View(self, line.working)
        opens_on = self._not_before(step.not_before, step, view) if step.not_before else None
        return opens_on, evaluate(step.limit, view).on if step.limit else None

    def _not_before(self, rule: Rule, step: Step, view: View) -> date | None:
        value = evaluate(rule, view)
        said = step.if_closed or self.occurrence.workflow.if_closed
        if value.on is None or value.entered or said is Roll.STAY:
            return value.on
        return view.working.roll(value.on, Roll.DAY_AFTER)


def _due(value: Value, line: StepOutline) -> tuple[date | None, tuple[Link, ...]]:
    """The day to act by: where a closed day's date goes, and the closed days passed on the way."""
    on = value.on
    if on is None or value.entered or line.roll is Roll.STAY or line.working.is_working(on):
        return on, value.links
    rolled = rolled_link(line.working, on, line.roll)
    return rolled.on, (*value.links, rolled)


def _nominal(value: Value) -> date | None:
    """The day as the rule gives it, where another was decided on; else the value's own."""
    if value.links and value.links[-1].kind == "decided":
        nominal_on = value.links[-1].detail["nominal_on"]
        return nominal_on if isinstance(nominal_on, date) else value.on
    return value.on


def meeting_of(links: Sequence[Link], on: date) -> tuple[str, str] | None:
    """The body, empty for one's own, and the meeting that the last link to a day came from."""
    for link in reversed(links):
        if link.on != on:
            continue
        detail = link.detail
        if link.kind == "step":
            inner = detail["links"]
            assert isinstance(inner, tuple)
            return meeting_of(inner, on)
        if detail.get("meeting"):
            return str(detail.get("committee") or detail.get("body") or ""), str(detail["meeting"])
    return None


class View:
    """A desk seen through one set of working days; this is what a rule looks things up in."""

    __slots__ = ("desk", "working")

    def __init__(self, desk: Desk, working: WorkingCalendar) -> None:
        self.desk = desk
        self.working = working

    @property
    def base_year(self) -> int | None:
        """The year that days without a year lie in."""
        return self.desk.occurrence.base_year

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and last day of the occurrence's period."""
        return self.desk.occurrence.period

    @property
    def counted_from(self) -> str | None:
        """The meeting that `next meeting of BODY` is counted from, if the run has one."""
        anchors = self.desk.occurrence.anchors
        return next((name for name in ("meeting", "their meeting") if name in anchors), None)

    def anchor(self, name: str) -> Value:
        """One of the occurrence's own days; a fan-out's `meeting` is the target's."""
        desk, occurrence = self.desk, self.desk.occurrence
        if name == "meeting" and desk.target:
            return self._targets_meeting()
        if name in occurrence.anchors:
            return occurrence.anchors[name]
        start = occurrence.workflow.start
        if name == "round end" and isinstance(start, EveryRound):
            first = evaluate(start.first, self)
            return first._replace(links=(*first.links, Link("first round", first.on, {})))
        raise EngineError("workflow.no-such-anchor", anchor=name)

    def _targets_meeting(self) -> Value:
        desk, occurrence = self.desk, self.desk.occurrence
        workflow = occurrence.workflow
        if isinstance(workflow.start, TimesPerPeriod) and occurrence.chosen is not None:
            part = occurrence.chosen.part
            number = occurrence.chosen.number
            chosen = desk.register.choice(workflow, desk.target, part, number, occurrence.committee)
            return part_meeting(chosen, desk.register.plan_of(desk.target))
        if isinstance(workflow.start, EachMeeting) and occurrence.committee == desk.target:
            return occurrence.anchors["meeting"]
        missing = Missing("anchor", {"name": "meeting", "committee": desk.target})
        return Value(None, missing=(missing,))

    def name(self, name: str) -> Value:
        """A milestone, an input, or another step's nominal day."""
        occurrence = self.desk.occurrence
        if name in occurrence.names:
            return occurrence.names[name]
        step = occurrence.workflow.steps.get(name)
        if step is None:
            raise EngineError("workflow.no-such-name", name=name)
        value, postponed, _ = self.desk.desk_of(name).reckoned(name)
        detail = {"step": name, "title": step.title, "links": value.links, "postponed": postponed}
        return Value(
            value.on,
            (Link("step", value.on, detail),),
            value.missing,
            value.at_earliest_on,
            value.provisional,
        )

    def done(self, step: str) -> Value:
        """The day a step was really done."""
        desk = self.desk.desk_of(step)
        title = self.desk.outline.by_name[step].step.title
        on = desk.answered_on(step)
        if on is None and not desk.condition(step).applies:
            return Value(None, missing=(self.desk.not_applying(step),))
        if on is None:
            return Value(None, missing=(Missing("done", {"step": step, "title": title}),))
        return Value(on, (Link("done", on, {"step": step, "title": title}),))

    def meetings(self, body: str | None) -> Meetings:
        """The ordinary meetings of a body, or of the committee whose duty it is."""
        if body is not None:
            return self.desk.register.plan_of(body).known
        plan = self.desk.register.plan_of(self.desk.committee)
        start = self.desk.occurrence.workflow.start
        is_every = isinstance(start, EachMeeting) and start.extraordinary == "too" and not start.of
        return plan.known_all if is_every else plan.known

    def notice(self, table: str, since: date, given: date) -> Value:
        """The last day of a notice by one of the site's scales."""
        return notice(self.desk.register.edition.tables, table, since, given)
