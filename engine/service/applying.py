"""Making the files the edition in force, in one transaction, with what must be told."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions import Reading, without_people
from engine.errors import DefinitionError, Finding
from engine.planning.diff import counted
from engine.service.announcing import announce
from engine.service.checking import Checked, check, left_open
from engine.service.current import in_store
from engine.service.instep import refuse_if_left_behind, remember, remember_intent
from engine.service.site import Site
from engine.store import Store


@dataclass(frozen=True, slots=True)
class Applied:
    """The edition that is now in force, and what changed with it."""

    edition: int
    hash: str
    changes: dict[str, int]
    findings: tuple[Finding, ...]
    is_new: bool
    is_first: bool = False
    held_for: str = ""
    """Why the mails about it do not go, as a code."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Who applies, and what they say about it."""

    by: str
    note: str
    demo: bool


def apply(site: Site, by: str = "", note: str = "", demo: bool = False) -> Applied:
    """Check the files, store them as the next edition, and bring the announcements in step.

    Files equal to the current edition make no new one; people and announcements still follow.
    """
    site = site.once()
    return apply_checked(site, check(site), by, note, demo)


def apply_checked(
    site: Site, checked: Checked, by: str = "", note: str = "", demo: bool = False
) -> Applied:
    """Make files that were read and checked the next edition, as they were read."""
    if not checked.sound:
        raise DefinitionError(checked.findings)
    texts = without_people(checked.files)
    digest, told = texts_hash(texts), _Told(by, note, demo)
    with site.writing(demo) as store:
        applied = store.whole(lambda: _stored(site, store, checked, texts, digest, told))
        remember(site, store, applied.edition)
    return applied


def _stored(
    site: Site, store: Store, checked: Checked, texts: dict[str, str], digest: str, told: _Told
) -> Applied:
    """One transaction under the lock of whoever plans; it may be run again from its start."""
    with store.writing():
        store.ensure_site(secrets.token_hex(32), site.now, demo=told.demo)
        _refuse_if_left_open(store, checked.reading)
        row = store.current_edition()
        is_new = row is None or row.hash != digest
        number = row.number if row is not None else 0
        if is_new:
            refuse_if_left_behind(site, store, number)
            remember_intent(site, store, digest)
            number = store.append_edition(
                texts, digest, parent=number or None, by=told.by, note=told.note, at=site.now
            ).number
        if row is None:
            store.set_in_force(site.today)
        store.save_people(checked.reading.people.values())
        changes = announce_edition(store, site, number, told.note)
        held_for = store.outbox_held()[1]
    return Applied(number, digest, changes, checked.findings, is_new, row is None, held_for)


def texts_hash(texts: Mapping[str, str]) -> str:
    """One hash over every path and text, in order."""
    digest = hashlib.sha256()
    for path in sorted(texts):
        digest.update(f"{path}\0{texts[path]}\0".encode())
    return digest.hexdigest()


def announce_edition(store: Store, site: Site, number: int, note: str = "") -> dict[str, int]:
    """Write what the edition that was just stored changes; how many of each verb."""
    now = in_store(store)
    assert now is not None
    plan, changes = announce(store, now, site, reason=f"edition {number}", note=note)
    return counted(changes, len(plan.deadlines) + len(plan.meetings))


def _refuse_if_left_open(store: Store, reading: Reading) -> None:
    """A case may have been opened since the files were checked."""
    found = list(left_open(reading, store.facts()))
    if found:
        raise DefinitionError(found)
