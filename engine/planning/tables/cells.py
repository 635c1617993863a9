"""The cells of decision tables: unary tests such as `>= 10`, `21..99`, `yes` and `any`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator

from engine.planning.fields import fault

ANY = "any"
_DAY = r"\d{4}-\d\d-\d\d"
_NUMBER = rf"{_DAY}|-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")
_BOUND = re.compile(rf"(>=|<=|>|<|=)?\s*({_NUMBER})")
_SHARE = re.compile(r"(>=|<=|>|<|=)\s*(\d+(?:\.\d+)?)\s*% (?:of|af) ([a-z0-9-]+)")
_WORD = re.compile(r"[^\W\d_][\w -]*")
_SUM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*( +[+-] +[a-z0-9]+(-[a-z0-9]+)*)*")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number or day between two ends, or as a share in percent of another number."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_counts: bool = True
    high_counts: bool = True
    of: str = ""
    dated: bool = False

    def holds(self, number: Decimal) -> bool:
        """Whether a number lies between the ends."""
        above = self.low is None or number > self.low or (number == self.low and self.low_counts)
        below = (
            self.high is None or number < self.high or (number == self.high and self.high_counts)
        )
        return above and below

    @property
    def ends(self) -> tuple[Decimal, ...]:
        """The ends that there are."""
        return tuple(end for end in (self.low, self.high) if end is not None)


@dataclass(frozen=True, slots=True)
class Word:
    """A choice, or yes or no."""

    text: str


Test = Bounds | Word
"""What a cell asks; a cell that takes anything asks nothing."""


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | str) and _readable(str(value).strip()):
        return str(value).strip()
    raise fault("table.cell-unreadable", value=value)


def _sum(value: object) -> str:
    if isinstance(value, str) and _SUM.fullmatch(value.strip()):
        return value.strip()
    raise fault("table.sum-unreadable", value=value)


Cell = Annotated[str, BeforeValidator(_cell)]
Sum = Annotated[str, BeforeValidator(_sum)]


def _readable(cell: str) -> bool:
    try:
        test(cell)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def test(cell: str) -> Test | None:
    """What a cell asks; nothing where it takes anything.

    >>> asked = test("21..99")
    >>> asked == Bounds(Decimal(21), Decimal(99))
    True
    """
    if cell == ANY:
        return None
    if match := _RANGE.fullmatch(cell):
        low, high = _number(match[1]), _number(match[2])
        return Bounds(low, high, dated=_is_day(match[1]))
    if match := _BOUND.fullmatch(cell):
        return _bounds(match[1] or "=", _number(match[2]), dated=_is_day(match[2]))
    if match := _SHARE.fullmatch(cell):
        return _bounds(match[1], Decimal(match[2]), match[3])
    if _WORD.fullmatch(cell):
        return Word(answer(cell))
    raise ValueError(cell)


def terms(text: str) -> list[tuple[int, str]]:
    """The names of a sum, each with 1 or -1.

    >>> terms("afskediges + frivillige")
    [(1, 'afskediges'), (1, 'frivillige')]
    """
    found = re.split(r" +([+-]) +", text)
    signs = [1, *(-1 if sign == "-" else 1 for sign in found[1::2])]
    return list(zip(signs, found[::2], strict=True))


def answer(value: object) -> str:
    """A result, choice or yes and no, as they are compared.

    >>> answer(True), answer("Ja"), answer(3)
    ('yes', 'yes', '3')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).strip()
    return {"ja": "yes", "nej": "no"}.get(text.casefold(), text.casefold())


def number_of(on: date) -> Decimal:
    """A day as a number, so that days are compared as numbers are."""
    return Decimal(on.toordinal())


def _bounds(sign: str, number: Decimal, of: str = "", dated: bool = False) -> Bounds:
    low = number if sign in (">=", ">", "=") else None
    high = number if sign in ("<=", "<", "=") else None
    return Bounds(low, high, sign != ">", sign != "<", of, dated)


def _number(text: str) -> Decimal:
    return number_of(date.fromisoformat(text)) if _is_day(text) else Decimal(text)


def _is_day(text: str) -> bool:
    return re.fullmatch(_DAY, text) is not None
