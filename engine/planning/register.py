"""What planning looks up again and again: seats, meetings, facts, the chosen meetings of parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from engine.planning.conditions import decider
from engine.planning.edition import Edition, FormerNames
from engine.planning.facts import Case, Facts, FollowUp, Meeting, Postponed
from engine.planning.meetings import NO_MEETINGS, Choice, Chosen, MeetingPlanOf, planned_on
from engine.planning.organisation import Seat, Side
from engine.planning.outline import Outline, StepOutline
from engine.planning.periods import Period, Window, periods
from engine.planning.replies import all_replied_on, seats_asked
from engine.planning.roster import Roster
from engine.planning.rules import Anchor
from engine.planning.starts import EachMember, TimesPerPeriod
from engine.planning.workflow import DEFAULT_DAYS, Step, Workflow


class Register:
    """What planning looks up again and again, gathered once for an edition and its facts."""

    def __init__(self, edition: Edition, facts: Facts, before: Register | None = None) -> None:
        self.edition = edition
        self.names = FormerNames(edition, facts.names)
        self.roster = Roster(edition)
        self.plans = {body: _plan_of(body, held, before) for body, held in edition.meetings.items()}
        self.done: dict[str, list[tuple[date, str, str]]] = {}
        for done in facts.done:
            key = self.names.present(done.key)
            self.done.setdefault(key, []).append((done.on, done.by, done.unit))
        self.waived = {self.names.present(waived.key): waived.on for waived in facts.waived}
        self.taken_over = {self.names.present(key) for key in facts.taken_over}
        self.postponed: dict[str, list[Postponed]] = defaultdict(list)
        for told in facts.postponed:
            self.postponed[self.names.present(told.key)].append(told)
        self.cases = self._by_workflow(facts.cases)
        self.follow_ups = tuple(self._present(told) for told in facts.follow_ups)
        self.told = self._told()
        self.decide = decider(edition)
        self.postponed_runs = self._postponed_runs()
        self._outlines: dict[str, Outline] = {}
        self._chains: dict[tuple[str, str, str], dict[str, Chosen]] = {}
        self._seats: dict[str, dict[str, list[Seat]]] = {}
        self._targets: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self.asked: set[str] = set()
        """The bodies whose meetings have been looked at since somebody emptied it."""

    def _told(self) -> dict[tuple[str, str], list[object]]:
        """Everything told of the runs of each workflow and committee."""
        found: dict[tuple[str, str], list[object]] = defaultdict(list)
        for several in (self.done, self.waived, self.postponed):
            for key, facts in several.items():
                workflow, committee, _, _ = key.rsplit("/", 3)
                found[workflow, committee].append((key, facts))
        for key in sorted(self.taken_over):
            workflow, committee, _, _ = key.rsplit("/", 3)
            found[workflow, committee].append(key)
        for (workflow, committee), cases in self.cases.items():
            found[workflow, committee].extend(cases)
        return dict(found)

    @property
    def all_cases(self) -> list[Case]:
        """Every case, open and closed, with its workflow and committee as both are called now."""
        return [case for cases in self.cases.values() for case in cases]

    def _by_workflow(self, cases: tuple[Case, ...]) -> dict[tuple[str, str], list[Case]]:
        """The cases of each workflow and committee, as both are called now."""
        found: dict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in cases:
            workflow, committee, _, _ = self.names.present(f"{case.key}/-").rsplit("/", 3)
            found[workflow, committee].append(
                replace(case, workflow=workflow, committee="" if committee == "-" else committee)
            )
        return found

    def _present(self, told: FollowUp) -> FollowUp:
        """A follow-up of the committee as it is called now."""
        _, committee, _, _ = self.names.present(told.key).rsplit("/", 3)
        return replace(told, committee=committee)

    def plan_of(self, body: str) -> MeetingPlanOf:
        """The meetings of a body."""
        self.asked.add(body)
        return self.plans.get(body, NO_MEETINGS)

    def outline(self, workflow: Workflow) -> Outline:
        """What a workflow says of every run."""
        found = self._outlines.get(workflow.key)
        if found is None or found.workflow is not workflow:
            found = self._outlines[workflow.key] = Outline(workflow, self.edition.day_sets)
        return found

    def visible(self, committee: str) -> Side | None:
        """The side that what a body deals with is for, if it is one side's own body."""
        body = self.roster.committees.get(committee)
        return body.visible if body else None

    def targets(self, line: StepOutline, owner: str) -> tuple[str, ...]:
        """The committees that a step fans out to."""
        asked = (line.workflow.key, line.name, owner)
        if asked not in self._targets:
            self._targets[asked] = self.roster.chosen(line.step.committees, own=owner)
        return self._targets[asked]

    def in_time(self, committee: str, on: date) -> bool:
        """Whether the committee exists on the day."""
        body = self.roster.committees.get(committee)
        if body is None:
            return True
        return (body.from_on is None or on >= body.from_on) and (
            body.until_on is None or on <= body.until_on
        )

    def closed_on(self, key: str) -> date | None:
        """The day a deadline was last reported done or waived."""
        told = self.done.get(key)
        if told is None:
            return self.waived.get(key)
        days = [on for on, _, _ in told]
        if key in self.waived:
            days.append(self.waived[key])
        return max(days, default=None)

    def after_postponements(
        self, key: str, body: str, stood_at: str
    ) -> tuple[Meeting | None, Meeting | None]:
        """Where an item has ended up, None while no next one is planned, and where it was before.

        What was told is followed in the order it was told. What is told of a meeting where the
        item has stood before corrects what was told of that one; what is told first holds even
        if the item would stand at another meeting today.
        """
        plan = self.plan_of(body)
        meeting = left = plan.by_id.get(stood_at)
        stood = {stood_at}
        for number, told in enumerate(self.postponed.get(key, ())):
            if number and told.from_meeting not in stood:
                continue
            left = plan.by_id.get(told.from_meeting)
            meeting = _postponed_to(told, plan)
            stood |= {told.from_meeting, meeting.id if meeting else ""}
        return meeting, left

    def _postponed_runs(self) -> dict[tuple[str, str], dict[str, Window]]:
        """The runs with a postponed item, by workflow and committee, and the days it stood on."""
        found: dict[tuple[str, str], dict[str, Window]] = defaultdict(dict)
        for key, facts in self.postponed.items():
            workflow, committee, occurrence, _ = key.rsplit("/", 3)
            runs = found[workflow, committee]
            stood = [each for told in facts for each in (told.from_meeting, told.to_meeting)]
            days = [on for on in map(planned_on, stood) if on is not None]
            days.extend(on for told in facts for on in (told.from_on, told.to_on) if on)
            if occurrence in runs:
                days.extend((runs[occurrence].from_on, runs[occurrence].until_on))
            if days:
                runs[occurrence] = Window(min(days), max(days))
        return found

    def first_seat(self, workflow: Workflow, start: EachMember, person: str) -> Seat:
        """The person's first seat, in a role that counts, among the selected committees."""
        return self._counting(workflow, start)[person][0]

    def _counting(self, workflow: Workflow, start: EachMember) -> Mapping[str, list[Seat]]:
        """Each person's seats that a workflow begins with, by entry."""
        found = self._seats.get(workflow.key)
        if found is None:
            found = self._seats[workflow.key] = defaultdict(list)
            seats = [
                seat
                for committee in self.roster.chosen(workflow.committees)
                for seat in self.roster.seats_of(committee)
                if not start.roles or seat.role in start.roles
            ]
            for seat in sorted(seats, key=lambda seat: (seat.from_on, seat.id)):
                found[seat.person].append(seat)
        return found

    def function_period(self, workflow: Workflow, start: EachMember, seat: Seat) -> Seat:
        """A person's first seat with the seats that follow it day by day, as after re-election.

        A seat until 31 May 2027 and another from 1 June 2027 are one period of function.
        """
        until_on = seat.until_on
        for each in self._counting(workflow, start)[seat.person]:
            if until_on is None or each.from_on > until_on + timedelta(days=1):
                break
            until_on = max(until_on, each.until_on) if each.until_on else None
        return replace(seat, until_on=until_on)

    def choices(
        self, workflow: Workflow, committee: str, window: Window
    ) -> Iterator[tuple[Period, Chosen]]:
        """The chosen meeting of every part that touches the window, from the first planned year."""
        start = workflow.start
        assert isinstance(start, TimesPerPeriod)
        known_from = self.plan_of(committee).known.known_from
        from_on = max(window.from_on, known_from) if known_from else window.from_on
        for period in periods(Window(from_on, window.until_on), start.part_months * start.times):
            for number, part in enumerate(period.parts(start.times), start=1):
                if part.until_on >= from_on and part.from_on <= window.until_on:
                    yield period, self.choice(workflow, committee, part, number)

    def choice(
        self, workflow: Workflow, committee: str, part: Period, number: int, owner: str = ""
    ) -> Chosen:
        """The meeting of one part; a fan-out's target names the owner of the occurrence too."""
        asked = (workflow.key, committee, owner)
        if asked not in self._chains:
            self._chains[asked] = self._chain(workflow, committee, owner)
        chosen = self._chains[asked].get(part.key)
        if chosen is None:
            chosen = self._choice(workflow).choose(part, number, NO_MEETINGS, None)
        return chosen

    def _chain(self, workflow: Workflow, committee: str, owner: str) -> dict[str, Chosen]:
        """The choices of all planned years: each leans on the one before, as it really was.

        The period before counts with what was told of it, so that old meetings may be removed.
        """
        start, plan = workflow.start, self.plan_of(committee)
        assert isinstance(start, TimesPerPeriod)
        if plan.known.known_from is None or plan.known.known_until is None:
            return {}
        choice, first_on = self._choice(workflow), plan.known.known_from
        window = Window(first_on - timedelta(days=1), plan.known.known_until)
        found: dict[str, Chosen] = {}
        previous_on: date | None = None
        for period in periods(window, start.part_months * start.times):
            for number, part in enumerate(period.parts(start.times), start=1):
                chosen = choice.choose(part, number, plan, previous_on)
                if part.from_on >= first_on:
                    found[part.key] = chosen
                previous_on = self._as_it_was(workflow, committee, owner, chosen) or previous_on
        return found

    def _choice(self, workflow: Workflow) -> Choice:
        start = workflow.start
        assert isinstance(start, TimesPerPeriod)
        working = self.edition.working(workflow.days or DEFAULT_DAYS)
        return Choice(start.times, start.per, start.prefer, start.apart, working)

    def _as_it_was(
        self, workflow: Workflow, committee: str, owner: str, chosen: Chosen
    ) -> date | None:
        """The day the part's item was really treated; none where there was no meeting for it."""
        as_planned = chosen.meeting.on if chosen.meeting else None
        target = f"@{committee}" if owner else ""
        for name, step in workflow.steps.items():
            if step.at != Anchor("meeting") or bool(step.committees) != bool(target):
                continue
            key = f"{workflow.key}/{owner or committee}/{chosen.part.key}/{name}{target}"
            stood_on = as_planned
            if key in self.postponed and chosen.meeting is not None:
                ended, _ = self.after_postponements(key, committee, chosen.meeting.id)
                stood_on = ended.on if ended else as_planned
            done_on = self._all_replied_on(key, workflow, step, committee, stood_on or chosen.on)
            if done_on is not None:
                return done_on
            if key in self.postponed:
                return stood_on
        return as_planned

    def _all_replied_on(
        self, key: str, workflow: Workflow, step: Step, committee: str, on: date
    ) -> date | None:
        """The day an item was treated by everybody who is asked on the day it stands on."""
        holders = step.responsible or workflow.responsible or ()

        def asked() -> tuple[Seat, ...]:
            return seats_asked(holders, committee, None, self.roster, on)

        return all_replied_on(self.done.get(key, ()), step, asked)


def _plan_of(body: str, held: tuple[Meeting, ...], before: Register | None) -> MeetingPlanOf:
    """A body's meetings, as they were laid out before where they are the very same."""
    if before is not None and before.edition.meetings.get(body) is held:
        return before.plans[body]
    return MeetingPlanOf(held)


def _postponed_to(told: Postponed, plan: MeetingPlanOf) -> Meeting | None:
    """The meeting named, or the next ordinary one after it where it is cancelled or not named."""
    named = plan.by_id.get(told.to_meeting)
    if named is not None and not named.cancelled:
        return named
    stood = named or plan.by_id.get(told.from_meeting)
    if stood is None:
        return None
    # A meeting of the day itself may still take it; what was over by then cannot.
    eve_on = told.told_on - timedelta(days=1) if told.told_on and named is None else stood.on
    return plan.after(max(stood.on, eve_on))
