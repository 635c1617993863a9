"""Opening the store: one look at the schema, and nothing slow when it is current."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, inspect, select, text
from sqlmodel import func

from engine.errors import StoreError
from engine.store.casebook import Casebook
from engine.store.departures import Departures
from engine.store.feeds import Feeds
from engine.store.followups import FollowUps
from engine.store.holding import Holding
from engine.store.ledger import Ledger
from engine.store.links import Links
from engine.store.outbox import Outbox
from engine.store.resending import Resending
from engine.store.tables import SCHEMA, AnnouncementRow, EditionRow, FactRow, SiteRow
from engine.store.taking_back import TakingBack
from engine.store.transactions import moment
from engine.store.watching import Watching

REVISIONS = "alembic_version"
"""The table in which the schema's revision stands."""


class Store(
    Ledger,
    Casebook,
    FollowUps,
    Outbox,
    Holding,
    Departures,
    TakingBack,
    Resending,
    Links,
    Feeds,
    Watching,
):
    """Everything the site remembers; each method is one transaction unless a block holds it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def is_used(self) -> bool:
        """Whether anything was ever put into it."""
        with self.reading() as connection:
            return connection.scalar(select(func.count()).select_from(SiteRow)) != 0

    def revision(self) -> str | None:
        """The revision of the schema that the database has; none when it is empty."""
        with self.reading() as connection:
            return revision(connection)

    def clock(self, otherwise: datetime) -> datetime:
        """The moment on the clock of the database's server; a file has none of its own."""
        with self.reading() as connection:
            return moment(connection, otherwise)

    def mark(self) -> tuple[int, int, int]:
        """What tells one state of the site from another: newest edition, fact, announcement."""
        newest = select(
            select(func.max(EditionRow.number)).scalar_subquery(),
            select(func.max(FactRow.id)).scalar_subquery(),
            select(func.max(AnnouncementRow.id)).scalar_subquery(),
        )
        with self.reading() as connection:
            edition, fact, announcement = connection.execute(newest).one()
        return (edition or 0, fact or 0, announcement or 0)


def open_store(url: str, migrate: Callable[[str], None] | None = None) -> Store:
    """Opens a database; one that is empty or older is brought up to date by `migrate` first.

    Refused are a schema that is older when nothing can migrate it, and a newer one always.
    """
    store = Store(url)
    try:
        found = store.revision()
        if found != SCHEMA and migrate is not None and not newer(found):
            migrate(url)
            found = store.revision()
        if newer(found):
            raise StoreError("store.newer-schema", place=store.place, found=found, known=SCHEMA)
        if found != SCHEMA:
            raise StoreError("store.older-schema", place=store.place, known=SCHEMA)
    except BaseException:
        store.close()
        raise
    return store


def revision(connection: Connection) -> str | None:
    """The revision that stands in the database; none where there is no schema yet."""
    if not inspect(connection).has_table(REVISIONS):
        return None
    stands = connection.scalar(text(f"SELECT version_num FROM {REVISIONS}"))
    return None if stands is None else str(stands)


def newer(found: str | None) -> bool:
    """Whether a schema is of a later program; revisions are numbered with four digits."""
    return found is not None and found > SCHEMA
