"""Writes a date rule in its canonical words, in Danish or English."""

from __future__ import annotations

from collections.abc import Mapping

from engine.planning.rules.tree import (
    WEEKDAYS,
    Anchor,
    DoneName,
    Earlier,
    FixedDay,
    Language,
    Later,
    MonthEnd,
    MonthMeeting,
    Name,
    NearMeeting,
    Notice,
    Ordinal,
    Otherwise,
    Rule,
    Shift,
    SideMeeting,
    Unit,
    WeekDay,
    Which,
    Within,
    YearDay,
)
from engine.planning.rules.vocabulary import VOCABULARIES, Vocabulary, phrase

_FORMS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "and": " and ",
        "done": "done {name}",
        "year day": "{day} {month}",
        "year day -1": "{day} {month} the year before",
        "year day 1": "{day} {month} the year after",
        "ordinal": "{ordinal} {kind} of {span}",
        "period": "period",
        "week": "{weekday} of week {week}",
        "side": "{side} of {body}",
        "meeting": "{which} meeting",
        "meeting of": "{which} meeting of {body}",
        "near": "{meeting} {relation} {of}",
        "month": "{meeting} of {span}",
        "notice": "notice by {table} from {since} given {given}",
        "shift": "{amounts} {direction} {of}",
        "within": "within {years} of {of}",
        "later": "the later of {a} and {b}",
        "earlier": "the earlier of {a} and {b}",
        "month end": "{of} to the end of the month",
        "otherwise": "{first} otherwise {then}",
    },
    "da": {
        "and": " og ",
        "done": "udført {name}",
        "year day": "{day}. {month}",
        "year day -1": "{day}. {month} året før",
        "year day 1": "{day}. {month} året efter",
        "ordinal": "{ordinal} {kind} i {span}",
        "period": "perioden",
        "week": "{weekday} i uge {week}",
        "side": "{side} i {body}",
        "meeting": "{which} møde",
        "meeting of": "{which} møde i {body}",
        "near": "{meeting} {relation} {of}",
        "month": "{meeting} i {span}",
        "notice": "varsel efter {table} fra {since} givet {given}",
        "shift": "{amounts} {direction} {of}",
        "within": "inden for {years} fra {of}",
        "later": "den seneste af {a} og {b}",
        "earlier": "den tidligste af {a} og {b}",
        "month end": "{of} til udgangen af måneden",
        "otherwise": "{first} ellers {then}",
    },
}


def write(rule: Rule, language: Language) -> str:
    """The rule in words, which read back are the same rule.

    >>> from engine.planning.rules.reading import parse
    >>> write(parse("15 september the year before"), "da")
    '15. september året før'
    """
    return _Writer(language).whole(rule)


class _Writer:
    """The words and forms of one language."""

    def __init__(self, language: Language) -> None:
        self._words: Vocabulary = VOCABULARIES[language]
        self._forms = _FORMS[language]

    def _form(self, form: str, **parts: object) -> str:
        return self._forms[form].format_map(parts)

    def whole(self, rule: Rule) -> str:
        """What may stand outermost."""
        match rule:
            case Otherwise():
                first = self._tail(rule.first)
                return self._form("otherwise", first=first, then=self.whole(rule.then))
            case _:
                return self._tail(rule)

    def _tail(self, rule: Rule) -> str:
        if isinstance(rule, MonthEnd):
            return self._form("month end", of=self._rule(rule.of))
        return self._rule(rule)

    def _rule(self, rule: Rule) -> str:
        match rule:
            case Shift():
                return self._form(
                    "shift",
                    amounts=self._forms["and"].join(self._amount(*pair) for pair in rule.amounts),
                    direction=phrase(self._words.directions, rule.direction),
                    of=self._rule(rule.of),
                )
            case Within():
                years = self._amount(rule.years, Unit.YEAR)
                return self._form("within", years=years, of=self._rule(rule.of))
            case Later():
                return self._form("later", a=self._rule(rule.a), b=self._rule(rule.b))
            case Earlier():
                return self._form("earlier", a=self._rule(rule.a), b=self._rule(rule.b))
            case NearMeeting():
                return self._form(
                    "near",
                    meeting=self._meeting(rule.which, rule.body),
                    relation=phrase(self._words.relations, rule.relation),
                    of=self._rule(rule.of),
                )
            case _:
                return self._point(rule)

    def _point(self, rule: Rule) -> str:  # noqa: PLR0911 - one return for each form
        match rule:
            case Anchor():
                return phrase(self._words.anchors, rule.name)
            case Name():
                return rule.name
            case DoneName():
                return self._form("done", name=rule.name)
            case FixedDay():
                return rule.on.isoformat()
            case YearDay():
                form = f"year day {rule.year_offset}" if rule.year_offset else "year day"
                return self._form(form, day=rule.day, month=self._span(rule.month))
            case SideMeeting():
                side = phrase(self._words.sides, rule.direction)
                return self._form("side", side=side, body=rule.body)
            case MonthMeeting():
                meeting = self._meeting(rule.which, rule.body)
                return self._form("month", meeting=meeting, span=self._span(rule.month))
            case Notice():
                return self._form("notice", table=rule.table, since=rule.since, given=rule.given)
            case _:
                return self._counted(rule)

    def _counted(self, rule: Rule) -> str:
        kinds = {**self._words.weekdays, **self._words.kinds}
        match rule:
            case Ordinal():
                return self._form(
                    "ordinal",
                    ordinal=phrase(self._words.ordinals, rule.ordinal),
                    kind=phrase(kinds, rule.of),
                    span=self._span(rule.month),
                )
            case WeekDay():
                weekday = phrase(kinds, WEEKDAYS[rule.weekday])
                return self._form("week", weekday=weekday, week=rule.week)
            case _:
                # The grammar keeps the end of the month and "otherwise" outermost.
                raise ValueError(rule)

    def _amount(self, count: int, unit: Unit) -> str:
        return f"{count} {phrase(self._words.units, unit, count)}"

    def _meeting(self, which: Which, body: str | None) -> str:
        form = "meeting" if body is None else "meeting of"
        return self._form(form, which=phrase(self._words.which, which), body=body)

    def _span(self, month: int | None) -> str:
        return self._forms["period"] if month is None else phrase(self._words.months, month)
