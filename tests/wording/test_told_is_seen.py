"""Whoever is told of a deadline may see it: no reminder is chosen by one rule, lost by another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from situation import DAYS, ORGANISATION, workflow

from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD
from engine.planning.organisation import Person, Seat, Side
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan
from engine.planning.reminders import ReminderKind, due, must_act
from engine.wording.gate import Sight, office_viewer, seen, viewer

TODAY = date(2026, 8, 31)
"""Long after every deadline below: those who must act, the informed and the last are all told."""
WINDOW = Window(date(2026, 1, 1), date(2026, 12, 31))
BODIES = ("oes-med", "kommune-med", "chefforum", "kontaktudvalg")
ROLES = ("forperson", "naestforperson", "sekretaer", "medlem")
NAMED = (
    *ROLES,
    *(f"{role} of {body}" for role in ROLES[::2] for body in BODIES[1:]),
    *(f"office {office}" for office in ORGANISATION.offices),
)
STARTS = ({"each": "year"}, {"each": "member", "roles": "medlem"})
RULES = {"year": "2026-06-30", "member": "within 1 year of joining"}
SEATS = st.sets(
    st.tuples(st.sampled_from(BODIES), st.sampled_from(ROLES), st.sampled_from((None, *Side))),
    max_size=10,
)
HOLDERS = st.lists(st.sampled_from(NAMED), min_size=1, max_size=3, unique=True)


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A committee, what begins its duty, and a step of any side, confidential or not."""
    start = draw(st.sampled_from(STARTS))
    step = {
        "title": "Trin",
        "due": RULES[start["each"]],
        "responsible": draw(HOLDERS),
        "inform": draw(HOLDERS),
        "escalate": {"after": "2 weeks", "to": draw(HOLDERS)},
        "confidential": draw(st.sampled_from(("yes", "no"))),
        "finish": draw(st.sampled_from(("one", "each", "all"))),
        "remind": "2 weeks before",
        "overdue": "every week",
    }
    if visible := draw(st.sampled_from((None, *Side))):
        step["visible"] = visible.value
    return draw(st.sampled_from(BODIES)), start, step


def made(
    committee: str,
    start: dict[str, Any],
    step: dict[str, Any],
    held: set[tuple[str, str, Side | None]],
) -> Plan:
    seats = tuple(
        Seat(
            f"p{number}",
            body,
            role,
            date(2025, 5, 1),
            side=side,
            substitute_for=f"p{number - 1}" if number % 2 else "",
        )
        for number, (body, role, side) in enumerate(sorted(held, key=str))
    )
    flow = workflow(start, {"trin": step}, committees={"committee": committee})
    given = Edition(ORGANISATION, seats, {}, (), {"kommune": DAYS}, {"proeve": flow})
    return make_plan(given, NOTHING_TOLD, WINDOW)


@over(steps(), SEATS, st.sets(st.integers(0, 9), max_size=4))
def test_whoever_is_told_of_a_deadline_sees_it(
    asked: tuple[str, dict[str, Any], dict[str, Any]],
    held: set[tuple[str, str, Side | None]],
    gone: set[int],
) -> None:
    given = made(*asked, held)
    away = {f"p{number}": Person(f"p{number}", "", "", None, TODAY, TODAY) for number in gone}
    for reminder in due(given, {}, {}, TODAY, None, away):
        kind, _, name = reminder.recipient.partition(":")
        by_name = viewer(given.register, name, TODAY)
        looking = office_viewer(name) if kind == "office" else by_name
        sight = seen(reminder.deadline, looking, given.register, TODAY, addressed=True)
        confidential = reminder.deadline.terms.confidential
        assert sight is (Sight.MASKED if confidential else Sight.FULL), reminder


@pytest.mark.parametrize(
    ("holder", "visible", "told"),
    [
        ("office fag", "employees", ["office:fag"]),
        ("office stab", "employees", []),
        ("office hr", "employees", []),
        ("office stab", "management", ["office:stab"]),
        ("office hr", None, ["office:hr"]),
    ],
)
def test_an_office_is_told_of_what_is_open_or_its_own_sides(
    holder: str, visible: str | None, told: list[str]
) -> None:
    step = {
        "title": "Trin",
        "due": "2026-06-30",
        "responsible": holder,
        "inform": holder,
        "escalate": {"after": "2 weeks", "to": holder},
        **({"visible": visible} if visible else {}),
    }
    given = made("oes-med", {"each": "year"}, step, set())
    deadline = given.by_key["proeve/oes-med/2026/trin"]
    for kind in (ReminderKind.DUE, ReminderKind.ESCALATED, ReminderKind.INFORMED):
        assert sorted(must_act(deadline, given, {}, TODAY, (kind,))) == told
