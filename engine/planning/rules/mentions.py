"""What a rule mentions and how far it reaches, known without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.planning.rules.tree import (
    Anchor,
    Direction,
    DoneName,
    Earlier,
    FixedDay,
    Later,
    MonthEnd,
    MonthMeeting,
    Name,
    NearMeeting,
    Notice,
    Ordinal,
    Otherwise,
    Relation,
    Rule,
    Shift,
    Side,
    SideMeeting,
    Unit,
    WeekDay,
    Which,
    Within,
    YearDay,
)

FAR = 800
"""The days a rule may reach that names a year's day, a meeting or a notice: two years and more."""

ANYWHERE = 80_000
"""More days than lie between any two that a plan can name."""

# A rule is asked about again with every plan; no site has more of them.
MOST_KEPT = 4_096

# Two calendar days a working day, and a month more for days the municipality keeps closed.
_DAYS = {Unit.YEAR: 366, Unit.MONTH: 31, Unit.WEEK: 7, Unit.DAY: 1, Unit.WORKING_DAY: 2}
_CLOSED_DAYS = 31

_BEFORE = (Relation.BEFORE, Relation.ON_OR_BEFORE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The names a rule uses and what it needs from the occurrence it belongs to."""

    names: frozenset[str]
    anchors: frozenset[str]
    done: frozenset[str]
    bodies: frozenset[str]
    tables: frozenset[str]
    needs_year: bool
    needs_period: bool
    counts_from_meeting: bool
    """It says `next meeting of BODY`, counted from the occurrence's meeting or their meeting."""
    own_meetings: bool
    """It chooses among the committee's own meetings."""
    endless: bool
    """It asks for the first meeting before a date, or the last after one: no plan can tell."""


def parts(rule: Rule) -> Iterator[Rule]:
    """The rule and every rule inside it, outermost first."""
    yield rule
    match rule:
        case NearMeeting() | Shift() | Within() | MonthEnd():
            yield from parts(rule.of)
        case Later() | Earlier():
            yield from parts(rule.a)
            yield from parts(rule.b)
        case Otherwise():
            yield from parts(rule.first)
            yield from parts(rule.then)


@lru_cache(MOST_KEPT)
def mentions(rule: Rule) -> Mentions:
    """Everything a rule mentions; a notice's two dates count as names."""
    every = tuple(parts(rule))
    notices = [part for part in every if isinstance(part, Notice)]
    chosen = [part for part in every if isinstance(part, NearMeeting | MonthMeeting)]
    bodies = {part.body for part in chosen}
    return Mentions(
        names=frozenset(part.name for part in every if isinstance(part, Name))
        | {name for notice in notices for name in (notice.since, notice.given)},
        anchors=frozenset(part.name for part in every if isinstance(part, Anchor)),
        done=frozenset(part.name for part in every if isinstance(part, DoneName)),
        bodies=frozenset(body for body in bodies if body is not None)
        | {part.body for part in every if isinstance(part, SideMeeting)},
        tables=frozenset(notice.table for notice in notices),
        needs_year=any(_names_a_year(part) for part in every),
        needs_period=any(
            isinstance(part, Ordinal | MonthMeeting) and part.month is None for part in every
        ),
        counts_from_meeting=any(isinstance(part, SideMeeting) for part in every),
        own_meetings=None in bodies,
        endless=any(_is_endless(part) for part in every),
    )


def _names_a_year(rule: Rule) -> bool:
    match rule:
        case YearDay() | WeekDay():
            return True
        case Ordinal() | MonthMeeting():
            return rule.month is not None
        case _:
            return False


def _is_endless(rule: Rule) -> bool:
    return isinstance(rule, NearMeeting) and (rule.which is Which.FIRST) == (
        rule.relation in _BEFORE
    )


@lru_cache(MOST_KEPT)
def reach(rule: Rule) -> int:
    """The most days that a rule's date can lie from the dates it names."""
    match rule:
        case Anchor() | Name() | DoneName() | FixedDay():
            return 0
        case Shift():
            days = sum(count * _DAYS[unit] for count, unit in rule.amounts)
            closed = any(unit is Unit.WORKING_DAY for _, unit in rule.amounts) * _CLOSED_DAYS
            return reach(rule.of) + days + closed
        case Within():
            return reach(rule.of) + rule.years * _DAYS[Unit.YEAR]
        case MonthEnd():
            return reach(rule.of) + _DAYS[Unit.MONTH]
        case Later() | Earlier():
            return max(reach(rule.a), reach(rule.b))
        case Otherwise():
            return max(reach(rule.first), reach(rule.then))
        case NearMeeting():
            return reach(rule.of) + FAR
        case _:
            return FAR


@lru_cache(MOST_KEPT)
def reach_back(rule: Rule) -> int:
    """The most days that a rule's date can lie before the dates it names.

    What a rule finds in a year, a month or a period lies no earlier than that begins, and a day
    written out may lie anywhere. `3 weeks before meeting` reaches 21 days back, `1 May last year`
    a year, `next meeting of BODY` not at all.
    """
    match rule:
        case Shift():
            is_before = rule.direction is Direction.BEFORE
            return reach_back(rule.of) + (reach(rule) - reach(rule.of)) * is_before
        case Within() | MonthEnd():
            return reach_back(rule.of)
        case Later() | Earlier():
            return max(reach_back(rule.a), reach_back(rule.b))
        case Otherwise():
            return max(reach_back(rule.first), reach_back(rule.then))
        case NearMeeting():
            return reach_back(rule.of) + FAR * (rule.relation in _BEFORE)
        case _:
            return _starts_before(rule)


def _starts_before(rule: Rule) -> int:
    """How far back a rule reaches that counts from nothing inside it."""
    match rule:
        case FixedDay():
            return ANYWHERE
        case SideMeeting():
            return FAR * (rule.direction is Side.PREVIOUS)
        case YearDay():
            return max(-rule.year_offset, 0) * _DAYS[Unit.YEAR]
        case WeekDay():
            # Week 1 may begin in the year before.
            return _DAYS[Unit.WEEK]
        case Notice():
            return FAR
        case _:
            return 0
