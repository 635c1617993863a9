"""Keeping the ledger in step with the plan: what the world has been told, revision by revision."""

from __future__ import annotations

from engine.feed import horizon
from engine.planning.diff import Change, diff, renames
from engine.planning.plan import Plan
from engine.service.current import Current
from engine.service.noticing import tell_changes
from engine.service.site import Site
from engine.store import Store


def announce(
    store: Store, now: Current, site: Site, reason: str, *, note: str = "", by: str = ""
) -> tuple[Plan, list[Change]]:
    """Write what changed since the world was last told, and nothing else.

    Whoever was told by mail of what is no longer so is told of that, with the `note` that was
    given of it; not whoever did it.
    """
    plan = now.plan(horizon(site.today, now.in_force_on))
    ledger = store.ledger()
    store.add_renames(renames(now.edition, ledger, now.facts.names), site.now)
    changes = diff(plan, ledger, store.renames())
    reasons = {change.key: reason for change in changes}
    store.announce(changes, edition=now.number, at=site.now, reasons=reasons)
    tell_changes(site, store, now, plan, changes, note=note, by=by)
    return plan, changes
