"""A copy of the store in memory, to try the days ahead on; nothing that is done to it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update
from sqlmodel import col

from engine.store.copying import sketched
from engine.store.opening import Store
from engine.store.scrubbing import ON_ITS_WAY
from engine.store.tables import MessageRow

IN_MEMORY = "sqlite://"


@contextmanager
def rehearsal(store: Store) -> Iterator[Store]:
    """What the store knows, to be written to freely: without the texts of editions and old mails.

    Everything in the block is one transaction, which is not kept.
    """
    with Store(IN_MEMORY) as copy, copy.writing() as target:
        with store.reading() as source:
            sketched(source, target)
            for row in store.mails(states=ON_ITS_WAY):
                own = col(MessageRow.id) == row.id
                target.execute(update(MessageRow).where(own).values(contents=row.contents))
        yield copy
