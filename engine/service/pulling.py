"""The current edition's files back in the folder, people's names and addresses with them."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.definitions import without_people
from engine.definitions.members import COLUMNS, REQUIRED
from engine.definitions.reading import MEMBERS, read_site
from engine.definitions.sheet import read_sheet
from engine.errors import EngineError, StoreError
from engine.planning.organisation import Person
from engine.service.instep import remember
from engine.service.placing import files_of, put
from engine.service.site import Site
from engine.store import EditionRow, Store


@dataclass(frozen=True, slots=True)
class Pulled:
    """One file that writing the edition would change: its new bytes, or None where it goes."""

    path: str
    content: bytes | None
    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pulling:
    """What writing the current edition's files would do to the folder."""

    edition: int
    files: tuple[Pulled, ...]
    kept: tuple[str, ...]
    """Files that are in the folder and were never part of an edition."""


def pulling(site: Site) -> Pulling:
    """What the folder lacks to say what the current edition says; nothing is written."""
    with site.store() as store, store.reading():
        row = store.current_edition()
        if row is None:
            raise StoreError("service.no-edition")
        here = files_of(site)
        wanted = _wanted(row, here, store.people())
        strange = sorted(here.keys() - wanted.keys())
        former = _ever_in_an_edition(store, strange)
    changed = [
        Pulled(path, content, _diff(path, here.get(path), content))
        for path, content in sorted(wanted.items())
        if here.get(path) != content
    ]
    changed += [Pulled(path, None, _diff(path, here[path], None)) for path in sorted(former)]
    kept = tuple(path for path in strange if path not in former)
    return Pulling(row.number, tuple(changed), kept)


def pull(site: Site, found: Pulling) -> None:
    """Write what was found, all files or none, and remember that the folder is in step.

    Stopped before that is remembered, the folder is still known to be behind: it is pulled again.
    """
    with site.writing() as store:
        if store.current_number() != found.edition:
            raise StoreError("editions.pull-again", current=store.current_number() or 0)
        try:
            put(site, files_of(site), {file.path: file.content for file in found.files})
        except OSError as error:
            raise EngineError("service.cannot-write", folder=str(site.folder)) from error
        remember(site, store, found.edition)


def _wanted(
    row: EditionRow, here: Mapping[str, bytes], people: Mapping[str, Person]
) -> dict[str, bytes]:
    """The edition's files; one that says the same in the folder stays as it is written there."""
    said = _texts(here)
    wanted: dict[str, bytes] = {}
    for path, text in row.texts.items():
        if path == MEMBERS:
            same = said.get(path) == text and _people_as_known(here, people)
            content = _members(text, people)
        else:
            same, content = said.get(path) == text, text.encode()
        wanted[path] = here[path] if same else content
    return wanted


def _texts(here: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of the files that can be read as text."""
    found: dict[str, str] = {}
    for path, content in here.items():
        try:
            found |= without_people({path: content})
        except UnicodeDecodeError:
            continue
    return found


def _people_as_known(here: Mapping[str, bytes], people: Mapping[str, Person]) -> bool:
    told = read_site({MEMBERS: here[MEMBERS]}).people
    return all(people.get(initials) == person for initials, person in told.items())


def _members(text: str, people: Mapping[str, Person]) -> bytes:
    """The members with names, addresses, languages and absences written back."""
    sheet = read_sheet(text.encode(), MEMBERS, COLUMNS, REQUIRED)
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sheet.rows:
        own = _cells(people.get(row["person"]))
        writer.writerow(own.get(column, row[column]) for column in COLUMNS)
    return made.getvalue().encode()


def _cells(person: Person | None) -> dict[str, str]:
    if person is None:
        return {}
    return {
        "name": person.name,
        "email": person.email,
        "language": person.language or "",
        "away_from": _iso(person.away_from_on),
        "away_until": _iso(person.away_until_on),
    }


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _ever_in_an_edition(store: Store, paths: list[str]) -> set[str]:
    """Those of the files that an edition has had: a later one took them out."""
    found: set[str] = set()
    if paths:
        for head in store.editions():
            found |= set(paths) & store.edition(head.number).texts.keys()
    return found


def _diff(path: str, before: bytes | None, after: bytes | None) -> tuple[str, ...]:
    old, new = (_lines(content) for content in (before, after))
    told = difflib.unified_diff(old, new, path, path, lineterm="", n=1)
    return tuple(told)


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines()
