"""What a rule needs to know to become a date, and what it then says: values and their links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from engine.planning.workdays import WorkingCalendar


class Link(NamedTuple):
    """One link of a derivation; its detail is ready for JSON apart from dates and links."""

    kind: str
    on: date | None
    detail: Mapping[str, object]


class Missing(NamedTuple):
    """Something that is not known yet."""

    kind: str
    detail: Mapping[str, object]


class Value(NamedTuple):
    """A date with its derivation, or why there is none.

    A provisional date may still move: `missing` then says what is not known yet.
    `entered` is a date that is never moved off a closed day: one that a person typed, unshifted,
    or a notice's last day.
    """

    on: date | None
    links: tuple[Link, ...] = ()
    missing: tuple[Missing, ...] = ()
    at_earliest_on: date | None = None
    provisional: bool = False
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Meetings:
    """A body's ordinary, not cancelled meetings as sorted (day, id), and the days they cover.

    Without `known_from` or `known_until` no meeting plan is known at all.
    """

    days: tuple[tuple[date, str], ...] = ()
    known_from: date | None = None
    known_until: date | None = None
    unplanned: tuple[int, ...] = ()
    """Years between those that no meeting was planned for."""

    def gap(self, from_on: date | None, until_on: date | None) -> int | None:
        """The first unplanned year that some of the days from one to the other lie in."""
        if from_on is None or until_on is None:
            return None
        between = (year for year in self.unplanned if from_on.year <= year <= until_on.year)
        return next(between, None)


class Lookup(Protocol):
    """What an occurrence knows; its values carry their own links and missing."""

    @property
    def working(self) -> WorkingCalendar:
        """The working days the rule counts in."""

    @property
    def base_year(self) -> int | None:
        """The year that days without a year lie in."""

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and last day of the occurrence's period."""

    @property
    def counted_from(self) -> str | None:
        """The anchor of `next meeting of BODY`: "meeting", "their meeting" or none."""

    def anchor(self, name: str) -> Value:
        """The date of an anchor, by its English phrase."""

    def name(self, name: str) -> Value:
        """The date of an input or milestone, or the planned date of a step."""

    def done(self, step: str) -> Value:
        """The day a step was really done."""

    def meetings(self, body: str | None) -> Meetings:
        """The meetings of a body, or of the committee itself."""

    def notice(self, table: str, since: date, given: date) -> Value:
        """The last day of a notice by a table."""
