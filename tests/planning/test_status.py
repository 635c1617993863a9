from __future__ import annotations

from datetime import date

import pytest
from danish_days import table
from site_given import edition, facts, flow, plan, seat, workflow

from engine.planning.facts import Done, Facts
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, answered, opens, responsible_seats, state

PREFIX = "pligt/oes-med/2026"
OTHERS = {
    "andet": {"due": "1 day after 2026-04-30"},
    "dagen": {"on": "1 day after 2026-05-05"},
}


@pytest.mark.parametrize(
    "row", table("status.csv"), ids=lambda row: f"{row['kilde']} {row['i dag']}"
)
def test_where_a_deadline_stands(row: dict[str, str]) -> None:
    given = workflow("pligt", {"each": "year"}, {"trin": flow(row["skridt"]), **OTHERS})
    made = plan(edition(given), facts(row["fortalt"], PREFIX))
    today = date.fromisoformat(row["i dag"])
    assert state(made.by_key[f"{PREFIX}/trin"], made, today) == row["status"]


def test_what_waits_for_a_fan_out_waits_for_all_of_it() -> None:
    steps = {
        "svar": {"due": "1 april", "committees": {"level": "afdelings-med"}},
        "samlet": {"due": "1 june", "needs": "svar"},
    }
    given = workflow("pligt", {"each": "year"}, steps, committees={"committee": "kommune-med"})
    prefix = "pligt/kommune-med/2026"
    some = facts("udført svar@bf-med 2026-03-03", prefix)
    every = facts("udført svar@bf-med 2026-03-03, frafaldet svar@oes-med 2026-03-04", prefix)
    found = []
    for told in (some, every):
        made = plan(edition(given), told)
        found.append(state(made.by_key[f"{prefix}/samlet"], made, date(2026, 5, 20)))
    assert found == [State.BLOCKED, State.OPEN]


SEATS = (
    seat("lbn oes-med medlem 2025-06-01", unit="løn"),
    seat("mka oes-med medlem 2025-06-01", unit="løn"),
    seat("pto oes-med medlem 2025-06-01"),
    seat("ude oes-med medlem 2025-06-01 2026-03-01"),
    seat("ny oes-med medlem 2026-06-01"),
)


def each(*done: Done, finish: str = "each") -> tuple[Deadline, Plan]:
    step = {"due": "1 april", "responsible": "medlem", "finish": finish}
    given = workflow("pligt", {"each": "year"}, {"svar": step})
    made = plan(edition(given, seats=SEATS), Facts(done))
    return made.by_key[f"{PREFIX}/svar"], made


KEY = f"{PREFIX}/svar"
ON = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("done", "lacking", "standing"),
    [
        ((), ("løn", "pto"), State.OVERDUE),
        ((Done(KEY, ON, by="mka"),), ("pto",), State.OVERDUE),
        ((Done(KEY, ON, by="mka"), Done(KEY, ON, by="pto")), (), State.DONE),
        ((Done(KEY, ON, unit="løn"), Done(KEY, ON, by="pto")), (), State.DONE),
        ((Done(KEY, ON, by="ude"),), ("løn", "pto"), State.OVERDUE),
        ((Done(KEY, ON),), (), State.DONE),
    ],
    ids=["ingen", "en af enheden", "alle", "enheden selv", "en udenfor", "ingen bestemt"],
)
@pytest.mark.parametrize("finish", ["each", "all"])
def test_everybody_answers_for_themselves_or_their_unit(
    done: tuple[Done, ...], lacking: tuple[str, ...], standing: State, finish: str
) -> None:
    deadline, made = each(*done, finish=finish)
    assert answered(deadline, made.register).wanted == ("løn", "pto")
    assert answered(deadline, made.register).lacking == lacking
    assert state(deadline, made, date(2026, 4, 7)) == standing


def test_one_of_several_is_enough_unless_it_says_otherwise() -> None:
    deadline, made = each(Done(KEY, ON, by="pto"), finish="one")
    assert state(deadline, made, date(2026, 4, 7)) == State.DONE


def test_the_members_own_duty_is_that_members_alone() -> None:
    seats = (seat("lbn oes-med medlem 2026-02-01"), seat("mka oes-med medlem 2026-03-01"))
    given = workflow(
        "kursus",
        {"each": "member", "roles": ["medlem"]},
        {"tilmeldt": {"due": "1 month after joining", "responsible": ["medlem", "forperson"]}},
    )
    made = plan(edition(given, seats=(*seats, seat("kho oes-med forperson 2025-01-01"))))
    assert {
        deadline.occurrence: [
            held.person for held in responsible_seats(deadline, made.register, deadline.about_on)
        ]
        for deadline in made.deadlines
    } == {"lbn-oes-med-medlem-2026": ["lbn", "kho"], "mka-oes-med-medlem-2026": ["mka", "kho"]}


def test_it_opens_with_the_first_reminder_on_a_day_that_mail_goes_out() -> None:
    steps = {
        "a": {"due": "2026-04-20", "remind": "2 weeks before"},
        "b": {"due": "2026-04-20", "remind": ["1 day before", "3 working days before"]},
        "c": {"due": "2023-01-03", "remind": ["on the day", "1 month before"]},
    }
    given = workflow("pligt", {"each": "year"}, steps)
    made = plan(edition(given))
    old = plan(edition(given), over=made.window.widened(1200))
    assert [opens(old.by_key[f"pligt/oes-med/2026/{step}"], old) for step in "abc"] == [
        date(2026, 4, 1),
        date(2026, 4, 15),
        date(2023, 1, 3),
    ]
