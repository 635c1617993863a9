"""Mails that left: what was told of a deadline, to whom, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import col

from engine.store.tables import MessageRow, ReminderRow
from engine.store.transactions import Transactions


@dataclass(frozen=True, slots=True)
class Departed:
    """One thing told of a deadline, in a mail that the relay took."""

    key: str
    """The deadline's."""
    kind: str
    due_on: date | None
    recipient: str
    sent_at: datetime


class Departures(Transactions):
    """Queries about what has certainly been sent."""

    def departed(self, keys: Collection[str]) -> list[Departed]:
        """What was told of some deadlines in mails that left, oldest first."""
        if not keys:
            return []
        theirs = [col(ReminderRow.key).startswith(f"{key}#", autoescape=True) for key in keys]
        query = (
            select(
                col(ReminderRow.key),
                col(ReminderRow.kind),
                col(ReminderRow.due_on),
                col(MessageRow.recipient),
                col(MessageRow.sent_at),
            )
            .join(MessageRow, col(MessageRow.id) == col(ReminderRow.message))
            .where(or_(*theirs), col(MessageRow.state) == "sent")
            .order_by(col(MessageRow.sent_at), col(MessageRow.id), col(ReminderRow.key))
        )
        with self.reading() as connection:
            found = connection.execute(query).all()
        return [
            Departed(key.partition("#")[0], kind, due_on, recipient, sent_at)
            for key, kind, due_on, recipient, sent_at in found
            if sent_at is not None
        ]
