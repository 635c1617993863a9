"""What a case is told: each input read by its type, the same way whoever gave it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from engine.errors import EngineError
from engine.planning.starts import CaseInput, EachCase, Start

InputValue = date | int | bool | str
EMPLOYEES = "employees"
"""The committee's number of employees, which tables may ask for and no input may be called."""
MOST_LETTERS = 120
"""A short text says which, never what about whom."""

_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_NUMBER = re.compile(r"[0-9]{1,9}")
_YES = {"yes": True, "ja": True, "no": False, "nej": False}
_CPR = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[ –-]?\d{4}(?!\d)")


def read_input(asked: CaseInput, text: str) -> InputValue:
    """An input as it is written, typed; what does not fit the type is refused.

    >>> read_input(CaseInput(type="whole number", title="Antal ansatte"), " 70 ")
    70
    """
    return _READERS[asked.type](asked, " ".join(text.split()))


def plain(value: InputValue) -> str | int | bool:
    """An input as it is stored: dates in ISO form.

    >>> plain(date(2026, 2, 1))
    '2026-02-01'
    """
    return value.isoformat() if isinstance(value, date) else value


def written(value: InputValue) -> str:
    """An input as a person would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(plain(value))


def typed(start: Start, told: Mapping[str, str | int | bool]) -> dict[str, InputValue]:
    """The inputs of a case that the workflow asks for and that still fit what it asks."""
    found: dict[str, InputValue] = {}
    for name, asked in inputs_of(start).items():
        if name not in told:
            continue
        try:
            found[name] = read_input(asked, written(told[name]))
        except EngineError:
            # The workflow asks otherwise than when it was told: it must be told again.
            continue
    return found


def inputs_of(start: Start) -> Mapping[str, CaseInput]:
    """What a start asks of a case; nothing where it is no case."""
    return start.inputs if isinstance(start, EachCase) else {}


def choices_of(asked: CaseInput) -> dict[str, str]:
    """What may be chosen, each with what people call it."""
    if isinstance(asked.choices, Mapping):
        return dict(asked.choices)
    return {choice: choice for choice in asked.choices}


def has_cpr(text: str) -> bool:
    """Whether a text holds something that looks like a CPR number.

    >>> has_cpr("vedr. 010190-1234"), has_cpr("journal 2026-000123")
    (True, False)
    """
    return _CPR.search(text) is not None


def _date(_: CaseInput, text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise EngineError("input.not-a-date", value=text)


def _number(_: CaseInput, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise EngineError("input.not-a-number", value=text)
    return int(text)


def _choice(asked: CaseInput, text: str) -> str:
    choices = choices_of(asked)
    for key, title in choices.items():
        if text.casefold() in (key.casefold(), title.casefold()):
            return key
    raise EngineError("input.not-a-choice", value=text, known=list(choices))


def _yes_or_no(_: CaseInput, text: str) -> bool:
    if text.casefold() not in _YES:
        raise EngineError("input.not-yes-or-no", value=text)
    return _YES[text.casefold()]


def _short_text(_: CaseInput, text: str) -> str:
    if has_cpr(text):
        raise EngineError("input.cpr")
    if len(text) > MOST_LETTERS:
        raise EngineError("input.too-long", length=len(text), most=MOST_LETTERS)
    if not text.isprintable():
        raise EngineError("input.not-printable")
    return text


_READERS: Mapping[str, Callable[[CaseInput, str], InputValue]] = {
    "date": _date,
    "whole number": _number,
    "choice": _choice,
    "yes/no": _yes_or_no,
    "short text": _short_text,
}
