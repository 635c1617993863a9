from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from engine.planning.courses import Course, fewest_courses

FIRST_ON = date(2026, 3, 1)
DAYS = st.lists(st.integers(0, 9).map(lambda days: FIRST_ON + timedelta(days=days)), max_size=5)


def test_people_fill_courses_in_the_order_of_their_days() -> None:
    days = [date(2026, 5, 1), date(2026, 3, 1), date(2026, 4, 1)]
    assert fewest_courses(days, 2) == (Course(date(2026, 3, 1), 2), Course(date(2026, 5, 1), 1))


def test_a_full_course_leaves_the_next_one_late() -> None:
    days = [date(2026, 3, 1)] + [date(2026, 6, 1)] * 20
    assert fewest_courses(days, 20) == (Course(date(2026, 3, 1), 20), Course(date(2026, 6, 1), 1))


def test_nobody_needs_no_course() -> None:
    assert fewest_courses([], 20) == ()


@given(DAYS, st.integers(1, 4))
def test_no_way_of_filling_as_few_courses_gives_a_later_day(days: list[date], seats: int) -> None:
    found = fewest_courses(days, seats)
    assert len(found) == -(-len(days) // seats)
    assert sum(course.people for course in found) == len(days)
    for order in set(permutations(range(len(days)))):
        other = sorted(
            min(days[index] for index in order[first : first + seats])
            for first in range(0, len(days), seats)
        )
        assert all(on <= course.by_on for on, course in zip(other, found, strict=True))
