"""The kinds of value a site's files hold, read once and typed from then on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Any, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.errors import RuleError
from engine.planning.rules import Rule, parse
from engine.planning.rules.builder import FIRST_YEAR, LAST_YEAR
from engine.planning.spans import Pace, Span, parse_lead, parse_pace, parse_span

KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "januar"),
            ("february", "februar"),
            ("march", "marts"),
            ("april",),
            ("may", "maj"),
            ("june", "juni"),
            ("july", "juli"),
            ("august",),
            ("september",),
            ("october", "oktober"),
            ("november",),
            ("december",),
        ),
        start=1,
    )
    for name in names
}
T = TypeVar("T")


class Entry(BaseModel):
    """A part of a file: frozen, and strict about the keys it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def fault(code: str, **params: object) -> PydanticCustomError:
    """A fault with a code of the message catalogue."""
    return PydanticCustomError("medfrist", "{code}", {"code": code, **params})


def _read(reader: Callable[[str], T]) -> Callable[[object], T]:
    def read(value: object) -> T:
        if isinstance(value, Span | Rule):
            return cast(T, value)
        if not isinstance(value, str):
            raise fault("value.not-text", value=value)
        try:
            return reader(value)
        except RuleError as error:
            raise fault(error.code, **error.params) from error

    return read


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    on = _iso_day(value)
    if on is None:
        raise fault("value.not-a-date", value=value)
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise fault("value.year-out-of-range", value=value, first=FIRST_YEAR, last=LAST_YEAR)
    return on


def _iso_day(value: object) -> date | None:
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    return None


def _number(value: object) -> object:
    """A count as it is written: `true` and `1.000` would otherwise pass for 1."""
    if isinstance(value, bool | float):
        raise fault("value.not-a-number", value=value)
    return value


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("yes", "ja", "no", "nej"):
        return value.lower() in ("yes", "ja")
    raise fault("value.not-yes-or-no", value=value)


def _text(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _key(value: object) -> str:
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    raise fault("value.not-a-key", value=value)


def _month(value: object) -> int:
    number = MONTHS.get(value.lower()) if isinstance(value, str) else None
    if number is None:
        raise fault("value.not-a-month", value=value)
    return number


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3])[:.][0-5]\d", value):
        return time(int(value[:2]), int(value[3:]))
    raise fault("value.not-a-time", value=value)


def _several(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _schema(**keywords: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **keywords})


Day = Annotated[date, PlainValidator(_day), _schema(format="date")]
YesNo = Annotated[
    bool, PlainValidator(_yes), WithJsonSchema({"enum": [True, False, "yes", "no", "ja", "nej"]})
]
Text = Annotated[str, BeforeValidator(_text)]
Number = Annotated[int, BeforeValidator(_number)]
Key = Annotated[str, PlainValidator(_key), _schema(pattern=f"^{KEY.pattern}$")]
Month = Annotated[int, PlainValidator(_month), WithJsonSchema({"enum": sorted(MONTHS)})]
Clock = Annotated[time, PlainValidator(_clock), _schema(pattern=r"^\d\d[:.]\d\d$")]
DateRule = Annotated[Rule, PlainValidator(_read(parse)), _schema(description="a date rule")]
Length = Annotated[Span, PlainValidator(_read(parse_span)), _schema(examples=["4 months"])]
Lead = Annotated[Span, PlainValidator(_read(parse_lead)), _schema(examples=["1 week before"])]
Repeats = Annotated[
    Pace,
    PlainValidator(_read(parse_pace)),
    _schema(examples=["every week", "every week for 8 weeks, then every month"]),
]
OneOrMore = BeforeValidator(_several)
