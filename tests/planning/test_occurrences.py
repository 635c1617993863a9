from __future__ import annotations

from datetime import date

import pytest
from danish_days import table
from site_given import (
    bodies,
    days,
    edition,
    facts,
    flow,
    organisation,
    plan,
    seat,
    window,
    workflow,
)

from engine.planning.edition import Milestones
from engine.planning.facts import NOTHING_TOLD
from engine.planning.occurrences import occurrences
from engine.planning.register import Register
from engine.planning.rounds import ended_on

MEMBERS = {"roles": ["medlem", "forperson"], "each": "member"}
TRAINING = {"uddannelse": {"due": "within 1 year of joining", "responsible": "office hr"}}


@pytest.mark.parametrize("row", table("forekomster.csv"), ids=lambda row: row["kilde"])
def test_what_begins_an_occurrence(row: dict[str, str]) -> None:
    start, over = flow(row["start"]), window(row["vindue"])
    given = workflow("pligt", start, {"trin": {"on": _anchor(start)}})
    made = plan(edition(given, meetings=bodies(row["møder"])), over=over)
    register = Register(made.register.edition, NOTHING_TOLD)
    touching = [each.key for each in occurrences(given, "oes-med", over, register, ended_on)]
    dated = {**made.beyond, **made.by_key}
    found = [f"{key}={dated[f'pligt/oes-med/{key}/trin'].due_on}" for key in touching]
    assert ", ".join(found) == row["forventet"]


def _anchor(start: dict[str, object]) -> str:
    if "every" in start:
        return "round end"
    if "times" in start:
        return "meeting"
    if start["each"] == "meeting":
        return "their meeting" if "of" in start else "meeting"
    return "period start"


def test_a_period_gives_its_two_ends() -> None:
    steps = {"a": {"on": "period start"}, "b": {"on": "period end"}}
    given = workflow("pligt", {"each": "2 years", "from": 2025}, steps)
    made = plan(edition(given), over=window("2025-01-01..2026-12-31"))
    assert days(made, "pligt/oes-med") == {"2025/a": "2025-01-01", "2025/b": "2026-12-31"}


def test_a_part_gives_its_own_ends_and_those_of_the_period() -> None:
    steps = {
        "a": {"on": "part start"},
        "b": {"on": "part end"},
        "c": {"on": "period start"},
        "d": {"on": "period end"},
    }
    given = workflow("pligt", {"times": 2, "per": "year"}, steps)
    assert days(plan(edition(given)), "pligt/oes-med") == {
        "2026-1/a": "2026-01-01",
        "2026-1/b": "2026-06-30",
        "2026-1/c": "2026-01-01",
        "2026-1/d": "2026-12-31",
        "2026-2/a": "2026-07-01",
        "2026-2/b": "2026-12-31",
        "2026-2/c": "2026-01-01",
        "2026-2/d": "2026-12-31",
    }


def test_the_neighbours_of_a_meeting_are_ordinary_meetings() -> None:
    steps = {"før": {"on": "previous meeting"}, "efter": {"on": "next meeting"}}
    given = workflow("pligt", {"each": "meeting"}, _ascii(steps))
    made = plan(edition(given, meetings="2026-01-27 2026-03-26 2026-05-07e 2026-06-18a 2026-08-26"))
    assert days(made, "pligt/oes-med") == {
        "2026-01-27/efter": "2026-03-26",
        "2026-01-27/foer": "–",
        "2026-03-26/efter": "2026-08-26",
        "2026-03-26/foer": "2026-01-27",
        "2026-08-26/efter": "–",
        "2026-08-26/foer": "2026-03-26",
    }
    gap = made.by_key["pligt/oes-med/2026-08-26/efter"].missing
    assert [(each.kind, dict(each.detail)) for each in gap] == [
        ("anchor", {"name": "next meeting", "committee": "oes-med", "of_on": date(2026, 8, 26)})
    ]


def test_extraordinary_too_makes_them_neighbours_and_chosen_meetings() -> None:
    start = {"each": "meeting", "extraordinary": "too"}
    steps = {"naeste": {"at": "next meeting"}, "foerste": {"at": "first meeting after meeting"}}
    given = workflow("pligt", start, steps)
    made = plan(edition(given, meetings="2026-03-26 2026-05-07e 2026-06-18"))
    found = {key: on for key, on in days(made, "pligt/oes-med").items() if on != "–"}
    assert found == {
        "2026-03-26/foerste": "2026-05-07",
        "2026-03-26/naeste": "2026-05-07",
        "2026-05-07/foerste": "2026-06-18",
        "2026-05-07/naeste": "2026-06-18",
    }


def test_an_extraordinary_meeting_alone_looks_to_the_ordinary_ones() -> None:
    start = {"each": "meeting", "extraordinary": "only"}
    given = workflow("pligt", start, {"naeste": {"at": "next meeting"}})
    made = plan(edition(given, meetings="2026-03-26 2026-05-07e 2026-05-20e 2026-06-18"))
    assert days(made, "pligt/oes-med") == {
        "2026-05-07/naeste": "2026-06-18",
        "2026-05-20/naeste": "2026-06-18",
    }


def _ascii(steps: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {name.replace("ø", "oe"): step for name, step in steps.items()}


def test_a_meeting_moved_into_january_does_not_make_the_new_year_a_planned_one() -> None:
    given = workflow("pligt", {"each": "year"}, {"sidst": {"at": "last meeting before 1 july"}})
    moved = edition(given, meetings="2025-03-27 2026-03-26 2026-12-10>2027-01-12")
    made = plan(moved, over=window("2026-01-01..2027-12-31"))
    assert days(made, "pligt/oes-med") == {"2026/sidst": "2026-03-26", "2027/sidst": "–"}


def test_every_person_in_a_chosen_role_begins_an_occurrence() -> None:
    seats = (
        seat("hny oes-med sekretaer 2025-06-01"),
        seat("lbn oes-med medlem 2025-06-01"),
        seat("mka oes-med forperson 2025-09-01"),
        seat("ave kommune-med medlem 2025-06-01"),
    )
    given = workflow("kursus", MEMBERS, TRAINING)
    assert days(plan(edition(given, seats=seats)), "kursus/oes-med") == {
        "lbn-oes-med-medlem-2025/uddannelse": "2026-05-31 → 2026-05-29",
        "mka-oes-med-forperson-2025/uddannelse": "2026-08-31",
    }


def test_new_members_only_means_the_first_seat_among_the_selected_committees() -> None:
    seats = (
        seat("lbn oes-med medlem 2023-06-01 2025-05-31"),
        seat("lbn oes-med forperson 2025-06-01"),
        seat("mka bf-med medlem 2025-06-01"),
        seat("mka oes-med medlem 2025-09-01"),
        seat("tsø oes-med medlem 2025-10-01"),
        seat("tsø kommune-med medlem 2020-06-01"),
        seat("hny oes-med sekretaer 2020-01-01"),
        seat("hny oes-med medlem 2025-11-01"),
    )
    start = {**MEMBERS, "new members only": True}
    given = workflow("kursus", start, TRAINING, committees={"level": "afdelings-med"})
    assert days(plan(edition(given, seats=seats)), "kursus") == {
        "bf-med/mka-bf-med-medlem-2025/uddannelse": "2026-05-31 → 2026-05-29",
        "oes-med/tsø-oes-med-medlem-2025/uddannelse": "2026-09-30",
        "oes-med/hny-oes-med-medlem-2025/uddannelse": "2026-10-31 → 2026-10-30",
    }


def test_a_duty_ends_with_the_seat_unless_the_leaving_begins_it() -> None:
    seats = (
        seat("lbn oes-med medlem 2025-06-01 2026-02-28"),
        seat("mka oes-med medlem 2025-06-01 2026-06-30"),
    )
    steps = {
        **TRAINING,
        "noegle": {"due": "1 week after leaving"},
        "kvittering": {"due": "1 week after noegle"},
    }
    given = workflow("kursus", MEMBERS, steps)
    assert days(plan(edition(given, seats=seats)), "kursus/oes-med") == {
        "lbn-oes-med-medlem-2025/noegle": "2026-03-07 → 2026-03-06",
        "lbn-oes-med-medlem-2025/kvittering": "2026-03-14 → 2026-03-13",
        "mka-oes-med-medlem-2025/uddannelse": "2026-05-31 → 2026-05-29",
        "mka-oes-med-medlem-2025/noegle": "2026-07-07",
        "mka-oes-med-medlem-2025/kvittering": "2026-07-14",
    }


def test_an_open_seat_has_a_leaving_without_a_date() -> None:
    given = workflow("kursus", MEMBERS, {"noegle": {"due": "1 week after leaving"}})
    made = plan(edition(given, seats=(seat("lbn oes-med medlem 2026-02-01"),)))
    (deadline,) = made.deadlines
    assert (deadline.due_on, [(each.kind, each.detail["name"]) for each in deadline.missing]) == (
        None,
        [("anchor", "leaving")],
    )


def test_each_year_of_the_function_period_from_the_second() -> None:
    start = {**MEMBERS, "per": "year", "from": 2}
    steps = {"a": {"on": "year start"}, "b": {"on": "year end"}}
    given = workflow("kursus", start, steps)
    seats = (seat("lbn oes-med medlem 2024-02-29 2027-05-31"),)
    made = plan(edition(given, seats=seats), over=window("2024-01-01..2028-12-31"))
    assert days(made, "kursus/oes-med") == {
        "lbn-oes-med-medlem-2024-2/a": "2025-03-01",
        "lbn-oes-med-medlem-2024-2/b": "2026-02-28",
        "lbn-oes-med-medlem-2024-3/a": "2026-03-01",
        "lbn-oes-med-medlem-2024-3/b": "2027-02-28",
        "lbn-oes-med-medlem-2024-4/a": "2027-03-01",
    }


@pytest.mark.parametrize(
    ("later", "years", "last"),
    [
        ((), [2], "2027-05-31"),
        (("lbn oes-med medlem 2027-06-01 2029-05-31",), [2, 3, 4], "2029-05-31"),
        (("lbn bf-med amr 2027-06-01 2029-05-31",), [2, 3, 4], "2029-05-31"),
        (("lbn bf-med medlem 2026-06-01 2028-05-31",), [2, 3], "2028-05-31"),
        (("lbn oes-med medlem 2027-06-02 2029-05-31",), [2], "2027-05-31"),
        (("lbn oes-med forperson 2027-06-01 2029-05-31",), [2], "2027-05-31"),
        (("lbn oes-med medlem 2027-06-01",), [2, 3, 4, 5], "2030-05-31"),
    ],
    ids=[
        "ikke genvalgt",
        "genvalgt",
        "i et andet udvalg",
        "to pladser ved siden af hinanden",
        "med en dags ophold",
        "i en rolle, der ikke tæller",
        "uden slutdag",
    ],
)
def test_a_period_of_function_goes_on_after_re_election(
    later: tuple[str, ...], years: list[int], last: str
) -> None:
    start = {
        "each": "member",
        "roles": ["medlem", "amr"],
        "new members only": True,
        "per": "year",
        "from": 2,
    }
    given = workflow("kursus", start, {"a": {"on": "year end"}}, committees={"all": True})
    seats = tuple(seat(text) for text in ("lbn oes-med medlem 2025-06-01 2027-05-31", *later))
    made = plan(edition(given, seats=seats), over=window("2025-01-01..2030-12-31"))
    found = days(made, "kursus/oes-med")
    assert list(found) == [f"lbn-oes-med-medlem-2025-{year}/a" for year in years]
    assert found.popitem()[1] == last


ROUNDS = {"every": "3 years", "from": "done vedtaget", "first": "2026-10-01"}
ROUND_STEPS = {
    "forslag": {"due": "2 months before round end"},
    "vedtaget": {"due": "round end"},
    "meldt-ud": {"needs": "vedtaget"},
}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("", {"r1/forslag": "2026-08-01", "r1/vedtaget": "2026-10-01"}),
        (
            "udført r1/vedtaget 2025-09-15",
            {
                "r1/forslag": "2026-08-01",
                "r1/vedtaget": "2026-10-01",
                "r2/forslag": "2028-07-15",
                "r2/vedtaget": "2028-09-15",
            },
        ),
        (
            "udført r1/vedtaget 2023-09-15, frafaldet r2/vedtaget 2025-02-03",
            {
                "r1/forslag": "2026-08-01",
                "r1/vedtaget": "2026-10-01",
                "r2/forslag": "2026-07-15",
                "r2/vedtaget": "2026-09-15",
                "r3/forslag": "2027-12-03",
                "r3/vedtaget": "2028-02-03",
            },
        ),
    ],
    ids=["aldrig", "udført", "frafaldet tæller også"],
)
def test_rounds_begin_when_the_last_one_ended(told: str, expected: dict[str, str]) -> None:
    given = workflow("politik", ROUNDS, ROUND_STEPS)
    made = plan(
        edition(given),
        facts(told, "politik/oes-med"),
        over=window("2026-01-01..2028-12-31"),
    )
    known = {**made.by_key, **made.beyond}
    found = {
        key.removeprefix("politik/oes-med/"): str(deadline.nominal_on)
        for key, deadline in known.items()
        if deadline.step != "meldt-ud"
    }
    assert found == expected


def test_the_first_round_is_the_same_in_every_window() -> None:
    given = workflow("politik", ROUNDS, ROUND_STEPS)
    young = organisation(
        {"oes-med": {"title": "afdelingsMED", "kind": "committee", "from": "2026-06-01"}}
    )
    narrow = plan(edition(given, body=young), over=window("2026"))
    wide = plan(edition(given, body=young), over=window("2020-01-01..2028-12-31"))
    assert narrow.deadlines == wide.deadlines
    assert [deadline.about_on for deadline in narrow.deadlines] == [date(2026, 10, 1)] * 3


def test_a_round_that_fans_out_ends_when_everybody_has_ended_it() -> None:
    steps = {"svar": {"due": "round end", "committees": {"level": "afdelings-med"}}}
    given = workflow(
        "politik",
        {"every": "1 year", "from": "done", "first": "2026-02-02"},
        steps,
        committees={"committee": "kommune-med"},
    )
    prefix = "politik/kommune-med"
    one = facts("udført r1/svar@oes-med 2026-02-02", prefix)
    both = facts("udført r1/svar@oes-med 2026-02-02, udført r1/svar@bf-med 2026-03-02", prefix)
    over = window("2026-01-01..2027-12-31")
    first = {"r1/svar@bf-med": "2026-02-02", "r1/svar@oes-med": "2026-02-02"}
    second = {"r2/svar@bf-med": "2027-03-02", "r2/svar@oes-med": "2027-03-02"}
    assert days(plan(edition(given), one, over), prefix) == first
    assert days(plan(edition(given), both, over), prefix) == first | second


BUDGET = (
    Milestones.model_validate(
        {
            "kind": "budget",
            "period": 2027,
            "year": 2026,
            "dates": {"katalog": date(2026, 8, 15), "vedtaget": date(2026, 10, 13)},
        }
    ),
    Milestones.model_validate(
        {"kind": "anlaeg", "period": 2027, "year": 2026, "dates": {"katalog": date(2026, 3, 2)}}
    ),
)


def test_milestones_name_days_that_are_never_moved() -> None:
    steps = {
        "udsendt": {"due": "katalog"},
        "svar": {"due": "14 days after katalog"},
        "samme-aar": {"due": "15 september"},
        "hoering": {"due": "kommunemed"},
        "efter": {"on": "1 day after svar"},
    }
    given = workflow("budget", {"each": "milestones", "kind": "budget"}, steps)
    made = plan(edition(given, milestones=BUDGET))
    assert days(made, "budget/oes-med") == {
        "2027/udsendt": "2026-08-15",
        "2027/svar": "2026-08-29 → 2026-08-28",
        "2027/efter": "2026-08-30",
        "2027/samme-aar": "2026-09-15",
        "2027/hoering": "–",
    }
    gap = made.by_key["budget/oes-med/2027/hoering"].missing
    assert [(each.kind, dict(each.detail)) for each in gap] == [
        ("milestone", {"name": "kommunemed", "kind": "budget", "period": "2027"})
    ]


def test_a_set_of_milestones_that_reaches_into_the_window_is_planned() -> None:
    far = Milestones(
        kind="budget",
        period="2030",
        year=2024,
        dates={"start": date(2024, 1, 15), "slut": date(2026, 6, 1)},
    )
    given = workflow("budget", {"each": "milestones", "kind": "budget"}, {"s": {"on": "slut"}})
    made = plan(edition(given, milestones=(far,)))
    assert days(made, "budget/oes-med") == {"2030/s": "2026-06-01"}


def test_a_committee_has_duties_from_and_until_its_days() -> None:
    body = organisation({"oes-med": {"title": "ØS", "from": "2026-03-26", "until": "2026-06-18"}})
    given = workflow("pligt", {"each": "meeting"}, {"punkt": {"at": "meeting"}})
    made = plan(edition(given, body=body))
    assert days(made, "pligt/oes-med") == {
        "2026-03-26/punkt": "2026-03-26",
        "2026-06-18/punkt": "2026-06-18",
    }


def test_old_and_new_text_share_the_occurrences_by_the_first_anchor() -> None:
    steps = {"punkt": {"due": "1 week before meeting"}}
    old = workflow("gammel", {"each": "meeting"}, steps, valid={"until": "2026-06-17"})
    new = workflow("ny", {"each": "meeting"}, steps, valid={"from": "2026-06-18"})
    assert days(plan(edition(old, new))) == {
        "gammel/oes-med/2026-01-27/punkt": "2026-01-20",
        "gammel/oes-med/2026-03-26/punkt": "2026-03-19",
        "ny/oes-med/2026-06-18/punkt": "2026-06-11",
        "ny/oes-med/2026-08-26/punkt": "2026-08-19",
        "ny/oes-med/2026-11-19/punkt": "2026-11-12",
    }


def test_a_function_year_belongs_to_the_text_that_holds_when_it_begins() -> None:
    start = {"each": "member", "new members only": "yes", "per": "year"}
    steps = {"tilbud": {"due": "year end"}}
    old = workflow("gammel", start, steps, valid={"until": "2026-05-31"})
    new = workflow("ny", start, steps, valid={"from": "2026-06-01"})
    given = edition(old, new, seats=(seat("hny oes-med medlem 2024-06-01"),))
    assert days(plan(given, over=window("2025-01-01..2027-12-31"))) == {
        "gammel/oes-med/hny-oes-med-medlem-2024-1/tilbud": "2025-05-31 → 2025-05-30",
        "gammel/oes-med/hny-oes-med-medlem-2024-2/tilbud": "2026-05-31 → 2026-05-29",
        "ny/oes-med/hny-oes-med-medlem-2024-3/tilbud": "2027-05-31",
    }
