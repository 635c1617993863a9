"""Forgetting a person, and remembering beside the database who was forgotten.

A database that is lost is restored from a backup that is older than the last erasures; the file
in the site's folder still knows them.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from engine import sink
from engine.errors import StoreError, Unknown
from engine.planning.mentions import names_person
from engine.planning.organisation import Person, Seat
from engine.service.current import in_store
from engine.service.members_file import emptied, write_members
from engine.service.publishing import FOLDER, publish
from engine.service.reminding import mail_folder
from engine.service.site import Site
from engine.store import Erased, Store

FILE = "erasures.csv"
HEAD = ("person", "erased_at", "why")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken away, and where a name still stands that no command may change."""

    person: str
    erased: Erased
    rows: int
    received: int
    settled: bool
    seats: tuple[Seat, ...] = ()
    named_in: tuple[str, ...] = ()


def forget(site: Site, person: str, why: str = "", *, anyway: bool = False) -> Forgotten:
    """Take a person's name, address, language and absence away everywhere; initials stay.

    Refused for somebody who holds a seat today, unless `anyway`: then their seats count as
    vacant where somebody is to be reminded.
    """
    site = site.once()
    with site.writing() as store:
        now = in_store(store)
        if now is None:
            raise Unknown("service.no-edition")
        known = now.people.get(person)
        if known is None:
            raise Unknown("service.unknown-person", name=person, near="")
        seats = tuple(seat for seat in now.edition.seats if _holds(seat, known, site))
        if seats and not anyway:
            raise StoreError("people.still-seated", person=person, seats=_said(seats))
        if why and names_person(why, [known]):
            raise StoreError("people.why-names")
        content, rows = emptied(site, [person])
        named_in = _named_in(store, known)
        # The list comes first: what it says and the database does not is done by the next restore.
        _note(site, person, site.now, why)
        if rows:
            write_members(site, content)
        erased = store.whole(lambda: store.erase({person: site.now}))
        settled = store.settle()
    received = sink.forget(mail_folder(site), known.name, known.email)
    if (site.folder / FOLDER).is_dir():
        publish(site)
    return Forgotten(person, erased, rows, received, settled, seats, named_in)


def erase(site: Site, person: str) -> None:
    """Empty a person's row, end their subscriptions, and see that no restore undoes it.

    The file comes first: what it says and the database does not is done by the next restore.
    """
    site = site.once()
    with site.writing() as store:
        if person not in store.people():
            raise Unknown("service.unknown-person", name=person, near="")
        _note(site, person, site.now)
        store.whole(lambda: store.erase({person: site.now}))


def erase_several(site: Site, store: Store, people: Collection[str]) -> Erased:
    """Forget those whose time is over, with their names in the members file and mails received."""
    known = store.people()
    for person in people:
        _note(site, person, site.now)
    erased = store.whole(lambda: store.erase(dict.fromkeys(people, site.now)))
    for person in people:
        sink.forget(mail_folder(site), known[person].name, known[person].email)
    return erased


def noted(site: Site) -> dict[str, datetime]:
    """Who was forgotten, as the file in the site's folder says it."""
    path = site.var / FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                row["person"]: datetime.fromisoformat(row["erased_at"])
                for row in csv.DictReader(file)
                if row["person"]
            }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError("service.erasures-unreadable", file=str(path)) from error


def _holds(seat: Seat, person: Person, site: Site) -> bool:
    return seat.person == person.id and seat.held(site.today)


def _said(seats: Iterable[Seat]) -> list[str]:
    """The seats by role and committee, as the files call them."""
    return [f"{seat.role} ({seat.committee})" for seat in seats]


def _named_in(store: Store, person: Person) -> tuple[str, ...]:
    """The files of any edition that hold the whole name or the address: a person must look."""
    words = [word.casefold() for word in (person.name, person.email) if word]
    found: set[str] = set()
    for head in store.editions() if words else ():
        for path, text in store.edition(head.number).texts.items():
            if any(word in text.casefold() for word in words):
                found.add(path)
    return tuple(sorted(found))


def _note(site: Site, person: str, at: datetime, why: str = "") -> None:
    path = site.var / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(number, "a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if file.tell() == 0:
            writer.writerow(HEAD)
        writer.writerow((person, at.isoformat(), why))
        file.flush()
        os.fsync(file.fileno())
