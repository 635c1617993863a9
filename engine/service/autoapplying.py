"""Applying the files without being asked: after a quiet minute, sound, and with nothing lost."""

from __future__ import annotations

import hashlib
import os
import socket
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from engine.definitions import read_site, without_people
from engine.definitions.reading import MEMBERS
from engine.errors import Finding, Severity, StoreError
from engine.planning.losses import Loss, losses
from engine.service.administrators import tell_administrators
from engine.service.applying import Applied, apply_checked, texts_hash
from engine.service.checking import Checked, check
from engine.service.current import Current, in_store
from engine.service.instep import remembered
from engine.service.placing import files_of
from engine.service.site import Site
from engine.store import AutoApplyRow, Store
from engine.wording.catalogue import Language, say
from engine.wording.editions import loss_words
from engine.wording.faults import finding_line

QUIET = timedelta(minutes=1)
LEASE = timedelta(minutes=3)
MOST_FAULTS = 20
BY = "auto-apply"
# One name for this process: two on one machine are two.
NODE = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


class Outcome(StrEnum):
    """What came of a look at the files."""

    OFF = "off"
    NOT_OURS = "not-ours"
    """Another node looks."""
    SAME = "same"
    WAITING = "waiting"
    """They changed less than a minute ago."""
    HELD = "held"
    """They are those that somebody went back from."""
    BEHIND = "behind"
    """They did not grow out of the edition in force."""
    FAULTY = "faulty"
    ASKS = "asks"
    """Somebody or something would disappear: a person must apply."""
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: what came of it, and what it found."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    losses: tuple[Loss, ...] = ()
    applied: Applied | None = None
    news: bool = False
    """Whether this look found what the one before had not."""


def look(site: Site, node: str = NODE) -> Look:
    """Look at the files once, and make them the next edition where nothing speaks against it.

    The first edition is always applied by a person.
    """
    site = site.once()
    if not site.config.editions.auto_apply or not site.has_store:
        return Look(Outcome.OFF)
    with site.store() as store:
        number = store.current_number()
        if number is None:
            return Look(Outcome.OFF)
        if not store.take_turn(node, site.now, LEASE):
            return Look(Outcome.NOT_OURS)
        files = files_of(site)
        seen, row = _hash(files), store.auto_applying()
        if row.files_hash != seen:
            store.remember_watching(files_hash=seen, files_since_at=site.now)
            row = store.auto_applying()
        looked = f"{seen} {number}"
        if row.outcome and (row.detail or {}).get("looked") == looked:
            return _again(row)
        found = _looked(site, store, files, row)
        if found.outcome is not Outcome.WAITING:
            _remember(store, found, looked, site.now)
            found = replace(found, news=found.outcome is not Outcome.SAME)
    return found


def last_look(site: Site) -> Look | None:
    """What the last look found that a person must do something about; None if nothing."""
    if not site.config.editions.auto_apply or not site.has_store:
        return None
    with site.store() as store:
        return stopped(store)


def stopped(store: Store) -> Look | None:
    """What stands in the way of the files, as the last look found it; None where nothing does."""
    row = store.auto_applying()
    if row.outcome not in (Outcome.HELD, Outcome.BEHIND, Outcome.FAULTY, Outcome.ASKS):
        return None
    return _again(row)


def files_hash(site: Site) -> str:
    """One hash over the files as they lie in the folder, names and addresses too."""
    return _hash(files_of(site))


def _hash(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.hexdigest()


def _again(row: AutoApplyRow) -> Look:
    """What the last look found, as it is remembered."""
    lost = tuple(Loss(**each) for each in (row.detail or {}).get("losses", ()))
    outcome = Outcome(row.outcome)
    return Look(Outcome.SAME if outcome is Outcome.APPLIED else outcome, losses=lost)


def _remember(store: Store, found: Look, looked: str, at: datetime) -> None:
    if found.applied is not None:
        looked = f"{looked.partition(' ')[0]} {found.applied.edition}"
    detail = {"looked": looked, "losses": [asdict(loss) for loss in found.losses]}
    store.remember_watching(outcome=found.outcome.value, detail=detail, outcome_at=at)


def _looked(site: Site, store: Store, files: Mapping[str, bytes], row: AutoApplyRow) -> Look:
    if _is_current(files, store):
        return Look(Outcome.SAME)
    if row.files_since_at is not None and site.now - row.files_since_at < QUIET:
        return Look(Outcome.WAITING)
    if _is_held(row, files, store):
        return Look(Outcome.HELD)
    if remembered(site, store) != store.current_number():
        return Look(Outcome.BEHIND)
    checked = check(site)
    if _hash(checked.files) != row.files_hash:
        return Look(Outcome.WAITING)
    return _tried(site, store, checked)


def _tried(site: Site, store: Store, checked: Checked) -> Look:
    """Apply what was checked, if it is sound and nothing is lost by it."""
    now = in_store(store)
    assert now is not None
    if not checked.sound or checked.reading.edition is None:
        return _faulty(site, store, now, checked.findings)
    lost = losses(now.edition, checked.reading.edition)
    if lost:
        matter = f"{now.number} {lost!r}"
        tell_administrators(
            site, store, now, "editions.mail.asks", partial(_loss_lines, lost), matter
        )
        return Look(Outcome.ASKS, losses=lost)
    try:
        return Look(Outcome.APPLIED, applied=apply_checked(site, checked, by=BY))
    except StoreError as error:
        return _faulty(site, store, now, (Finding(error.code, params=error.params),))


def _is_current(files: Mapping[str, bytes], store: Store) -> bool:
    """Whether the files say what holds already, also about people."""
    current, texts = store.current_edition(), _texts(files)
    if current is None or texts is None or texts_hash(texts) != current.hash:
        return False
    known = store.people()
    told = read_site(files).people
    return all(known.get(initials) == person for initials, person in told.items())


def _texts(files: Mapping[str, bytes]) -> dict[str, str] | None:
    try:
        return without_people(files)
    except UnicodeDecodeError:
        return None


def _is_held(row: AutoApplyRow, files: Mapping[str, bytes], store: Store) -> bool:
    """Whether somebody went back, and the files have not changed since."""
    current = store.current_edition()
    if current is None or current.restores is None:
        return False
    if row.files_hash == row.held_hash:
        return True
    if row.files_since_at is not None and row.files_since_at <= current.applied_at:
        return True
    texts = _texts(files)
    left = store.edition(current.parent) if current.parent else None
    return left is not None and texts is not None and texts_hash(texts) == left.hash


def _faulty(site: Site, store: Store, now: Current, findings: Sequence[Finding]) -> Look:
    """The last good edition runs on; a distinct fault is told once."""
    errors = tuple(each for each in findings if each.severity is Severity.ERROR)
    known = sorted((each.path, each.code, each.field, each.value) for each in errors)
    matter = f"{now.number} {known!r}"
    tell_administrators(
        site, store, now, "editions.mail.faulty", partial(_fault_lines, errors), matter
    )
    return Look(Outcome.FAULTY, findings=errors)


def _fault_lines(findings: Sequence[Finding], language: Language) -> list[str]:
    """The faults as `med check` says them, without what could be a name or an address."""
    lines: list[str] = []
    for finding in findings[:MOST_FAULTS]:
        if finding.path == MEMBERS:
            place = {"line": finding.line, "column": finding.field}
            lines.append(say("editions.mail.members", language, **place))
        else:
            lines.append(finding_line(finding, language))
    if len(findings) > MOST_FAULTS:
        lines.append(say("editions.more", language, count=len(findings) - MOST_FAULTS))
    return lines


def _loss_lines(lost: Sequence[Loss], language: Language) -> list[str]:
    lines = [loss_words(each, language) for each in lost[:MOST_FAULTS]]
    if len(lost) > MOST_FAULTS:
        lines.append(say("editions.more", language, count=len(lost) - MOST_FAULTS))
    return lines
