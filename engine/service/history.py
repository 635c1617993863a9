"""The editions there have been, and what the plan said at any moment of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from engine.errors import EngineError, Unknown
from engine.feed import horizon
from engine.planning.diff import Verb, diff
from engine.service.clock import ZONE, local, stopped_at
from engine.service.current import Current, in_store
from engine.service.site import Site
from engine.store import EditionHead


@dataclass(frozen=True, slots=True)
class Edited:
    """One edition, the files in which it differs from the one before, and what that changed."""

    head: EditionHead
    files: tuple[str, ...]
    changes: Mapping[str, int]


def history(site: Site) -> list[Edited]:
    """Every edition, newest first."""
    if not site.has_store:
        return []
    with site.store() as store, store.reading():
        counts = store.counts_of_editions()
        found: list[Edited] = []
        before: Mapping[str, str] = {}
        for head in reversed(store.editions()):
            texts = store.edition(head.number).texts
            changed = sorted(p for p in {*before, *texts} if before.get(p) != texts.get(p))
            told = counts.get(head.number, {})
            changes = {verb.value: told.get(verb.value, 0) for verb in Verb}
            found.append(Edited(head, tuple(changed), changes))
            before = texts
    return found[::-1]


def moment_of(text: str) -> datetime:
    """A moment as it is written; a day alone is its end."""
    if len(text) == len("2026-03-12"):
        at = local(stopped_at(text)())
        return datetime.combine(at.date(), time.max, ZONE)
    return stopped_at(text)()


@dataclass(frozen=True, slots=True)
class Then:
    """What held at a moment, and how many dates had been announced otherwise than reckoned now."""

    now: Current
    announced_otherwise: int


def then(site: Site) -> Then:
    """What the plan of the site's moment was made from: the edition and the facts of that time."""
    if site.has_store:
        with site.store() as store, store.reading():
            found = in_store(store, site.now)
            if found is not None:
                ledger, renames = store.ledger(site.now), store.renames(site.now)
                changes = diff(found.plan(horizon(site.today, found.in_force_on)), ledger, renames)
                otherwise = sum(change.verb is Verb.MOVED for change in changes)
                return Then(found, otherwise)
            heads = store.editions()
            if heads:
                raise Unknown("editions.before-the-first", first=local(heads[-1].applied_at))
    raise EngineError("service.no-edition")
