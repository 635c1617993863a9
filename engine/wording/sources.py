"""Sources as they are cited, with how sure they are."""

from __future__ import annotations

from collections.abc import Iterable

from engine.planning.sources import Source
from engine.wording.catalogue import Language, say


def sources_words(sources: Iterable[Source], language: Language) -> str:
    """Sources as they are cited, one after the other."""
    return "; ".join(_cited(source, language) for source in sources)


def _cited(source: Source, language: Language) -> str:
    cited = source.document
    if source.reference:
        joint = " " if source.reference.startswith("§") else ", "
        cited = f"{cited}{joint}{source.reference}"
    if source.confidence in ("likely", "unverified"):
        return say("explain.to-be-confirmed", language, source=cited)
    if source.confidence == "local" and not source.document.casefold().startswith("lokal"):
        return say("explain.local", language, source=cited)
    return cited
