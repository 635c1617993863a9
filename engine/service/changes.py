"""What applying the files would change: why, whom it touches, and which mails follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.definitions import Edit, read_site, without_people
from engine.errors import DefinitionError
from engine.feed import horizon
from engine.planning.diff import Announced, Change, Snapshot, Verb, diff, renames
from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD
from engine.planning.plan import Plan
from engine.planning.reminders import Reminder, due
from engine.service.addressing import address
from engine.service.ceilings import excess_of_changes
from engine.service.clock import local
from engine.service.current import Current, in_store
from engine.service.hours import opens_at
from engine.service.noticing import mailed as mailed_of
from engine.service.noticing import reminded as reminded_of
from engine.service.noticing import turned
from engine.service.placing import files_of
from engine.service.reasons import Reason, Trial, reasons
from engine.service.reminding import can_send, next_mail_at
from engine.service.site import Site
from engine.store import Store, Told


@dataclass(frozen=True, slots=True)
class Preview:
    """One change, why it happens, whom it touches, and who has had a mail about it."""

    change: Change
    reason: Reason
    touches: tuple[str, ...]
    """The addresses of those who act before and after."""
    mailed: tuple[str, ...]
    """The addresses of those whom a mail has told of it."""
    told: tuple[str, ...]
    """Those and the ones who have had it in their calendar: whoever knows it as it was."""
    uid: str | None = None
    """What it is announced as, if it is."""

    @property
    def confidential(self) -> bool:
        """Whether what it was or what it becomes is confidential."""
        both = (self.change.before, self.change.after)
        return any(snapshot.confidential for snapshot in both if snapshot is not None)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Everything applying would change, and the mails of the next morning that it causes."""

    now: Current
    changes: tuple[Preview, ...]
    silent: tuple[Edit, ...]
    """The edits of files that move, rename or give away nothing."""
    unchanged: int
    noticed: int
    """How many people and offices get a mail about the changes."""
    notice_at: datetime
    mails: int
    """How many people and offices get reminders in the next letters because of the changes."""
    mail_at: datetime
    can_send: bool
    held_for: str
    """Why no mail goes now, as a code."""
    too_many: str
    """Why the mails about the changes will be held, as a code."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store tells; nothing while there is none."""

    texts: Mapping[str, str]
    ledger: Mapping[str, Announced]
    renames: Mapping[str, str]
    told: Mapping[str, Told]
    arrived: Mapping[str, Told]
    moves: Mapping[str, int]
    before: Current | None


_NOTHING = _Known({}, {}, {}, {}, {}, {}, None)


def preview(site: Site, files: Mapping[str, bytes] | None = None) -> list[Preview]:
    """The changes alone."""
    return list(foreseen(site, files).changes)


def foreseen(site: Site, files: Mapping[str, bytes] | None = None) -> Foreseen:
    """The plan of the files, or of some like them, against what has been announced."""
    site = site.once()
    files = files_of(site) if files is None else files
    reading = read_site(files, site.today)
    if reading.edition is None:
        raise DefinitionError(reading.findings)
    settings = reading.edition.organisation.settings
    now = Current(0, reading.edition, reading.people, NOTHING_TOLD, settings.in_force_from_on)
    known = _NOTHING
    if site.has_store:
        with site.store() as store, store.reading():
            known = _known(store)
            in_force_on = settings.in_force_from_on or _in_force(known)
            now = replace(now, facts=store.facts(), in_force_on=in_force_on)
    plan = now.plan(horizon(site.today, now.in_force_on))
    renamed = {**known.renames, **renames(now.edition, known.ledger, now.facts.names)}
    changes = diff(plan, known.ledger, renamed)
    after = without_people(files)
    trial = None
    if known.texts and known.texts != after:
        trial = Trial(lambda edition: _planned(now, edition, site), known.ledger, known.renames)
    why = reasons(changes, known.texts, after, trial)
    mailed = mailed_of(known.arrived, renamed)
    made = tuple(
        Preview(
            change,
            why.of[change.key],
            _touched((change.before, change.after), now),
            _addresses(mailed.get(change.key, ()), known.before or now, now),
            _addresses(
                {**_holders((change.before,)), **mailed.get(change.key, {})},
                known.before or now,
                now,
            ),
            _uid(change.key, known.ledger, renamed),
        )
        for change in changes
    )
    reminded = _mails(site, known, now, plan, changes, renamed)
    retired = sum(change.verb is Verb.RETIRED for change in changes)
    unchanged = len(plan.deadlines) + len(plan.meetings) - len(changes) + retired
    noticed = set(turned(changes, mailed, reminded_of(known.arrived, renamed)))
    held_for, too_many = _held(site, now, noticed)
    return Foreseen(
        now,
        made,
        why.silent,
        unchanged,
        len(noticed),
        opens_at(now.edition, site.now),
        len(reminded),
        next_mail_at(now, site.now),
        can_send(site),
        held_for,
        too_many,
    )


def _held(site: Site, now: Current, noticed: Collection[str]) -> tuple[str, str]:
    """Why no mails go, and why those about the changes will be held, as codes."""
    if not (noticed and site.has_store):
        return "", ""
    on = local(opens_at(now.edition, site.now)).date()
    allowed = now.edition.organisation.settings.reminders.at_most
    with site.store() as store, store.reading():
        held_at, held_for = store.outbox_held()
        found = excess_of_changes(store, allowed, on, noticed)
    if held_at is not None:
        return held_for, ""
    return "", found.why if found else ""


def _uid(key: str, ledger: Mapping[str, Announced], renamed: Mapping[str, str]) -> str | None:
    told = ledger.get(key) or ledger.get(renamed.get(key, ""))
    return told.uid if told else None


def _known(store: Store) -> _Known:
    row = store.current_edition()
    if row is None:
        return _NOTHING
    return _Known(
        row.texts,
        store.ledger(),
        store.renames(),
        store.told(),
        store.told(arrived=True),
        store.moves(),
        in_store(store),
    )


def _in_force(known: _Known) -> date | None:
    return known.before.in_force_on if known.before else None


def _planned(now: Current, edition: Edition, site: Site) -> Plan:
    return replace(now, edition=edition).plan(horizon(site.today, now.in_force_on))


def _touched(snapshots: Iterable[Snapshot | None], now: Current) -> tuple[str, ...]:
    """The addresses of those who act on it before or after, people first."""
    return _addresses(_holders(snapshots), now, now)


def _holders(snapshots: Iterable[Snapshot | None]) -> dict[str, None]:
    """Those who act, as mails are addressed to them."""
    known = [each for each in snapshots if each is not None]
    found = {f"person:{person}": None for each in known for person in each.people}
    held = [holder.split() for each in known for holder in each.holders]
    found.update({f"office:{words[1]}": None for words in held if words[0] == "office"})
    return found


def _addresses(recipients: Iterable[str], before: Current, now: Current) -> tuple[str, ...]:
    found = (address(each, now) or address(each, before) for each in recipients)
    return tuple(dict.fromkeys(each for each in found if each))


def _mails(
    site: Site,
    known: _Known,
    now: Current,
    plan: Plan,
    changes: Collection[Change],
    renamed: Mapping[str, str],
) -> set[str]:
    """Who gets a reminder in the next letters that they would not have got without."""
    if known.before is None:
        return set()
    on = local(next_mail_at(now, site.now)).date()
    moves = dict(known.moves)
    for change in changes:
        if change.verb is Verb.MOVED:
            old = renamed.get(change.key, change.key)
            moves[change.key] = known.moves.get(change.key, known.moves.get(old, 0)) + 1
    before = known.before.plan(horizon(site.today, known.before.in_force_on))
    as_is = due(before, known.told, known.moves, on, known.before.in_force_on, known.before.people)
    then = due(plan, known.told, moves, on, now.in_force_on, now.people)

    def mails(reminders: list[Reminder]) -> set[tuple[str, str]]:
        names = plan.register.names
        return {
            (each.recipient, f"{names.present(each.deadline.key)}{each.key.partition('#')[2]}")
            for each in reminders
        }

    return {recipient for recipient, _ in mails(then) - mails(as_is)}
