"""What a look at the site's health found, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.errors import EngineError
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import moment
from engine.wording.errors import error_line


def check_name(check: str, language: Language) -> str:
    """What was looked at."""
    return say(f"doctor.name.{check}", language)


def check_words(code: str, params: Mapping[str, object], language: Language) -> str:
    """What was seen, and what to do when it is wrong."""
    said = {
        name: moment(value, language) if isinstance(value, datetime) else value
        for name, value in params.items()
    }
    known = f"doctor.{code}"
    return error_line(EngineError(known if has(known, language) else code, **said), language)


def mark(ok: bool, language: Language) -> str:
    """How a line begins; both are of one width."""
    return say("doctor.ok" if ok else "doctor.wrong", language)
