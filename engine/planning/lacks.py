"""Members who lack a training, and the planned courses they can still take in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import Finding, Severity
from engine.planning.deadlines import Deadline
from engine.planning.edition import Edition
from engine.planning.organisation import Seat
from engine.planning.plan import Plan
from engine.planning.planned_courses import COURSES, PlannedCourse
from engine.planning.roster import Roster
from engine.planning.starts import EachMember
from engine.planning.status import State, state

FEWEST = 5
"""Fewer people than this are not counted out where anybody may read it."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A member who lacks a training."""

    deadline: Deadline
    seat: Seat
    overdue: bool

    @property
    def training(self) -> str:
        """What is lacking."""
        return self.deadline.title

    @property
    def key(self) -> str:
        """Which training it is: the workflow, and its step where it has several."""
        workflow = self.deadline.line.workflow
        return workflow.key if len(workflow.steps) == 1 else f"{workflow.key}/{self.deadline.step}"

    @property
    def from_on(self) -> date:
        """The first day on which a course counts: after joining, in the right function year."""
        year = self.deadline.run.anchors.get("year start")
        begins = (self.seat.from_on, year and year.on, self.deadline.not_before_on)
        return max(on for on in begins if on is not None)


def trainings_of(edition: Edition) -> Edition:
    """The edition with nothing but what is asked of single members."""
    kept = {
        key: each for key, each in edition.workflows.items() if isinstance(each.start, EachMember)
    }
    return replace(edition, workflows=kept)


def lacks_on(plan: Plan, on: date) -> list[Lack]:
    """What those who sit on a day have to finish within the plan's window."""
    return [
        Lack(deadline, deadline.seat, state(deadline, plan, on) is State.OVERDUE)
        for deadline in plan.deadlines
        if deadline.seat is not None and _is_lacking(deadline, deadline.seat, plan, on)
    ]


def _is_lacking(deadline: Deadline, seat: Seat, plan: Plan, on: date) -> bool:
    """Whether a member who sits on the day has something to finish; offers close by themselves."""
    own = deadline.terms
    if not isinstance(deadline.line.workflow.start, EachMember) or deadline.automatic:
        return False
    if own.confidential or own.visible is not None or not seat.held(on):
        return False
    return state(deadline, plan, on) not in (State.DONE, State.WAIVED)


def by_training(lacking: Iterable[Lack]) -> dict[str, list[Lack]]:
    """What is lacking, by workflow and step, in the order of the first day."""
    found: dict[str, list[Lack]] = {}
    for lack in lacking:
        found.setdefault(lack.key, []).append(lack)
    return found


def seated(
    lacking: Sequence[Lack], courses: Sequence[PlannedCourse], roster: Roster, on: date
) -> tuple[int | None, ...]:
    """For each who lacks one training, the number of the course there is a seat on; else nothing.

    1. A course can be taken by members of the bodies it is for, if it starts once they have
       joined, is over by their day and before they leave, and is not over already. Whoever is
       too late already can take any course to come.
    2. Seats are given in the order of the days, the first course first.
    3. Where all seats on the courses somebody can take are given away, those who have them are
       moved to other courses they can take, if that makes room. So no way of placing them places
       more, and whoever stands back has a later day than those who could not be moved.

    Two seats in March and two in May, for members due in April, June and June: all are placed.
    """
    order = sorted(range(len(lacking)), key=lambda each: lacking[each].deadline.order)
    takes = {
        each: [
            number
            for number, course in _in_turn(courses)
            if _can_take(lacking[each], course, roster, on)
        ]
        for each in order
    }
    placed: dict[int, int] = {}
    left = {number: course.seats for number, course in enumerate(courses)}
    for each in order:
        _place(each, takes, placed, left)
    return tuple(placed.get(each) for each in range(len(lacking)))


def _in_turn(courses: Sequence[PlannedCourse]) -> list[tuple[int, PlannedCourse]]:
    return sorted(enumerate(courses), key=lambda each: (each[1].over_on, each[0]))


def _can_take(lack: Lack, course: PlannedCourse, roster: Roster, on: date) -> bool:
    seat, due_on = lack.seat, lack.deadline.due_on
    if not course.gives(lack.deadline.workflow, lack.deadline.step):
        return False
    if course.over_on < on or course.starts_on < lack.from_on:
        return False
    if seat.until_on is not None and course.over_on > seat.until_on:
        return False
    if due_on is None or (course.over_on > due_on and not lack.overdue):
        return False
    return not course.bodies or seat.committee in roster.chosen(course.bodies)


def _place(
    one: int,
    takes: Mapping[int, Sequence[int]],
    placed: dict[int, int],
    left: dict[int, int],
) -> None:
    """Gives one person a seat, where others must move for it one after the other."""
    came_by: dict[int, int] = {}
    waiting = [one]
    for who in waiting:
        for number in takes[who]:
            if number in came_by:
                continue
            came_by[number] = who
            if left[number] > 0:
                left[number] -= 1
                _move(number, one, placed, came_by)
                return
            waiting += [each for each, at in placed.items() if at == number]


def _move(number: int, one: int, placed: dict[int, int], came_by: Mapping[int, int]) -> None:
    """Moves everybody on the way from a free seat back to the one who had none."""
    while True:
        who = came_by[number]
        before = placed.get(who)
        placed[who] = number
        if who == one or before is None:
            return
        number = before


def unreached(plan: Plan, on: date) -> Iterator[Finding]:
    """The members whom no planned course reaches by their day, by training and month of the day.

    Those who are too late already are told of elsewhere, and take their seats first. Where no
    course has been planned at all, one remark says so.
    """
    edition, roster = plan.register.edition, plan.register.roster
    lacking = [each for each in lacks_on(plan, on) if each.deadline.due_on is not None]
    to_come = [each for each in lacking if not each.overdue]
    if to_come and not any(course.over_on >= on for course in edition.courses):
        yield _told("plan.no-courses", Severity.INFO, to_come)
        return
    for key, own in by_training(lacking).items():
        places = seated(own, edition.courses, roster, on)
        months: dict[tuple[int, int], list[Lack]] = {}
        for lack, place in zip(own, places, strict=True):
            due_on = lack.deadline.due_on
            if place is None and not lack.overdue and due_on is not None:
                months.setdefault((due_on.year, due_on.month), []).append(lack)
        for group in months.values():
            yield _told("plan.training-unreached", Severity.WARNING, group, key)


def _told(code: str, severity: Severity, group: Sequence[Lack], field: str = "courses") -> Finding:
    """A finding about some members, who are not counted out where they are few."""
    days = [each.deadline.due_on for each in group if each.deadline.due_on is not None]
    params: dict[str, object] = {"title": group[0].training, "on": min(days)}
    people = len({each.seat.person for each in group})
    if people < FEWEST:
        return Finding(f"{code}-few", severity, COURSES, field=field, params=params)
    return Finding(code, severity, COURSES, field=field, params={**params, "number": people})
