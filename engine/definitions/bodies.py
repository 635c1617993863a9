"""The organisation and its members held against each other: names, circles and terms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from pydantic_core import PydanticCustomError

from engine.definitions.circles import circles
from engine.definitions.likeness import listed, nearest
from engine.definitions.members import Members
from engine.definitions.names import Names
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.organisation import Committee, Escalation, Level, Organisation, Seat
from engine.planning.rules import reserved
from engine.planning.workflow import parse_holder

_LIMIT = re.compile(r"(>=?|<=?) *(\d+)")


def organisation_findings(part: Part[Organisation], names: Names) -> Iterator[Finding]:
    """What is wrong within the organisation's own file."""
    organisation = part.model
    for key, committee in organisation.committees.items():
        at: Path = ("committees", key)
        if key in reserved():
            yield part.finding(at, "name-reserved", key=True, name=key)
        yield from names.level(part, (*at, "level"), committee.level)
        yield from names.committee(part, (*at, "parent"), committee.parent)
        yield from _own(part, at, committee)
        level = organisation.levels.get(committee.level or "")
        if level is not None and not _large_enough(level, committee):
            yield part.finding(
                (*at, "employees"),
                "committee-size",
                Severity.WARNING,
                title=level.title,
                limit=level.employees,
            )
    yield from _circles(part)
    escalate = organisation.settings.reminders.escalate
    if escalate is not None:
        at = ("settings", "reminders", "escalate", "to")
        yield from escalation_findings(part, at, escalate, names)
    yield from _administrators(part, names)


def _administrators(part: Part[Organisation], names: Names) -> Iterator[Finding]:
    """Whether those who look after the site can be found without asking which committee."""
    for index, text in enumerate(part.model.settings.administrators):
        at: Path = ("settings", "administrators", index)
        try:
            holder = parse_holder(text)
        except PydanticCustomError:
            yield part.finding(at, "value.not-a-holder")
            continue
        if holder.role and not holder.body:
            yield part.finding(at, "administrator-of-what", name=holder.role)
        yield from names.holder(part, at, holder)


def _own(part: Part[Organisation], at: Path, committee: Committee) -> Iterator[Finding]:
    from_on, until_on = committee.from_on, committee.until_on
    if from_on and until_on and until_on < from_on:
        yield part.finding((*at, "until"), "ends-before-it-begins", begins=from_on)
    for index, former in enumerate(committee.formerly):
        if former in part.model.committees:
            yield part.finding((*at, "formerly", index), "formerly-still-there", name=former)


def _large_enough(level: Level, committee: Committee) -> bool:
    found = _LIMIT.fullmatch(level.employees or "")
    if found is None or committee.employees is None or committee.kind != "committee":
        return True
    count, limit = committee.employees, int(found[2])
    compared = {">": count > limit, ">=": count >= limit, "<": count < limit, "<=": count <= limit}
    return compared[found[1]]


def _circles(part: Part[Organisation]) -> Iterator[Finding]:
    parents = {key: committee.parent for key, committee in part.model.committees.items()}
    for circle in circles({key: [up] if up else [] for key, up in parents.items()}):
        at: Path = ("committees", circle[0], "parent")
        yield part.finding(at, "committees-in-circle", circle=" → ".join((*circle, circle[0])))


def escalation_findings(
    part: Part[Any], at: Path, escalate: Escalation, names: Names
) -> Iterator[Finding]:
    """Whether those told at last are roles and offices that exist."""
    for index, text in enumerate(escalate.to):
        try:
            holder = parse_holder(text)
        except PydanticCustomError:
            yield part.finding((*at, index), "value.not-a-holder")
        else:
            yield from names.holder(part, (*at, index), holder)


def member_findings(members: Members, names: Names) -> Iterator[Finding]:
    """Whether seats are in committees and roles that exist, while they exist."""
    for seat in members.seats:
        yield from _unknown(members, seat, "committee", seat.committee, names.bodies)
        yield from _unknown(members, seat, "role", seat.role, names.roles)
        committee = names.committees.get(seat.committee)
        if committee is not None:
            yield from _term(members, seat, committee)


def _unknown(
    members: Members, seat: Seat, column: str, name: str, known: Collection[str] | None
) -> Iterator[Finding]:
    if known is not None and name not in known:
        near, names = nearest(name, known), listed(known)
        yield members.finding(
            seat, column, f"unknown-{column}", name=name, nearest=near, known=names
        )


def _term(members: Members, seat: Seat, committee: Committee) -> Iterator[Finding]:
    from_on, until_on = committee.from_on, committee.until_on
    if from_on and seat.from_on < from_on:
        yield members.finding(seat, "from", "seat-before-committee", begins=from_on)
    if until_on and (seat.until_on is None or seat.until_on > until_on):
        yield members.finding(seat, "until", "seat-after-committee", ends=until_on)
