"""Cuts a rule's text into words, names, numbers and dates, and finds its language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from unicodedata import normalize

from engine.errors import RuleError
from engine.planning.rules.tree import Language
from engine.planning.rules.vocabulary import reserved, words

LONGEST = 1000
"""More characters than this is no rule that anybody reads aloud."""


class Kind(StrEnum):
    """What a piece is; all but a rule word go by their name in the grammar."""

    WORD = "WORD"
    NAME = "NAME"
    DATE = "DATE"
    INT = "INT"
    DOTTED = "DOTTED"
    END = "$END"


class Piece(NamedTuple):
    """A piece of a rule, in NFC and small letters, as it was typed, and where it begins."""

    kind: Kind
    text: str
    typed: str
    column: int


_FORMS = (
    (Kind.DATE, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    (Kind.INT, re.compile(r"[0-9]+")),
    (Kind.DOTTED, re.compile(r"[0-9]+\.")),
    (Kind.NAME, re.compile(r"[a-zæøå][a-zæøå0-9_-]*")),
)
_LIKE_A_DATE = re.compile(r"[0-9]+[-./][0-9]+[-./][0-9]+\.?")
_GLUED = re.compile(r"([0-9]+\.?)([^\W\d_]+)")
_STRANGE = re.compile(r"[^a-zæøå0-9_-]")


def pieces(text: str) -> list[Piece]:
    """The pieces of a text, with an end piece; columns count in the text as given."""
    if len(text) > LONGEST:
        raise RuleError("rule.too-long", LONGEST, most=LONGEST)
    found = [_piece(match.group(), match.start()) for match in re.finditer(r"\S+", text)]
    if not found:
        raise RuleError("rule.empty")
    return [*found, Piece(Kind.END, "", "", len(text.rstrip()))]


def _piece(raw: str, column: int) -> Piece:
    typed = normalize("NFC", raw)
    text = typed.lower()
    if text in reserved():
        return Piece(Kind.WORD, text, typed, column)
    for kind, form in _FORMS:
        if form.fullmatch(text):
            return Piece(kind, text, typed, column)
    if _LIKE_A_DATE.fullmatch(text):
        raise RuleError("rule.date-form", column, found=typed)
    glued = _GLUED.fullmatch(typed)
    if glued:
        raise RuleError("rule.glued", column, found=typed, apart=" ".join(glued.groups()))
    strange = _STRANGE.search(text)
    if strange:
        raise RuleError("rule.strange-sign", column, found=typed, sign=strange.group())
    raise RuleError("rule.name-form", column, found=typed)


def language_of(found: Sequence[Piece]) -> Language:
    """The language of a rule; one that both languages write the same is taken as English."""
    danish = _only(found, "da", "en")
    english = _only(found, "en", "da")
    if danish and english:
        raise _mixed(danish, english)
    dotted = [piece for piece in found if piece.kind is Kind.DOTTED]
    if english and dotted:
        raise RuleError("rule.dot-in-english", dotted[0].column, found=dotted[0].typed)
    return "da" if danish or dotted else "en"


def _only(found: Sequence[Piece], language: Language, other: Language) -> list[Piece]:
    own = words(language) - words(other)
    return [piece for piece in found if piece.text in own]


def _mixed(danish: list[Piece], english: list[Piece]) -> RuleError:
    """Points at the first word of the language that has fewer words, or comes later."""
    order = (len(danish), -danish[0].column) > (len(english), -english[0].column)
    code = "rule.english-in-danish" if order else "rule.danish-in-english"
    odd = (english if order else danish)[0]
    return RuleError(code, odd.column, found=odd.typed)
