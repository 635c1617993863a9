"""Lengths of time, lists and quotations, as a sentence needs them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel.lists import format_list

from engine.planning.periods import months_between
from engine.planning.rules import Unit
from engine.planning.spans import Span
from engine.wording.catalogue import Language, say
from engine.wording.dates import month


def amount(count: int, unit: Unit, language: Language) -> str:
    """So many of a unit.

    >>> amount(1, Unit.WEEK, "da"), amount(7, Unit.DAY, "da")
    ('1 uge', '7 dage')
    """
    return say(f"unit.{unit.value.replace(' ', '-')}", language, count=count)


def length(span: Span, language: Language) -> str:
    """A span in words.

    >>> length(Span(4, Unit.MONTH), "da")
    '4 måneder'
    """
    return amount(span.count, span.unit, language)


def listing(words: Iterable[str], language: Language) -> str:
    """Words joined as a list is read aloud.

    >>> listing(["skærtorsdag", "langfredag", "2. påskedag"], "da")
    'skærtorsdag, langfredag og 2. påskedag'
    """
    return format_list(list(words), locale="da_DK" if language == "da" else "en_GB")


def quoted(words: str, language: Language) -> str:
    """A title that stands inside a sentence.

    >>> quoted("Retningslinjen drøftes", "da")
    '»Retningslinjen drøftes«'
    """
    return say("unit.quoted", language, words=words)


def stretch(from_on: date, until_on: date, language: Language) -> str:
    """Whole months as people call them: a year, half-year, quarter or month, or from and to.

    >>> stretch(date(2026, 1, 1), date(2026, 6, 30), "da")
    '1. halvår 2026'
    >>> stretch(date(2026, 5, 1), date(2026, 8, 31), "da")
    'maj–august 2026'
    """
    year, first, last = from_on.year, from_on.month, until_on.month
    months = months_between(from_on, until_on)
    if year != until_on.year:
        return say("stretch.years", language, year=year, last_year=until_on.year)
    if months == 12:
        return str(year)
    if months in (3, 6) and first % months == 1:
        code = "stretch.half-year" if months == 6 else "stretch.quarter"
        return say(code, language, number=last // months, year=year)
    if months == 1:
        return say("stretch.month", language, month=month(first, language), year=year)
    names = {"month": month(first, language), "last": month(last, language)}
    return say("stretch.months", language, year=year, **names)
