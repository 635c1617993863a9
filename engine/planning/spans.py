"""Lengths of time as people write them: `4 months`, `2 uger`, `every week`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import RuleError
from engine.planning.rules import Unit, add_months
from engine.planning.workdays import WorkingCalendar

_UNITS: dict[str, Unit] = {
    "day": Unit.DAY,
    "days": Unit.DAY,
    "dag": Unit.DAY,
    "dage": Unit.DAY,
    "working day": Unit.WORKING_DAY,
    "working days": Unit.WORKING_DAY,
    "arbejdsdag": Unit.WORKING_DAY,
    "arbejdsdage": Unit.WORKING_DAY,
    "week": Unit.WEEK,
    "weeks": Unit.WEEK,
    "uge": Unit.WEEK,
    "uger": Unit.WEEK,
    "month": Unit.MONTH,
    "months": Unit.MONTH,
    "måned": Unit.MONTH,
    "måneder": Unit.MONTH,
    "year": Unit.YEAR,
    "years": Unit.YEAR,
    "år": Unit.YEAR,
}
_EVERY = r"(?:every|hvert?) (.+?)"
_PACE = re.compile(f"{_EVERY}(?: (?:for|i) (.+?), (?:then|derefter) {_EVERY})?", re.IGNORECASE)
_SPAN = re.compile(r"(?:(\d{1,3}) +)?([a-zæøå ]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A count and its unit, such as 4 months."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Pace:
    """How often something is repeated, and how much seldomer once it has lasted for a while."""

    every: Span
    lasting: Span | None = None
    afterwards: Span | None = None


def parse_span(text: str) -> Span:
    """Read `4 months`, `2 uger`; a bare unit counts as one."""
    match = _SPAN.fullmatch(" ".join(text.split()))
    unit = _UNITS.get(match[2].strip().lower()) if match else None
    if match is None or unit is None:
        raise RuleError("span.unreadable", text=text)
    count = int(match[1] or 1)
    if count == 0:
        raise RuleError("span.zero", text=text)
    return Span(count, unit)


def parse_lead(text: str) -> Span:
    """Read when a reminder goes: `4 weeks before`, `1 uge før`, `on the day`, `på dagen`."""
    words = " ".join(text.split()).lower()
    if words in ("on the day", "på dagen"):
        return Span(0, Unit.DAY)
    for ending in (" before", " før"):
        if words.endswith(ending):
            return parse_span(words.removesuffix(ending))
    raise RuleError("span.lead", text=text)


def parse_pace(text: str) -> Pace:
    """Read how often something is repeated: `every week`, `hver 3 dage`.

    It may grow seldomer: `every week for 8 weeks, then every month`, `hver uge i 8 uger, derefter
    hver måned`.
    """
    match = _PACE.fullmatch(" ".join(text.split()))
    if match is None:
        raise RuleError("span.pace", text=text)
    every, lasting, afterwards = match.groups()
    try:
        if lasting is None:
            return Pace(parse_span(every))
        return Pace(parse_span(every), parse_span(lasting), parse_span(afterwards))
    except RuleError as error:
        raise error if error.code == "span.zero" else RuleError("span.pace", text=text) from None


def later(on: date, span: Span, working: WorkingCalendar) -> date:
    """The day a span after another; two working days after a Friday is the next Tuesday."""
    return _moved(on, span, working, 1)


def earlier(on: date, span: Span, working: WorkingCalendar) -> date:
    """The day a span before another."""
    return _moved(on, span, working, -1)


def _moved(on: date, span: Span, working: WorkingCalendar, sign: int) -> date:
    count = sign * span.count
    match span.unit:
        case Unit.WORKING_DAY:
            return working.shift(on, count) if count else on
        case Unit.MONTH:
            return add_months(on, count)
        case Unit.YEAR:
            return add_months(on, 12 * count)
        case Unit.WEEK:
            return on + timedelta(days=7 * count)
        case Unit.DAY:
            return on + timedelta(days=count)
