"""Subscriptions: who may read which calendar, known by the hash of a token."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlmodel import col

from engine.errors import Unknown
from engine.store.tables import Feed, FeedRow
from engine.store.transactions import BESIDE, Transactions, added, rows


class Feeds(Transactions):
    """Queries about subscriptions."""

    def add_feed(self, feed: Feed) -> FeedRow:
        """Stores a subscription."""
        with self.writing() as connection:
            return self.feed(added(connection, FeedRow(**feed.model_dump())))

    def feed(self, number: int) -> FeedRow:
        """One subscription by its number, revoked or not."""
        query = select(FeedRow).where(col(FeedRow.id) == number)
        with self.reading() as connection:
            found = rows(connection, FeedRow, query)
        if not found:
            raise Unknown("store.feed-unknown", number=number)
        return found[0]

    def feeds(self, *, revoked: bool = False) -> list[FeedRow]:
        """The subscriptions that hold, oldest first; with `revoked` also those that did."""
        query = select(FeedRow).order_by(col(FeedRow.id))
        if not revoked:
            query = query.where(col(FeedRow.revoked_at).is_(None))
        with self.reading() as connection:
            return rows(connection, FeedRow, query)

    def feed_by_token_hash(self, token_hash: str) -> FeedRow | None:
        """The subscription a token opens; none for an unknown or revoked one."""
        query = select(FeedRow).where(
            col(FeedRow.token_hash) == token_hash, col(FeedRow.revoked_at).is_(None)
        )
        with self.reading() as connection:
            return next(iter(rows(connection, FeedRow, query)), None)

    def revoke_feed(self, number: int, at: datetime) -> FeedRow:
        """Ends a subscription; one that ended before keeps its moment."""
        still_on = (col(FeedRow.id) == number, col(FeedRow.revoked_at).is_(None))
        with self.writing() as connection:
            connection.execute(update(FeedRow).where(*still_on).values(revoked_at=at))
            return self.feed(number)

    def feed_fetched(self, number: int, on: date) -> None:
        """Notes the day a subscription was last read; writes once a day at most."""
        seen_on = self.feed(number).fetched_on
        if seen_on is not None and seen_on >= on:
            return
        earlier = or_(col(FeedRow.fetched_on).is_(None), col(FeedRow.fetched_on) < on)
        with self.writing(BESIDE) as connection:
            connection.execute(
                update(FeedRow).where(col(FeedRow.id) == number, earlier).values(fetched_on=on)
            )
