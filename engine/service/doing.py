"""Facts people tell: done for now; what they change is announced in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from engine.errors import FactRejected
from engine.feed import horizon
from engine.planning.inputs import has_cpr
from engine.planning.status import State, state
from engine.service.announcing import announce
from engine.service.current import deadline_of, in_store
from engine.service.site import Site
from engine.store import Fact

MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was recorded."""

    id: int
    key: str
    kind: str
    on: date
    by: str
    why: str
    evidence: str


def done(
    site: Site, key: str, by: str = "", why: str = "", evidence: str = "", on: date | None = None
) -> Told:
    """Record that a deadline was met, on a day that has come."""
    site = site.once()
    on = on or site.today
    if on > site.today:
        raise FactRejected("service.done-tomorrow", on=on)
    for text in (why, evidence):
        if len(text) > MOST_WORDS:
            raise FactRejected("service.too-long", length=len(text), most=MOST_WORDS)
        if has_cpr(text):
            raise FactRejected("service.cpr")
    with site.writing() as store, store.writing():
        now = in_store(store)
        if now is None:
            raise FactRejected("service.no-edition")
        plan = now.plan(horizon(site.today))
        deadline = deadline_of(plan, key)
        if by and by not in now.people:
            near = get_close_matches(by, sorted(now.people), n=1)
            raise FactRejected("service.unknown-person", name=by, near=near[0] if near else "")
        if state(deadline, plan, site.today) is State.DONE:
            raise FactRejected("service.done-already", title=deadline.title)
        row = store.add_fact(
            Fact(
                key=deadline.key,
                kind="done",
                on=on,
                by=by,
                how="command",
                why=why,
                evidence=evidence,
                recorded_at=site.now,
            )
        )
        after = in_store(store)
        assert after is not None
        announce(store, after, site, reason=f"fact {row.id}")
    return Told(row.id or 0, deadline.key, "done", on, by, why, evidence)
