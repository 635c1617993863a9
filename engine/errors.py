"""What can go wrong: codes and parameters; `wording` says them in Danish and English.

EngineError
├── ConfigError       config.toml or the environment cannot be used
├── DefinitionError   the site's files have faults; carries its findings
├── RuleError         a date rule cannot be read
├── NotCovered        a date lies outside what a day set covers
├── Unknown           no such key, committee, person, feed or file
├── FactRejected      a fact that does not fit the plan
├── StoreError        the database cannot be used as it is
│   └── Undone        the database gave a transaction up, and nothing of it happened
└── MailError         a mail did not go; temporary, permanent or unknown

A `Finding` is a fault or a remark that has a place; reading collects them all before it stops.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error stops an edition, a warning asks, a remark tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth telling about the site's files, and where it is."""

    code: str
    severity: Severity = Severity.ERROR
    path: str = ""
    line: int = 0
    column: int = 0
    field: str = ""
    value: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def at(self, path: str, line: int = 0, column: int = 0) -> Finding:
        """The same finding, placed in a file."""
        return replace(self, path=path, line=line, column=column)

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Sorts findings by place, then by what they say."""
        return (self.path, self.line, self.column, self.field, self.code, repr(self.params))


class EngineError(Exception):
    """The root: a code from the message catalogue, and the parameters it speaks of."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class ConfigError(EngineError):
    """Raised by `config` for an unknown name, a wrong value or a secret in the file."""


class DefinitionError(EngineError):
    """Raised by `service` when a site with errors is asked to take effect; carries those errors."""

    def __init__(
        self, findings: Iterable[Finding], code: str = "definitions.faulty", **params: object
    ) -> None:
        self.findings = tuple(each for each in findings if each.severity is Severity.ERROR)
        super().__init__(code, count=len(self.findings), **params)


class RuleError(EngineError):
    """Raised by `planning.rules` for a text that is no date rule; `column` counts from 0."""

    def __init__(self, code: str, column: int = 0, **params: object) -> None:
        super().__init__(code, column=column, **params)
        self.column = column


class NotCovered(EngineError):
    """Raised by `planning.workdays` for a day outside the years a day set covers."""

    def __init__(self, day_set: str, on: date, from_on: date, until_on: date) -> None:
        super().__init__(
            "workdays.not-covered", day_set=day_set, on=on, from_on=from_on, until_on=until_on
        )
        self.day_set = day_set
        self.on = on


class Unknown(EngineError):
    """Raised where a person or program names something that does not exist."""


class FactRejected(EngineError):
    """Raised by `service` when a fact cannot be recorded for a deadline."""


class StoreError(EngineError):
    """Raised by `store` for a database that cannot be opened, migrated or written."""


class Undone(StoreError):
    """Raised by `store` for a transaction that was given up whole; it may be run again."""


class Outcome(StrEnum):
    """What is known about a mail after an attempt to send it."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


class MailError(EngineError):
    """Raised by `mailer` when the relay did not take a mail."""

    def __init__(self, outcome: Outcome, code: str, **params: object) -> None:
        super().__init__(code, **params)
        self.outcome = outcome
