"""The planned courses of a training report: who can take which, and who is left without a seat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.documents import Cell, Table
from engine.planning.lacks import Lack, seated
from engine.planning.plan import Plan
from engine.planning.planned_courses import PlannedCourse
from engine.service.reports.small import few, is_small, unshown
from engine.wording.catalogue import Language, say
from engine.wording.dates import plain_day

_NO_SEAT = ""
HEADS = ("training", "course", "where", "seats", "placed")


@dataclass(frozen=True, slots=True)
class Places:
    """The courses that are not over on a day, and the one each who lacks a training can take."""

    courses: Sequence[PlannedCourse]
    taken: Mapping[str, PlannedCourse]
    """By the key of the deadline that it meets."""

    def of(self, lack: Lack) -> PlannedCourse | None:
        """The course on which somebody has a seat."""
        return self.taken.get(lack.deadline.key)


def places(trainings: Mapping[str, Sequence[Lack]], plan: Plan, on: date) -> Places:
    """Who can take which course, as seats are given out on a day."""
    courses = tuple(each for each in plan.register.edition.courses if each.over_on >= on)
    roster = plan.register.roster
    taken = {
        lack.deadline.key: courses[number]
        for lacks in trainings.values()
        for lack, number in zip(lacks, seated(lacks, courses, roster, on), strict=True)
        if number is not None
    }
    return Places(courses, taken)


def days(course: PlannedCourse | None, language: Language) -> str:
    """The days of a course, or that there is no seat on any."""
    if course is None:
        return say("report.planned.lacking", language)
    starts = plain_day(course.starts_on, language)
    if course.over_on == course.starts_on:
        return starts
    ends = plain_day(course.over_on, language)
    return say("report.planned.place", language, starts=starts, ends=ends)


def planned_table(
    trainings: Mapping[str, Sequence[Lack]], given: Places, language: Language, *, names: bool
) -> Table:
    """Every course that somebody lacks the training of, and below them those without a seat."""
    rows = [
        row for lacks in trainings.values() for row in _rows(lacks, given, language, names=names)
    ]
    heads = tuple(say(f"report.head.{name}", language) for name in HEADS)
    return Table(say("report.planned", language), heads, tuple(rows), (34, 26, 20, 10, 14))


def _rows(
    lacks: Sequence[Lack], given: Places, language: Language, *, names: bool
) -> Iterator[tuple[Cell, ...]]:
    title, deadline = lacks[0].training, lacks[0].deadline
    own = [each for each in given.courses if each.gives(deadline.workflow, deadline.step)]
    own.sort(key=lambda course: (course.starts_on, course.over_on))
    # Two courses may look alike; a seat is on one of them.
    taken = [id(given.of(lack)) for lack in lacks if given.of(lack) is not None]
    counts = {str(number): taken.count(id(course)) for number, course in enumerate(own)}
    counts[_NO_SEAT] = len(lacks) - len(taken)
    hidden = set() if names else unshown(counts)

    def shown(key: str) -> Cell:
        count = counts[key]
        if key not in hidden:
            return count
        return few(count, language) if is_small(count) else say("report.unshown", language)

    for number, course in enumerate(own):
        taking = shown(str(number))
        yield (title, days(course, language), course.where, course.seats, taking)
    yield (title, say("report.planned.lacking", language), "", None, shown(_NO_SEAT))
