"""The edition in force, its facts, and the plan they give."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from engine.definitions import read_site
from engine.errors import DefinitionError, Unknown
from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD, Facts
from engine.planning.organisation import Person
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.service.placing import files_of
from engine.service.site import Site
from engine.store import Store


@dataclass(frozen=True, slots=True)
class Current:
    """What holds now: the edition with its people and facts; number 0 is the files themselves."""

    number: int
    edition: Edition
    people: Mapping[str, Person]
    facts: Facts
    in_force_on: date | None

    def plan(self, window: Window, before: Plan | None = None) -> Plan:
        """The plan of a window; what still stands of the one before is taken over."""
        with without_collecting():
            return make_plan(self.edition, self.facts, window, before)


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
    reading = read_site({path: text.encode() for path, text in row.texts.items()}, None)
    if reading.edition is None:
        raise DefinitionError(reading.findings)
    settings = reading.edition.organisation.settings
    in_force_on = settings.in_force_from_on or store.site().in_force_on
    return Current(row.number, reading.edition, store.people(), store.facts(until), in_force_on)


def deadline_of(plan: Plan, key: str) -> Deadline:
    """The deadline with a key, inside the window or beyond it."""
    found = plan.by_key.get(key) or plan.beyond.get(key)
    if found is None:
        raise Unknown("service.unknown-deadline", key=key)
    return found
