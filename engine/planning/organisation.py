"""Who has duties: levels, committees, roles, offices, and who holds which seat on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.planning.fields import (
    Clock,
    Day,
    Entry,
    Key,
    Lead,
    Length,
    Number,
    OneOrMore,
    Repeats,
    Text,
    YesNo,
    fault,
)

EMAIL = r"^[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
"""An address that every relay takes: no æ, ø and å, and no more than one."""


class Side(StrEnum):
    """The two parties of a committee."""

    MANAGEMENT = "management"
    EMPLOYEES = "employees"


class Level(Entry):
    """A tier of committees; the municipality names its own."""

    title: str
    rank: Number = Field(ge=1, le=9)
    employees: str | None = Field(None, pattern=r"^(>=?|<=?) *\d+$")


class Role(Entry):
    """A part a person plays in a committee."""

    title: str
    en: str | None = None
    secretary: YesNo | None = None
    """Whether it is the committees' secretary; where no role says so, the title tells."""

    @property
    def is_called_secretary(self) -> bool:
        """Whether the role is the secretary by its title, and does not say otherwise."""
        if self.secretary is not None:
            return self.secretary
        return self.title.casefold() == "sekretær" or (self.en or "").casefold() == "secretary"


class Office(Entry):
    """A part of the administration with a shared mailbox."""

    title: str
    email: str = Field(pattern=EMAIL)
    side: Side | None = None
    """The party it belongs to; what is one side's own goes to no office that is not on it."""


class Committee(Entry):
    """A body that meets: a MED committee, a forum, or a staff meeting with MED status."""

    title: str
    level: Key | None = None
    kind: Literal["committee", "forum", "staff_meeting"] = "committee"
    parent: Key | None = None
    employees: Number | None = Field(None, ge=0)
    visible: Side | None = None
    from_on: Day | None = Field(None, alias="from")
    until_on: Day | None = Field(None, alias="until")
    formerly: Annotated[tuple[Key, ...], OneOrMore] = ()


class Escalation(Entry):
    """Who else is told when a deadline has been overdue for a while."""

    after: Length
    to: Annotated[tuple[str, ...], OneOrMore] = Field(min_length=1)


class Reminders(Entry):
    """When people are told in advance, how often afterwards, and who is told at last."""

    remind: Annotated[tuple[Lead, ...], OneOrMore] = ()
    overdue: Repeats | None = None
    escalate: Escalation | None = None


class AtMost(Entry):
    """How many mails may go before somebody has to look."""

    a_person_a_week: Number = Field(10, ge=1, alias="a person a week")
    a_run: Number = Field(200, ge=1, alias="a run")


class SiteReminders(Reminders):
    """The site's own habits: what holds where a workflow says nothing, and how much is too much."""

    at_most: AtMost = Field(AtMost(), alias="at most")


class Retention(Entry):
    """How long personal data is kept after it has served."""

    seats: Length | None = None
    mails: Length | None = None
    cases: Length | None = None


class Settings(Entry):
    """The site's own choices."""

    language: Literal["da", "en"] = "da"
    in_force_from_on: Day | None = Field(None, alias="in force from")
    send_at: Clock = Field(time(7, 30), alias="send at")
    send_until: Clock = Field(time(17, 0), alias="send until")
    reminders: SiteReminders = SiteReminders()
    retention: Retention = Retention()
    administrators: Annotated[tuple[str, ...], OneOrMore] = ()
    """Who looks after the site: offices, and roles of a named committee."""

    @model_validator(mode="after")
    def _is_open_for_a_while(self) -> Self:
        if self.send_until <= self.send_at:
            raise fault("settings.send-until", at=f"{self.send_at:%H:%M}")
        return self


class Organisation(Entry):
    """The file `organisation.yaml`."""

    name: str
    settings: Settings = Settings()
    levels: dict[Key, Level] = {}
    roles: dict[Key, Role] = {}
    offices: dict[Key, Office] = {}
    committees: dict[Key, Committee] = {}

    @property
    def secretaries(self) -> tuple[str, ...]:
        """The role that says it is the secretary; where none does, those that are called so."""
        said = tuple(key for key, role in self.roles.items() if role.secretary)
        return said or tuple(key for key, role in self.roles.items() if role.is_called_secretary)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who holds a seat; known by initials everywhere but here."""

    id: str
    name: str
    email: str
    language: Literal["da", "en"] | None = None
    away_from_on: date | None = None
    away_until_on: date | None = None
    refused_on: date | None = None
    """The day the relay refused the address for good."""

    @property
    def is_reachable(self) -> bool:
        """Whether mail can be sent to the person at all."""
        return bool(self.email) and self.refused_on is None


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a role of a committee, from a day until a day."""

    person: str
    committee: str
    role: Text
    from_on: date
    until_on: date | None = None
    side: Side | None = None
    mandate: str = ""
    substitute_for: str = ""
    unit: str = ""

    @property
    def id(self) -> str:
        """person-committee-role-year: no name, no other date."""
        return f"{self.person}-{self.committee}-{self.role}-{self.from_on.year}"

    def held(self, on: date) -> bool:
        """Whether the seat is held on the day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)
