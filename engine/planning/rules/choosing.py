"""Chooses a meeting among those planned, and says when the plan does not reach far enough."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from engine.errors import EngineError
from engine.planning.rules.lookup import Link, Lookup, Meetings, Missing, Value
from engine.planning.rules.points import span
from engine.planning.rules.tree import (
    MonthMeeting,
    NearMeeting,
    Relation,
    Side,
    SideMeeting,
    Which,
)

_ONE_DAY = timedelta(days=1)
_AFTER = (Relation.AFTER, Relation.ON_OR_AFTER)

Choice = tuple[date, str]
Unplanned = dict[str, object]
"""Why no meeting is known: up to when they are planned, or from when, or the year between."""


def side_meeting(rule: SideMeeting, lookup: Lookup) -> Value:
    """The body's next or previous meeting, on another day than the one it is counted from."""
    if lookup.counted_from is None:
        raise EngineError("rule.no-meeting-here", body=rule.body)
    value = lookup.anchor(lookup.counted_from)
    is_next = rule.direction is Side.NEXT
    which = Which.FIRST if is_next else Which.LAST
    relation = Relation.AFTER if is_next else Relation.BEFORE
    said: dict[str, object] = {"which": rule.direction, "relation": None, "body": rule.body}
    return _near(value, which, relation, said, lookup.meetings(rule.body))


def near_meeting(rule: NearMeeting, value: Value, lookup: Lookup) -> Value:
    """The first or last meeting before or after a date."""
    said: dict[str, object] = {"which": rule.which, "relation": rule.relation, "body": rule.body}
    return _near(value, rule.which, rule.relation, said, lookup.meetings(rule.body))


def _near(
    value: Value, which: Which, relation: Relation, said: dict[str, object], meetings: Meetings
) -> Value:
    if value.on is None:
        at_earliest_on = value.at_earliest_on if relation in _AFTER else None
        return Value(None, value.links, value.missing, at_earliest_on)
    said = {**said, "of_on": value.on}
    if relation in _AFTER:
        from_on = value.on + _ONE_DAY if relation is Relation.AFTER else value.on
        return _said(value, said, _choose(which, from_on, None, meetings))
    until_on = value.on - _ONE_DAY if relation is Relation.BEFORE else value.on
    return _said(value, said, _choose(which, None, until_on, meetings))


def month_meeting(rule: MonthMeeting, lookup: Lookup) -> Value:
    """The first or last meeting in a month of the base year, or in the period."""
    (first_on, last_on), place = span(rule.month, lookup)
    said: dict[str, object] = {"which": rule.which, "relation": None, "body": rule.body}
    choice = _choose(rule.which, first_on, last_on, lookup.meetings(rule.body))
    return _said(Value(None), {**said, "of_on": None, **place}, choice)


def _choose(
    which: Which, from_on: date | None, until_on: date | None, meetings: Meetings
) -> Choice | Unplanned:
    """The first or last meeting of a span, unless one not planned yet might come before it."""
    days = meetings.days
    first = 0 if from_on is None else bisect_left(days, (from_on,))
    end = len(days) if until_on is None else bisect_left(days, (until_on + _ONE_DAY,))
    found = None if first >= end else days[first if which is Which.FIRST else end - 1]
    gap = _gap(which, from_on, until_on, found, meetings)
    if found is None or gap is not None or not _is_known(which, from_on, until_on, meetings):
        sought_on = from_on if which is Which.FIRST else until_on
        # Looking back, there may be an earlier one that nobody has written down.
        looks_back = which is Which.LAST and found is None and from_on is None
        return _unplanned(sought_on, gap, meetings, looks_back=looks_back)
    return found


def _gap(
    which: Which,
    from_on: date | None,
    until_on: date | None,
    found: Choice | None,
    meetings: Meetings,
) -> int | None:
    """A year without a meeting plan between the day sought from and what would be chosen."""
    if not meetings.unplanned:
        return None
    found_on = found[0] if found else None
    if which is Which.FIRST:
        before_on = date(found_on.year - 1, 12, 31) if found_on else None
        return meetings.gap(from_on, before_on or until_on or meetings.known_until)
    return meetings.gap(found_on or from_on or meetings.known_from, until_on)


def _unplanned(
    sought_on: date | None, gap: int | None, meetings: Meetings, *, looks_back: bool
) -> Unplanned:
    """How far the plan reaches from the day that a meeting is sought near."""
    known: dict[str, object] = {"known_until": meetings.known_until}
    if gap is not None:
        known["unplanned"] = gap
    first_on, last_on = meetings.known_from, meetings.known_until
    if sought_on is None or first_on is None or last_on is None:
        return known
    if sought_on < first_on:
        known["known_from"] = first_on
    elif looks_back and sought_on <= last_on:
        known["none_before"] = first_on
    return known


def _is_known(
    which: Which, from_on: date | None, until_on: date | None, meetings: Meetings
) -> bool:
    """Whether every meeting at the chosen end of a span has been planned."""
    if meetings.known_from is None or meetings.known_until is None:
        return False
    if which is Which.FIRST:
        return from_on is not None and from_on >= meetings.known_from
    return until_on is not None and until_on <= meetings.known_until


def _said(value: Value, said: dict[str, object], choice: Choice | Unplanned) -> Value:
    if isinstance(choice, dict):
        missing = Missing("meeting", {**said, **choice})
        return Value(None, value.links, (*value.missing, missing))
    on, meeting = choice
    links = (*value.links, Link("meeting", on, {**said, "meeting": meeting}))
    return Value(on, links, value.missing, provisional=value.provisional)
