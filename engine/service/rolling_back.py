"""Going back: a new edition equal to an older one."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import DefinitionError, StoreError
from engine.planning.edition import Edition
from engine.service.applying import announce_edition
from engine.service.autoapplying import files_hash
from engine.service.checking import check_files
from engine.service.instep import remember, remember_intent
from engine.service.site import Site
from engine.store import EditionRow, Store


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The edition that now holds, the one it is equal to, and what changed with it."""

    edition: int
    restores: int
    hash: str
    changes: dict[str, int]


def rollback(site: Site, number: int, by: str = "", note: str = "") -> RolledBack:
    """Append an edition equal to an older one, and hold applying by itself.

    The files are not written: they still say what was gone back from, and take effect by
    themselves only when they have changed.
    """
    site = site.once()
    with site.writing() as store:
        made = store.whole(lambda: _stored(site, store, number, by, note))
        remember(site, store, made.edition)
    return made


def _stored(site: Site, store: Store, number: int, by: str, note: str) -> RolledBack:
    """One transaction; it may be run again from its start."""
    with store.writing():
        current = store.current_edition()
        if current is None:
            raise StoreError("service.no-edition")
        old = store.edition(number)
        if old.hash == current.hash:
            raise StoreError("editions.rollback-same", number=number, current=current.number)
        _refuse_unless_it_holds(site, store, old)
        remember_intent(site, store, old.hash)
        made = store.append_edition(
            old.texts,
            old.hash,
            parent=current.number,
            by=by,
            note=note,
            at=site.now,
            restores=number,
        ).number
        store.remember_watching(held_hash=files_hash(site))
        changes = announce_edition(store, site, made)
    return RolledBack(made, number, old.hash, changes)


def _refuse_unless_it_holds(site: Site, store: Store, old: EditionRow) -> None:
    """An old edition must check under this program, and know nobody who has been forgotten."""
    checked = check_files({path: text.encode() for path, text in old.texts.items()}, site.today)
    if not checked.sound or checked.reading.edition is None:
        raise DefinitionError(checked.findings)
    lost = _people_of(checked.reading.edition) - (store.people().keys() - store.erasures().keys())
    if lost:
        raise StoreError("editions.rollback-forgotten", number=old.number, people=sorted(lost))


def _people_of(edition: Edition) -> set[str]:
    seats = edition.seats
    return {seat.person for seat in seats} | {s.substitute_for for s in seats if s.substitute_for}
