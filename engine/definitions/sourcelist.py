"""The list of sources held against itself: no document and no clause stands in it twice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding
from engine.planning.clauses import plain, trails
from engine.planning.sources import ListedDocument, SourceList


def list_findings(part: Part[SourceList]) -> Iterator[Finding]:
    """Names that mean two documents, and clauses that are listed twice."""
    known: dict[str, str] = {}
    for number, document in enumerate(part.model.documents):
        at: Path = ("documents", number)
        own: set[str] = set()
        for place, name in _named(part, at, document):
            if not plain(name):
                yield part.finding(place, "document-unnamed")
            elif plain(name) in own:
                yield part.finding(place, "document-named-twice")
            elif plain(name) in known:
                other = known[plain(name)]
                yield part.finding(place, "document-listed-twice", other=other)
            own.add(plain(name))
        known |= dict.fromkeys(own, document.title)
        yield from _clauses(part, at, document)


def _named(
    part: Part[SourceList], at: Path, document: ListedDocument
) -> Iterator[tuple[Path, str]]:
    yield (*at, "title"), document.title
    several: Path = (*at, "also known as")
    for index, name in enumerate(document.also):
        place: Path = (*several, index)
        yield place if part.document.reach(place) == len(place) else several, name


def _clauses(part: Part[SourceList], at: Path, document: ListedDocument) -> Iterator[Finding]:
    seen = set()
    for index, clause in enumerate(document.clauses):
        named = frozenset(trails(clause.reference))
        if named in seen:
            place: Path = (*at, "clauses", index, "reference")
            code = "clause-listed-twice" if clause.reference else "document-whole-twice"
            yield part.finding(place, code, document=document.title)
        seen.add(named)
