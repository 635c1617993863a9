"""Timetables: workflows laid out by day, each step in the column of those it falls to."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from engine.planning.fields import Entry, Key, OneOrMore, Text, YesNo
from engine.planning.workflow import Holder, Holders


class Column(Entry):
    """A column and what stands in it."""

    title: str
    steps: Annotated[tuple[Key, ...], OneOrMore] = ()
    meetings: YesNo = False
    responsible: Holders = ()


class Timetable(Entry):
    """A timetable: which workflows it shows, and its columns."""

    title: str
    workflows: Annotated[tuple[Text, ...], OneOrMore] = Field(min_length=1)
    columns: dict[Key, Column] = Field(min_length=1)

    def shows(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The workflows it shows of those there are, in the order it names them."""
        known = sorted(keys)
        found = (key for name in self.workflows for key in known if fnmatchcase(key, name))
        return tuple(dict.fromkeys(found))

    def column(
        self, step: str, title: str, kind: str, responsible: tuple[Holder, ...]
    ) -> str | None:
        """The column of a step; none where it fits in no column.

        1. The column that names the step.
        2. The column whose own title the step's title begins with, before a colon.
        3. For an agenda item, the column for meetings.
        4. The column of the first who is responsible.
        """
        begins = title.partition(":")[0].strip().casefold() if ":" in title else ""
        for key, column in self.columns.items():
            if step in column.steps:
                return key
        for key, column in self.columns.items():
            if begins and column.title.casefold() == begins:
                return key
        if kind == "at":
            for key, column in self.columns.items():
                if column.meetings:
                    return key
        for holder in responsible:
            for key, column in self.columns.items():
                if holder in column.responsible:
                    return key
        return None


class Timetables(Entry):
    """The file `timetables.yaml`."""

    timetables: dict[Key, Timetable]
