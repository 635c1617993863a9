"""Builders of small editions: a municipality of a few committees, and what a test adds to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

import yaml
from danish_days import kommune

from engine.planning.edition import Edition, Milestones
from engine.planning.facts import Done, Facts, Meeting, Postponed, Waived
from engine.planning.organisation import Organisation, Seat, Side
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan
from engine.planning.workflow import Workflow

WORKING = kommune()
YEAR_2026 = Window(date(2026, 1, 1), date(2026, 12, 31))
MEETINGS_2026 = "2026-01-27 2026-03-26 2026-06-18 2026-08-26 2026-11-19"
ROLES = ("forperson", "naestforperson", "sekretaer", "leder", "medlem", "amr")
COMMITTEES: Mapping[str, Mapping[str, Any]] = {
    "kommune-med": {"title": "KommuneMED", "level": "kommune-med"},
    "oes-med": {
        "title": "afdelingsMED Økonomi & Stab",
        "level": "afdelings-med",
        "parent": "kommune-med",
    },
    "bf-med": {
        "title": "afdelingsMED Børn & Familie",
        "level": "afdelings-med",
        "parent": "kommune-med",
    },
    "chefforum": {"title": "Chefforum", "kind": "forum", "visible": "management"},
}
OFFICES = {
    "hr": {"title": "HR & Løn", "email": "hr@kommune.example"},
    "fag": {"title": "Tillidskontoret", "email": "fag@kommune.example", "side": "employees"},
    "stab": {"title": "Direktionens stab", "email": "stab@kommune.example", "side": "management"},
}
ONCE = {"each": "milestones", "kind": "engang"}
ONE_SET = Milestones(kind="engang", period="2026", year=2026, dates={"start": date(2026, 1, 1)})
REMINDERS = {
    "remind": ["2 weeks before", "3 days before"],
    "overdue": "every week",
    "escalate": {"after": "2 weeks", "to": "forperson"},
}


def organisation(
    committees: Mapping[str, Mapping[str, Any]] = COMMITTEES, **settings: Any
) -> Organisation:
    return Organisation.model_validate(
        {
            "name": "Eksempel Kommune",
            "settings": {"reminders": REMINDERS, **settings},
            "levels": {
                "kommune-med": {"title": "KommuneMED", "rank": 1},
                "afdelings-med": {"title": "afdelingsMED", "rank": 2},
            },
            "roles": {role: {"title": role} for role in ROLES},
            "offices": OFFICES,
            "committees": committees,
        }
    )


def workflow(key: str, start: Any, steps: Mapping[str, Any], **rest: Any) -> Workflow:
    return Workflow.model_validate(
        {
            "key": key,
            "title": key.rpartition("/")[2].capitalize(),
            "source": {"document": "Lokal aftale", "reference": "§ 1"},
            "committees": {"committee": "oes-med"},
            "responsible": "forperson",
            "start": start,
            "steps": {name: {"title": name.capitalize(), **step} for name, step in steps.items()},
            **rest,
        }
    )


def edition(
    *workflows: Workflow,
    meetings: str | Mapping[str, str] = MEETINGS_2026,
    seats: tuple[Seat, ...] = (),
    milestones: tuple[Milestones, ...] = (ONE_SET,),
    body: Organisation | None = None,
) -> Edition:
    planned = {"oes-med": meetings} if isinstance(meetings, str) else meetings
    return Edition(
        organisation=body or organisation(),
        seats=seats,
        meetings={name: meeting_list(name, text) for name, text in planned.items() if text},
        milestones=milestones,
        day_sets={"kommune": WORKING},
        workflows={each.key: each for each in workflows},
    )


MEETING = re.compile(r"(\d{4}-\d\d-\d\d)(?:>(\d{4}-\d\d-\d\d))?(e?)(a?)")


def meeting_list(body: str, text: str) -> tuple[Meeting, ...]:
    """`2026-03-26>2026-03-31` was moved, `2026-05-07e` is extraordinary, `2026-06-18a` is off."""
    found = []
    for word in text.split():
        match = MEETING.fullmatch(word)
        assert match is not None, word
        planned, moved_to, extraordinary, cancelled = match.groups()
        found.append(
            Meeting(
                body,
                planned,
                date.fromisoformat(moved_to or planned),
                starts=time(12),
                ends=time(14),
                extraordinary=bool(extraordinary),
                cancelled=bool(cancelled),
            )
        )
    return tuple(found)


def bodies(text: str) -> dict[str, str]:
    """`oes-med: 2026-01-27 2026-03-26, kommune-med: 2026-02-11`; without a name, oes-med."""
    found = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, colon, days = part.rpartition(":")
        found[name.strip() if colon else "oes-med"] = days
    return found


def facts(text: str, prefix: str) -> Facts:
    """`udført KEY DAY`, `frafaldet KEY DAY`, `udsat KEY FROM [TO]`, with commas between."""
    done: list[Done] = []
    waived: list[Waived] = []
    postponed: list[Postponed] = []
    for part in filter(None, text.split(", ")):
        match part.split():
            case ["udført", key, on]:
                done.append(Done(f"{prefix}/{key}", date.fromisoformat(on)))
            case ["frafaldet", key, on]:
                waived.append(Waived(f"{prefix}/{key}", date.fromisoformat(on)))
            case ["udsat", key, from_meeting, *to]:
                postponed.append(Postponed(f"{prefix}/{key}", from_meeting, "".join(to)))
            case _:
                raise ValueError(part)
    return Facts(tuple(done), tuple(postponed), tuple(waived))


def seat(text: str, side: Side | None = None, unit: str = "") -> Seat:
    """`kho oes-med forperson 2025-06-01 2027-05-31`, the last day left out while it is open."""
    person, committee, role, from_on, *until = text.split()
    until_on = date.fromisoformat(until[0]) if until else None
    return Seat(
        person, committee, role, date.fromisoformat(from_on), until_on, side=side, unit=unit
    )


def window(text: str) -> Window:
    """`2026-01-01..2026-12-31`, or `2026`."""
    first, dots, last = text.partition("..")
    if not dots:
        return Window(date(int(text), 1, 1), date(int(text), 12, 31))
    return Window(date.fromisoformat(first), date.fromisoformat(last))


def flow(text: str) -> Any:
    """A value as a workflow file writes it in braces; every word stays a text, `on` too."""
    return yaml.load(text, yaml.BaseLoader)


def plan(given: Edition, told: Facts | None = None, over: Window = YEAR_2026) -> Plan:
    return make_plan(given, told or Facts(), over)


def days(made: Plan, prefix: str = "") -> dict[str, str]:
    """Every deadline's own part of its key, with its day; both days where they differ."""
    found = {}
    for deadline in made.deadlines:
        key = deadline.key.removeprefix(f"{prefix}/") if prefix else deadline.key
        nominal, due = str(deadline.nominal_on or "–"), str(deadline.due_on or "–")
        found[key] = due if nominal == due else f"{nominal} → {due}"
    return found


def listed(made: Plan, prefix: str) -> str:
    """`2026-1/droeftelse=2026-03-26`, one after the other in the order of the plan."""
    return ", ".join(f"{key}={on}" for key, on in days(made, prefix).items())
