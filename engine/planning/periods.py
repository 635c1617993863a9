"""Windows, and the years, half-years, quarters and months that duties come back in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from engine.planning.rules import add_months, month_end

__all__ = ["Period", "Window", "add_months", "last_day", "months_between", "periods"]

last_day = month_end


@dataclass(frozen=True, slots=True)
class Window:
    """The days planned for, both included; with what was left open before them since a day."""

    from_on: date
    until_on: date
    open_since_on: date | None = field(default=None, repr=False)

    def holds(self, on: date) -> bool:
        """Whether the day lies in the window."""
        return self.from_on <= on <= self.until_on

    def widened(self, days: int) -> Window:
        """The window with so many days more at both ends, inside what dates can say."""
        return Window(_plus(self.from_on, -days), _plus(self.until_on, days))


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months that an occurrence answers for."""

    key: str
    from_on: date
    until_on: date

    def __hash__(self) -> int:
        # Periods are looked up by the thousand, and few share a key.
        return hash(self.key)

    @property
    def year(self) -> int:
        """The year its days are named by."""
        return self.from_on.year

    @lru_cache(2_048)  # noqa: B019 - the periods of some decades, for every plan again
    def parts(self, count: int) -> tuple[Period, ...]:
        """The period in equal parts of whole months."""
        months = months_between(self.from_on, self.until_on) // count
        starts = [add_months(self.from_on, months * number) for number in range(count)]
        return tuple(
            Period(f"{self.key}-{number}", start, last_day(add_months(start, months - 1)))
            for number, start in enumerate(starts, start=1)
        )


@lru_cache(256)
def periods(window: Window, months: int, from_year: int | None = None) -> tuple[Period, ...]:
    """Every period of so many months that touches the window; longer cycles begin in a year."""
    return tuple(_periods(window, months, from_year))


def _periods(window: Window, months: int, from_year: int | None) -> Iterator[Period]:
    start = date(_first_year(window.from_on.year, months, from_year), 1, 1)
    while start <= window.until_on:
        until_on = last_day(add_months(start, months - 1))
        if until_on >= window.from_on:
            yield Period(_key(start, months), start, until_on)
        if until_on.year >= date.max.year - 10:
            return
        start = until_on + timedelta(days=1)


def _first_year(year: int, months: int, from_year: int | None) -> int:
    if months <= 12 or from_year is None:
        return year
    length = months // 12
    return max(from_year, from_year + (year - from_year) // length * length)


def _key(start: date, months: int) -> str:
    match months:
        case 1:
            return f"{start.year}-{start.month:02}"
        case 3:
            return f"{start.year}-Q{(start.month + 2) // 3}"
        case 6:
            return f"{start.year}-H{(start.month + 5) // 6}"
        case _:
            return str(start.year)


def months_between(from_on: date, until_on: date) -> int:
    """How many months a stretch of whole months has."""
    return (until_on.year - from_on.year) * 12 + until_on.month - from_on.month + 1


_FIRST, _LAST = date(1900, 1, 1).toordinal(), date.max.toordinal()


def _plus(on: date, days: int) -> date:
    return date.fromordinal(min(max(on.toordinal() + days, _FIRST), _LAST))
