"""What must happen: the shape of a workflow file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from engine.planning.fields import (
    DateRule,
    Day,
    Entry,
    Key,
    Lead,
    Number,
    OneOrMore,
    Repeats,
    Text,
    YesNo,
    fault,
)
from engine.planning.organisation import Escalation, Side
from engine.planning.sources import Source
from engine.planning.spans import Pace, Span
from engine.planning.starts import Start
from engine.planning.workdays import Roll

Kind = Literal["due", "at", "on", "open"]
"""How a step is bound to its date."""


class Selector(Entry):
    """Whose duty it is: exactly one way of choosing, and who is left out."""

    level: Key | None = None
    committee: Key | None = None
    kind: Literal["committee", "forum", "staff_meeting"] | None = None
    below: Literal["own"] | None = None
    all: YesNo | None = None
    excluded: Annotated[tuple[Selector, ...], OneOrMore] = Field((), alias="except")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.level, self.committee, self.kind, self.below, self.all or None]
        if sum(way is not None for way in ways) != 1:
            raise fault("selector.one-way")
        return self


@dataclass(frozen=True, slots=True)
class Holder:
    """A role of a committee, a role of a named body, or an office."""

    role: str = ""
    body: str = ""
    office: str = ""

    def __str__(self) -> str:
        if self.office:
            return f"office {self.office}"
        return f"{self.role} of {self.body}" if self.body else self.role


def parse_holder(value: object) -> Holder:
    """Read `forperson`, `sekretaer of kommune-med`, `office hr`."""
    words = value.split() if isinstance(value, str) else []
    match words:
        case ["office", office]:
            return Holder(office=office)
        case [role, "of", body]:
            return Holder(role=role, body=body)
        case [role]:
            return Holder(role=role)
        case _:
            raise fault("value.not-a-holder", value=value)


HolderText = Annotated[Holder, PlainValidator(parse_holder)]
Holders = Annotated[tuple[HolderText, ...], OneOrMore]


class Answer(Entry):
    """A reply offered beside *done*."""

    title: str
    means: Literal["done", "later"]


class Agenda(Entry):
    """How a step stands on the agenda of its meeting."""

    group: Key | None = None
    minutes: Number | None = Field(None, ge=0, le=600)
    case_number: Text | None = Field(None, alias="case number")
    recommendation: str | None = None
    background: str | None = None
    enclosures: Annotated[tuple[str, ...], OneOrMore] = ()


class Defaults(Entry):
    """What a workflow says once for all its steps, and a step may say otherwise."""

    responsible: Annotated[Holders, Field(min_length=1)] | None = None
    inform: Holders | None = None
    confidential: YesNo | None = None
    visible: Side | None = None
    remind: Annotated[tuple[Lead, ...], OneOrMore] | None = None
    overdue: Repeats | None = None
    escalate: Escalation | None = None
    days: Key | None = None
    if_closed: Roll | None = Field(None, alias="if closed")
    binding: YesNo | None = None
    source: Annotated[tuple[Source, ...], OneOrMore] = ()
    if_missed: str | None = Field(None, alias="if missed")


class Step(Defaults):
    """One line of a workflow: what, who, and when."""

    title: str
    due: DateRule | None = None
    at: DateRule | None = None
    on: DateRule | None = None
    not_before: DateRule | None = Field(None, alias="not before")
    limit: DateRule | None = None
    when: dict[Key, Text | bool] = {}
    needs: Annotated[tuple[Key, ...], OneOrMore] = ()
    committees: Annotated[tuple[Selector, ...], OneOrMore] = Field((), min_length=1)
    finish: Literal["one", "each", "all"] = "one"
    done: Literal["confirm", "automatic"] | None = None
    answers: dict[Key, Answer] = {}
    agenda: Agenda | None = None
    formerly: Annotated[tuple[Key, ...], OneOrMore] = ()

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        rules = [self.due, self.at, self.on]
        if sum(rule is not None for rule in rules) > 1:
            raise fault("step.several-rules")
        if not any(rules) and self.not_before is None and not self.needs:
            raise fault("step.no-rule")
        return self

    @property
    def rule(self) -> DateRule | None:
        """The rule that dates the step, whichever way it is bound."""
        return self.due or self.at or self.on

    @property
    def kind(self) -> Kind:
        """How the step is bound to its date."""
        if self.due is not None:
            return "due"
        if self.at is not None:
            return "at"
        return "on" if self.on is not None else "open"

    @property
    def automatic(self) -> bool:
        """Whether the day comes by itself and nobody confirms it."""
        return self.done == "automatic" if self.done else self.kind == "on"


class Valid(Entry):
    """The days between which the text of the file holds."""

    from_on: Day | None = Field(None, alias="from")
    until_on: Day | None = Field(None, alias="until")


class Given(Entry):
    """The situation of an example."""

    committee: Key | None = None
    year: Number | None = Field(None, ge=1990, le=2200)
    meetings: tuple[Day, ...] = ()
    extraordinary_meetings: tuple[Day, ...] = Field((), alias="extraordinary meetings")
    cancelled_meetings: tuple[Day, ...] = Field((), alias="cancelled meetings")
    meetings_of: dict[Key, tuple[Day, ...]] = {}
    milestones: dict[Key, Day] = {}
    inputs: dict[Key, Text] = {}
    joining: Day | None = None
    leaving: Day | None = None
    done: dict[str, Day] = {}
    postponed: dict[str, Day] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_bodies(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        prefix = "meetings of "
        bodies = {
            key.removeprefix(prefix): days
            for key, days in value.items()
            if isinstance(key, str) and key.startswith(prefix)
        }
        plain = {key: rest for key, rest in value.items() if not str(key).startswith(prefix)}
        return {**plain, "meetings_of": bodies} if bodies else plain

    @model_validator(mode="after")
    def _one_meeting_a_day(self) -> Self:
        days = [*self.meetings, *self.extraordinary_meetings, *self.cancelled_meetings]
        for on in days:
            if days.count(on) > 1:
                raise fault("given.meeting-twice", on=on)
        return self


class Expected(Entry):
    """The two dates of a deadline, where an example gives both."""

    nominal: Day
    due: Day


class Example(Entry):
    """A situation and the dates it must give; run by `med check`."""

    given: Given
    expect: dict[str, Expected | Day] = Field(min_length=1)


class Workflow(Defaults):
    """One process: its start, its steps and where the duty is written."""

    key: str = ""
    title: str
    about: str | None = None
    source: Annotated[tuple[Source, ...], OneOrMore] = Field(min_length=1)
    committees: Annotated[tuple[Selector, ...], OneOrMore] = Field((), min_length=1)
    start: Start
    steps: dict[Key, Step] = Field(min_length=1)
    in_use: YesNo = Field(True, alias="in use")
    valid: Valid = Valid()
    formerly: Annotated[tuple[str, ...], OneOrMore] = ()
    examples: tuple[Example, ...] = ()


# The day set that rules count in unless they say otherwise.
DEFAULT_DAYS = "kommune"
_ROLLS = {"due": Roll.DAY_BEFORE, "at": Roll.STAY, "on": Roll.STAY, "open": Roll.STAY}


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one step once the workflow's defaults are applied."""

    responsible: tuple[Holder, ...]
    inform: tuple[Holder, ...]
    confidential: bool
    visible: Side | None
    remind: tuple[Span, ...] | None
    overdue: Pace | None
    escalate: Escalation | None
    days: str
    if_closed: Roll
    binding: bool
    source: tuple[Source, ...]
    if_missed: str


def terms(workflow: Workflow, step: Step, visible: Side | None = None) -> Terms:
    """The step's own word first, then the workflow's, then the language's default."""
    own, shared = step, workflow
    return Terms(
        responsible=_first(own.responsible, shared.responsible, ()),
        inform=_first(own.inform, shared.inform, ()),
        confidential=_first(own.confidential, shared.confidential, False),
        visible=own.visible or shared.visible or visible,
        remind=_first(own.remind, shared.remind, None),
        overdue=own.overdue or shared.overdue,
        escalate=own.escalate or shared.escalate,
        days=own.days or shared.days or DEFAULT_DAYS,
        if_closed=roll_of(workflow, step),
        binding=_first(own.binding, shared.binding, True),
        source=own.source or shared.source,
        if_missed=own.if_missed or shared.if_missed or "",
    )


def roll_of(workflow: Workflow, step: Step) -> Roll:
    """Where a date of the step goes that falls on a closed day."""
    return step.if_closed or workflow.if_closed or _ROLLS[step.kind]


def _first(own: Any, shared: Any, default: Any) -> Any:
    if own is not None:
        return own
    return shared if shared is not None else default
