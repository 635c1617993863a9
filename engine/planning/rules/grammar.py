"""The grammar of date rules, once in English and once in Danish, giving the same syntax tree.

The choices in capitals are filled from the vocabulary. `pieces` cuts the text, so the grammar knows
whole words only; NAME, DATE, INT and DOTTED ("15.") are what is not a rule word.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from string import Template

from lark import Lark

from engine.planning.rules.builder import builder
from engine.planning.rules.tree import Language
from engine.planning.rules.vocabulary import VOCABULARIES, Vocabulary

_SHARED = """
    amount: INT unit
    ?span: month | period
    !anchor: $ANCHORS
    !unit: $UNITS
    !month: $MONTHS
    !weekday: $WEEKDAYS
    !ordinal_word: $ORDINALS
    !kind: $KINDS
    !direction: $DIRECTIONS
    !side: $SIDES
    !which: $WHICH
    !relation: $RELATIONS
    %declare NAME DATE INT DOTTED
"""

_ENGLISH = """
    ?start: whole
    ?whole: tail
        | tail "otherwise" whole                                  -> otherwise
    ?tail: rule
        | rule "to" "the" "end" "of" "the" "month"                -> month_end
    ?rule: "the" "later" "of" rule "and" rule                     -> later
        | "the" "earlier" "of" rule "and" rule                    -> earlier
        | amounts direction rule                                  -> shift
        | "within" INT ("year" | "years") "of" rule               -> within
        | point
    amounts: amount ("and" amount)*
    ?point: anchor
        | NAME                                                    -> name
        | "done" NAME                                             -> done_name
        | DATE                                                    -> fixed_day
        | INT month                                               -> year_day
        | INT month "the" "year" "before"                         -> day_the_year_before
        | INT month "the" "year" "after"                          -> day_the_year_after
        | ordinal_word (weekday | kind) "of" span                 -> ordinal
        | "week" INT                                              -> week
        | weekday "of" "week" INT                                 -> week_day
        | side "of" NAME                                          -> side_meeting
        | which "meeting" relation rule                           -> near_own_meeting
        | which "meeting" "of" NAME relation rule                 -> near_meeting
        | which "meeting" "of" span                               -> own_meeting_of
        | which "meeting" "of" NAME "of" span                     -> meeting_of
        | "notice" "by" NAME "from" NAME "given" NAME             -> notice
    period: "period"
"""

_DANISH = """
    ?start: whole
    ?whole: tail
        | tail "ellers" whole                                     -> otherwise
    ?tail: rule
        | rule "til" "udgangen" "af" "måneden"                    -> month_end
    ?rule: "den" "seneste" "af" rule "og" rule                    -> later
        | "den" "tidligste" "af" rule "og" rule                   -> earlier
        | amounts direction rule                                  -> shift
        | "inden" "for" INT "år" "fra" rule                       -> within
        | point
    amounts: amount ("og" amount)*
    ?point: anchor
        | NAME                                                    -> name
        | "udført" NAME                                           -> done_name
        | DATE                                                    -> fixed_day
        | (INT | DOTTED) month                                    -> year_day
        | (INT | DOTTED) month "året" "før"                       -> day_the_year_before
        | (INT | DOTTED) month "året" "efter"                     -> day_the_year_after
        | ordinal_word (weekday | kind) "i" span                  -> ordinal
        | "uge" INT                                               -> week
        | weekday "i" "uge" INT                                   -> week_day
        | side "i" NAME                                           -> side_meeting
        | which "møde" relation rule                              -> near_own_meeting
        | which "møde" "i" NAME relation rule                     -> near_meeting
        | which "møde" "i" span                                   -> own_meeting_of
        | which "møde" "i" NAME "i" span                          -> meeting_of
        | "varsel" "efter" NAME "fra" NAME "givet" NAME           -> notice
    period: "perioden"
"""

_GRAMMARS: dict[Language, str] = {"en": _ENGLISH, "da": _DANISH}


def _choices(phrases: Iterable[str]) -> str:
    return " | ".join(" ".join(f'"{word}"' for word in phrase.split()) for phrase in phrases)


def _filled(grammar: str, words: Vocabulary) -> str:
    return Template(grammar + _SHARED).substitute(
        ANCHORS=_choices(words.anchors),
        UNITS=_choices(words.units),
        MONTHS=_choices(words.months),
        WEEKDAYS=_choices(words.weekdays),
        ORDINALS=_choices(words.ordinals),
        KINDS=_choices(words.kinds),
        DIRECTIONS=_choices(words.directions),
        SIDES=_choices(words.sides),
        WHICH=_choices(words.which),
        RELATIONS=_choices(words.relations),
    )


@cache
def parser(language: Language) -> Lark:
    """The parser of a language; it builds nodes as it goes."""
    grammar = _filled(_GRAMMARS[language], VOCABULARIES[language])
    return Lark(grammar, parser="lalr", strict=True, transformer=builder(language))


@cache
def terminals(language: Language) -> dict[str, str]:
    """The parser's name for each rule word of a language."""
    return {terminal.pattern.value: terminal.name for terminal in parser(language).terminals}
