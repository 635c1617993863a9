"""The buttons of mails: found by the hash of their token, and used once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlmodel import col

from engine.store.tables import LinkRow
from engine.store.transactions import Transactions, rows


class Links(Transactions):
    """Queries about the buttons that were mailed."""

    def link(self, token_hash: str) -> LinkRow | None:
        """The button that a token opens; none where nobody was sent it."""
        query = select(LinkRow).where(col(LinkRow.token_hash) == token_hash)
        with self.reading() as connection:
            found = rows(connection, LinkRow, query)
        return found[0] if found else None

    def use_link(self, number: int, answer: str, at: datetime) -> bool:
        """Writes down what a button was used for; false where it has been used already."""
        unused = (col(LinkRow.id) == number, col(LinkRow.used_at).is_(None))
        with self.writing() as connection:
            used = update(LinkRow).where(*unused).values(used_at=at, answer=answer)
            return connection.execute(used).rowcount == 1

    def drop_links(self, before_on: date) -> int:
        """Takes away the buttons whose last day is before one; how many there were."""
        with self.writing() as connection:
            old = delete(LinkRow).where(col(LinkRow.until_on) < before_on)
            return connection.execute(old).rowcount
