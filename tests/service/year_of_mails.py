"""A year of the shipped site on a virtual clock: people do most things on the day, some late.

Of what falls due, nine in ten are reported on their day, one in ten nine days later, and one in
fifty never. Who does what follows from the deadline's key, so that every run is the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from engine.config import read_config
from engine.feed import horizon
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, state
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.current import in_store
from engine.service.deciding import Ground, record
from engine.service.reminding import Mail, forecast, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.store import Fact

BEGINS = date(2027, 1, 1)
ENDS = date(2027, 12, 31)
LATE_DAYS = 9


@dataclass(slots=True)
class Day:
    """What was foreseen and sent on one day, and what went at other hours."""

    on: date
    foreseen: list[Mail]
    sent: list[Mail]
    at_night: list[Mail] = field(default_factory=list)


def begun(folder: Path) -> Path:
    """The shipped site, in force from the first day of the year."""
    init(folder)
    path = folder / "organisation" / "organisation.yaml"
    text = path.read_text("utf-8")
    path.write_text(re.sub("in force from: .*", f"in force from: {BEGINS}", text), "utf-8")
    apply(_at(folder, f"{BEGINS - timedelta(days=2)}T12:00"), demo=True)
    return folder


def days(folder: Path, until: date = ENDS) -> Iterator[Day]:
    """Every day of the year, also the closed ones; mails in the morning, answers at four."""
    on = BEGINS
    while on <= until:
        morning = _at(folder, f"{on}T07:30")
        day = Day(on, forecast(morning).mails, remind(morning).mails)
        _answer(_at(folder, f"{on}T16:00"))
        day.at_night = remind(_at(folder, f"{on}T21:00")).mails if on.weekday() == 4 else []
        yield day
        on += timedelta(days=1)


def _at(folder: Path, moment: str) -> Site:
    return Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def _answer(site: Site) -> None:
    """One transaction with everything that people report that day."""
    with site.writing() as store, store.writing():
        now = in_store(store)
        assert now is not None
        plan = now.plan(horizon(site.today, now.in_force_on))
        facts = [
            Fact(key=deadline.key, kind="done", on=site.today, how="command", recorded_at=site.now)
            for deadline in _answered(plan, site.today)
        ]
        if facts:
            record(store, site, Ground(now, plan, site.today, site.now), facts)


def _answered(plan: Plan, today: date) -> Iterator[Deadline]:
    for deadline in plan.deadlines:
        due_on = deadline.due_on
        if due_on is None or not BEGINS <= due_on <= today:
            continue
        lot = int(hashlib.sha256(deadline.key.encode()).hexdigest(), 16)
        waits = timedelta(days=LATE_DAYS if lot % 10 == 0 else 0)
        if lot % 50 == 0 or today < due_on + waits:
            continue
        if state(deadline, plan, today) not in (State.DONE, State.WAIVED):
            yield deadline
