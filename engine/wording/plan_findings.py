"""What planning noticed, in words: dates as days, committees and sources by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from engine.errors import Finding
from engine.planning.organisation import Organisation
from engine.planning.sources import Source
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import long_day
from engine.wording.holders import role_title
from engine.wording.sources import sources_words
from engine.wording.telling import capital

_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-ZÆØÅ])")
"""Where a sentence ends: the full stop of `1. januar` has no capital letter after it."""


def say_finding(
    finding: Finding, language: Language, organisation: Organisation | None = None
) -> tuple[str, str]:
    """What is wrong, and the next step."""
    worded = in_words(finding, language, organisation)
    if has(f"finding.{finding.code}", language):
        what = say(f"finding.{finding.code}", language, **worded.params)
        return capital(what), say(f"hint.{finding.code}", language, **worded.params)
    what, *rest = _SENTENCE_END.split(capital(say(finding.code, language, **worded.params)), 1)
    return what, " ".join(rest)


def in_words(
    finding: Finding, language: Language, organisation: Organisation | None = None
) -> Finding:
    """The finding with parameters that a sentence can hold; the rest is as it was."""
    return replace(finding, params=params_in_words(finding.params, language, organisation))


def params_in_words(
    params: Mapping[str, object], language: Language, organisation: Organisation | None = None
) -> dict[str, object]:
    """Dates as long days, sources as cited, bodies and roles by title, steps as a chain."""
    worded = {name: _in_words(value, language) for name, value in params.items()}
    committee = params.get("committee")
    if organisation is not None and isinstance(committee, str):
        known = organisation.committees.get(committee)
        worded["committee"] = known.title if known else committee
    role = params.get("role")
    if organisation is not None and isinstance(role, str):
        worded["role"] = role_title(role, organisation, language)
    sources = params.get("sources")
    if isinstance(sources, list | tuple):
        cited = sources_words((Source.model_validate(source) for source in sources), language)
        worded["sources"] = cited or say("plan.no-source", language)
    return worded


def _in_words(value: object, language: Language) -> object:
    if value is None:
        return ""
    if isinstance(value, date):
        return long_day(value, language)
    if isinstance(value, list | tuple):
        return " → ".join(str(part) for part in value)
    return value
