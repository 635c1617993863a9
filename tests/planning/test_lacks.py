"""Members who lack a training, and whether a planned course with a free seat reaches them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_given import edition, facts, flow, plan, seat, window, workflow

from engine.errors import Finding, Severity
from engine.planning.lacks import Lack, lacks_on, seated, trainings_of, unreached
from engine.planning.plan import Plan
from engine.planning.planned_courses import PlannedCourse

EVERYBODY = {"committees": {"all": "yes"}}
NEW = {"each": "member", "new members only": "yes"}
BASIC = workflow("med", NEW, {"kursus": {"due": "within 1 year of joining"}}, **EVERYBODY)
SAFETY = workflow(
    "amo",
    NEW,
    {"tre-dage": {"due": "3 months after joining"}, "to-dage": {"due": "6 months after joining"}},
    **EVERYBODY,
)
YEARLY = workflow(
    "aarlig", {**NEW, "per": "year", "from": 2}, {"tilbud": {"due": "year end"}}, **EVERYBODY
)
TODAY = date(2026, 3, 2)


def course(text: str) -> PlannedCourse:
    """`{training: med, starts: 2026-05-01, seats: 2}`; one seat unless it says otherwise."""
    return PlannedCourse.model_validate({"seats": 1, **flow(text)})


def made(flow_: Any, seats: list[str], courses: list[str], told: str = "") -> Plan:
    members = tuple(seat(each) for each in seats)
    base = replace(edition(flow_, seats=members), courses=tuple(map(course, courses)))
    return plan(base, facts(told, flow_.key), window("2025-01-01..2027-03-02"))


def taken(flow_: Any, seats: list[str], courses: list[str], told: str = "") -> dict[str, str]:
    """The day each member's course begins, by initials and step."""
    whole = made(flow_, seats, courses, told)
    given_courses = whole.register.edition.courses
    lacking = lacks_on(whole, TODAY)
    places = seated(lacking, given_courses, whole.register.roster, TODAY)
    return {
        f"{lack.seat.person} {lack.deadline.step}": "–"
        if at is None
        else str(given_courses[at].starts_on)
        for lack, at in zip(lacking, places, strict=True)
    }


A_TILL_JUNE = "abc oes-med medlem 2025-07-01"
B_TILL_OCTOBER = "bcd oes-med medlem 2025-11-01"
C_TILL_OCTOBER = "cde bf-med medlem 2025-11-02"


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([], {"abc": "–", "bcd": "–", "cde": "–"}),
        (
            ["{training: med, starts: 2026-05-05, seats: 3}"],
            {"abc": "2026-05-05", "bcd": "2026-05-05", "cde": "2026-05-05"},
        ),
        # Due on 30 June: a course that is over on that day is in time, one a day later is not.
        (
            ["{training: med, starts: 2026-06-29, ends: 2026-06-30}"],
            {"abc": "2026-06-29", "bcd": "–", "cde": "–"},
        ),
        (
            ["{training: med, starts: 2026-06-30, ends: 2026-07-01}"],
            {"abc": "–", "bcd": "–", "cde": "2026-06-30"},
        ),
        # A course that is under way counts, one that is over does not.
        (
            ["{training: med, starts: 2026-02-27, ends: 2026-03-02}"],
            {"abc": "2026-02-27", "bcd": "–", "cde": "–"},
        ),
        (["{training: med, starts: 2026-03-01}"], {"abc": "–", "bcd": "–", "cde": "–"}),
        # Only members of the bodies it is for.
        (
            ["{training: med, starts: 2026-05-05, seats: 3, for: {committee: bf-med}}"],
            {"abc": "–", "bcd": "–", "cde": "2026-05-05"},
        ),
        # The first member could take either; they move to the one the other body cannot take.
        (
            [
                "{training: med, starts: 2026-05-05, for: {committee: oes-med}}",
                "{training: med, starts: 2026-04-07}",
            ],
            {"abc": "2026-05-05", "bcd": "–", "cde": "2026-04-07"},
        ),
        # Another training's course is of no use.
        (["{training: amo/tre-dage, starts: 2026-05-05}"], {"abc": "–", "bcd": "–", "cde": "–"}),
    ],
)
def test_who_has_a_seat(courses: list[str], expected: dict[str, str]) -> None:
    found = taken(BASIC, [A_TILL_JUNE, B_TILL_OCTOBER, C_TILL_OCTOBER], courses)
    assert found == {f"{person} kursus": on for person, on in expected.items()}


def test_a_course_before_joining_or_after_leaving_reaches_nobody() -> None:
    members = ["abc oes-med medlem 2026-01-02", "bcd oes-med medlem 2025-09-01 2026-09-30"]
    early = "{training: med, starts: 2026-01-01, ends: 2026-04-01, seats: 2}"
    late = "{training: med, starts: 2026-09-30, ends: 2026-10-01, seats: 2}"
    assert taken(BASIC, members, [early, late]) == {
        "bcd kursus": "2026-01-01",
        "abc kursus": "2026-09-30",
    }
    # Due on 31 August already, so the second course is too late for the one who leaves.
    assert taken(BASIC, members, [late]) == {"bcd kursus": "–", "abc kursus": "2026-09-30"}


def test_a_step_has_courses_of_its_own() -> None:
    members = ["abc oes-med medlem 2026-01-05"]
    courses = [
        "{training: amo/to-dage, starts: 2026-03-24}",
        "{training: amo/tre-dage, starts: 2026-03-17}",
    ]
    assert taken(SAFETY, members, courses) == {
        "abc tre-dage": "2026-03-17",
        "abc to-dage": "2026-03-24",
    }


def test_a_yearly_training_is_taken_in_its_own_year() -> None:
    members = ["abc oes-med medlem 2025-06-01"]
    early, right = (
        "{training: aarlig, starts: 2026-05-29}",
        "{training: aarlig, starts: 2026-06-02}",
    )
    over = window("2026-01-01..2027-12-31")
    base = edition(YEARLY, seats=tuple(seat(each) for each in members))
    for courses, expected in (([early], [None]), ([early, right], [1])):
        whole = plan(replace(base, courses=tuple(map(course, courses))), over=over)
        lacking = [
            each for each in lacks_on(whole, TODAY) if each.deadline.occurrence.endswith("-2")
        ]
        register = whole.register
        places = seated(lacking, register.edition.courses, register.roster, TODAY)
        assert list(places) == expected


def test_who_is_late_already_comes_first() -> None:
    members = ["abc oes-med medlem 2025-02-01", B_TILL_OCTOBER]
    one = ["{training: med, starts: 2026-04-07}"]
    assert taken(BASIC, members, one) == {"abc kursus": "2026-04-07", "bcd kursus": "–"}
    assert taken(
        BASIC, members, one, "udført oes-med/abc-oes-med-medlem-2025/kursus 2025-09-01"
    ) == {"bcd kursus": "2026-04-07"}


def told(seats: list[str], courses: list[str], done: str = "") -> list[Finding]:
    return list(unreached(made(BASIC, seats, courses, done), TODAY))


def test_one_finding_a_training_and_month_without_names_and_small_numbers() -> None:
    seats = [f"p{number:02} oes-med medlem 2025-07-{number:02}" for number in range(1, 8)]
    seats += ["abc bf-med medlem 2025-11-01", "bcd bf-med medlem 2025-02-01"]
    found = told(seats, ["{training: med, starts: 2026-05-05, seats: 2}"])
    # Of seven who are due in July (one on 30 June), one has the seat that the late one left.
    assert found == [
        Finding(
            "plan.training-unreached",
            Severity.WARNING,
            "organisation/courses.yaml",
            field="med",
            params={"title": "Kursus", "on": date(2026, 7, 1), "number": 6},
        ),
        Finding(
            "plan.training-unreached-few",
            Severity.WARNING,
            "organisation/courses.yaml",
            field="med",
            params={"title": "Kursus", "on": date(2026, 10, 30)},
        ),
    ]


def test_nothing_is_told_where_everybody_is_reached_or_done() -> None:
    assert told([A_TILL_JUNE], ["{training: med, starts: 2026-05-05}"]) == []
    assert told([A_TILL_JUNE], [], "udført oes-med/abc-oes-med-medlem-2025/kursus 2026-01-05") == []
    assert told([], []) == []


def test_one_remark_where_no_course_is_planned() -> None:
    past = "{training: med, starts: 2026-03-01}"
    for courses in ([], [past]):
        assert told([A_TILL_JUNE, B_TILL_OCTOBER], courses) == [
            Finding(
                "plan.no-courses-few",
                Severity.INFO,
                "organisation/courses.yaml",
                field="courses",
                params={"title": "Kursus", "on": date(2026, 6, 30)},
            )
        ]
    many = [f"p{number} oes-med medlem 2025-07-01" for number in range(5)]
    assert [(each.code, each.params["number"]) for each in told(many, [])] == [
        ("plan.no-courses", 5)
    ]


def test_what_is_confidential_is_not_told_of() -> None:
    hidden = workflow(
        "med", NEW, {"kursus": {"due": "within 1 year of joining"}}, confidential="yes", **EVERYBODY
    )
    assert list(unreached(made(hidden, [A_TILL_JUNE], []), TODAY)) == []


def test_only_what_is_asked_of_members_is_kept() -> None:
    other = workflow("moede", {"each": "meeting"}, {"dagsorden": {"due": "1 week before meeting"}})
    assert list(trainings_of(edition(BASIC, other, YEARLY)).workflows) == ["med", "aarlig"]


BODIES = ("oes-med", "bf-med")
MEMBERS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(BODIES)).map(lambda each: (each[0], each[1])),
    max_size=5,
)
COURSES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 2), st.sampled_from((None, *BODIES))), max_size=3
)


@given(MEMBERS, COURSES)
def test_no_way_of_giving_seats_reaches_more(
    members: list[tuple[int, str]], courses: list[tuple[int, int, str | None]]
) -> None:
    """Held against every way there is, by weeks in which members are due and courses held."""
    first = date(2026, 6, 1)
    seats = [
        f"p{number} {body} medlem {first.replace(year=2025) + timedelta(weeks=week)}"
        for number, (week, body) in enumerate(members)
    ]
    planned = [
        f"{{training: med, starts: {first + timedelta(weeks=week, days=-5)}, seats: {room}"
        + (f", for: {{committee: {body}}}}}" if body else "}")
        for week, room, body in courses
    ]
    whole = made(BASIC, seats, planned)
    lacking = lacks_on(whole, TODAY)
    given_courses, roster = whole.register.edition.courses, whole.register.roster
    places = seated(lacking, given_courses, roster, TODAY)
    assert _fits(lacking, places, given_courses)
    ways = product(*[(None, *range(len(given_courses))) for _ in lacking])
    most = max(
        sum(at is not None for at in way) for way in ways if _fits(lacking, way, given_courses)
    )
    assert sum(at is not None for at in places) == most


def _fits(
    lacking: list[Lack], way: tuple[int | None, ...], courses: tuple[PlannedCourse, ...]
) -> bool:
    for number, each in enumerate(courses):
        if way.count(number) > each.seats:
            return False
    for lack, at in zip(lacking, way, strict=True):
        if at is None:
            continue
        assert lack.deadline.due_on is not None
        bodies = [selector.committee for selector in courses[at].bodies]
        if courses[at].over_on > lack.deadline.due_on:
            return False
        if bodies and lack.seat.committee not in bodies:
            return False
    return True
