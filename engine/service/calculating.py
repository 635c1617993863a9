"""The deadline calculator: a rule and the days it names, forwards or backwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from engine.errors import EngineError, Unknown
from engine.planning.dating import rolled_link
from engine.planning.meetings import MeetingPlanOf
from engine.planning.rules import (
    Link,
    Meetings,
    Missing,
    Rule,
    Value,
    evaluate,
    mentions,
    parse,
    reach,
)
from engine.planning.tables import AnyTable, notice, scale_of
from engine.planning.workdays import Roll, WorkingCalendar
from engine.service.current import current
from engine.service.site import Site

MOST_DAYS = 110_000
"""All the days that a rule may count to, from the first year to the last."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the calculator answers."""

    rule: Rule
    value: Value
    nominal_on: date | None
    due_on: date | None
    links: tuple[Link, ...]
    backwards: str = ""
    until_on: date | None = None


@dataclass(frozen=True)
class GivenDays:
    """What a rule looks things up in when a person has given every day it names."""

    working: WorkingCalendar
    given: Mapping[str, date]
    base_year: int | None = None
    plans: Mapping[str, Meetings] = field(default_factory=dict)
    period: tuple[date, date] | None = None
    counted_from: str | None = "meeting"
    tables: Mapping[str, AnyTable] = field(default_factory=dict, kw_only=True)

    def anchor(self, name: str) -> Value:
        """An anchor given by its English phrase."""
        return self.name(name)

    def name(self, name: str) -> Value:
        """A day the person gave."""
        on = self.given.get(name)
        if on is None:
            return Value(None, missing=(Missing("given", {"name": name}),))
        return Value(on, (Link("given", on, {"name": name}),))

    def done(self, step: str) -> Value:
        """The day something was done is given under its name."""
        return self.name(step)

    def meetings(self, body: str | None) -> Meetings:
        """The meetings of a committee of the site."""
        if body is None or body not in self.plans:
            raise Unknown("service.date-needs-committee", name=body or "")
        return self.plans[body]

    def notice(self, table: str, since: date, given: date) -> Value:
        """The last day of a notice by one of the site's scales."""
        return notice(self.tables, table, since, given)


def reckon(
    site: Site,
    text: str,
    given: Mapping[str, date],
    days: str = "kommune",
    roll: Roll = Roll.STAY,
    year: int | None = None,
    until_on: date | None = None,
) -> Reckoned:
    """The date of a rule, or with `until_on` the last day for the one name not given."""
    rule = parse(text)
    now = current(site)
    if days not in now.edition.day_sets:
        raise Unknown("service.unknown-days", name=days, known=sorted(now.edition.day_sets))
    working = now.edition.working(days)
    plans = {body: MeetingPlanOf(held).known for body, held in now.edition.meetings.items()}
    tables = now.edition.tables
    _known_scales(rule, tables)
    wanted = _asked_for(rule) - set(given)
    desk = GivenDays(working, given, year, plans, tables=tables)
    if until_on is not None:
        return backwards(rule, desk, wanted, until_on, roll)
    if wanted:
        raise Unknown("service.date-not-given", names=", ".join(sorted(wanted)))
    return forwards(rule, desk, roll)


def _known_scales(rule: Rule, tables: Mapping[str, AnyTable]) -> None:
    scales = [key for key in sorted(tables) if scale_of(tables, key) is not None]
    for name in sorted(mentions(rule).tables - set(scales)):
        code = "service.unknown-table" if scales else "service.no-tables"
        raise Unknown(code, name=name, known=scales)


def _asked_for(rule: Rule) -> set[str]:
    said = mentions(rule)
    return {*said.names, *said.anchors, *said.done}


def forwards(rule: Rule, desk: GivenDays, roll: Roll) -> Reckoned:
    """The date of a rule, and where it goes that falls on a closed day."""
    value, working = evaluate(rule, desk), desk.working
    if value.on is None:
        return Reckoned(rule, value, None, None, value.links)
    if value.entered or roll is Roll.STAY or working.is_working(value.on):
        return Reckoned(rule, value, value.on, value.on, value.links)
    rolled = rolled_link(working, value.on, roll)
    return Reckoned(rule, value, value.on, rolled.on, (*value.links, rolled))


def backwards(
    rule: Rule, desk: GivenDays, wanted: set[str], until_on: date, roll: Roll
) -> Reckoned:
    """The last day that still gives a date no later than `until_on`.

    Days are tried one by one from the far end, so that rules which jump (the end of a month,
    the next meeting) are answered as exactly as they are asked.
    """
    if len(wanted) != 1:
        raise Unknown("service.date-one-unknown", names=", ".join(sorted(wanted)))
    name = next(iter(wanted))
    farthest = min(reach(rule) + 31, MOST_DAYS)
    for offset in range(farthest, -farthest - 1, -1):
        on = until_on + timedelta(days=offset)
        trial = replace(desk, given={**desk.given, name: on})
        try:
            answer = forwards(rule, trial, roll)
        except EngineError:
            continue
        if answer.due_on is not None and answer.due_on <= until_on:
            if offset == farthest:
                raise Unknown("service.date-any-day", name=name, until_on=until_on)
            return Reckoned(rule, answer.value, on, on, answer.links, name, until_on)
    raise Unknown("service.date-no-day", name=name, until_on=until_on)
