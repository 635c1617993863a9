"""How many courses a training needs, how large and by which days, so that nobody comes too late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Course:
    """One course: the last day on which it must be over, and how many take part."""

    by_on: date
    people: int


def fewest_courses(due: Iterable[date], seats: int) -> tuple[Course, ...]:
    """The fewest courses that let everybody finish in time, each as late as it can be.

    1. Everybody must be on a course that is over by their own day.
    2. The people are taken in the order of their days and fill one course after the other, so
       that there are never more courses than seats demand.
    3. A course must be over by the first day among those on it. No other way gives a later day
       for any course: whoever is due before it must find room on the ones before.

    Due on 1 March, 1 April and 1 May with two seats: two by 1 March, one by 1 May.
    """
    days = sorted(due)
    return tuple(
        Course(days[first], len(days[first : first + seats]))
        for first in range(0, len(days), seats)
    )
