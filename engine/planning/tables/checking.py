"""What is wrong with a table by itself: tests of the wrong type, rows never reached, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.planning.rules import Unit
from engine.planning.spans import Span
from engine.planning.tables.cells import Bounds, Test, Word, terms
from engine.planning.tables.coverage import OTHER, Inputs, TooLarge, coverage
from engine.planning.tables.decision import EMPLOYEES, Conditions, DecisionTable
from engine.planning.tables.scale import Ends, NoticeTable, last_inside, run_out

_WRONG = {
    "whole number": "table.not-a-number-test",
    "date": "table.not-a-day-test",
    "yes/no": "table.not-a-yes-no-test",
    "choice": "table.not-a-choice-test",
}
_TAKEN = frozenset({"result", "refuse", "is", EMPLOYEES})
_SOME_DAY = date(2023, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """A code, and where in the table's file it belongs; at a key or at its value."""

    code: str
    at: tuple[str | int, ...]
    params: Mapping[str, object] = field(default_factory=dict)
    at_key: bool = False


def faults(table: NoticeTable | DecisionTable) -> Iterator[Fault]:
    """Everything that is wrong with a table, without looking at other files."""
    if isinstance(table, NoticeTable):
        yield from _notice_faults(table)
        return
    found = [*_name_faults(table), *_test_faults(table), *_count_faults(table)]
    yield from found
    if not found:
        yield from _coverage_faults(table)


def _notice_faults(table: NoticeTable) -> Iterator[Fault]:
    if table.extends is not None and table.rows:
        yield Fault("table.extends-and-rows", ("rows",))
    if _is_working(table.add):
        yield Fault("table.notice-working-days", ("add",))
    before: date | None = None
    for index, row in enumerate(table.rows):
        at: tuple[str | int, ...] = ("rows", index)
        for name, span in (("notice", row.notice), ("leaves within", row.leaves_within)):
            if _is_working(span):
                yield Fault("table.notice-working-days", (*at, name))
        if row.leaves_within is None:
            continue
        until_on = last_inside(_SOME_DAY, row.leaves_within)
        if before is not None and until_on <= before:
            yield Fault("table.not-rising", (*at, "leaves within"))
        elif not _is_reached(row.leaves_within, row.notice, _ends(table, index)):
            yield Fault("table.unreachable-notice", at, {"row": index + 1})
        before = until_on


def _ends(table: NoticeTable, index: int) -> Ends:
    return table.rows[index].ends or table.ends or "any day"


def _is_working(span: Span | None) -> bool:
    return span is not None and span.unit is Unit.WORKING_DAY


def _is_reached(within: Span, notice: Span, ends: Ends) -> bool:
    """Whether a notice given on the very first day can run out inside the seniority.

    It is soonest for those hired on the first or one of the last days of a month.
    """
    days = (_SOME_DAY + timedelta(day) for day in range(366))
    hired = (on for on in days if on.day == 1 or on.day >= 28)
    return any(run_out(on, (notice,), ends) <= last_inside(on, within) for on in hired)


def _name_faults(table: DecisionTable) -> Iterator[Fault]:
    for section, names in (("inputs", table.inputs), ("counts", table.counts)):
        for name in names:
            if name in _TAKEN or (section == "counts" and name in table.inputs):
                yield Fault("table.name-taken", (section, name), {"name": name}, at_key=True)
    places = [*_placed(table), *_counting(table)]
    for at, row in places:
        for name in row.cells:
            if not _is_column(table, name, at[0] == "rows"):
                yield Fault("unknown-input", (*at, name), {"name": name}, at_key=True)
        for name, one in row.tests.items():
            if isinstance(one, Bounds) and one.of and not _is_column(table, one.of, True):
                yield Fault("unknown-input", (*at, name), {"name": one.of})


def _is_column(table: DecisionTable, name: str, counted: bool) -> bool:
    """Whether a row may ask for it; a count asks for inputs only."""
    return name in table.inputs or name == EMPLOYEES or (counted and name in table.counts)


def _test_faults(table: DecisionTable) -> Iterator[Fault]:
    for at, row in (*_placed(table), *_counting(table)):
        for name, one in row.tests.items():
            kind = table.type_of(name)
            if kind is not None and not _suits(kind, one):
                yield Fault(_WRONG[kind], (*at, name), {"name": name})
            elif isinstance(one, Bounds):
                if one.of and table.type_of(one.of) not in (None, "whole number"):
                    yield Fault("table.share-of-no-number", (*at, name), {"name": one.of})
                if one.low is not None and one.high is not None and one.low > one.high:
                    yield Fault("table.empty-range", (*at, name))


def _suits(kind: str, one: Test) -> bool:
    if isinstance(one, Word):
        return kind == "choice" or (kind == "yes/no" and one.text in ("yes", "no"))
    return kind == ("date" if one.dated else "whole number")


def _count_faults(table: DecisionTable) -> Iterator[Fault]:
    for name, rows in table.counts.items():
        for index, row in enumerate(rows):
            at = ("counts", name, index)
            for _, term in terms(row.total):
                kind = table.inputs.get(term)
                if kind is None and term != EMPLOYEES:
                    yield Fault("unknown-input", (*at, "is"), {"name": term})
                elif kind not in (None, "whole number"):
                    yield Fault("table.sum-of-no-number", (*at, "is"), {"name": term})
            if not row.tests and index + 1 < len(rows):
                yield Fault("table.unreachable", ("counts", name, index + 1), {"row": index + 2})
        if not rows or rows[-1].tests:
            yield Fault("table.count-gap", ("counts", name), {"name": name}, at_key=True)


def _coverage_faults(table: DecisionTable) -> Iterator[Fault]:
    try:
        found = coverage(table)
    except TooLarge:
        yield Fault("table.too-large", ("rows",), at_key=True)
        return
    for index in found.unreachable:
        yield Fault("table.unreachable", ("rows", index), {"row": index + 1})
    if found.gap is not None:
        yield Fault("table.gap", ("rows",), {"example": _example(table, found.gap)}, at_key=True)


def _example(table: DecisionTable, inputs: Inputs) -> str:
    """Inputs as a row would write them; a choice that no row names is unequal to those named."""
    said: list[str] = []
    for name, value in inputs.items():
        named = dict.fromkeys(
            one.text for row in table.rows for one in [row.tests.get(name)] if isinstance(one, Word)
        )
        if value != OTHER:
            said.append(f"{name} = {value}")
        elif named:
            said.append(f"{name} ≠ {', '.join(named)}")
    return ", ".join(said)


def _placed(table: DecisionTable) -> Iterator[tuple[tuple[str | int, ...], Conditions]]:
    return ((("rows", index), row) for index, row in enumerate(table.rows))


def _counting(table: DecisionTable) -> Iterator[tuple[tuple[str | int, ...], Conditions]]:
    return (
        (("counts", name, index), row)
        for name, rows in table.counts.items()
        for index, row in enumerate(rows)
    )
