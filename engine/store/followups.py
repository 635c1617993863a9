"""Follow-ups as facts: numbers that are given once."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from engine.planning.facts import FOLLOW_UP
from engine.store.tables import Fact, FactRow
from engine.store.telling import Telling


class FollowUps(Telling):
    """Queries about follow-ups."""

    def add_follow_up(self, fact: Fact, committee: str, year: int) -> FactRow:
        """Records a follow-up under the year's next number; the key names its committee."""
        with self.writing("follow-up"):
            number = self._next_follow_up(year)
            key = f"{FOLLOW_UP}/{committee}/{number}/{FOLLOW_UP}"
            numbered = {"key": key, "kind": "follow-up", "follow_up": number}
            return self.add_fact(fact.model_copy(update=numbered))

    def _next_follow_up(self, year: int) -> str:
        """The number after the year's highest; one that was undone is not given again."""
        query = select(col(FactRow.follow_up)).where(
            col(FactRow.kind) == "follow-up", col(FactRow.follow_up).startswith(f"{year}-")
        )
        with self.reading() as connection:
            numbers = [str(number) for (number,) in connection.execute(query)]
        given = [int(number.partition("-")[2]) for number in numbers]
        return f"{year}-{max(given, default=0) + 1:03}"
