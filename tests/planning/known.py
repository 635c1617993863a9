from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from danish_days import kommune

from engine.planning.rules import Meetings, Missing, Value
from engine.planning.workdays import WorkingCalendar

WORKING = kommune()
FIRST_PLANNED_ON, LAST_PLANNED_ON = date(2026, 1, 1), date(2026, 12, 31)


@dataclass
class Known:
    """What an occurrence knows in a test; meetings are planned for 2026."""

    working: WorkingCalendar = WORKING
    base_year: int | None = None
    period: tuple[date, date] | None = None
    counted_from: str | None = None
    dates: dict[str, date] = field(default_factory=dict)
    bodies: dict[str | None, tuple[tuple[date, str], ...]] = field(default_factory=dict)

    def anchor(self, name: str) -> Value:
        return self._value(name, "anchor", name)

    def name(self, name: str) -> Value:
        return self._value(name, "name", name)

    def done(self, step: str) -> Value:
        return self._value(f"udført {step}", "done", step)

    def _value(self, key: str, kind: str, name: str) -> Value:
        if key in self.dates:
            return Value(self.dates[key])
        return Value(None, missing=(Missing(kind, {"name": name}),))

    def meetings(self, body: str | None) -> Meetings:
        return Meetings(self.bodies[body], FIRST_PLANNED_ON, LAST_PLANNED_ON)

    def notice(self, table: str, since: date, given: date) -> Value:
        return Value(self.dates[f"varsel {table} {since} {given}"])
