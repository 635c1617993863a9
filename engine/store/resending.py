"""Mails that a person steers: put back to be sent again, or ended before they left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col, func

from engine.store.scrubbing import ON_ITS_WAY
from engine.store.tables import MessageRow, MessageState
from engine.store.transactions import BESIDE, Transactions, rows

SETTLED_UNSENT: tuple[MessageState, ...] = ("stuck", "failed", "unknown")
"""The states of a mail that is not tried again by itself, and that may be sent again."""

PUT_OFF: tuple[MessageState, ...] = ("retry",)
"""The state of a mail that was tried, and that is tried again after a pause."""

ENDABLE: tuple[MessageState, ...] = ("due", "retry", "stuck", "failed")
"""The states of a mail that has certainly not left."""


class Resending(Transactions):
    """What a person does with single mails."""

    def mails(
        self, *, states: Collection[str] = (), message_ids: Collection[str] = ()
    ) -> list[MessageRow]:
        """The mails in some states, or with some Message-IDs, oldest first."""
        query = select(MessageRow).order_by(col(MessageRow.id))
        if states:
            query = query.where(col(MessageRow.state).in_(states))
        if message_ids:
            query = query.where(col(MessageRow.message_id).in_(message_ids))
        with self.reading() as connection:
            return rows(connection, MessageRow, query)

    def counted(self) -> tuple[dict[str, int], datetime | None]:
        """How many mails are in each state, and since when the oldest that has not gone waits."""
        query = select(
            col(MessageRow.state), func.count(), func.min(MessageRow.created_at)
        ).group_by(col(MessageRow.state))
        with self.reading() as connection:
            found = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
        waiting = [found[state][1] for state in ON_ITS_WAY if state in found]
        return {state: count for state, (count, _) in found.items()}, min(waiting, default=None)

    def put_back(self, number: int, at: datetime) -> bool:
        """Makes a mail that is not tried again due at a moment, as if it were never tried.

        Contents and Message-ID stay. False when it is in another state by now.
        """
        changed = {"state": "due", "due_at": at, "attempts": 0, "outcome": "", "unsure_at": None}
        return self._steered(number, SETTLED_UNSENT, changed)

    def hasten(self, number: int, at: datetime) -> bool:
        """Lets a mail that waits to be tried again be tried at a moment; the rest stays as it is.

        What somebody may have had is still the same mail. False when it is in another state.
        """
        return self._steered(number, PUT_OFF, {"due_at": at})

    def cancel(self, number: int, why: str) -> bool:
        """Ends a mail that has not left; its reminders count as told. False when it has."""
        return self._steered(number, ENDABLE, {"state": "cancelled", "outcome": why})

    def _steered(
        self, number: int, states: Collection[MessageState], changed: dict[str, object]
    ) -> bool:
        own = (col(MessageRow.id) == number, col(MessageRow.state).in_(states))
        with self.writing(BESIDE) as connection:
            found = connection.execute(update(MessageRow).where(*own).values(changed))
            return found.rowcount == 1
