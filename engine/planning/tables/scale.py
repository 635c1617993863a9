"""Scales of notices: how long a notice is, by the seniority it runs out in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from engine.errors import EngineError
from engine.planning.fields import Entry, Key, Length, fault
from engine.planning.rules import Link, Missing, Unit, Value, add_months, month_end
from engine.planning.sources import Source
from engine.planning.spans import Span
from engine.planning.tables.table import Table

Ends = Literal["end of month", "any day"]


class NoticeRow(Entry):
    """A notice, and the seniority inside which it must have run out."""

    leaves_within: Length | None = Field(None, alias="leaves within")
    notice: Length
    ends: Ends | None = None


class NoticeTable(Table):
    """A scale of notices: the first row whose last day falls inside the stated seniority."""

    table: Literal["notice"]
    ends: Ends | None = None
    extends: Key | None = None
    add: Length | None = None
    rows: tuple[NoticeRow, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.extends is None and not self.rows:
            raise fault("table.no-rows")
        if (self.add is None) != (self.extends is None):
            raise fault("table.extends-and-add")
        for number, row in enumerate(self.rows, start=1):
            last = number == len(self.rows)
            if last and row.leaves_within is not None:
                raise fault("table.no-last-row", row=number)
            if not last and row.leaves_within is None:
                raise fault("table.unreachable", row=number + 1)
        return self


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale as it counts, together with those it extends."""

    key: str
    title: str
    rows: tuple[NoticeRow, ...]
    ends: Ends = "any day"
    """Where the notices of the rows run to, unless a row says otherwise."""
    added: tuple[Span, ...] = ()
    ends_added: Ends | None = None
    """Where a notice with what is added runs to, if that is said."""
    sources: tuple[Source, ...] = ()

    def row_ends(self, row: NoticeRow) -> Ends:
        """Where a row's notice runs to."""
        return row.ends or self.ends

    def row_of(self, since_on: date, given_on: date) -> int:
        """The index of the first row whose own notice runs out inside its seniority.

        What another scale adds comes on top of the notice found so, and lengthens no step.
        """
        for index, row in enumerate(self.rows):
            within = row.leaves_within
            ended_on = run_out(given_on, (row.notice,), self.row_ends(row))
            if within is None or ended_on <= last_inside(since_on, within):
                return index
        raise EngineError("table.no-row", table=self.key)

    def last_day(self, row: NoticeRow, given_on: date) -> date:
        """The last day of a row's notice, with what is added to it."""
        ends = self.ends_added or self.row_ends(row)
        return run_out(given_on, (row.notice, *self.added), ends)


def scale_of(tables: Mapping[str, Table], key: str) -> Scale | None:
    """A scale with those it extends laid under it; nothing where there is no such scale."""
    layers: list[NoticeTable] = []
    name: str | None = key
    while name is not None:
        table = tables.get(name)
        if not isinstance(table, NoticeTable) or table in layers:
            return None
        layers.append(table)
        name = table.extends
    root = layers[-1]
    said = [table.ends for table in layers[:-1] if table.ends is not None]
    return Scale(
        key,
        layers[0].title,
        root.rows,
        root.ends or "any day",
        tuple(table.add for table in layers if table.add is not None),
        said[0] if said else None,
        tuple(source for table in layers for source in table.source),
    )


def notice(tables: Mapping[str, Table], key: str, since_on: date, given_on: date) -> Value:
    """The last day of a notice: the first row with which the person leaves inside its seniority.

    1. The notice of a row is counted from the day it is given; to the end of a month, it runs
       from the first of the month after (funktionærloven § 2, stk. 7).
    2. The row holds if that last day falls inside its seniority, counted from the first day of
       work; otherwise the next one is tried.
    3. The last day is never moved for weekends or holidays.

    Hired on 15 March 2025, the first six months end on 14 September: with a month's notice
    given on 31 July the last day is 31 August, but given on 1 August it is three months,
    30 November.
    """
    scale = scale_of(tables, key)
    if scale is None:
        detail = {"table": key, "since": since_on, "given": given_on}
        return Value(None, missing=(Missing("table", detail),))
    if given_on < since_on:
        raise EngineError("notice.given-first", since_on=since_on, given_on=given_on)
    index = scale.row_of(since_on, given_on)
    row = scale.rows[index]
    on = scale.last_day(row, given_on)
    link = Link("notice", on, _detail(scale, index, since_on, given_on))
    return Value(on, (link,), entered=True)


def run_out(given_on: date, spans: tuple[Span, ...], ends: Ends) -> date:
    """The last day of a notice: years and months are counted in one step, then weeks and days.

    >>> run_out(date(2025, 12, 31), (Span(2, Unit.MONTH),), "end of month").isoformat()
    '2026-02-28'
    """
    months = sum(_months(span) for span in spans)
    on = add_months(given_on, months) + timedelta(sum(_days(span) for span in spans))
    return month_end(on) if ends == "end of month" else on


def last_inside(since_on: date, span: Span) -> date:
    """The last day of a seniority that begins with the first day of work.

    >>> last_inside(date(2025, 3, 15), Span(6, Unit.MONTH)).isoformat()
    '2025-09-14'
    >>> last_inside(date(2025, 8, 31), Span(6, Unit.MONTH)).isoformat()
    '2026-02-28'
    """
    months = _months(span)
    if not months:
        return since_on + timedelta(_days(span) - 1)
    same_day = add_months(since_on, months)
    # Where the last month has no such day, the seniority is over when that month is.
    return same_day - timedelta(1) if same_day.day == since_on.day else same_day


def _months(span: Span) -> int:
    return span.count * {Unit.YEAR: 12, Unit.MONTH: 1}.get(span.unit, 0)


def _days(span: Span) -> int:
    return span.count * {Unit.WEEK: 7, Unit.DAY: 1}.get(span.unit, 0)


def _detail(scale: Scale, index: int, since_on: date, given_on: date) -> dict[str, object]:
    row = scale.rows[index]
    before = scale.rows[index - 1].leaves_within if index else None
    return {
        "table": scale.key,
        "title": scale.title,
        "since_on": since_on,
        "given_on": given_on,
        "row": index + 1,
        "notice": _plain(row.notice),
        "added": [_plain(span) for span in scale.added],
        "ends": scale.ends_added or scale.row_ends(row),
        **_seniority("within", since_on, row.leaves_within),
        **_seniority("beyond", since_on, before),
        "sources": [
            {"document": one.document, "reference": one.reference, "confidence": one.confidence}
            for one in scale.sources
        ],
    }


def _seniority(name: str, since_on: date, span: Span | None) -> dict[str, object]:
    """The seniority that the last day falls inside, or beyond, and when it ends."""
    if span is None:
        return {name: None, f"{name}_on": None}
    return {name: _plain(span), f"{name}_on": last_inside(since_on, span)}


def _plain(span: Span) -> list[object]:
    return [span.count, span.unit.value]
