"""The store in one file, and back again."""

from __future__ import annotations

from pathlib import Path

from engine.migrations import upgrade
from engine.service.erasing import noted
from engine.service.instep import step_back
from engine.service.site import Site
from engine.store import Restored, back_up
from engine.store import restore as restore_store


def backup(site: Site, file: Path) -> dict[str, int]:
    """Write the whole store to a file while everything runs; rows by table."""
    with site.store() as store:
        return back_up(store, file, site.var, upgrade)


def restore(site: Site, file: Path, replace: bool = False) -> Restored:
    """Make the store what a backup says, hold the outbox, and repeat every erasure."""
    site = site.once()
    with site.store() as store:
        found = store.whole(
            lambda: restore_store(
                store,
                file,
                site.var,
                upgrade,
                at=site.now,
                replace=replace,
                forgotten=noted(site),
            )
        )
    step_back(site, found.edition)
    return found
