"""What people have told: facts, each by somebody, none ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine.errors import StoreError
from engine.planning.facts import Case, Done, Facts, FollowUp, Postponed, Waived
from engine.store.tables import Fact, FactRow, RenameRow
from engine.store.transactions import Transactions, added, rows

VIA_LINK = "link:"
"""What `how` begins with where it was told by the button of a mail; whose mail stands after it."""


class Telling(Transactions):
    """Queries about facts."""

    def add_fact(self, fact: Fact) -> FactRow:
        """Records a fact; one that undoes names the fact it undoes."""
        with self.writing() as connection:
            self._refuse_wrong_undoing(fact)
            number = added(connection, FactRow(**fact.model_dump()))
            query = select(FactRow).where(col(FactRow.id) == number)
            return rows(connection, FactRow, query)[0]

    def fact_rows(self, key: str | None = None) -> list[FactRow]:
        """Every fact told, of one key or of all, oldest first; undone ones and undoings too."""
        query = select(FactRow).order_by(col(FactRow.id))
        if key is not None:
            query = query.where(col(FactRow.key) == key)
        with self.reading() as connection:
            return rows(connection, FactRow, query)

    def facts(self, until: datetime | None = None) -> Facts:
        """What holds of all that was told, or told by a moment, oldest first."""
        rows_told = [row for row in self.fact_rows() if until is None or row.recorded_at <= until]
        standing = still_told(rows_told)
        told = [told_by(row) for row in standing]
        return Facts(
            done=tuple(each for each in told if isinstance(each, Done)),
            postponed=tuple(each for each in told if isinstance(each, Postponed)),
            waived=tuple(each for each in told if isinstance(each, Waived)),
            cases=cases_told(standing),
            follow_ups=tuple(each for each in told if isinstance(each, FollowUp)),
            taken_over=tuple(row.key for row in standing if row.kind == "taken-over"),
            names=self._names(until),
        )

    def _names(self, until: datetime | None) -> tuple[tuple[str, str], ...]:
        """A pair of keys for every name that has taken another's place; the rest say no more."""
        query = select(RenameRow).order_by(col(RenameRow.id))
        if until is not None:
            query = query.where(col(RenameRow.renamed_at) <= until)
        with self.reading() as connection:
            found = rows(connection, RenameRow, query)
        pairs = {
            _without_run(row.old, row.new): (row.old, row.new)
            for row in found
            if row.new.count("/") >= 3
        }
        return tuple(pairs.values())

    def standing_facts(self) -> list[FactRow]:
        """Every fact that nobody has undone, oldest first."""
        return still_told(self.fact_rows())

    def _refuse_wrong_undoing(self, fact: Fact) -> None:
        if (fact.kind == "undone") != (fact.undoes is not None):
            raise StoreError("store.undoing-nothing", key=fact.key)
        if fact.undoes is not None and fact.undoes not in {row.id for row in self.fact_rows()}:
            raise StoreError("store.fact-unknown", number=fact.undoes)


def _without_run(old: str, new: str) -> tuple[str, ...]:
    """The two keys but for the run, which keeps its name."""
    parts = [*old.rsplit("/", 3), *new.rsplit("/", 3)]
    return tuple(part for place, part in enumerate(parts) if place % 4 != 2)


def still_told(told: Sequence[FactRow]) -> list[FactRow]:
    """The facts that nobody has undone; an undoing that was undone itself has no effect.

    Read from the newest: whatever undoes a fact was told after it.
    """
    undone: set[int | None] = set()
    standing: list[FactRow] = []
    for row in reversed(told):
        if row.id in undone:
            continue
        if row.kind == "undone":
            undone.add(row.undoes)
        else:
            standing.append(row)
    return standing[::-1]


def told_by(row: FactRow) -> Done | Postponed | Waived | FollowUp | None:
    """What a fact tells of a deadline; none where it is about a case, or undoes another."""
    match row.kind:
        case "done":
            return Done(
                key=row.key,
                on=row.on,
                by=row.by,
                unit=row.unit,
                meeting=row.meeting,
                minutes_item=row.minutes_item,
                evidence=row.evidence,
                answer=row.what,
                via=_via(row.how),
            )
        case "postponed":
            return Postponed(
                key=row.key,
                from_meeting=row.from_meeting,
                to_meeting=row.to_meeting,
                told_on=row.on,
                from_on=row.from_on,
                to_on=row.to_on,
                why=row.why,
                via=_via(row.how),
            )
        case "waived" | "not-ours":
            return Waived(row.key, row.on, row.by, row.why)
        case "follow-up":
            return _follow_up(row)
        case _:
            return None


def _via(how: str) -> str:
    return how.removeprefix(VIA_LINK) if how.startswith(VIA_LINK) else ""


def _follow_up(row: FactRow) -> FollowUp:
    return FollowUp(
        number=row.follow_up or "",
        committee=row.key.split("/")[1],
        what=row.what,
        who=row.who,
        noted_on=row.on,
        due_on=row.to_on,
        meeting=row.to_meeting,
        by=row.by,
        noted_at=row.meeting,
        minutes_item=row.minutes_item,
    )


def cases_told(standing: Iterable[FactRow]) -> tuple[Case, ...]:
    """The cases that standing facts tell of, in the order they were opened.

    An input told as nothing is one that nobody has given.
    """
    found: dict[str, Case] = {}
    for row in standing:
        number = row.case_number or ""
        if row.kind == "case-opened":
            workflow, committee, _ = row.key.rsplit("/", 2)
            about = "" if committee == "-" else committee
            found[number] = Case(number, workflow, about, row.on, _merged({}, row))
        elif number in found and row.kind == "case-set":
            found[number] = replace(found[number], inputs=_merged(found[number].inputs, row))
        elif number in found and row.kind == "case-closed":
            found[number] = replace(found[number], closed_on=row.on)
    return tuple(found.values())


def _merged(inputs: Mapping[str, str | int | bool], row: FactRow) -> dict[str, str | int | bool]:
    told = {**inputs, **(row.inputs or {})}
    return {name: value for name, value in told.items() if value is not None}
