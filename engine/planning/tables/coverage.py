"""Whether a decision table's rows cover everything, and whether each of them is ever reached.

Every column is cut at the numbers its tests name. What lies between two cuts is tested alike, so
one value stands for it, and a row is a box of such values. Boxes are exact for single columns;
sums and shares are taken as columns of their own, which can only make a row look reachable. A gap
is told of only with inputs that really have no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import islice, product

from engine.errors import EngineError
from engine.planning.tables.cells import Bounds, Test, Word, number_of, terms
from engine.planning.tables.decision import (
    Conditions,
    DecisionTable,
    decide,
)

MOST_WORK = 400_000
"""More comparisons than this are not made: real tables need a few thousand."""
MOST_TRIALS = 20_000
OTHER = "…"
"""Stands for every choice that no row names."""

_SOME_DAY = number_of(date(2000, 1, 1))
_Column = tuple[str, str]
_Values = frozenset[Decimal | str]
_Box = tuple[_Values, ...]
Inputs = dict[str, object]


class TooLarge(Exception):
    """The table has too many combinations to be checked."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rows no case ever reaches, counted from 0, and inputs that no row covers."""

    unreachable: tuple[int, ...] = ()
    gap: Inputs | None = None


def coverage(table: DecisionTable) -> Coverage:
    """Lays the rows over everything that may be, one after the other."""
    columns = _columns(table)
    whole: _Box = tuple(columns.values())
    work = len(table.rows) * sum(len(values) for values in whole)
    left, unreachable = [whole], list[int]()
    for index, row in enumerate(table.rows):
        work += len(left) * len(whole)
        if work > MOST_WORK:
            raise TooLarge
        box = _box(row, columns)
        if not any(_meet(box, rest) for rest in left):
            unreachable.append(index)
        left = [piece for rest in left for piece in _without(rest, box)]
    return Coverage(tuple(unreachable), _gap(table) if left else None)


def _columns(table: DecisionTable) -> dict[_Column, _Values]:
    """The values that stand for each column, or each share of one column in another."""
    asked: dict[_Column, list[Test]] = {}
    for row in table.rows:
        for name, one in row.tests.items():
            asked.setdefault(_column(name, one), []).append(one)
    return {column: frozenset(_values(table, column, tests)) for column, tests in asked.items()}


def _column(name: str, one: Test) -> _Column:
    return (name, one.of if isinstance(one, Bounds) else "")


def _values(table: DecisionTable, column: _Column, tests: list[Test]) -> list[Decimal | str]:
    name, of = column
    ends = {end for one in tests if isinstance(one, Bounds) for end in one.ends}
    kind = table.type_of(name)
    if of:
        return [*_between(ends)]
    if kind == "yes/no":
        return ["yes", "no"]
    if kind == "choice":
        return [*dict.fromkeys(one.text for one in tests if isinstance(one, Word)), OTHER]
    if kind == "date":
        return [*sorted({_SOME_DAY, *_around(ends)})]
    lowest = _lowest(table, name)
    return [*sorted(number for number in {lowest, *_around(ends)} if number >= lowest)]


def _lowest(table: DecisionTable, name: str) -> Decimal:
    """Numbers of people are never less than none; a sum with a minus may be."""
    sums = (row.total for row in table.counts.get(name, ()))
    minus = any(sign < 0 for total in sums for sign, _ in terms(total))
    return Decimal(-(10**9)) if minus else Decimal(0)


def _around(ends: Iterable[Decimal]) -> Iterator[Decimal]:
    """The whole numbers at each end and beside it."""
    for end in ends:
        low, high = end.to_integral_value(ROUND_FLOOR), end.to_integral_value(ROUND_CEILING)
        yield from (low - 1, low, high, high + 1)


def _between(ends: Iterable[Decimal]) -> Iterator[Decimal]:
    """The ends, and a value in each stretch between them."""
    before = Decimal(0)
    yield before
    for end in sorted(ends):
        yield from ((before + end) / 2, end)
        before = end
    yield before + 1


def _box(row: Conditions, columns: dict[_Column, _Values]) -> _Box:
    tests = {_column(name, one): one for name, one in row.tests.items()}
    return tuple(
        frozenset(value for value in values if _fits(tests[column], value))
        if column in tests
        else values
        for column, values in columns.items()
    )


def _fits(one: Test, value: Decimal | str) -> bool:
    if isinstance(one, Word):
        return one.text == value
    return isinstance(value, Decimal) and one.holds(value)


def _meet(a: _Box, b: _Box) -> bool:
    return all(one & other for one, other in zip(a, b, strict=True))


def _without(box: _Box, taken: _Box) -> Iterator[_Box]:
    """What is left of a box when another is taken out of it, in boxes that do not overlap."""
    if not _meet(box, taken):
        yield box
        return
    rest = list(box)
    for place, values in enumerate(taken):
        outside = rest[place] - values
        if outside:
            yield (*rest[:place], outside, *rest[place + 1 :])
        rest[place] &= values


def _gap(table: DecisionTable) -> Inputs | None:
    """Inputs that no row covers, looked for where tests and sums may change their answer."""
    candidates = _candidates(table)
    trials = min(MOST_TRIALS, MOST_WORK // len(table.rows))
    for values in islice(product(*candidates.values()), trials):
        inputs: Inputs = dict(zip(candidates, values, strict=True))
        try:
            decide(table, inputs)
        except EngineError:
            return inputs
    return None


def _candidates(table: DecisionTable) -> dict[str, list[object]]:
    """For each input the values worth trying."""
    ends: dict[str, set[Decimal]] = {name: set() for name in table.inputs}
    words: dict[str, list[str]] = {name: [] for name in table.inputs}
    rows: list[Conditions] = [*table.rows, *(row for each in table.counts.values() for row in each)]
    for name, one in ((name, one) for row in rows for name, one in row.tests.items()):
        for input_name in _inputs_of(table, name):
            ends.setdefault(input_name, set())
            if isinstance(one, Word):
                words[input_name].append(one.text)
            elif one.of:
                ends[input_name].update(_shares(table, one))
                for whole in _inputs_of(table, one.of):
                    ends.setdefault(whole, set()).add(Decimal(100))
            else:
                ends[input_name].update(one.ends)
    return {name: _tried(table, name, found, words.get(name, [])) for name, found in ends.items()}


def _inputs_of(table: DecisionTable, name: str) -> Iterator[str]:
    """The column itself, or what is summed in a count."""
    if name not in table.counts:
        yield name
        return
    for row in table.counts[name]:
        yield from (term for _, term in terms(row.total))


def _shares(table: DecisionTable, one: Bounds) -> Iterator[Decimal]:
    """The numbers that are this share of the wholes the table speaks of."""
    wholes = {Decimal(100)}
    for row in table.rows:
        other = row.tests.get(one.of)
        wholes.update(other.ends if isinstance(other, Bounds) else ())
    return (end * whole / 100 for whole in wholes for end in one.ends)


def _tried(table: DecisionTable, name: str, ends: set[Decimal], words: list[str]) -> list[object]:
    kind = table.type_of(name)
    if kind == "yes/no":
        return ["yes", "no"]
    if kind == "choice":
        return [*dict.fromkeys(words), OTHER]
    if kind == "date":
        days = sorted({_SOME_DAY, *_around(ends)})
        return [date.fromordinal(int(day)) for day in days]
    numbers = {Decimal(0), *_around(ends)}
    return [int(number) for number in sorted(numbers) if 0 <= number < 10**9]
