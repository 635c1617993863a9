"""What applying by itself remembers: whose turn it is, the files it saw, and what came of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from engine.store.tables import AutoApplyRow
from engine.store.transactions import Transactions, rows


class Watching(Transactions):
    """Queries about the one node that applies by itself."""

    def auto_applying(self) -> AutoApplyRow:
        """What is remembered; an empty row before anything is."""
        with self.reading() as connection:
            found = rows(connection, AutoApplyRow, select(AutoApplyRow))
        return found[0] if found else AutoApplyRow()

    def take_turn(self, node: str, now: datetime, lease: timedelta) -> bool:
        """Whether it is this node's turn to look; its own until `now + lease`, then anybody's."""
        with self.writing("auto-apply"):
            known = self.auto_applying()
            leased = known.lease_until_at is not None and known.lease_until_at > now
            if leased and known.node != node:
                return False
            self.remember_watching(node=node, lease_until_at=now + lease)
            return True

    def remember_watching(self, **changed: Any) -> None:
        """Changes some of what is remembered."""
        with self.writing("auto-apply") as connection:
            if rows(connection, AutoApplyRow, select(AutoApplyRow)):
                connection.execute(update(AutoApplyRow).values(changed))
            else:
                whole = {**AutoApplyRow().model_dump(), **changed}
                connection.execute(insert(AutoApplyRow), whole)
