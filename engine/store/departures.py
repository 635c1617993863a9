"""Mails that left: what was told of a deadline, to whom, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select, true
from sqlmodel import col

from engine.store.tables import MessageRow, ReminderRow
from engine.store.transactions import Transactions

MOST_CONDITIONS = 100
"""For more deadlines everything that left is read: SQLite takes no more than 1,000 conditions."""


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
        wanted = frozenset(keys)
        query = (
            select(
                col(ReminderRow.key),
                col(ReminderRow.kind),
                col(ReminderRow.due_on),
                col(MessageRow.recipient),
                col(MessageRow.sent_at),
            )
            .join(MessageRow, col(MessageRow.id) == col(ReminderRow.message))
            .where(_about(wanted), col(MessageRow.state) == "sent")
            .order_by(col(MessageRow.sent_at), col(MessageRow.id), col(ReminderRow.key))
        )
        with self.reading() as connection:
            found = connection.execute(query).all()
        told = (
            Departed(key.partition("#")[0], kind, due_on, recipient, sent_at)
            for key, kind, due_on, recipient, sent_at in found
            if sent_at is not None
        )
        return [each for each in told if each.key in wanted]


def _about(keys: Collection[str]) -> ColumnElement[bool]:
    if len(keys) > MOST_CONDITIONS:
        return true()
    return or_(*(col(ReminderRow.key).startswith(f"{key}#", autoescape=True) for key in keys))
