"""A fully planned site: everything shipped, with meetings, milestones, members and cases for all.

The files are the shipped ones. Meeting plans, milestones and members are replaced by some for
every body, every kind and every seat of 2023 to 2029, and every case workflow has the cases that
its examples tell of. So whatever planning still finds lacking is a fault of a file or the engine.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from engine.definitions import Reading, read_site, shipped_site, site_files
from engine.planning.edition import Edition
from engine.planning.facts import Case, Facts
from engine.planning.inputs import InputValue, inputs_of, plain, read_input
from engine.planning.organisation import Committee, Organisation, Side
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan
from engine.planning.roster import Roster
from engine.planning.starts import CaseInput, EachCase
from engine.planning.workflow import Workflow

YEARS = range(2023, 2030)
ASKED = range(2024, 2029)
WINDOW = Window(date(ASKED[0], 1, 1), date(ASKED[-1], 12, 31))

_TABLES = Path(__file__).parents[1] / "tables"
_REPLACED = ("calendars/meetings/", "calendars/milestones/", "organisation/members.csv")
_SWITCHED_OFF = re.compile(r"(?m)^in use: *(no|nej)\b.*\n")
_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
_SIDES = {
    "forperson": Side.MANAGEMENT,
    "leder": Side.MANAGEMENT,
    "arbejdsmiljoeleder": Side.MANAGEMENT,
    "naestforperson": Side.EMPLOYEES,
    "medlem": Side.EMPLOYEES,
    "amr": Side.EMPLOYEES,
}


def table(name: str) -> list[dict[str, str]]:
    with (_TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def day_of(words: str, year: int) -> date:
    """`3. tirsdag i august`, or `1. juni`."""
    number, *named = words.replace(".", "").split()
    first_on = date(year, _MONTHS.index(named[-1]) + 1, 1)
    if len(named) == 1:
        return first_on.replace(day=int(number))
    ahead = (_DAYS.index(named[0]) - first_on.weekday()) % 7
    return first_on + timedelta(days=ahead + 7 * (int(number) - 1))


def meeting_days(committee: str, body: Committee, year: int) -> Iterator[tuple[date, bool]]:
    """The days a body meets in a year, and whether each meeting is extraordinary."""
    rows = {row["udvalg"]: row for row in table("fuldt-planlagt-moeder.csv")}
    row = rows[committee if body.level is None else body.level]
    for column in ("ordinære", "ekstraordinære"):
        for words in filter(None, row[column].split(", ")):
            yield day_of(words, year), column == "ekstraordinære"


def files() -> dict[str, bytes]:
    """Every file of the site, in the order of their paths."""
    shipped = site_files(shipped_site())
    organisation = _organisation(shipped)
    kept = {path: text for path, text in shipped.items() if not path.startswith(_REPLACED)}
    found = {path: _in_use(path, text) for path, text in kept.items()}
    found |= dict(_meetings(organisation)) | dict(_milestones())
    found["organisation/members.csv"] = "\n".join(_members(organisation)).encode()
    return dict(sorted(found.items()))


@cache
def reading() -> Reading:
    return read_site(files(), date(2026, 11, 23))


@cache
def edition() -> Edition:
    found = reading().edition
    assert found is not None, [finding.code for finding in reading().findings]
    return found


def facts(given: Edition) -> Facts:
    """A case for every example of every case workflow, with all inputs."""
    numbers = (f"2024-{number:03}" for number in count(1))
    return Facts(
        cases=tuple(
            case
            for workflow in given.workflows.values()
            if isinstance(workflow.start, EachCase)
            for case in _cases(workflow, given, numbers)
        )
    )


@cache
def plan() -> Plan:
    return make_plan(edition(), facts(edition()), WINDOW)


def _organisation(shipped: dict[str, bytes]) -> Organisation:
    made = read_site(shipped).edition
    assert made is not None
    return made.organisation


def _in_use(path: str, text: bytes) -> bytes:
    """A workflow that is shipped switched off is switched on: what it plans must be sound too."""
    if not path.startswith("workflows/"):
        return text
    return _SWITCHED_OFF.sub("", text.decode()).encode()


def _meetings(organisation: Organisation) -> Iterator[tuple[str, bytes]]:
    for committee, body in organisation.committees.items():
        for year in YEARS:
            days = sorted(meeting_days(committee, body, year))
            lines = [
                f'  - {{date: {on}, time: "09:00-11:00"{kind}}}'
                for on, extraordinary in days
                for kind in [", kind: extraordinary" if extraordinary else ""]
            ]
            text = "\n".join([f"committee: {committee}", "meetings:", *lines, ""])
            yield f"calendars/meetings/{committee}-{year}.yaml", text.encode()


def _milestones() -> Iterator[tuple[str, bytes]]:
    rows = table("fuldt-planlagt-milepaele.csv")
    for kind in dict.fromkeys(row["slags"] for row in rows):
        own = [row for row in rows if row["slags"] == kind]
        for year in YEARS:
            if own[0]["hvert"] == "ulige år" and year % 2 == 0:
                continue
            period = year + int(own[0]["periode"])
            dates = ", ".join(f"{row['navn']}: {day_of(row['dag'], year)}" for row in own)
            lines = [f"kind: {kind}", f"period: {period}", f"year: {year}", f"dates: {{{dates}}}"]
            yield f"calendars/milestones/{kind}-{period}.yaml", "\n".join([*lines, ""]).encode()


def _members(organisation: Organisation) -> Iterator[str]:
    """Every role of every body, held by somebody on every day of the years.

    The management's seats are open, but one leader is new each year; the employees' last two
    years, and of their members one is elected again and one is new each time.
    """
    yield "person;committee;role;name;email;from;until;side;mandate;language;;;;unit".replace(
        ";;;;", ";substitute_for;away_from;away_until;"
    )
    numbers = count(1)
    for committee, body in organisation.committees.items():
        for role in organisation.roles:
            side = body.visible or _SIDES.get(role)
            if role == "leder":
                for year in YEARS:
                    who = next(numbers)
                    yield _seat(who, committee, role, f"{year}-02-01", f"{year + 1}-01-31", side)
            elif side is Side.EMPLOYEES:
                again = next(numbers)
                for year in range(YEARS[0] - 2, YEARS[-1] + 1, 2):
                    term = (f"{year}-06-01", f"{year + 2}-05-31")
                    yield _seat(again, committee, role, *term, side, "Nord")
                    if role in ("medlem", "amr"):
                        yield _seat(next(numbers), committee, role, *term, side, "Syd")
            else:
                yield _seat(next(numbers), committee, role, "2022-03-01", "", side)


def _seat(
    number: int,
    committee: str,
    role: str,
    from_on: str,
    until_on: str,
    side: Side | None,
    unit: str = "",
) -> str:
    who = f"p{number:03}"
    name, email = f"Person {number}", f"{who}@kommune.example"
    cells = (who, committee, role, name, email, from_on, until_on, side or "", "", "", "", "", "")
    return ";".join((*cells, unit))


def _cases(workflow: Workflow, given: Edition, numbers: Iterator[str]) -> Iterator[Case]:
    asked = inputs_of(workflow.start)
    for example in workflow.examples:
        told = {name: read_input(asked[name], text) for name, text in example.given.inputs.items()}
        days = [value for value in told.values() if isinstance(value, date)]
        last_on = max(days, default=date(2026, 3, 2))
        for name, one in asked.items():
            if name in told:
                continue
            before_on = _before_the_next(name, asked, told)
            if before_on is None:
                before_on = last_on = last_on + timedelta(weeks=4)
            told[name] = read_input(one, _invented(one, before_on))
        committee = example.given.committee or next(
            iter(Roster(given).chosen(workflow.committees)), ""
        )
        inputs = {name: plain(value) for name, value in told.items()}
        opened_on = min(days, default=date(2026, 3, 2))
        yield Case(next(numbers), workflow.key, committee, opened_on, inputs)


def _before_the_next(
    name: str, asked: Mapping[str, CaseInput], told: Mapping[str, InputValue]
) -> date | None:
    """A day four weeks before the next one that is told: files ask for days in their order."""
    names = list(asked)
    back = 0
    for other in names[names.index(name) :]:
        on = told.get(other)
        if isinstance(on, date):
            return on - timedelta(weeks=4 * back)
        back += asked[other].type == "date"
    return None


def _invented(asked: CaseInput, on: date) -> str:
    match asked.type:
        case "date":
            return on.isoformat()
        case "yes/no":
            return "yes"
        case "choice":
            return next(iter(asked.choices))
        case "whole number":
            return "30"
        case _:
            return "Til prøve"
