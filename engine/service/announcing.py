"""Keeping the ledger in step with the plan: what the world has been told, revision by revision."""

from __future__ import annotations

from engine.feed import horizon
from engine.planning.diff import Change, diff, renames
from engine.planning.plan import Plan
from engine.service.current import Current
from engine.service.site import Site
from engine.store import Store


def announce(store: Store, now: Current, site: Site, reason: str) -> tuple[Plan, list[Change]]:
    """Write what changed since the world was last told, and nothing else."""
    plan = now.plan(horizon(site.today, now.in_force_on))
    ledger = store.ledger()
    store.add_renames(renames(now.edition, ledger), site.now)
    changes = diff(plan, ledger, store.renames())
    reasons = {change.key: reason for change in changes}
    store.announce(changes, edition=now.number, at=site.now, reasons=reasons)
    return plan, changes
