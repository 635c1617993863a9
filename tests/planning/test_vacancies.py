"""Who is told of an empty seat: once for each seat and term, however many deadlines wait for it."""

from __future__ import annotations

from datetime import date

import planned_site
import pytest
from site_given import edition, organisation, plan, seat, window, workflow

from engine.errors import Finding, Severity
from engine.planning.organisation import Role, Seat
from engine.planning.vacancies import vacancies

CYCLE = workflow(
    "moeder",
    {"each": "meeting"},
    {
        "dagsorden": {"due": "7 days before meeting", "responsible": "sekretaer"},
        "punkt": {"at": "meeting", "responsible": ["forperson", "office hr"]},
        "dag": {"on": "meeting", "responsible": "amr"},
        "naar-det-kan": {"needs": "punkt", "responsible": "leder"},
    },
)
CHAIR = seat("kho oes-med forperson 2020-01-01")


def found(*seats: Seat, over: str = "2026", **rest: object) -> list[Finding]:
    return vacancies(plan(edition(CYCLE, seats=(CHAIR, *seats), **rest), over=window(over)))  # type: ignore[arg-type]


def told(*seats: Seat, over: str = "2026") -> list[tuple[object, ...]]:
    return [
        (each.code, each.field, each.severity, each.params["from_on"], each.params["on"])
        for each in found(*seats, over=over)
    ]


def test_an_empty_seat_is_told_once_with_its_first_deadline() -> None:
    assert found() == [
        Finding(
            "plan.role-vacant-untold",
            Severity.WARNING,
            path="organisation/members.csv",
            field="sekretaer of oes-med",
            params={
                "committee": "oes-med",
                "role": "sekretaer",
                "from_on": None,
                "until_on": None,
                "on": date(2026, 1, 20),
            },
        )
    ]


def test_a_seat_that_is_held_is_not_told_of() -> None:
    assert told(seat("hny oes-med sekretaer 2026-01-01")) == []
    in_turn = (
        seat("hny oes-med sekretaer 2025-01-01 2026-03-31"),
        seat("era oes-med sekretaer 2026-04-01"),
    )
    assert told(*in_turn) == []


def test_each_term_without_a_holder_is_told_by_itself() -> None:
    seats = (
        seat("hny oes-med sekretaer 2025-01-01 2026-01-31"),
        seat("era oes-med sekretaer 2026-04-01 2026-08-31"),
    )
    assert told(*seats) == [
        (
            "plan.role-vacant-from-untold",
            "sekretaer of oes-med",
            Severity.INFO,
            date(2026, 2, 1),
            date(2026, 3, 19),
        ),
        (
            "plan.role-vacant-from-untold",
            "sekretaer of oes-med",
            Severity.INFO,
            date(2026, 9, 1),
            date(2026, 11, 12),
        ),
    ]
    assert [each.params["until_on"] for each in found(*seats)] == [date(2026, 3, 31), None]


def test_what_has_become_vacant_already_is_a_warning() -> None:
    seats = (seat("hny oes-med sekretaer 2025-01-01 2026-01-31"),)
    assert told(*seats, over="2026-03-01..2026-12-31") == [
        (
            "plan.role-vacant-untold",
            "sekretaer of oes-med",
            Severity.WARNING,
            date(2026, 2, 1),
            date(2026, 3, 19),
        )
    ]


@pytest.mark.parametrize(
    ("steps", "seats", "code"),
    [
        # The other who must act, the secretary, those informed and an office: each is told.
        ({"trin": {"responsible": ["amr", "forperson"]}}, (), "plan.role-vacant"),
        ({"trin": {}}, ("hny oes-med sekretaer 2020-01-01",), "plan.role-vacant"),
        ({"trin": {}}, ("ave kommune-med sekretaer 2020-01-01",), "plan.role-vacant"),
        ({"trin": {"inform": "forperson"}}, (), "plan.role-vacant"),
        ({"trin": {"inform": "office hr"}}, (), "plan.role-vacant"),
        ({"trin": {"inform": "office hr", "confidential": True}}, (), "plan.role-vacant"),
        # Nobody is left, or nobody who may know of it.
        ({"trin": {}}, (), "plan.role-vacant-untold"),
        (
            {"trin": {"inform": "forperson", "confidential": True}},
            ("hny oes-med sekretaer 2020-01-01",),
            "plan.role-vacant-untold",
        ),
        (
            {"trin": {"inform": "office hr", "visible": "employees"}},
            ("hny oes-med sekretaer 2020-01-01",),
            "plan.role-vacant-untold",
        ),
        (
            {"trin": {}, "fortroligt": {"confidential": True}},
            ("hny oes-med sekretaer 2020-01-01",),
            "plan.role-vacant-partly",
        ),
    ],
)
def test_it_says_whether_others_are_reminded_meanwhile(
    steps: dict[str, dict[str, object]], seats: tuple[str, ...], code: str
) -> None:
    body = organisation()
    roles = {**body.roles, "sekretaer": Role(title="sekretær")}
    due = {key: {"due": "2026-05-15", "responsible": "amr", **step} for key, step in steps.items()}
    given = edition(
        workflow("pligt", {"each": "year"}, due),
        seats=(CHAIR, *(seat(text) for text in seats)),
        body=body.model_copy(update={"roles": roles}),
    )
    assert [each.code for each in vacancies(plan(given, over=window("2026")))] == [code]


def test_a_gap_that_no_deadline_falls_in_is_nobodys_trouble() -> None:
    seats = (
        seat("hny oes-med sekretaer 2025-01-01 2026-01-31"),
        seat("era oes-med sekretaer 2026-03-01"),
    )
    assert told(*seats) == []


def test_another_bodys_seat_is_told_as_that_bodys() -> None:
    flow = workflow(
        "orientering",
        {"each": "year"},
        {"svar": {"due": "1 march", "responsible": "sekretaer of kommune-med"}},
    )
    made = plan(edition(flow, seats=(CHAIR,)))
    assert [each.field for each in vacancies(made)] == ["sekretaer of kommune-med"]


def test_the_members_own_duty_goes_with_the_seat() -> None:
    flow = workflow(
        "kursus",
        {"each": "member", "roles": ["medlem"]},
        {"tilmeldt": {"due": "1 month after joining", "responsible": "medlem"}},
    )
    made = plan(edition(flow, seats=(seat("lbn oes-med medlem 2026-01-01 2026-01-15"),)))
    assert vacancies(made) == []


def test_many_seats_that_end_on_one_day_are_told_as_one() -> None:
    bodies = {f"udvalg-{number}": {"title": f"Udvalg {number}"} for number in range(1, 8)}
    flow = workflow(
        "pligt",
        {"each": "year"},
        {"svar": {"due": "1 december", "responsible": ["medlem", "amr"]}},
        committees={"all": True},
    )
    seats = [
        seat(f"p{number}{role} udvalg-{number} {role} 2025-06-01 2026-05-31")
        for number in range(1, 8)
        for role in ("medlem", "amr")
    ]
    body = organisation(bodies)
    assert [
        (each.code, each.severity, each.params)
        for each in vacancies(plan(edition(flow, seats=tuple(seats), body=body)))
    ] == [
        (
            "plan.seats-end",
            Severity.INFO,
            {
                "number": 14,
                "committees": 7,
                "last_on": date(2026, 5, 31),
                "on": date(2026, 12, 1),
            },
        )
    ]
    few = vacancies(
        plan(
            edition(
                flow,
                seats=tuple(seats[:4]),
                body=organisation({key: bodies[key] for key in list(bodies)[:2]}),
            )
        )
    )
    assert [each.code for each in few] == ["plan.role-vacant-from-untold"] * 4


def test_nothing_is_vacant_on_the_planned_site() -> None:
    assert vacancies(planned_site.plan()) == []
