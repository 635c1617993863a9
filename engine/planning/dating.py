"""Dating the steps of one occurrence: nominal day, day to act by, fences, and the way there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import EngineError
from engine.planning.conditions import Condition, condition
from engine.planning.inputs import EMPLOYEES
from engine.planning.occurrences import Occurrence, part_meeting
from engine.planning.register import Register
from engine.planning.rules import Link, Meetings, Missing, Value, evaluate
from engine.planning.starts import EachMeeting, EveryRound, TimesPerPeriod
from engine.planning.tables import notice
from engine.planning.workdays import Roll, WorkingCalendar
from engine.planning.workflow import DEFAULT_DAYS, Step, roll_of


@dataclass(frozen=True, slots=True)
class Dated:
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


class Desk:
    """Answers what the rules of one occurrence ask, for its committee or a fan-out's target."""

    def __init__(
        self,
        occurrence: Occurrence,
        register: Register,
        target: str = "",
        owner: Desk | None = None,
    ) -> None:
        self.owner = owner or self
        self.occurrence = occurrence
        self.register = register
        self.target = target
        self.committee = target or occurrence.committee
        self.base_year = occurrence.base_year
        self.period = occurrence.period
        self._conditions: dict[str, Condition] = {}
        self._values: dict[str, tuple[Value, bool, str]] = {}
        self._views: dict[str, View] = {}
        self._asked: list[str] = []

    def dated(self, name: str) -> Dated:
        """A step's dates.

        The rule gives the nominal day, `if closed` the day to act by. `not before` moves
        forward only; a limit is the law's own day and does not move.
        """
        step = self.occurrence.workflow.steps[name]
        view = self.view(step)
        value, postponed, meeting = self.reckoned(name)
        opens_on = self._not_before(step, view)
        limit = evaluate(step.limit, view) if step.limit is not None else None
        if value.on is None:
            return Dated(
                None,
                None,
                opens_on,
                limit.on if limit else None,
                value.links,
                value.missing,
                value.at_earliest_on,
                value.provisional,
                postponed,
            )
        due_on, links = self._rolled(step, value, view.working)
        return Dated(
            value.on,
            due_on,
            opens_on,
            limit.on if limit else None,
            links,
            value.missing,
            value.at_earliest_on,
            value.provisional,
            postponed,
            meeting,
        )

    def condition(self, name: str) -> Condition:
        """Whether a step applies to the occurrence, and what must be known to tell."""
        if self.owner is not self:
            return self.owner.condition(name)
        if name not in self._conditions:
            occurrence = self.occurrence
            body = self.register.roster.committees.get(occurrence.committee)
            inputs = dict(occurrence.inputs)
            if body is not None and body.employees is not None:
                inputs[EMPLOYEES] = body.employees
            self._conditions[name] = condition(
                occurrence.workflow,
                occurrence.workflow.steps[name],
                inputs,
                occurrence.key,
                self.register.decide,
            )
        return self._conditions[name]

    def desk_of(self, name: str) -> Desk:
        """Where a step is dated: with the same target if it fans out too, else with the owner."""
        return self if self.occurrence.workflow.steps[name].committees else self.owner

    def reckoned(self, name: str) -> tuple[Value, bool, str]:
        """A step's nominal day after postponements, whether it was postponed, its meeting."""
        if name not in self._values:
            if name in self._asked:
                raise EngineError("workflow.circle", steps=[*self._asked, name])
            self._asked.append(name)
            try:
                self._values[name] = self._reckon(name)
            finally:
                self._asked.remove(name)
        return self._values[name]

    def view(self, step: Step) -> View:
        """The desk with the working days that the step counts in."""
        days = step.days or self.occurrence.workflow.days or DEFAULT_DAYS
        if days not in self._views:
            self._views[days] = View(self, self.register.edition.working(days))
        return self._views[days]

    def _reckon(self, name: str) -> tuple[Value, bool, str]:
        step = self.occurrence.workflow.steps[name]
        if not self.condition(name).applies:
            return Value(None, missing=(self.not_applying(name),)), False, ""
        if self.condition(name).missing:
            return Value(None, missing=self.condition(name).missing), False, ""
        if step.rule is None:
            return Value(None), False, ""
        value = evaluate(step.rule, self.view(step))
        if step.kind != "at" or value.on is None:
            return value, False, ""
        return self._at_its_meeting(name, value)

    def not_applying(self, name: str) -> Missing:
        """A step that gives no day, because it does not apply here."""
        title = self.occurrence.workflow.steps[name].title
        detail = {"step": name, "title": title, "case": self.occurrence.key}
        return Missing("not applying", detail)

    def _at_its_meeting(self, name: str, value: Value) -> tuple[Value, bool, str]:
        assert value.on is not None
        key = self.occurrence.step_key(name, self.target)
        body, stood_at = self._stands_at(value)
        if key not in self.register.postponed:
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
        moved = replace(
            value, on=meeting.on, links=(*value.links, link), provisional=False, entered=False
        )
        return moved, True, meeting.id

    def _stands_at(self, value: Value) -> tuple[str, str]:
        """The body and the meeting that an item's day is; the meeting is empty where it is none."""
        assert value.on is not None
        named = _meeting_of(value.links, value.on)
        if named is not None:
            body, meeting = named
            return body or self.committee, meeting
        same_day = self.register.plan_of(self.committee).by_day.get(value.on)
        return self.committee, same_day.id if same_day else ""

    def _not_before(self, step: Step, view: View) -> date | None:
        if step.not_before is None:
            return None
        value = evaluate(step.not_before, view)
        said = step.if_closed or self.occurrence.workflow.if_closed
        if value.on is None or value.entered or said is Roll.STAY:
            return value.on
        return view.working.roll(value.on, Roll.DAY_AFTER)

    def _rolled(
        self, step: Step, value: Value, working: WorkingCalendar
    ) -> tuple[date, tuple[Link, ...]]:
        assert value.on is not None
        roll = roll_of(self.occurrence.workflow, step)
        if value.entered or roll is Roll.STAY or working.is_working(value.on):
            return value.on, value.links
        rolled = rolled_link(working, value.on, roll)
        assert rolled.on is not None
        return rolled.on, (*value.links, rolled)


def _meeting_of(links: Sequence[Link], on: date) -> tuple[str, str] | None:
    """The body, empty for one's own, and the meeting that the last link to a day came from."""
    for link in reversed(links):
        if link.on != on:
            continue
        detail = link.detail
        if link.kind == "step":
            inner = detail["links"]
            assert isinstance(inner, tuple)
            return _meeting_of(inner, on)
        if detail.get("meeting"):
            return str(detail.get("committee") or detail.get("body") or ""), str(detail["meeting"])
    return None


class View:
    """A desk seen through one set of working days; this is what a rule looks things up in."""

    def __init__(self, desk: Desk, working: WorkingCalendar) -> None:
        self.desk = desk
        self.working = working
        self.base_year = desk.base_year
        self.period = desk.period
        anchors = desk.occurrence.anchors
        names = ("meeting", "their meeting")
        self.counted_from = next((name for name in names if name in anchors), None)
        self._start = desk.occurrence.workflow.start

    def anchor(self, name: str) -> Value:
        """One of the occurrence's own days; a fan-out's `meeting` is the target's."""
        desk, occurrence = self.desk, self.desk.occurrence
        if name == "meeting" and desk.target:
            return self._targets_meeting()
        if name in occurrence.anchors:
            return occurrence.anchors[name]
        start = self._start
        if name == "round end" and isinstance(start, EveryRound):
            first = evaluate(start.first, self)
            return replace(first, links=(*first.links, Link("first round", first.on, {})))
        raise EngineError("workflow.no-such-anchor", anchor=name)

    def _targets_meeting(self) -> Value:
        desk, occurrence = self.desk, self.desk.occurrence
        workflow = occurrence.workflow
        if isinstance(workflow.start, TimesPerPeriod) and occurrence.chosen is not None:
            part = occurrence.chosen.part
            number = occurrence.chosen.number
            return part_meeting(
                desk.register.choice(workflow, desk.target, part, number, occurrence.committee)
            )
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
        key = self.desk.occurrence.step_key(step, self.desk.desk_of(step).target)
        told = self.desk.register.done.get(key)
        title = self.desk.occurrence.workflow.steps[step].title
        if not told and not self.desk.desk_of(step).condition(step).applies:
            return Value(None, missing=(self.desk.not_applying(step),))
        if not told:
            return Value(None, missing=(Missing("done", {"step": step, "title": title}),))
        on = max(day for day, _, _ in told)
        return Value(on, (Link("done", on, {"step": step, "title": title}),))

    def meetings(self, body: str | None) -> Meetings:
        """The ordinary meetings of a body, or of the committee whose duty it is."""
        if body is not None:
            return self.desk.register.plan_of(body).known
        plan, start = self.desk.register.plan_of(self.desk.committee), self._start
        is_every = isinstance(start, EachMeeting) and start.extraordinary == "too" and not start.of
        return plan.known_all if is_every else plan.known

    def notice(self, table: str, since: date, given: date) -> Value:
        """The last day of a notice by one of the site's scales."""
        return notice(self.desk.register.edition.tables, table, since, given)
