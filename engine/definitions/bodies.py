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
from engine.planning.workflow import DEFAULT_DAYS, parse_holder

_LIMIT = re.compile(r"(>=?|<=?) *(\d+)")


def organisation_findings(part: Part[Organisation], names: Names) -> Iterator[Finding]:
    """What is wrong within the organisation's own file."""
    organisation = part.model
    circular = {key for circle in _parents_in_circles(part) for key in circle}
    for key, committee in organisation.committees.items():
        at: Path = ("committees", key)
        if key in reserved():
            yield part.finding(at, "name-reserved", key=True, name=key)
        yield from names.level(part, (*at, "level"), committee.level)
        yield from names.committee(part, (*at, "parent"), committee.parent)
        yield from _own(part, at, committee)
        level = organisation.levels.get(committee.level or "")
        code = _misfit(level, committee) if level is not None else None
        if level is not None and code is not None:
            yield part.finding(
                (*at, "employees"),
                code,
                Severity.WARNING,
                title=level.title,
                limit=level.employees,
            )
        yield from _placed(part, at, committee, key in circular)
    yield from _claimed_twice(part)
    yield from _circles(part)
    yield from _secretaries(part)
    escalate = organisation.settings.reminders.escalate
    if escalate is not None:
        at = ("settings", "reminders", "escalate", "to")
        yield from escalation_findings(part, at, escalate, names)
    yield from _administrators(part, names)


def _secretaries(part: Part[Organisation]) -> Iterator[Finding]:
    """The committees have one role that is the secretary."""
    said = [key for key, role in part.model.roles.items() if role.secretary]
    for key in said[1:]:
        yield part.finding(("roles", key, "secretary"), "secretary-is-another", name=said[0])


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


def _placed(
    part: Part[Organisation], at: Path, committee: Committee, circular: bool
) -> Iterator[Finding]:
    """A committee has a level, and lies under one of a higher level."""
    organisation = part.model
    is_levelled = committee.kind != "committee" or part.written(
        *(str(step) for step in at), "level"
    )
    if organisation.levels and not is_levelled:
        yield part.finding(at, "committee-without-level", Severity.WARNING, key=True)
    parent = organisation.committees.get(committee.parent or "")
    level, above = (
        organisation.levels.get(body.level or "") if body else None for body in (committee, parent)
    )
    if level is not None and above is not None and above.rank >= level.rank and not circular:
        yield part.finding(
            (*at, "parent"),
            "parent-not-above",
            Severity.WARNING,
            name=committee.parent,
        )


def _claimed_twice(part: Part[Organisation]) -> Iterator[Finding]:
    """A former name leads to one committee only."""
    claimed: dict[str, str] = {}
    for key, committee in part.model.committees.items():
        for index, former in enumerate(committee.formerly):
            first = claimed.setdefault(former, key)
            if first != key:
                at = ("committees", key, "formerly", index)
                yield part.finding(at, "formerly-of-another", name=former, other=first)


def _misfit(level: Level, committee: Committee) -> str | None:
    """What is wrong with a body's size: too few for its level, or too many for staff meetings.

    With `employees: "> 25"` a unit of 25 holds staff meetings, and one of 26 has a committee.
    """
    found = _LIMIT.fullmatch(level.employees or "")
    if found is None or committee.employees is None:
        return None
    fits = _fits(found, committee.employees)
    if committee.kind == "committee" and not fits:
        return "committee-size"
    is_large = fits and found[1].startswith(">")
    return "staff-meeting-size" if committee.kind == "staff_meeting" and is_large else None


def _fits(found: re.Match[str], count: int) -> bool:
    limit = int(found[2])
    compared = {">": count > limit, ">=": count >= limit, "<": count < limit, "<=": count <= limit}
    return compared[found[1]]


def _parents_in_circles(part: Part[Organisation]) -> list[tuple[str, ...]]:
    parents = {key: committee.parent for key, committee in part.model.committees.items()}
    return circles({key: [up] if up else [] for key, up in parents.items()})


def _circles(part: Part[Organisation]) -> Iterator[Finding]:
    for circle in _parents_in_circles(part):
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
        working = names.calendars.get(DEFAULT_DAYS)
        if working is not None and seat.from_on > working.day_set.until_on:
            ends = working.day_set.until_on
            yield members.finding(seat, "from", "seat-begins-late", Severity.WARNING, ends=ends)


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
