"""The site, its editions and its people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func

from engine.errors import StoreError, Unknown
from engine.planning.organisation import Person
from engine.store.erasures import Erasures
from engine.store.tables import EditionHead, EditionRow, PersonRow, PlainLanguage, SiteRow
from engine.store.transactions import BESIDE, rows

SECRET = re.compile(r"[0-9a-f]{64}")
"""32 bytes in hex."""


class Editions(Erasures):
    """Queries about the site, its editions and the people in them."""

    def ensure_site(self, secret: str, at: datetime, *, demo: bool = False) -> SiteRow:
        """The site's row; made with this secret and mark if there is none yet."""
        if not SECRET.fullmatch(secret):
            raise StoreError("store.weak-secret")
        with self.writing() as connection:
            found = rows(connection, SiteRow, select(SiteRow))
            if found:
                return found[0]
            site = SiteRow(secret=secret, demo=demo, created_at=at)
            connection.execute(insert(SiteRow), site.model_dump())
            return self.site()

    def site(self) -> SiteRow:
        """The site's row; a `StoreError` before there is one."""
        with self.reading() as connection:
            found = rows(connection, SiteRow, select(SiteRow))
        if not found:
            raise StoreError("store.no-site", place=self.place)
        return found[0]

    def set_in_force(self, on: date) -> None:
        """The day from which deadlines are mailed about."""
        with self.writing() as connection:
            connection.execute(update(SiteRow).values(in_force_on=on))

    def ran_at(self) -> datetime | None:
        """When what was due was last reckoned and sent to the end."""
        with self.reading() as connection:
            return connection.scalar(select(col(SiteRow.ran_at)))

    def ran(self, at: datetime) -> None:
        """Remembers that what was due has been reckoned and sent to the end."""
        with self.writing(BESIDE) as connection:
            connection.execute(update(SiteRow).values(ran_at=at))

    def current_number(self) -> int | None:
        """The number of the edition in force; cheap enough to ask again and again."""
        with self.reading() as connection:
            return connection.scalar(select(func.max(EditionRow.number)))

    def current_edition(self) -> EditionRow | None:
        """The edition in force; none before the first apply."""
        with self.reading():
            number = self.current_number()
            return None if number is None else self.edition(number)

    def edition(self, number: int) -> EditionRow:
        """One edition with its texts."""
        query = select(EditionRow).where(col(EditionRow.number) == number)
        with self.reading() as connection:
            found = rows(connection, EditionRow, query)
        if not found:
            raise Unknown("store.edition-unknown", number=number)
        return found[0]

    def edition_at(self, moment: datetime) -> EditionRow | None:
        """The edition that was in force at a moment; none before the first apply."""
        query = select(func.max(EditionRow.number)).where(col(EditionRow.applied_at) <= moment)
        with self.reading() as connection:
            number = connection.scalar(query)
            return None if number is None else self.edition(number)

    def editions(self) -> list[EditionHead]:
        """Every edition without its texts, newest first."""
        named = [getattr(EditionRow, name) for name in EditionHead.model_fields]
        query = select(*named).order_by(col(EditionRow.number).desc())
        with self.reading() as connection:
            return [EditionHead(**found._mapping) for found in connection.execute(query)]

    def append_edition(
        self,
        texts: Mapping[str, str],
        hash: str,  # noqa: A002  # the column's name
        *,
        parent: int | None,
        by: str,
        note: str,
        at: datetime,
        restores: int | None = None,
    ) -> EditionRow:
        """Stores the files as the edition in force, if `parent` is the one in force until now.

        `restores` is the older edition that it is equal to, where somebody went back to one.
        """
        with self.writing() as connection:
            current = self.current_number()
            if current != parent:
                raise _moved(current, parent)
            row = EditionRow(
                number=(current or 0) + 1,
                parent=parent,
                texts=dict(texts),
                hash=hash,
                by=by,
                note=note,
                restores=restores,
                applied_at=at,
            )
            _append(connection, row)
            return self.edition(row.number)

    def people(self) -> dict[str, Person]:
        """Everybody the store knows, by id."""
        with self.reading() as connection:
            found = rows(connection, PersonRow, select(PersonRow))
        return {row.id: _person(row) for row in sorted(found, key=lambda row: row.id)}

    def save_people(self, people: Iterable[Person]) -> None:
        """Writes new and changed people; who is not among them stays as they are.

        Somebody who was forgotten is not written again.
        """
        given = {person.id: person for person in people}
        with self.writing() as connection:
            back = sorted(
                who for who in self.erasures() if who in given and given[who] != Person(who, "", "")
            )
            if back:
                raise StoreError("store.person-erased", people=", ".join(back))
            known = self.people()
            given = {key: _still_refused(person, known.get(key)) for key, person in given.items()}
            new = [asdict(person) for key, person in given.items() if key not in known]
            if new:
                connection.execute(insert(PersonRow), new)
            for key, person in given.items():
                if key in known and known[key] != person:
                    rewrite = update(PersonRow).where(col(PersonRow.id) == key)
                    connection.execute(rewrite.values(asdict(person)))


def _still_refused(person: Person, known: Person | None) -> Person:
    """What the relay refused stays refused until another address is written."""
    if known is None or known.email != person.email:
        return person
    return replace(person, refused_on=known.refused_on)


def _append(connection: Connection, row: EditionRow) -> None:
    try:
        connection.execute(insert(EditionRow), row.model_dump())
    except IntegrityError as error:
        raise _moved(row.number, row.parent) from error


def _moved(current: int | None, parent: int | None) -> StoreError:
    return StoreError("store.edition-moved", current=current or 0, parent=parent or 0)


def _person(row: PersonRow) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        language=cast(PlainLanguage | None, row.language),
        away_from_on=row.away_from_on,
        away_until_on=row.away_until_on,
        refused_on=row.refused_on,
    )
