"""Deadlines that were decided not to apply."""

from __future__ import annotations

from datetime import date

from engine.errors import FactRejected
from engine.planning.plan import Deadline
from engine.service.deciding import (
    Decided,
    Ground,
    Word,
    decide,
    record,
    refuse_coming,
    refuse_settled,
)
from engine.service.site import Site
from engine.store import Fact, Store


def waive(
    site: Site,
    key: str,
    by: str = "",
    why: str = "",
    evidence: str = "",
    on: date | None = None,
) -> Decided:
    """Record that a deadline does not apply: who approved it, and why."""
    site = site.once()
    word = Word(by, why, evidence)

    def told(store: Store, ground: Ground) -> Decided:
        fact = waived_fact(ground, ground.deadline(key), word, on)
        return record(store, site, ground, [fact])

    return decide(site, word, told)


def waived_fact(ground: Ground, deadline: Deadline, word: Word, on: date | None = None) -> Fact:
    """The fact that a deadline does not apply, if that may be said."""
    refuse_settled(ground, deadline)
    if not word.by:
        raise FactRejected("fact.waived-by-whom", title=ground.called(deadline))
    if not word.why.strip():
        raise FactRejected("fact.waived-why", title=ground.called(deadline))
    on = on or ground.today
    refuse_coming(on, ground.today)
    return ground.fact(deadline, "waived", on, word)
