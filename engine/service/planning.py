"""The deadlines of the edition in force, as commands and pages list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from engine.errors import Unknown
from engine.planning.organisation import Person, Seat
from engine.planning.periods import Window, add_months
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, responsible_seats, state
from engine.planning.workflow import Holder
from engine.service.current import Current, current
from engine.service.site import Site

DEFAULT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines are wanted."""

    from_on: date | None = None
    until_on: date | None = None
    committee: str = ""
    workflow: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A deadline with its state and the people it concerns on its day."""

    deadline: Deadline
    state: State
    responsible: tuple[Person, ...]
    responsible_offices: tuple[str, ...]
    informed: tuple[Person, ...]
    informed_offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a plan, and where they come from."""

    now: Current
    plan: Plan
    rows: tuple[Row, ...]
    uids: Mapping[str, str] = field(default_factory=dict)
    """What confidential deadlines are called instead of their keys, once they are announced."""


def listed(site: Site, asked: Asked, now: Current | None = None) -> Listed:
    """The deadlines of a window, those of one committee, workflow or person where asked.

    `now` is what holds, where it is not what holds at present.
    """
    now = now or current(site)
    known(now, asked)
    from_on = asked.from_on or site.today
    until_on = asked.until_on or add_months(from_on, DEFAULT_MONTHS)
    if until_on < from_on:
        raise Unknown("service.window-backwards", from_on=from_on, until_on=until_on)
    plan = now.plan(Window(from_on, until_on))
    rows = tuple(
        row
        for deadline in plan.deadlines
        if _wanted(deadline, asked)
        and _concerns(row := row_of(deadline, plan, now.people, site.today), asked.person)
    )
    closed = [row.deadline.key for row in rows if row.deadline.terms.confidential]
    return Listed(now, plan, rows, uids_of(site, closed))


def uids_of(site: Site, keys: Iterable[str]) -> dict[str, str]:
    """The announced names of some deadlines; those not announced yet have none."""
    wanted = set(keys)
    if not wanted or not site.has_store:
        return {}
    with site.store() as store:
        return {key: told.uid for key, told in store.ledger().items() if key in wanted}


def row_of(deadline: Deadline, plan: Plan, people: Mapping[str, Person], today: date) -> Row:
    """A deadline as it stands on a day: holders are those of the day to act by, else today's."""
    on = deadline.due_on or today
    responsible = responsible_seats(deadline, plan.register, on)
    informed = [
        seat
        for holder in deadline.terms.inform
        for seat in plan.register.roster.holding(holder, deadline.committee, on)
    ]
    return Row(
        deadline,
        state(deadline, plan, today),
        _people(responsible, people),
        _offices(deadline.terms.responsible),
        _people(tuple(informed), people),
        _offices(deadline.terms.inform),
    )


def _people(seats: tuple[Seat, ...], people: Mapping[str, Person]) -> tuple[Person, ...]:
    ids = dict.fromkeys(seat.person for seat in seats)
    return tuple(people[person] for person in ids if person in people)


def _offices(holders: tuple[Holder, ...]) -> tuple[str, ...]:
    return tuple(holder.office for holder in holders if holder.office)


def _wanted(deadline: Deadline, asked: Asked) -> bool:
    return (not asked.committee or asked.committee == deadline.committee) and (
        not asked.workflow or asked.workflow == deadline.workflow
    )


def _concerns(row: Row, person: str) -> bool:
    if not person:
        return True
    return any(person in (one.id, one.email) for one in (*row.responsible, *row.informed))


def known(now: Current, asked: Asked) -> None:
    """Refuses a committee, workflow or person that there is not."""
    edition = now.edition
    people = {one.id for one in now.people.values()} | {one.email for one in now.people.values()}
    for code, name, names in (
        ("service.unknown-committee", asked.committee, set(edition.organisation.committees)),
        ("service.unknown-workflow", asked.workflow, set(edition.workflows)),
        ("service.unknown-person", asked.person, people),
    ):
        if name and name not in names:
            near = get_close_matches(name, sorted(names), n=1)
            raise Unknown(code, name=name, near=near[0] if near else "")
