"""The files of `workflows/tables/`: notice scales and decision tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from engine.definitions.names import Names, unknown
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding
from engine.planning.fields import Entry, Key, Length, OneOrMore, fault
from engine.planning.rules import reserved
from engine.planning.sources import Source

_NUMBER = r"-?\d+(\.\d+)?"
_TEST = re.compile(
    rf"{_NUMBER}(\.\.{_NUMBER})?|(>=|<=|>|<|=)\s*{_NUMBER}(\s*% of [a-z0-9-]+)?|[^\W\d_][\w -]*"
)
_SUM = re.compile(r"[a-z0-9-]+( *[+-] +[a-z0-9-]+)*")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or (isinstance(value, str) and _TEST.fullmatch(value.strip())):
        return str(value).strip()
    raise fault("table.cell-unreadable", value=value)


def _sum(value: object) -> str:
    if isinstance(value, str) and _SUM.fullmatch(value.strip()):
        return value.strip()
    raise fault("table.sum-unreadable", value=value)


Cell = Annotated[str, BeforeValidator(_cell)]
Sum = Annotated[str, BeforeValidator(_sum)]
Ends = Literal["end of month", "any day"]


class Table(Entry):
    """What every table has: a title and where it is written."""

    title: str
    source: Annotated[tuple[Source, ...], OneOrMore] = Field(min_length=1)


class NoticeRow(Entry):
    """A notice, and the seniority inside which it must have run out."""

    leaves_within: Length | None = Field(None, alias="leaves within")
    notice: Length
    ends: Ends | None = None


class NoticeTable(Table):
    """A scale of notices: the first row whose last day falls inside the stated seniority."""

    table: Literal["notice"]
    ends: Ends = "any day"
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


class Conditions(Entry):
    """Cells by the name of what they test."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Cell] = Field(init=False)

    @property
    def cells(self) -> dict[str, str]:
        """The tests of the row."""
        return dict(self.__pydantic_extra__)


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
    inputs: dict[Key, Literal["whole number", "choice", "yes/no", "date"]] = Field(min_length=1)
    counts: dict[Key, tuple[CountRow, ...]] = Field({})
    rows: tuple[DecisionRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_and_reached(self) -> Self:
        known = {*self.inputs, *self.counts, "employees"}
        for number, row in enumerate(self.rows, start=1):
            strange = next((name for name in row.cells if name not in known), None)
            if strange is not None:
                raise fault("table.input-unknown", name=strange, row=number)
            if not _tests(row) and number < len(self.rows):
                raise fault("table.unreachable", row=number + 1)
        return self


def _tests(row: Conditions) -> bool:
    return any(cell != "any" for cell in row.cells.values())


AnyTable = NoticeTable | DecisionTable


def table_model(content: object) -> type[AnyTable] | None:
    """The kind of table a file says it holds."""
    kind = content.get("table") if isinstance(content, dict) else None
    if kind == "notice":
        return NoticeTable
    return DecisionTable if kind == "decision" else None


def table_findings(part: Part[AnyTable], names: Names) -> Iterator[Finding]:
    """Whether a table extends one that exists, and counts what it knows."""
    table = part.model
    if part.stem in reserved():
        yield part.finding((), "name-reserved", name=part.stem)
    if isinstance(table, NoticeTable):
        yield from unknown(part, ("extends",), "table", table.extends, names.tables)
        return
    for name, rows in table.counts.items():
        for index, row in enumerate(rows):
            at: Path = ("counts", name, index, "is")
            for term in re.findall(r"[a-z][a-z0-9-]*", row.total):
                yield from unknown(part, at, "input", term, table.inputs)
