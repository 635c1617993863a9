"""The files of `calendars/working-days/` as working calendars, each laid over what it extends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.definitions.likeness import listed, nearest
from engine.definitions.part import Part
from engine.errors import Finding
from engine.planning.edition import ClosingDay, DaySetFile
from engine.planning.rules.builder import FIRST_YEAR, LAST_YEAR
from engine.planning.rules.vocabulary import DANISH, ENGLISH
from engine.planning.workdays import DaySet, WorkingCalendar

_WEEKDAYS = {
    name: number for words in (ENGLISH, DANISH) for number, name in enumerate(words.weekdays)
}
Files = Mapping[str, Part[DaySetFile]]


def day_sets(files: Files) -> tuple[dict[str, WorkingCalendar], list[Finding]]:
    """The working calendars that could be made, and what stood in the way of the others."""
    layers = _Layers(files)
    made = {key: layers.laid(key) for key in files}
    calendars = {key: WorkingCalendar(one) for key, one in made.items() if one is not None}
    return calendars, layers.findings


class _Layers:
    """Day sets laid one over the other, each made once."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.findings: list[Finding] = []
        self._made: dict[str, DaySet | None] = {}

    def laid(self, key: str) -> DaySet | None:
        for each in reversed(self._down_from(key)):
            extended = self.files[each].model.extends
            below = self._made.get(extended) if extended is not None else None
            if extended is None or below is not None:
                self._made[each] = self._own(each, below)
        return self._made[key]

    def _down_from(self, key: str) -> list[str]:
        """The sets not made yet, each extending the next one."""
        chain: list[str] = []
        following: str | None = key
        while following is not None and following not in self._made:
            self._made[following] = None
            chain.append(following)
            following = self._extended(following, chain)
        return chain

    def _extended(self, key: str, chain: list[str]) -> str | None:
        """The set that one extends, if it exists and does not extend this one in turn."""
        part = self.files[key]
        extended = part.model.extends
        if extended is None:
            return None
        if extended in chain:
            circle = " → ".join((*chain[chain.index(extended) :], extended))
            self.findings.append(part.finding(("extends",), "day-sets-in-circle", circle=circle))
            return None
        if extended not in self.files:
            near, known = nearest(extended, self.files), listed(self.files)
            self.findings.append(
                part.finding(
                    ("extends",), "unknown-day-set", name=extended, nearest=near, known=known
                )
            )
            return None
        return extended

    def _own(self, key: str, below: DaySet | None) -> DaySet | None:
        part = self.files[key]
        covers = self._covers(part, below)
        weekend = self._weekend(part, below)
        if covers is None:
            return None
        days = dict(below.days) if below else {}
        for on, named in part.model.days.items():
            days[on] = named.name if isinstance(named, ClosingDay) else named
            if not covers[0] <= on <= covers[1]:
                at, (first, last) = ("days", on.isoformat()), (covers[0].year, covers[1].year)
                self.findings.append(
                    part.finding(at, "day-outside-covers", key=True, first=first, last=last)
                )
        return DaySet(key, part.model.title, *covers, weekend, days)

    def _covers(self, part: Part[DaySetFile], below: DaySet | None) -> tuple[date, date] | None:
        written = part.model.covers
        if written is None and part.written("covers"):
            return None
        if written is None and below is not None:
            return below.from_on, below.until_on
        if written is None:
            self.findings.append(part.finding(("covers",), "value.missing", name="covers"))
            return None
        first, last = (int(year) for year in written.split(".."))
        if not FIRST_YEAR <= first <= LAST_YEAR or not FIRST_YEAR <= last <= LAST_YEAR:
            found = part.finding(
                ("covers",), "value.year-out-of-range", first=FIRST_YEAR, last=LAST_YEAR
            )
            self.findings.append(found)
            return None
        if last < first:
            self.findings.append(part.finding(("covers",), "value.not-years"))
            return None
        if below is not None and not below.from_on.year <= first <= last <= below.until_on.year:
            # Years that the set below does not know would have no closed days of its.
            self.findings.append(
                part.finding(
                    ("covers",),
                    "covers-beyond",
                    name=below.key,
                    first=below.from_on.year,
                    last=below.until_on.year,
                )
            )
            return None
        return date(first, 1, 1), date(last, 12, 31)

    def _weekend(self, part: Part[DaySetFile], below: DaySet | None) -> frozenset[int]:
        if not part.model.weekend:
            if below is None and not part.written("weekend"):
                self.findings.append(part.finding(("weekend",), "weekend-missing"))
            return below.weekend if below else frozenset()
        for index, name in enumerate(part.model.weekend):
            if name.casefold() not in _WEEKDAYS:
                near, known = nearest(name, _WEEKDAYS), listed(ENGLISH.weekdays)
                self.findings.append(
                    part.finding(
                        ("weekend", index), "unknown-weekday", name=name, nearest=near, known=known
                    )
                )
        found = {_WEEKDAYS.get(name.casefold()) for name in part.model.weekend} - {None}
        if len(found) == len(ENGLISH.weekdays):
            self.findings.append(part.finding(("weekend",), "weekend-whole-week"))
        return frozenset(number for number in found if number is not None)
