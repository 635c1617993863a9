"""What begins an occurrence: the forms of `start` in a workflow file."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from engine.planning.fields import (
    DateRule,
    Entry,
    Key,
    Length,
    Month,
    Number,
    OneOrMore,
    YesNo,
    fault,
)


class EachMeeting(Entry):
    """One occurrence for every meeting of the committee, or of another body."""

    each: Literal["meeting"]
    of: Key | None = None
    extraordinary: Literal["too", "only"] | None = None


_MONTHS_OF = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}


class EachPeriod(Entry):
    """One occurrence for every year, half-year, quarter or month, or every few years."""

    each: str = Field(pattern=r"^(year|half-year|quarter|month|[2-9] years)$")
    from_year: Number | None = Field(None, alias="from", ge=1990, le=2200)

    @property
    def months(self) -> int:
        """How many months the period has."""
        if self.each in _MONTHS_OF:
            return _MONTHS_OF[self.each]
        return int(self.each.split()[0]) * 12

    @model_validator(mode="after")
    def _cycle_begins(self) -> Self:
        if self.months > 12 and self.from_year is None:
            raise fault("start.cycle-without-from")
        if self.months <= 12 and self.from_year is not None:
            raise fault("start.from-without-cycle")
        return self


class TimesPerPeriod(Entry):
    """So many occurrences in each period, each tied to a meeting in its own part."""

    times: Number = Field(ge=1, le=12)
    per: Literal["year", "half-year", "quarter"]
    prefer: Annotated[tuple[Month, ...], OneOrMore] = ()
    apart: Length | None = None

    @model_validator(mode="after")
    def _whole_months(self) -> Self:
        if _MONTHS_OF[self.per] % self.times:
            raise fault("start.parts-of-months", times=self.times, per=self.per)
        return self

    @property
    def part_months(self) -> int:
        """How many months each part has."""
        return _MONTHS_OF[self.per] // self.times


class EveryRound(Entry):
    """A new round some time after the last one was done."""

    every: Length
    from_done: str = Field(alias="from", pattern=r"^done( [a-z0-9-]+)?$")
    first: DateRule


class EachMember(Entry):
    """One occurrence for every person who enters a seat."""

    each: Literal["member"]
    roles: Annotated[tuple[Key, ...], OneOrMore] = ()
    new_members_only: YesNo = Field(False, alias="new members only")
    per: Literal["year"] | None = None
    first_year: Number = Field(1, alias="from", ge=1, le=10)


class CaseInput(Entry):
    """What a case is opened with."""

    type: Literal["date", "whole number", "choice", "yes/no", "short text"]
    title: str
    choices: dict[str, str] | tuple[str, ...] = ()
    required: YesNo = False


class EachCase(Entry):
    """One occurrence for every case a person opens."""

    each: Literal["case"]
    inputs: dict[Key, CaseInput] = {}


class EachMilestones(Entry):
    """One occurrence for every set of milestones of a kind."""

    each: Literal["milestones"]
    kind: Key
    titles: dict[Key, str] = {}


def _start_kind(value: Any) -> str | None:
    if isinstance(value, Entry):
        return type(value).__name__
    if not isinstance(value, dict):
        return None
    if "times" in value:
        return "TimesPerPeriod"
    if "every" in value:
        return "EveryRound"
    each = value.get("each")
    if each in ("meeting", "member", "case", "milestones"):
        return f"Each{each.capitalize()}"
    return "EachPeriod" if "each" in value else None


Start = Annotated[
    Annotated[EachMeeting, Tag("EachMeeting")]
    | Annotated[EachPeriod, Tag("EachPeriod")]
    | Annotated[TimesPerPeriod, Tag("TimesPerPeriod")]
    | Annotated[EveryRound, Tag("EveryRound")]
    | Annotated[EachMember, Tag("EachMember")]
    | Annotated[EachCase, Tag("EachCase")]
    | Annotated[EachMilestones, Tag("EachMilestones")],
    Discriminator(
        _start_kind,
        custom_error_type="medfrist",
        custom_error_message="{code}",
        custom_error_context={"code": "start.unknown"},
    ),
]
