"""Who is told of what a vacant role must do: the secretary, nearest first, and nobody across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from danish_days import table
from hypothesis import given as over
from hypothesis import strategies as st
from site_given import (
    COMMITTEES,
    OFFICES,
    ONCE,
    edition,
    organisation,
    plan,
    seat,
    window,
    workflow,
)

from engine.planning.organisation import Organisation, Person, Seat, Side
from engine.planning.plan import Plan
from engine.planning.reminders import due, must_act
from engine.planning.workflow import Selector

TODAY = date(2026, 5, 11)
SIDES = {"medarbejdere": Side.EMPLOYEES, "ledelse": Side.MANAGEMENT}
BODIES = {
    **COMMITTEES,
    "plads-med": {"title": "arbejdspladsMED", "level": "afdelings-med", "parent": "oes-med"},
}


def roles(secretary: str) -> dict[str, dict[str, Any]]:
    """The roles of a site whose secretary is a role that says so, by title only, or nobody."""
    found: dict[str, dict[str, Any]] = {
        **{role: {"title": role} for role in ("forperson", "naestforperson", "medlem", "amr")},
        "sekretaer": {"title": "Sekretær"},
        "referent": {"title": "referent"},
    }
    if secretary == "ingen":
        found["sekretaer"]["secretary"] = "no"
    elif secretary:
        found[secretary]["secretary"] = "yes"
    return found


def site(secretary: str = "sekretaer") -> Organisation:
    made = organisation(BODIES).model_dump(by_alias=True, include={"name", "levels", "offices"})
    return Organisation.model_validate(
        {**made, "roles": roles(secretary), "committees": BODIES, "settings": {}}
    )


def placed(text: str) -> Seat:
    """`hny oes-med sekretaer [medarbejdere|ledelse]`, or `sub oes-med medlem for hny`."""
    who, committee, role, *rest = text.split()
    found = seat(f"{who} {committee} {role} 2025-01-01")
    match rest:
        case ["for", absent]:
            return replace(found, substitute_for=absent)
        case [side]:
            return replace(found, side=SIDES[side])
    return found


def listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def made(committee: str, seats: tuple[Seat, ...], body: Organisation, **step: Any) -> Plan:
    steps = {"trin": {"due": "2026-05-15", **step}}
    given = workflow("pligt", ONCE, steps)
    chosen = () if committee == "-" else (Selector(committee=committee),)
    given = given.model_copy(update={"committees": chosen})
    return plan(edition(given, seats=seats, body=body), over=window("2026"))


def told(given: Plan, people: Mapping[str, Person]) -> list[str]:
    return [each.recipient for each in due(given, {}, {}, TODAY, None, people)]


@pytest.mark.parametrize("row", table("ubesat.csv"), ids=lambda row: row["kilde"])
def test_who_is_told_where_nobody_must_act(row: dict[str, str]) -> None:
    given = made(
        row["udvalg"],
        tuple(placed(text) for text in listed(row["pladser"])),
        site(row["sekretær"]),
        responsible=listed(row["ansvarlig"]),
        inform=listed(row["orienteres"]),
        remind=["1 week before"],
        confidential=row["ellers"] == "fortrolig",
        visible=SIDES.get(row["ellers"]),
    )
    away = {who: Person(who, who, "", None, TODAY, TODAY) for who in listed(row["væk"])}
    expected = [f"{'office' if who in OFFICES else 'person'}:{who}" for who in listed(row["hvem"])]
    assert told(given, away) == expected
    [deadline] = given.deadlines
    assert must_act(deadline, given, away, TODAY) == set(expected)


UPWARDS = ("plads-med", "oes-med", "kommune-med")
HELD = st.sets(
    st.tuples(
        st.sampled_from((*UPWARDS, "bf-med", "chefforum")),
        st.sampled_from(("sekretaer", "forperson", "naestforperson")),
        st.sampled_from((None, *Side)),
    ),
    max_size=8,
)


@over(HELD, st.sampled_from((None, *Side)), st.booleans(), st.sets(st.integers(0, 7)))
def test_the_nearest_secretary_on_the_side_is_told_and_nobody_across(
    held: set[tuple[str, str, Side | None]],
    visible: Side | None,
    confidential: bool,
    gone: set[int],
) -> None:
    seats = tuple(
        replace(seat(f"p{number} {committee} {role} 2025-01-01"), side=side)
        for number, (committee, role, side) in enumerate(sorted(held, key=str))
    )
    given = made(
        "plads-med",
        seats,
        site(),
        responsible="amr",
        inform="forperson",
        remind=["1 week before"],
        confidential=confidential,
        visible=visible,
    )
    away = {f"p{number}": Person(f"p{number}", "", "", None, TODAY, TODAY) for number in gone}
    side_of = given.register.roster.side_of
    may = [
        each
        for each in seats
        if each.person not in away and (visible is None or side_of(each) is visible)
    ]

    def holding(role: str) -> list[str]:
        own = [[s for s in may if (s.committee, s.role) == (body, role)] for body in UPWARDS]
        return sorted(f"person:{each.person}" for each in next(filter(None, own), []))

    expected = [] if confidential else holding("sekretaer") or holding("forperson")
    assert told(given, away) == expected
