from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.definitions import read_site, site_files
from engine.planning.edition import Edition, Milestones
from engine.planning.facts import Done, Facts, Meeting, Postponed
from engine.planning.organisation import Organisation, Seat
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.planning.tables import AnyTable
from engine.planning.workdays import DaySet, WorkingCalendar
from engine.planning.workflow import Workflow

WINDOW = Window(date(2024, 1, 1), date(2028, 12, 31))

ORGANISATION = Organisation.model_validate(
    {
        "name": "Eksempel Kommune",
        "levels": {
            "kommune-med": {"title": "KommuneMED", "rank": 1},
            "afdelings-med": {"title": "afdelingsMED", "rank": 2},
        },
        "roles": {
            "forperson": {"title": "forperson", "en": "chair"},
            "naestforperson": {"title": "næstforperson", "en": "deputy chair"},
            "sekretaer": {"title": "sekretær", "en": "secretary"},
            "medlem": {"title": "medlem", "en": "member"},
            "ordstyrer": {"title": "ordstyrer"},
        },
        "offices": {
            "hr": {"title": "HR & Løn", "email": "hr@kommune.example"},
            "fag": {
                "title": "Tillidskontoret",
                "email": "fag@kommune.example",
                "side": "employees",
            },
            "stab": {"title": "Staben", "email": "stab@kommune.example", "side": "management"},
        },
        "committees": {
            "kommune-med": {"title": "KommuneMED", "level": "kommune-med"},
            "oes-med": {
                "title": "afdelingsMED Økonomi & Stab",
                "level": "afdelings-med",
                "parent": "kommune-med",
            },
            "hr-loen": {"title": "personalemødet i HR & Løn", "kind": "staff_meeting"},
            "chefforum": {"title": "Chefforum", "kind": "forum", "visible": "management"},
            "kontaktudvalg": {"title": "kontaktudvalget", "kind": "forum", "visible": "employees"},
        },
    }
)

CLOSED = {
    "2025-12-24": "juleaften",
    "2025-12-25": "juledag",
    "2025-12-26": "2. juledag",
    "2025-12-31": "nytårsaften",
    "2026-01-01": "nytårsdag",
    "2026-04-02": "skærtorsdag",
    "2026-04-03": "langfredag",
    "2026-04-05": "påskedag",
    "2026-04-06": "2. påskedag",
    "2026-05-14": "Kristi himmelfartsdag",
    "2026-05-24": "pinsedag",
    "2026-05-25": "2. pinsedag",
}
DAYS = WorkingCalendar(
    DaySet(
        "kommune",
        "Kommunens arbejdsdage",
        date(2020, 1, 1),
        date(2035, 12, 31),
        frozenset({5, 6}),
        {date.fromisoformat(on): name for on, name in CLOSED.items()},
    )
)


@cache
def scales() -> Mapping[str, AnyTable]:
    """The tables that are shipped."""
    shipped = read_site(site_files(Path(__file__).parents[2]), None).edition
    assert shipped is not None
    return shipped.tables


def read(text: str) -> dict[str, Any]:
    """A line of YAML in which days stay texts, as in a site's files."""
    return yaml.load(text, yaml.BaseLoader) or {} if text else {}


def meetings(given: Mapping[str, Any], committee: str) -> dict[str, tuple[Meeting, ...]]:
    days = {committee: given.get("meetings", ())} | {
        key.removeprefix("meetings of "): held
        for key, held in given.items()
        if key.startswith("meetings of ")
    }
    return {
        body: tuple(Meeting(body, on, date.fromisoformat(on)) for on in held)
        for body, held in days.items()
        if held
    }


def workflow(start: Mapping[str, Any], steps: Mapping[str, Any], **more: Any) -> Workflow:
    return Workflow.model_validate(
        {
            "key": "proeve",
            "title": "Prøve",
            "source": {"document": "MED-rammeaftalen", "reference": "§ 8"},
            "committees": {"committee": "oes-med"},
            "responsible": "sekretaer",
            "start": start,
            "steps": steps,
            **more,
        }
    )


def edition(flow: Workflow, given: Mapping[str, Any], committee: str = "oes-med") -> Edition:
    milestones = ()
    if "milestones" in given:
        budget = {"kind": "budget", "period": "2027", "year": "2026", "dates": given["milestones"]}
        milestones = (Milestones.model_validate(budget),)
    seats = ()
    if "joining" in given:
        until = given.get("leaving")
        until_on = date.fromisoformat(until) if until else None
        seats = (Seat("abc", committee, "medlem", date.fromisoformat(given["joining"]), until_on),)
    return Edition(
        ORGANISATION,
        seats,
        meetings(given, committee),
        milestones,
        {"kommune": DAYS},
        {"proeve": flow},
        scales(),
    )


def facts(given: Mapping[str, Any]) -> Facts:
    done = tuple(
        Done(f"proeve/oes-med/{name}", date.fromisoformat(on))
        for name, on in given.get("done", {}).items()
    )
    postponed = tuple(
        Postponed(f"proeve/oes-med/{name}", meeting)
        for name, meeting in given.get("postponed", {}).items()
    )
    return Facts(done=done, postponed=postponed)


def planned(start: str, steps: str, given: str = "", **more: Any) -> Plan:
    told = read(given)
    flow = workflow(read(start), read(steps), **more)
    return make_plan(edition(flow, told), facts(told), WINDOW)


def deadline(plan: Plan, ending: str) -> Deadline:
    found = plan.by_key.get(f"proeve/oes-med/{ending}")
    assert found is not None, sorted(plan.by_key)
    return found
