"""Sources as they are cited, with how sure they are."""

from __future__ import annotations

from collections.abc import Iterable

from engine.planning.sources import Source
from engine.wording.catalogue import Language, say


def sources_words(sources: Iterable[Source], language: Language) -> str:
    """Sources as they are cited, one after the other."""
    return "; ".join(_cited(source, language) for source in sources)


def place_cited(document: str, reference: str) -> str:
    """A place in a document as it is cited: `MED-rammeaftalen § 8, stk. 3`."""
    if not reference:
        return document
    return f"{document}{' ' if reference.startswith('§') else ', '}{reference}"


def _cited(source: Source, language: Language) -> str:
    cited = place_cited(source.document, source.reference)
    if source.confidence in ("likely", "unverified"):
        return say("explain.to-be-confirmed", language, source=cited)
    if source.confidence == "local" and not source.document.casefold().startswith("lokal"):
        return say("explain.local", language, source=cited)
    return cited
