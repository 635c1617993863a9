"""What could not be done, and what to do next: an engine error as one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.errors import EngineError
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import plain_day


def error_line(error: EngineError, language: Language) -> str:
    """The sentence of an error's code, its parameters filled in as people say them."""
    params = {name: _said(value, language) for name, value in error.params.items()}
    near = params.get("near")
    if "near" in params:
        params["near"] = say("error.did-you-mean", language, near=near) if near else ""
    for code in (f"error.{error.code}", error.code, f"finding.{error.code}"):
        if has(code, language):
            if "count" in error.params:
                params["count"] = error.params["count"]
            return say(code, language, **params)
    return say("error.without-words", language, code=error.code)


def _said(value: object, language: Language) -> object:
    if isinstance(value, date):
        return plain_day(value, language)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return ", ".join(str(_said(each, language)) for each in value)
