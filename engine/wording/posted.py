"""Why a mail has not left, and why the outbox is held, in words."""

from __future__ import annotations

from engine.wording.catalogue import Language, has, say


def mail_reason(code: str, language: Language) -> str:
    """What stands in the way of a mail; a code without words stands as it is."""
    known = f"outbox.reason.{code}"
    return say(known, language) if code and has(known, language) else code


def held_words(why: str, language: Language) -> str:
    """Why no mails go, and what ends it."""
    known = f"outbox.held.{why}"
    return say(known if why and has(known, language) else "outbox.held", language)
