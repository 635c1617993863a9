"""Which clauses of the site's list a workflow sees to, computed from what the workflows cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.planning.clauses import Fit, Trail, fit, plain, trails
from engine.planning.edition import Edition
from engine.planning.rules import mentions
from engine.planning.sources import Clause, ListedDocument, Source, SourceList
from engine.planning.tables import NoticeTable
from engine.planning.workflow import Step, Workflow

Place = tuple[int, int]
"""A document's place in the list, and a clause's in the document."""


class Standing(StrEnum):
    """Whether something sees to a clause."""

    OPEN = "open"
    DISPUTED = "disputed"
    """The list says that there is deliberately no workflow, and a workflow cites it all the same"""
    NONE = "none"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Covered:
    """A listed clause with the workflows that cite it, and those that cite only what is around."""

    at: Place
    document: ListedDocument
    clause: Clause
    workflows: tuple[str, ...]
    wider: tuple[str, ...]

    @property
    def standing(self) -> Standing:
        """Whether something sees to the clause."""
        if self.clause.none is not None:
            return Standing.DISPUTED if self.workflows else Standing.NONE
        return Standing.COVERED if self.workflows else Standing.OPEN


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every listed clause in the list's order, and the workflows that cite none of them."""

    clauses: tuple[Covered, ...]
    uncited: tuple[str, ...]

    def standing(self, *wanted: Standing) -> tuple[Covered, ...]:
        """The clauses that stand so."""
        return tuple(each for each in self.clauses if each.standing in wanted)


@dataclass(frozen=True, slots=True)
class _Listed:
    at: Place
    document: ListedDocument
    clause: Clause
    trails: tuple[Trail, ...]


def coverage(listed: SourceList, edition: Edition, today: date) -> Coverage:
    """Holds what the workflows cite against the list.

    1. A workflow cites what its own sources, its steps' sources, and those of the tables it uses
       name. One that has ended by `valid` cites nothing any more.
    2. A document is meant by its title or another of its names.
    3. A clause is covered by every citation that lies inside it: § 8 by § 8, stk. 3, but not
       § 8, stk. 3 by § 8.
    4. What is deliberately without a workflow is only held against citations that no narrower
       clause of the list takes.
    """
    clauses = tuple(_clauses(listed))
    inside: dict[Place, dict[str, None]] = {clause.at: {} for clause in clauses}
    around: dict[Place, dict[str, None]] = {clause.at: {} for clause in clauses}
    uncited: list[str] = []
    by_name = _by_name(clauses)
    for key, workflow in sorted(edition.workflows.items()):
        if workflow.valid.until_on is not None and workflow.valid.until_on < today:
            continue
        held = [_held(source, by_name) for source in citations(workflow, edition)]
        for meant, wider in held:
            for clause in meant:
                inside[clause.at][key] = None
            for clause in wider:
                around[clause.at][key] = None
        if not any(meant for meant, _ in held):
            uncited.append(key)
    return Coverage(
        tuple(
            Covered(
                clause.at,
                clause.document,
                clause.clause,
                tuple(inside[clause.at]),
                tuple(key for key in around[clause.at] if key not in inside[clause.at]),
            )
            for clause in clauses
        ),
        tuple(uncited),
    )


def citations(workflow: Workflow, edition: Edition) -> Iterator[Source]:
    """Every source of a workflow, of its steps, and of the tables that it uses."""
    yield from workflow.source
    used: dict[str, None] = {}
    for step in workflow.steps.values():
        yield from step.source
        used |= dict.fromkeys(_tables(step))
    for key in _with_extended(used, edition):
        yield from edition.tables[key].source


def _tables(step: Step) -> Iterator[str]:
    """The tables a step's rules and conditions name, and perhaps inputs of the same form."""
    yield from step.when
    for rule in (step.rule, step.not_before, step.limit):
        if rule is not None:
            yield from sorted(mentions(rule).tables)


def _with_extended(used: Mapping[str, None], edition: Edition) -> Iterator[str]:
    """The tables among these names, and the scales that they extend."""
    waiting, seen = list(used), set[str]()
    while waiting:
        key = waiting.pop(0)
        table = edition.tables.get(key)
        if table is None or key in seen:
            continue
        seen.add(key)
        yield key
        if isinstance(table, NoticeTable) and table.extends is not None:
            waiting.append(table.extends)


def _clauses(listed: SourceList) -> Iterator[_Listed]:
    for number, document in enumerate(listed.documents):
        for place, clause in enumerate(document.clauses):
            yield _Listed((number, place), document, clause, trails(clause.reference))


def _by_name(clauses: Iterable[_Listed]) -> dict[str, list[_Listed]]:
    found: dict[str, list[_Listed]] = {}
    for clause in clauses:
        for name in dict.fromkeys(map(plain, clause.document.names)):
            found.setdefault(name, []).append(clause)
    return found


def _held(
    source: Source, by_name: Mapping[str, list[_Listed]]
) -> tuple[list[_Listed], list[_Listed]]:
    """The listed clauses that a citation lies in, and those it lies around."""
    cited = trails(source.reference)
    fits = [
        (clause, fit(cited, clause.trails)) for clause in by_name.get(plain(source.document), ())
    ]
    inside = [clause for clause, how in fits if how is Fit.INSIDE]
    meant = [
        clause for clause in inside if clause.clause.none is None or not _narrower(clause, inside)
    ]
    return meant, [clause for clause, how in fits if how is Fit.AROUND]


def _narrower(clause: _Listed, inside: list[_Listed]) -> bool:
    """Whether another of the clauses that a citation lies in lies in this one itself."""
    return any(
        fit(other.trails, clause.trails) is Fit.INSIDE
        and fit(clause.trails, other.trails) is not Fit.INSIDE
        for other in inside
        if other is not clause
    )
