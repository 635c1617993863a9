"""Making the files the edition in force, in one transaction, with what must be told."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from engine.definitions import Reading, site_files, without_people
from engine.errors import DefinitionError, Finding, StoreError
from engine.planning.diff import counted
from engine.service.announcing import announce
from engine.service.checking import Checked, check, left_open
from engine.service.current import in_store
from engine.service.site import Site
from engine.store import Store

STEP_FILE = "edition.json"


@dataclass(frozen=True, slots=True)
class Applied:
    """The edition that is now in force, and what changed with it."""

    edition: int
    hash: str
    changes: dict[str, int]
    findings: tuple[Finding, ...]
    is_new: bool


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
    checked = check(site)
    if not checked.sound:
        raise DefinitionError(checked.findings)
    texts = without_people(site_files(site.folder))
    digest, told = texts_hash(texts), _Told(by, note, demo)
    with site.writing(demo) as store:
        applied = store.whole(lambda: _stored(site, store, checked, texts, digest, told))
    _remember(site, applied.edition)
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
            _refuse_if_left_behind(site, store, number)
            number = store.append_edition(
                texts, digest, parent=number or None, by=told.by, note=told.note, at=site.now
            ).number
        if row is None:
            store.set_in_force(site.today)
        store.save_people(checked.reading.people.values())
        changes = _announce(store, site, number)
    return Applied(number, digest, changes, checked.findings, is_new)


def texts_hash(texts: dict[str, str]) -> str:
    """One hash over every path and text, in order."""
    digest = hashlib.sha256()
    for path in sorted(texts):
        digest.update(f"{path}\0{texts[path]}\0".encode())
    return digest.hexdigest()


def _announce(store: Store, site: Site, number: int) -> dict[str, int]:
    now = in_store(store)
    assert now is not None
    plan, changes = announce(store, now, site, reason=f"edition {number}")
    return counted(changes, len(plan.deadlines) + len(plan.meetings))


def _refuse_if_left_open(store: Store, reading: Reading) -> None:
    """A case may have been opened since the files were checked."""
    found = list(left_open(reading, store.facts()))
    if found:
        raise DefinitionError(found)


def _refuse_if_left_behind(site: Site, store: Store, number: int) -> None:
    """Files that grew out of an older edition must not silently undo a newer one."""
    remembered = _remembered(site, store)
    if number and remembered is not None and remembered != number:
        raise StoreError("service.left-behind", remembered=remembered, current=number)


def step_back(site: Site, number: int | None) -> None:
    """Tells a folder that was ahead of a restored store that it is in step with it now.

    Its files can then be applied again; a folder that was behind stays behind.
    """
    with site.store() as store:
        remembered = _remembered(site, store)
    if number is not None and remembered is not None and remembered > number:
        _remember(site, number)


def _step_file(site: Site) -> Path:
    return site.var / STEP_FILE


def _remembered(site: Site, store: Store) -> int | None:
    try:
        told = json.loads(_step_file(site).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return int(told["edition"]) if told.get("site") == _mark(store) else None


def _mark(store: Store) -> str:
    """Tells one store from another without giving its secret away."""
    return hashlib.sha256(store.site().secret.encode()).hexdigest()[:16]


def _remember(site: Site, number: int) -> None:
    with site.store() as store:
        mark = _mark(store)
    path = _step_file(site)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"edition": number, "site": mark}) + "\n", encoding="utf-8")
