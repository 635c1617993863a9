"""The one clock of the house; everything else is told the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.errors import EngineError

ZONE = ZoneInfo("Europe/Copenhagen")
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where time comes in


def stopped_at(text: str) -> Clock:
    """A clock that stands at a local moment, such as 2026-03-12T07:30."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise EngineError("clock.unreadable", text=text) from error
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    return lambda: local.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """The moment as clocks in Denmark show it."""
    return moment.astimezone(ZONE)
