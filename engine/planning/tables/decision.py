"""Decision tables: what follows from a case's inputs, by the first row that fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from engine.errors import EngineError
from engine.planning.fields import Entry, Key, fault
from engine.planning.tables.cells import (
    Bounds,
    Cell,
    Sum,
    Test,
    Word,
    answer,
    number_of,
    terms,
    test,
)
from engine.planning.tables.table import Table

InputType = Literal["whole number", "choice", "yes/no", "date"]
EMPLOYEES = "employees"
"""The number of employees of the case's committee, which no input needs to give."""


class Conditions(Entry):
    """Cells by the name of what they test."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Cell] = Field(init=False)

    @property
    def cells(self) -> dict[str, str]:
        """The tests of the row, as written."""
        return dict(self.__pydantic_extra__)

    @property
    def tests(self) -> dict[str, Test]:
        """The tests of the row, without the cells that take anything."""
        asked = {name: test(cell) for name, cell in self.__pydantic_extra__.items()}
        return {name: one for name, one in asked.items() if one is not None}


class DecisionRow(Conditions):
    """Conditions and what follows from them; the first row that fits decides."""

    result: Cell | None = None
    refuse: str | None = None

    @model_validator(mode="after")
    def _decides(self) -> Self:
        if (self.result is None) == (self.refuse is None):
            raise fault("table.result-or-refuse")
        return self


class CountRow(Conditions):
    """Conditions and the sum that is then counted."""

    total: Sum = Field(alias="is")


class DecisionTable(Table):
    """A table that decides something from a case's inputs."""

    table: Literal["decision"]
    inputs: dict[Key, InputType] = Field(min_length=1)
    counts: dict[Key, tuple[CountRow, ...]] = Field({})
    rows: tuple[DecisionRow, ...] = Field(min_length=1)

    @property
    def results(self) -> tuple[str, ...]:
        """What the table can answer, in the order of its rows."""
        said = (answer(row.result) for row in self.rows if row.result is not None)
        return tuple(dict.fromkeys(said))

    def type_of(self, name: str) -> InputType | None:
        """What kind of value a column tests; counts and employees are whole numbers."""
        if name in self.counts or name == EMPLOYEES:
            return "whole number"
        return self.inputs.get(name)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the table answers, and the row that says so, counted from 1."""

    result: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the case cannot be so, and the row that says so."""

    reason: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Undecided:
    """What must be known before the table can answer."""

    missing: tuple[str, ...]


Answer = Decided | Refused | Undecided
_Asked = tuple[str, ...]


def decide(table: DecisionTable, inputs: Mapping[str, Any]) -> Answer:
    """What a table answers: the first row whose every test holds.

    1. Counts are reckoned first, each by its first row that fits.
    2. A row that cannot fit, whatever is still unknown, is passed over.
    3. If every row that may be the first says the same, that is the answer; otherwise the
       inputs are named that the rows ask for and nobody has given.

    Of 150 employees 15 is just 10 %, so with 15 dismissed the law on collective redundancies
    applies; with 14 it does not.
    """
    known = _Known(table, inputs)
    possible: list[tuple[int, DecisionRow]] = []
    asked: list[str] = []
    for number, row in enumerate(table.rows, start=1):
        fits, missing = known.fit(row)
        if fits is False:
            continue
        possible.append((number, row))
        asked += missing
        if fits:
            break
    else:
        if not possible:
            raise EngineError("table.no-row", table=table.title)
        return Undecided(tuple(dict.fromkeys(asked)))
    number, row = possible[-1]
    if any((one.result, one.refuse) != (row.result, row.refuse) for _, one in possible):
        return Undecided(tuple(dict.fromkeys(asked)))
    return (
        Decided(answer(row.result), number) if row.refuse is None else Refused(row.refuse, number)
    )


class _Known:
    """The inputs given so far as values that tests are held against."""

    def __init__(self, table: DecisionTable, inputs: Mapping[str, Any]) -> None:
        self.table = table
        self.values = {
            name: _value(name, str(kind), inputs[name])
            for name, kind in (*table.inputs.items(), (EMPLOYEES, "whole number"))
            if inputs.get(name) is not None
        }
        self.counted: dict[str, tuple[Decimal | None, _Asked]] = {}

    def fit(self, row: Conditions) -> tuple[bool | None, _Asked]:
        """Whether a row fits, or what must be known to tell."""
        unknown: list[str] = []
        for name, one in row.tests.items():
            fits, missing = self._holds(name, one)
            if fits is False:
                return False, ()
            unknown += missing
        return (None, tuple(unknown)) if unknown else (True, ())

    def _holds(self, name: str, one: Test) -> tuple[bool | None, _Asked]:
        value, missing = self._value_of(name)
        if isinstance(one, Word):
            return (None, missing) if value is None else (value == one.text, ())
        whole, lacking = self._value_of(one.of) if one.of else (Decimal(0), ())
        if value is None or whole is None:
            return None, (*missing, *lacking)
        assert isinstance(value, Decimal)
        assert isinstance(whole, Decimal)
        return (share(one, whole) if one.of else one).holds(value), ()

    def _value_of(self, name: str) -> tuple[Decimal | str | None, _Asked]:
        if name in self.table.counts:
            if name not in self.counted:
                self.counted[name] = self._count(self.table.counts[name])
            return self.counted[name]
        value = self.values.get(name)
        return value, () if value is not None else (name,)

    def _count(self, rows: Iterable[CountRow]) -> tuple[Decimal | None, _Asked]:
        for row in rows:
            fits, missing = self.fit(row)
            if fits is None:
                return None, missing
            if fits:
                return self._sum(row)
        raise EngineError("table.no-row", table=self.table.title)

    def _sum(self, row: CountRow) -> tuple[Decimal | None, _Asked]:
        total, missing = Decimal(0), []
        for sign, name in terms(row.total):
            value = self.values.get(name)
            if isinstance(value, Decimal):
                total += sign * value
            else:
                missing.append(name)
        return (None, tuple(missing)) if missing else (total, ())


def share(bounds: Bounds, whole: Decimal) -> Bounds:
    """Bounds in percent as bounds on the number itself; nothing is rounded."""
    low, high = (None if end is None else end * whole / 100 for end in (bounds.low, bounds.high))
    return Bounds(low, high, bounds.low_counts, bounds.high_counts)


def _value(name: str, kind: str, value: object) -> Decimal | str:
    """An input as tests compare it; one of another type than the table says is refused."""
    text = str(value).strip()
    if kind == "whole number" and not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,9}", text):
        return Decimal(text)
    if kind == "date" and isinstance(value, date):
        return number_of(value)
    if kind == "choice" or (kind == "yes/no" and answer(value) in ("yes", "no")):
        return answer(value)
    raise EngineError("table.value-refused", name=name, value=text, type=kind)
