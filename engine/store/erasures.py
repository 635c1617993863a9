"""People who have been forgotten: their names go, and stay gone through every restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import col

from engine.store.tables import ErasureRow, FeedRow, PersonRow
from engine.store.transactions import Transactions, rows

NOBODY = {
    "name": "",
    "email": "",
    "language": None,
    "away_from_on": None,
    "away_until_on": None,
}
"""What is left of a person besides the initials, which the trail refers to."""


class Erasures(Transactions):
    """Queries about people who have been forgotten."""

    def erasures(self) -> dict[str, datetime]:
        """Everybody who has been forgotten, by id, and when."""
        with self.reading() as connection:
            found = rows(connection, ErasureRow, select(ErasureRow))
        return {row.person: row.erased_at for row in sorted(found, key=lambda row: row.person)}

    def erase(self, erased: Mapping[str, datetime]) -> None:
        """Forgets people: the row keeps its initials only, and their subscriptions end.

        Who was forgotten before is emptied again and keeps the first moment.
        """
        with self.writing() as connection:
            known = self.erasures()
            fresh = [{"person": who, "erased_at": erased[who]} for who in erased.keys() - known]
            if fresh:
                connection.execute(insert(ErasureRow), fresh)
            for who, at in erased.items():
                connection.execute(update(PersonRow).where(col(PersonRow.id) == who).values(NOBODY))
                theirs = (
                    col(FeedRow.scope_kind) == "person",
                    col(FeedRow.scope) == who,
                    col(FeedRow.revoked_at).is_(None),
                )
                connection.execute(update(FeedRow).where(*theirs).values(revoked_at=at))
