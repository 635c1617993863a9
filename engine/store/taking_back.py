"""Mails that are to be sent no more: those that nobody can have had, and those in doubt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, delete, or_, select, update
from sqlmodel import col

from engine.store.tables import LinkRow, MessageKind, MessageRow, MessageState, ReminderRow, Told
from engine.store.transactions import Transactions, rows

WAITING: tuple[MessageState, ...] = ("due", "retry")
"""The states in which a mail is to be sent when its moment has come."""


class TakingBack(Transactions):
    """Queries about mails that wait, and that what has happened since may have overtaken."""

    def unsent(self, *kinds: MessageKind, locked: bool = False) -> list[MessageRow]:
        """The mails of some kinds that wait, and that nobody can have had.

        When they are `locked` nobody claims one before the transaction ends, and what somebody
        claims just now is left out.
        """
        query = select(MessageRow).where(
            col(MessageRow.state).in_(WAITING),
            col(MessageRow.kind).in_(kinds),
            col(MessageRow.unsure_at).is_(None),
        )
        if locked:
            query = query.with_for_update(skip_locked=True)
        with self.reading() as connection:
            return rows(connection, MessageRow, query.order_by(col(MessageRow.id)))

    def doubtful(self, now: datetime, *kinds: MessageKind) -> list[MessageRow]:
        """The mails of some kinds that wait to be sent again, and that somebody may have had."""
        unsure = and_(col(MessageRow.state).in_(WAITING), col(MessageRow.unsure_at).is_not(None))
        query = select(MessageRow).where(or_(unsure, overdue(now)), col(MessageRow.kind).in_(kinds))
        with self.reading() as connection:
            return rows(connection, MessageRow, query.order_by(col(MessageRow.id)))

    def carried(self, numbers: Collection[int]) -> dict[int, list[Told]]:
        """The reminders that some mails carry, by the number of the mail."""
        query = select(ReminderRow).where(col(ReminderRow.message).in_(numbers))
        found: dict[int, list[Told]] = {}
        with self.reading() as connection:
            for row in rows(connection, ReminderRow, query.order_by(col(ReminderRow.key))):
                found.setdefault(row.message, []).append(row)
        return found

    def leave_doubtful(self, numbers: Collection[int], now: datetime, why: str) -> None:
        """Ends mails that somebody may have had, without their being sent again."""
        theirs = and_(
            col(MessageRow.id).in_(numbers),
            or_(col(MessageRow.state).in_(WAITING), overdue(now)),
        )
        ended = {"state": "unknown", "lease_until_at": None, "outcome": why}
        with self.writing() as connection:
            connection.execute(update(MessageRow).where(theirs).values(ended))

    def take_back(self, numbers: Collection[int], why: str) -> None:
        """Ends mails that have not left; what they were to tell may be told by another."""
        theirs = and_(col(MessageRow.id).in_(numbers), col(MessageRow.state).in_(WAITING))
        with self.writing() as connection:
            connection.execute(
                update(MessageRow).where(theirs).values(state="cancelled", outcome=why)
            )
            ended = select(col(MessageRow.id)).where(
                col(MessageRow.id).in_(numbers), col(MessageRow.state) == "cancelled"
            )
            connection.execute(delete(ReminderRow).where(col(ReminderRow.message).in_(ended)))
            names = select(col(MessageRow.message_id)).where(col(MessageRow.id).in_(ended))
            connection.execute(delete(LinkRow).where(col(LinkRow.message_id).in_(names)))


def overdue(leased_at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Claimed by somebody who did not come back in time."""
    return and_(col(MessageRow.state) == "sending", col(MessageRow.lease_until_at) <= leased_at)
