"""Whoever is away is not written to: a substitute is, or it is as if the role were vacant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from site_given import ONCE, edition, facts, plan, seat, window, workflow

from engine.planning.organisation import Person, Seat, Side
from engine.planning.reminders import due
from engine.store import Told

PREFIX = "pligt/oes-med/2026"
KHO = seat("kho oes-med forperson 2025-01-01", Side.MANAGEMENT)
BRA = seat("bra oes-med naestforperson 2025-01-01", Side.EMPLOYEES)
HNY = seat("hny oes-med sekretaer 2025-01-01")
AVE = seat("ave kommune-med sekretaer 2025-01-01")
SUB = replace(seat("sub oes-med suppleant 2025-01-01"), substitute_for="hny")
SEATS = (KHO, BRA, HNY, AVE)


def person(who: str, away: str = "", email: str | None = None) -> Person:
    first, _, last = away.partition("..")
    days = [date.fromisoformat(text) if text else None for text in (first, last)]
    return Person(who, who.upper(), f"{who}@a.example" if email is None else email, None, *days)


def told(
    today: str,
    *people: Person,
    seats: tuple[Seat, ...] = SEATS,
    earlier: tuple[Told, ...] = (),
    **step: Any,
) -> list[tuple[str, tuple[str, ...]]]:
    plain = {"due": "2026-05-15", "responsible": "sekretaer", "inform": "forperson"}
    steps = {"trin": {**plain, **step}, "andet": {"on": "2026-02-02"}}
    given = workflow("pligt", ONCE, steps)
    made = plan(edition(given, seats=seats), facts("", PREFIX), window("2026"))
    known = {each.id: each for each in people}
    found = due(
        made, {each.key: each for each in earlier}, {}, date.fromisoformat(today), None, known
    )
    return [(each.recipient, each.instead_of) for each in found]


HERE = person("hny")
AWAY = person("hny", "2026-05-04..2026-05-15")


@pytest.mark.parametrize(
    ("today", "who", "instead"),
    [
        ("2026-05-01", "hny", ()),
        ("2026-05-04", "sub", ("hny",)),
        ("2026-05-15", "sub", ("hny",)),
        ("2026-05-18", "hny", ()),
    ],
)
def test_the_substitute_is_told_from_the_first_day_to_the_last(
    today: str, who: str, instead: tuple[str, ...]
) -> None:
    found = told(today, AWAY, person("sub"), seats=(*SEATS, SUB), remind=["4 weeks before"])
    assert (f"person:{who}", instead) in found
    assert {each for each, _ in found} <= {f"person:{who}", "person:kho"}


def test_whoever_comes_back_is_told_what_was_told_meanwhile() -> None:
    given = {"seats": (*SEATS, SUB), "remind": ["4 weeks before"]}
    away = person("hny", "..2026-05-08")
    assert told("2026-05-08", away, person("sub"), **given) == [("person:sub", ("hny",))]
    key = f"{PREFIX}/trin#0 before-4-week person:sub"
    earlier = (Told(key=key, kind="heads-up", due_on=date(2026, 5, 15)),)
    assert told("2026-05-11", away, person("sub"), earlier=earlier, **given) == [("person:hny", ())]


@pytest.mark.parametrize(
    ("people", "seats", "expected"),
    [
        ((HERE,), SEATS, [("person:hny", ())]),
        ((AWAY,), SEATS, [("person:kho", ("hny",))]),
        # Without an address it is the same as away.
        ((person("hny", email=""),), SEATS, [("person:kho", ("hny",))]),
        ((AWAY, person("sub")), (*SEATS, SUB), [("person:sub", ("hny",))]),
        # A substitute who is away too, or in another committee, is none.
        ((AWAY, person("sub", "2026-05-01..")), (*SEATS, SUB), [("person:kho", ("hny",))]),
        ((AWAY,), (*SEATS, replace(SUB, committee="kommune-med")), [("person:kho", ("hny",))]),
        # Those informed are away too: the same role further up.
        ((AWAY, person("kho", "2026-05-01..")), SEATS, [("person:ave", ("hny",))]),
        # Nobody at all is there: no reminder is lost.
        (
            (AWAY, person("kho", "2026-05-01.."), person("ave", "2026-05-01..")),
            SEATS,
            [("person:hny", ())],
        ),
        # Two hold the role: the other one acts.
        (
            (AWAY,),
            (*SEATS, seat("ler oes-med sekretaer 2025-01-01")),
            [("person:ler", ())],
        ),
        # A seat that has ended gets nothing from the day after.
        ((HERE,), (KHO, seat("hny oes-med sekretaer 2025-01-01 2026-05-10")), [("person:kho", ())]),
    ],
)
def test_who_is_told_in_place_of_somebody(
    people: tuple[Person, ...],
    seats: tuple[Seat, ...],
    expected: list[tuple[str, tuple[str, ...]]],
) -> None:
    assert told("2026-05-11", *people, seats=seats, remind=["1 week before"]) == expected


def test_what_is_confidential_is_no_substitutes_business() -> None:
    given = {"seats": (*SEATS, SUB), "remind": ["1 week before"], "confidential": True}
    assert told("2026-05-11", AWAY, person("sub"), **given) == [("person:hny", ())]
    office = {**given, "inform": "office hr"}
    assert told("2026-05-11", AWAY, person("sub"), **office) == [("office:hr", ("hny",))]


def test_whoever_is_informed_is_told_through_the_substitute_or_else_himself() -> None:
    chair = person("kho", "2026-05-01..")
    late = {"remind": []}
    found = told("2026-05-18", HERE, chair, **late)
    assert sorted(found) == [("person:hny", ()), ("person:kho", ())]
    other = replace(seat("sub oes-med suppleant 2025-01-01"), substitute_for="kho")
    found = told("2026-05-18", HERE, chair, person("sub"), seats=(*SEATS, other), **late)
    assert sorted(found) == [("person:hny", ()), ("person:sub", ("kho",))]
