"""What is wrong in a site's files, as a line for people and as data for programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from engine.errors import Finding
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import plain_day

_LONGEST = 500
_SPACES = re.compile(r"[ \t\r\n]+")


def finding_line(finding: Finding, language: Language) -> str:
    """One line: `path:line:column: field: value — what is wrong. Next step.`"""
    message, hint = _told(finding, language)
    place = [part for part in (_place(finding), message, hint) if part]
    return ": ".join(place[:2]) + "".join(f" {part}" for part in place[2:])


def finding_json(finding: Finding, language: Language) -> dict[str, object]:
    """The finding with its place, its code, what is wrong and the next step."""
    message, hint = _told(finding, language)
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "severity": finding.severity.value,
        "code": finding.code,
        "message": message,
        "hint": hint,
    }


def _place(finding: Finding) -> str:
    path = visible(finding.path)
    return f"{path}:{finding.line}:{finding.column}" if finding.line else path


def _told(finding: Finding, language: Language) -> tuple[str, str]:
    params = {name: _shown(value, language) for name, value in finding.params.items()}
    params["value"] = visible(finding.value)
    what, hint = _sentences(finding.code, params, language)
    value = say("finding.value", language, value=params["value"]) if finding.value else ""
    subject = ": ".join(part for part in (visible(finding.field), value) if part)
    return f"{subject} — {what}" if subject else what, hint


def _sentences(code: str, params: Mapping[str, object], language: Language) -> tuple[str, str]:
    """What is wrong and the next step; a message of another subject holds both in one text."""
    if not has(f"finding.{code}", language):
        known = code if has(code, language) else f"error.{code}"
        what, stop, rest = say(known, language, **params).partition(". ")
        return (f"{what}.", rest) if stop else (what, "")
    return say(f"finding.{code}", language, **params), _hint(code, params, language)


def _hint(code: str, params: Mapping[str, object], language: Language) -> str:
    if params.get("nearest"):
        return say("hint.did-you-mean", language, **params)
    if params.get("known") == "":
        return say("hint.none-to-choose", language)
    # A list that was cut off ends in dots already.
    return say(f"hint.{code}", language, **params).replace("….", "…")


def _shown(value: object, language: Language) -> object:
    if isinstance(value, date):
        return plain_day(value, language)
    if isinstance(value, StrEnum) and has(f"finding.side.{value}", language):
        return say(f"finding.side.{value}", language)
    return visible(value) if isinstance(value, str) else value


def visible(text: str) -> str:
    """A text as one line that can be seen: what looks like nothing is named, very long ones end.

    >>> visible("oes-med\u00a0")
    'oes-med[U+00A0]'
    """
    one_line = _SPACES.sub(" ", text[: 2 * _LONGEST])
    if not one_line.isprintable():
        one_line = "".join(
            sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in one_line
        )
    return one_line if len(one_line) <= _LONGEST else f"{one_line[:_LONGEST]}…"
