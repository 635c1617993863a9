"""A small site with an entry of every sort, closed ones too, and a ledger that has told of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from engine.planning.diff import Announced, snapshots
from engine.planning.edition import Edition, Milestones
from engine.planning.facts import NOTHING_TOLD, Facts, Meeting
from engine.planning.organisation import Organisation, Seat, Side
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan
from engine.planning.workdays import DaySet, WorkingCalendar
from engine.planning.workflow import Workflow

SECRET = "HEMMELIG"
"""Stands in every title, reference and recommendation that only some may read."""

WINDOW = Window(date(2025, 1, 1), date(2028, 12, 31))
TODAY = date(2026, 3, 12)
TOLD_AT = datetime(2026, 2, 2, 6, 30, 15, 250, tzinfo=UTC)
BASE_URL = "https://medfrist.kommune.example"

ORGANISATION: dict[str, Any] = {
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
    },
    "offices": {"hr": {"title": "HR & Løn", "email": "hr@kommune.example"}},
    "committees": {
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
        "kontaktudvalg": {"title": "kontaktudvalget", "kind": "forum", "visible": "employees"},
    },
}

SOURCE = {"document": "MED-rammeaftalen", "reference": "§ 8"}
CLOSED_SOURCE = {"document": f"{SECRET} aftale", "reference": f"{SECRET} § 1"}

WORKFLOWS: dict[str, dict[str, Any]] = {
    "moeder/afdelings-med": {
        "title": "Møder i afdelingsMED",
        "source": {"document": "Lokal praksis", "confidence": "local"},
        "committees": {"committee": "oes-med"},
        "responsible": "sekretaer",
        "inform": ["forperson", "naestforperson"],
        "start": {"each": "meeting"},
        "steps": {"dagsorden": {"title": "Dagsordenen sendes ud", "due": "1 week before meeting"}},
    },
    "retningslinjer/vold": {
        "title": "Retningslinje om vold",
        "source": SOURCE,
        "committees": {"committee": "oes-med"},
        "responsible": ["forperson", "naestforperson"],
        "start": {"times": 2, "per": "year", "prefer": ["march", "september"]},
        "steps": {
            "droeftelse": {
                "title": "Retningslinjen om vold, trusler; \\ og »krænkende handlinger« drøftes",
                "at": "meeting",
            }
        },
    },
    "uddannelse/med-grunduddannelse": {
        "title": "MED-grunduddannelse",
        "source": SOURCE,
        "committees": {"committee": "oes-med"},
        "responsible": "medlem",
        "inform": "office hr",
        "start": {"each": "member", "roles": ["medlem"]},
        "steps": {
            "taget": {"title": "MED-grunduddannelsen er taget", "due": "within 1 year of joining"}
        },
    },
    "budget/med-hoering": {
        "title": "Budgettet",
        "source": SOURCE,
        "responsible": "sekretaer of kommune-med",
        "start": {"each": "milestones", "kind": "budget"},
        "steps": {"vedtaget": {"title": "Budgettet vedtages", "on": "anden-behandling"}},
    },
    "personale/fortrolig": {
        "title": f"{SECRET} sag",
        "source": CLOSED_SOURCE,
        "committees": {"committee": "oes-med"},
        "responsible": "forperson",
        "inform": "sekretaer",
        "confidential": "yes",
        "start": {"each": "half-year"},
        "steps": {
            "parthoering": {"title": f"{SECRET} partshøring", "due": "1 month after period start"},
            "opfoelgning": {
                "title": "Der følges op",
                "due": "2 weeks after parthoering",
                "confidential": "no",
                "source": SOURCE,
            },
        },
    },
    "bagland/kontaktudvalg": {
        "title": f"{SECRET} bagland",
        "source": CLOSED_SOURCE,
        "committees": {"committee": "kontaktudvalg"},
        "responsible": "sekretaer",
        "start": {"each": "meeting"},
        "steps": {"oplaeg": {"title": f"{SECRET} oplæg", "due": "2 days before meeting"}},
    },
}

SEATS = (
    Seat("abc", "oes-med", "sekretaer", date(2025, 6, 1), side=Side.MANAGEMENT),
    Seat("def", "oes-med", "forperson", date(2025, 6, 1), side=Side.MANAGEMENT),
    Seat("ghi", "oes-med", "naestforperson", date(2025, 6, 1), side=Side.EMPLOYEES),
    Seat("jkl", "oes-med", "medlem", date(2025, 6, 1), side=Side.EMPLOYEES),
    Seat("mno", "kontaktudvalg", "sekretaer", date(2025, 6, 1), side=Side.EMPLOYEES),
    Seat("pqr", "kommune-med", "sekretaer", date(2025, 6, 1), side=Side.MANAGEMENT),
    # The next secretary of the committee; both have a part of 2026.
    Seat("stu", "oes-med", "sekretaer", date(2026, 8, 1), side=Side.MANAGEMENT),
)
SEATS = (replace(SEATS[0], until_on=date(2026, 7, 31)), *SEATS[1:])

NAMES = ("abc", "def", "ghi", "jkl", "mno", "pqr", "stu")


def met(on: str, hours: str = "", place: str = "", planned: str = "", **more: Any) -> Meeting:
    starts, _, ends = hours.partition("-")
    return Meeting(
        more.pop("committee", "oes-med"),
        planned or on,
        date.fromisoformat(on),
        time.fromisoformat(starts) if starts else None,
        time.fromisoformat(ends) if ends else None,
        place,
        **more,
    )


MEETINGS = (
    met("2026-01-27", "12:00-14:00", "Mødelokale 823"),
    met("2026-03-26", "12:00-14:00", "Mødelokale 823, 8. sal; Rådhuset"),
    met("2026-04-23", "15:30-16:30", extraordinary=True),
    met("2026-05-21", "12:00"),
    met("2026-08-26"),
    met("2026-11-19", "12:00-14:00", planned="2026-11-12"),
)
THEIR_MEETINGS = (met("2026-03-19", "09:00-10:00", "Kantinen", committee="kontaktudvalg"),)

CLOSED_DAYS = {date(2026, 5, 14): "Kristi himmelfartsdag", date(2026, 12, 25): "juledag"}


def site(
    workflows: Mapping[str, Mapping[str, Any]] = WORKFLOWS,
    meetings: tuple[Meeting, ...] = MEETINGS,
) -> Edition:
    working = WorkingCalendar(
        DaySet(
            "kommune",
            "Kommunens arbejdsdage",
            date(2015, 1, 1),
            date(2040, 12, 31),
            frozenset({5, 6}),
            CLOSED_DAYS,
        )
    )
    budget = {
        "kind": "budget",
        "period": "2027",
        "year": 2026,
        "dates": {"anden-behandling": "2026-10-08"},
    }
    return Edition(
        Organisation.model_validate(ORGANISATION),
        SEATS,
        {"oes-med": meetings, "kontaktudvalg": THEIR_MEETINGS},
        (Milestones.model_validate(budget),),
        {"kommune": working},
        {key: Workflow.model_validate({**raw, "key": key}) for key, raw in workflows.items()},
    )


def planned(edition: Edition | None = None, facts: Facts = NOTHING_TOLD) -> Plan:
    return make_plan(edition or site(), facts, WINDOW)


def uid_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def ledger_of(
    plan: Plan, revision: int = 1, changed_at: datetime = TOLD_AT
) -> dict[str, Announced]:
    return {
        key: Announced(key, uid_of(key), revision, changed_at, None, snapshot)
        for key, snapshot in snapshots(plan).items()
    }


def retired(
    ledger: Mapping[str, Announced], keys: Iterable[str], at: datetime
) -> dict[str, Announced]:
    gone = {key: replace(ledger[key], revision=2, changed_at=at, retired_at=at) for key in keys}
    return {**ledger, **gone}
