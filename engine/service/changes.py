"""What applying the files would change, and whom that touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.definitions import read_site, site_files, without_people
from engine.errors import DefinitionError
from engine.feed import horizon
from engine.planning.diff import Announced, Change, Snapshot, diff, renames
from engine.planning.facts import NOTHING_TOLD
from engine.planning.organisation import Person
from engine.service.current import Current
from engine.service.site import Site

MEMBERS = "organisation/members.csv"


@dataclass(frozen=True, slots=True)
class Preview:
    """One change, the files behind it, and the people it concerns."""

    change: Change
    reason: tuple[str, ...]
    told: tuple[Person, ...]
    uid: str | None = None
    """What it is announced as, if it is."""

    @property
    def confidential(self) -> bool:
        """Whether what it was or what it becomes is confidential."""
        both = (self.change.before, self.change.after)
        return any(snapshot.confidential for snapshot in both if snapshot is not None)


def preview(site: Site) -> list[Preview]:
    """The files' plan against what has been announced; nothing is written."""
    files = site_files(site.folder)
    reading = read_site(files, site.today)
    if reading.edition is None:
        raise DefinitionError(reading.findings)
    settings = reading.edition.organisation.settings
    now = Current(0, reading.edition, reading.people, NOTHING_TOLD, settings.in_force_from_on)
    ledger: Mapping[str, Announced] = {}
    known: Mapping[str, str] = {}
    before: Mapping[str, str] = {}
    if site.has_store:
        with site.store() as store:
            row = store.current_edition()
            before = row.texts if row is not None else {}
            now = replace(now, facts=store.facts())
            ledger, known = store.ledger(), store.renames()
    plan = now.plan(horizon(site.today))
    renamed = {**known, **renames(now.edition, ledger)}
    edited = _edited(before, without_people(files))
    return [
        Preview(
            change,
            _reason(change, edited),
            _concerned(change, now.people),
            _uid(change.key, ledger, renamed),
        )
        for change in diff(plan, ledger, renamed)
    ]


def _uid(key: str, ledger: Mapping[str, Announced], renamed: Mapping[str, str]) -> str | None:
    told = ledger.get(key) or ledger.get(renamed.get(key, ""))
    return told.uid if told else None


def _edited(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    paths = sorted({*before, *after})
    return tuple(path for path in paths if before.get(path) != after.get(path))


def _reason(change: Change, edited: tuple[str, ...]) -> tuple[str, ...]:
    """The edited files that can have caused the change: its own, its meetings', then the rest."""
    snapshot = change.after or change.before
    assert snapshot is not None
    own = f"workflows/{change.key.rsplit('/', 3)[0]}.yaml"
    meetings = f"calendars/meetings/{snapshot.committee}-"
    likely = tuple(path for path in edited if path == own or path.startswith(meetings))
    return likely or tuple(path for path in edited if not path.startswith("workflows/"))


def _concerned(change: Change, people: Mapping[str, Person]) -> tuple[Person, ...]:
    ids: dict[str, None] = {}
    for snapshot in (change.before, change.after):
        if isinstance(snapshot, Snapshot):
            ids.update(dict.fromkeys(snapshot.people))
    return tuple(people[person] for person in ids if person in people)
