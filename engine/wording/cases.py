"""What is said of a case."""

from __future__ import annotations

from engine.wording.catalogue import Language, say


def with_case(title: str, case: str, language: Language) -> str:
    """A title where nothing stands around it; two cases of one workflow are told apart.

    >>> with_case("Der er forhandlet", "2026-017", "da")
    'Der er forhandlet (forløb 2026-017)'
    """
    return say("case.titled", language, title=title, case=case) if case else title
