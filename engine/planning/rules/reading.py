"""Reads a text as a date rule, or says where it stops being one and what belongs there."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from lark import Token, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from engine.errors import RuleError
from engine.planning.rules.grammar import parser, terminals
from engine.planning.rules.pieces import Kind, Piece, language_of, pieces
from engine.planning.rules.tree import Language, Rule, Unit
from engine.planning.rules.vocabulary import VOCABULARIES, Vocabulary, phrase

_LIKENESS = 0.7


def parse(text: str) -> Rule:
    """The rule that a Danish or English text says.

    >>> parse("7 dage før mødet") == parse("7 days before meeting")
    True
    """
    found = pieces(text)
    language = language_of(found)
    cursor = parser(language).parse_interactive()
    for index, piece in enumerate(found):
        try:
            tree = cursor.feed_token(_token(piece, language))
        except UnexpectedToken:
            raise _fault(found, index, language) from None
    assert isinstance(tree, Rule)
    return tree


def _token(piece: Piece, language: Language) -> Token:
    kind = terminals(language)[piece.text] if piece.kind is Kind.WORD else piece.kind.value
    return Token(kind, piece.text, start_pos=piece.column)


def _accepted(found: Sequence[Piece], language: Language) -> frozenset[str]:
    """What could follow the pieces: rule words, and NAME, DATE, INT, DOTTED and $END."""
    cursor: InteractiveParser = parser(language).parse_interactive()
    for piece in found:
        cursor.feed_token(_token(piece, language))
    spoken = {terminal: word for word, terminal in terminals(language).items()}
    terminals_next = cursor.accepts()  # type: ignore[no-untyped-call]  # lark gives it no types
    return frozenset(spoken.get(terminal, terminal) for terminal in terminals_next)


def _fault(found: Sequence[Piece], index: int, language: Language) -> RuleError:
    """The error for the piece that fits nowhere, or for the misspelt word just before it."""
    suspects = [index]
    if index and found[index - 1].kind is Kind.NAME:
        suspects.append(index - 1)
    for suspect in suspects:
        meant = _meant(found[: suspect + 1], language)
        if meant:
            piece = found[suspect]
            return RuleError("rule.did-you-mean", piece.column, found=piece.typed, meant=meant)
    return _unexpected(found[index], _accepted(found[:index], language), language)


def _meant(found: Sequence[Piece], language: Language) -> str | None:
    """The rule word that could stand where the last piece does, and looks much like it."""
    *before, piece = found
    if piece.kind not in (Kind.NAME, Kind.WORD):
        return None
    candidates = {word for word in _accepted(before, language) if word.islower()}
    if before and before[-1].kind is Kind.INT and before[-1].text != "1":
        candidates -= _singular(language)
    close = get_close_matches(piece.text, sorted(candidates), n=1, cutoff=_LIKENESS)
    return close[0] if close else None


def _singular(language: Language) -> set[str]:
    units = VOCABULARIES[language].units
    return {phrase(units, unit) for unit in Unit} - {phrase(units, unit, 2) for unit in Unit}


def _unexpected(piece: Piece, accepted: frozenset[str], language: Language) -> RuleError:
    expected = _expected(accepted, language)
    example = phrase(VOCABULARIES[language].anchors, "meeting")
    params = {"words": _listed(expected, accepted, language), "example": example}
    if piece.kind is Kind.END:
        return RuleError(f"rule.missing-{expected}", piece.column, **params)
    if piece.kind is Kind.WORD and expected == "name":
        return RuleError("rule.reserved", piece.column, found=piece.typed)
    return RuleError(f"rule.expected-{expected}", piece.column, found=piece.typed, **params)


def _expected(accepted: frozenset[str], language: Language) -> str:
    """What belongs here, as the last word of a message's code."""
    if Kind.END in accepted:
        return "end"
    if Kind.NAME in accepted and Kind.DATE in accepted:
        return "point"
    if accepted == {Kind.NAME}:
        return "name"
    if accepted == {Kind.INT}:
        return "number"
    if Kind.NAME in accepted:
        return "body"
    units = VOCABULARIES[language].units
    return "unit" if all(unit.split()[0] in accepted for unit in units) else "word"


def _listed(expected: str, accepted: frozenset[str], language: Language) -> str:
    """The rule words that belong here, months and weekdays as their first and last."""
    vocabulary = VOCABULARIES[language]
    months, weekdays = tuple(vocabulary.months), tuple(vocabulary.weekdays)
    if expected == "unit":
        listed = [phrase(vocabulary.units, unit, 2) for unit in reversed(Unit)]
    else:
        series = {*months, *weekdays}
        words = [word for word in terminals(language) if word in accepted - series]
        listed = [full for word in words for full in _full(word, vocabulary)]
    for names in (weekdays, months):
        if accepted.issuperset(names):
            listed.append(f"{names[0]} … {names[-1]}")
    return ", ".join(listed)


def _full(word: str, vocabulary: Vocabulary) -> list[str]:
    """The phrases that the word opens after a rule or a meeting; else the word itself."""
    phrases = (*vocabulary.relations, vocabulary.month_end)
    return [text for text in phrases if text.split()[0] == word] or [word]
