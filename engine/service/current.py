"""The edition in force, its facts, and the plan they give."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from engine.definitions import Reading, read_site, read_stored
from engine.errors import DefinitionError, Finding, Severity, Unknown
from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD, Facts
from engine.planning.organisation import Person
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.service.placing import files_of
from engine.service.site import Site
from engine.store import Store

MOST_WINDOWS = 2
"""Of how many windows the last plan is kept: the calendars' and the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Current:
    """What holds now: the edition with its people and facts; number 0 is the files themselves."""

    number: int
    edition: Edition
    people: Mapping[str, Person]
    facts: Facts
    in_force_on: date | None
    faults: tuple[Finding, ...] = ()
    """What newer checks find wrong in the edition, which stands all the same."""

    def plan(self, window: Window, before: Plan | None = None) -> Plan:
        """The plan of a window; what still stands of the one before is taken over.

        Where none is given, the one before is the last that this process made of the window.
        """
        with without_collecting():
            plan = make_plan(self.edition, self.facts, window, before or _last.of(window))
        _last.keep(plan)
        return plan


class _Last:
    """The last plans this process made: most commands plan before and after they write.

    They are replaced in one step, so that threads need not wait for each other.
    """

    def __init__(self) -> None:
        self._plans: tuple[Plan, ...] = ()

    def of(self, window: Window) -> Plan | None:
        """The last plan of a window."""
        return next((plan for plan in self._plans if plan.window == window), None)

    def keep(self, plan: Plan) -> None:
        """Keeps a plan instead of the one before it, and those of few other windows."""
        others = (each for each in self._plans if each.window != plan.window)
        self._plans = (plan, *others)[:MOST_WINDOWS]


_last = _Last()


@contextmanager
def without_collecting() -> Iterator[None]:
    """A block that makes much, keeps it all and leaves no circles: looking for them is idle.

    The collector goes through everything alive again and again while a plan grows; that took as
    long as planning itself. What was made is then laid among the old objects, where a full
    collection looks, as also at what other threads left meanwhile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def current(site: Site) -> Current:
    """The edition in force; while there is none, the files as they stand."""
    if site.has_store:
        with site.store() as store:
            found = in_store(store)
            if found is not None:
                return found
    reading = read_site(files_of(site), None)
    if reading.edition is None:
        raise DefinitionError(reading.findings)
    settings = reading.edition.organisation.settings
    return Current(0, reading.edition, reading.people, NOTHING_TOLD, settings.in_force_from_on)


def in_store(store: Store, until: datetime | None = None) -> Current | None:
    """The edition that the store holds as current, or that held at a moment, with its facts.

    People are those known now: what is erased of them is erased everywhere.
    """
    row = store.current_edition() if until is None else store.edition_at(until)
    if row is None:
        return None
    reading = _stored(row.number, tuple(row.texts.items()))
    assert reading.edition is not None
    settings = reading.edition.organisation.settings
    in_force_on = settings.in_force_from_on or store.site().in_force_on
    return Current(
        row.number,
        reading.edition,
        store.people(),
        store.facts(until),
        in_force_on,
        tuple(each for each in reading.findings if each.severity is Severity.ERROR),
    )


@lru_cache(maxsize=2)
def _stored(number: int, texts: tuple[tuple[str, str], ...]) -> Reading:
    """What the texts of a stored edition say; the last two are kept, for they are read again."""
    reading = read_stored({path: text.encode() for path, text in texts})
    if reading.edition is None:
        raise DefinitionError(reading.findings, "editions.not-understood", number=number)
    return reading


def deadline_of(plan: Plan, key: str) -> Deadline:
    """The deadline with a key, inside the window or beyond it."""
    found = plan.by_key.get(key) or plan.beyond.get(key)
    if found is None:
        raise Unknown("service.unknown-deadline", key=key)
    return found
