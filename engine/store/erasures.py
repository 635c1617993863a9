"""People who have been forgotten: their names go, and stay gone through every restore."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlmodel import col

from engine.planning.organisation import Person
from engine.store.connecting import ALONE
from engine.store.refusing import refusals
from engine.store.scrubbing import (
    ON_ITS_WAY,
    Erased,
    scrub_mails,
    scrub_texts,
    without_contents,
    words_of,
)
from engine.store.tables import ErasureRow, FactRow, FeedRow, LinkRow, MessageRow, PersonRow
from engine.store.transactions import Transactions, rows

NOBODY = {
    "name": "",
    "email": "",
    "language": None,
    "away_from_on": None,
    "away_until_on": None,
    "refused_on": None,
}
"""What is left of a person besides the initials, which the trail refers to."""

_OF_A_CASE = ("minutes_item", "why", "evidence")
_REWRITTEN = ("person", "message", "fact", "edition", "announcement", "auto_apply")


class Erasures(Transactions):
    """Queries about people who have been forgotten, and about what has served."""

    def erasures(self) -> dict[str, datetime]:
        """Everybody who has been forgotten, by id, and when."""
        with self.reading() as connection:
            found = rows(connection, ErasureRow, select(ErasureRow))
        return {row.person: row.erased_at for row in sorted(found, key=lambda row: row.person)}

    def erase(self, erased: Mapping[str, datetime]) -> Erased:
        """Forgets people: the row keeps its initials only, and their subscriptions end.

        Their mails on the way are cancelled, the buttons of those sent are gone, and what names
        them elsewhere is emptied. Who was forgotten before is emptied again and keeps the first
        moment.
        """
        done = Erased()
        with self.writing() as connection:
            known = self.erasures()
            fresh = [{"person": who, "erased_at": erased[who]} for who in erased.keys() - known]
            if fresh:
                connection.execute(insert(ErasureRow), fresh)
            people = [
                Person(row.id, row.name, row.email)
                for row in rows(connection, PersonRow, select(PersonRow))
            ]
            for who, at in sorted(erased.items()):
                person = next((each for each in people if each.id == who), Person(who, "", ""))
                done += _forgotten(connection, person, people, at)
        return done

    def empty_mails(self, before_on: date, *, dry: bool = False) -> int:
        """Empties mails of days before one; those on their way are left. How many there were."""
        old = (
            col(MessageRow.local_day) < before_on,
            col(MessageRow.state).not_in(ON_ITS_WAY),
        )
        count = 0
        with self.reading() if dry else self.writing() as connection:
            query = select(col(MessageRow.id), col(MessageRow.contents)).where(*old)
            for number, contents in connection.execute(query).all():
                left = without_contents(contents)
                if contents == left:
                    continue
                count += 1
                if not dry:
                    same = col(MessageRow.id) == number
                    connection.execute(update(MessageRow).where(same).values(contents=left))
        return count

    def empty_case(self, number: str, kept: Collection[str], *, dry: bool = False) -> bool:
        """Empties a case of its texts and of every input but those kept; whether it held any."""
        found = False
        own = or_(col(FactRow.case_number) == number, col(FactRow.key).contains(f"/{number}/"))
        with self.reading() if dry else self.writing() as connection:
            query = select(FactRow).where(own)
            for row in rows(connection, FactRow, query):
                told = {name: value for name, value in (row.inputs or {}).items() if name in kept}
                values: dict[str, object] = {name: "" for name in _OF_A_CASE if getattr(row, name)}
                if row.inputs is not None and told != row.inputs:
                    values["inputs"] = told
                found = found or bool(values)
                if values and not dry:
                    same = col(FactRow.id) == row.id
                    connection.execute(update(FactRow).where(same).values(values))
        return found

    def settle(self) -> bool:
        """Leaves nothing of what was erased in free pages or in the write-ahead log.

        Whether it could be done at once: somebody who reads holds the log of a SQLite file.
        """
        alone = self._database.execution_options(**{ALONE: True})
        if alone.dialect.name != "sqlite":
            alone = alone.execution_options(isolation_level="AUTOCOMMIT")
        with refusals(self.place), alone.connect() as connection:
            if connection.dialect.name != "sqlite":
                connection.exec_driver_sql(f"VACUUM {', '.join(_REWRITTEN)}")
                return True
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
            return busy == 0


def _forgotten(
    connection: Connection, person: Person, people: list[Person], at: datetime
) -> Erased:
    words = words_of(person, people)
    texts = scrub_texts(connection, words) if person.name or person.email else 0
    cancelled, mails = scrub_mails(connection, person.id, words)
    connection.execute(update(PersonRow).where(col(PersonRow.id) == person.id).values(NOBODY))
    theirs = (
        col(FeedRow.scope_kind) == "person",
        col(FeedRow.scope) == person.id,
        col(FeedRow.revoked_at).is_(None),
    )
    links = delete(LinkRow).where(col(LinkRow.recipient) == f"person:{person.id}")
    connection.execute(links)
    ended = connection.execute(update(FeedRow).where(*theirs).values(revoked_at=at)).rowcount
    return Erased(int(bool(person.name or person.email)), ended, cancelled, mails, texts)
