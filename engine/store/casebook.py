"""Cases as facts: numbers that are given once, and what was told of each."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from engine.store.tables import Fact, FactRow
from engine.store.telling import Telling
from engine.store.transactions import rows


class Casebook(Telling):
    """Queries about cases."""

    def open_case(self, fact: Fact, year: int) -> FactRow:
        """Records a case under the year's next number; two that open at once get two numbers."""
        with self.writing():
            number = self._next_number(year)
            opened = {"key": f"{fact.key}/{number}", "kind": "case-opened", "case_number": number}
            return self.add_fact(fact.model_copy(update=opened))

    def case_rows(self, number: str) -> list[FactRow]:
        """Everything told of one case, oldest first; undone facts too."""
        query = select(FactRow).where(col(FactRow.case_number) == number).order_by(col(FactRow.id))
        with self.reading() as connection:
            return rows(connection, FactRow, query)

    def _next_number(self, year: int) -> str:
        """The number after the year's highest; one that was undone is not given again."""
        query = select(col(FactRow.case_number)).where(
            col(FactRow.kind) == "case-opened", col(FactRow.case_number).startswith(f"{year}-")
        )
        with self.reading() as connection:
            numbers = [str(number) for (number,) in connection.execute(query)]
        given = [int(number.partition("-")[2]) for number in numbers]
        return f"{year}-{max(given, default=0) + 1:03}"
