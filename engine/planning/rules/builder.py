"""Makes the syntax tree while the parser reads, and refuses what no year could hold."""

from __future__ import annotations

from datetime import date

from lark import Token, Transformer, v_args

from engine.errors import RuleError
from engine.planning.rules.months import month_length
from engine.planning.rules.tree import (
    WEEKDAYS,
    Anchor,
    DayKind,
    Direction,
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
    Relation,
    Rule,
    Shift,
    Side,
    SideMeeting,
    Unit,
    WeekDay,
    Which,
    Within,
    YearDay,
)
from engine.planning.rules.vocabulary import VOCABULARIES, phrase

FIRST_YEAR, LAST_YEAR = 1900, 2200
_A_LEAP_YEAR = 2000
_MOST = {
    Unit.YEAR: 100,
    Unit.MONTH: 1200,
    Unit.WEEK: 5200,
    Unit.DAY: 36500,
    Unit.WORKING_DAY: 25000,
}
_UNITS = tuple(Unit)

_Amount = tuple[Token, int, Unit]


def builder(language: Language) -> Transformer[Token, Rule]:
    """What turns the parser's findings into nodes that remember the language."""
    return _Builder(language)


@v_args(inline=True)
class _Builder(Transformer[Token, Rule]):
    """One method for every form of the grammar, called with its parts in order."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._words = VOCABULARIES[language]

    # Words: the phrase as it was read becomes what it stands for.

    def anchor(self, *words: Token) -> Anchor:
        return Anchor(self._words.anchors[" ".join(words)], language=self._language)

    def unit(self, *words: Token) -> Unit:
        return self._words.units[" ".join(words)]

    def month(self, word: Token) -> int:
        return self._words.months[word]

    def period(self) -> None:
        return None

    def weekday(self, word: Token) -> DayKind:
        return self._words.weekdays[word]

    def kind(self, *words: Token) -> DayKind:
        return self._words.kinds[" ".join(words)]

    def ordinal_word(self, word: Token) -> int:
        return self._words.ordinals[word]

    def direction(self, word: Token) -> Direction:
        return self._words.directions[word]

    def side(self, *words: Token) -> Side:
        return self._words.sides[" ".join(words)]

    def which(self, word: Token) -> Which:
        return self._words.which[word]

    def relation(self, *words: Token) -> Relation:
        return self._words.relations[" ".join(words)]

    # Points.

    def name(self, name: Token) -> Name:
        return Name(str(name), language=self._language)

    def done_name(self, name: Token) -> DoneName:
        return DoneName(str(name), language=self._language)

    def fixed_day(self, written: Token) -> FixedDay:
        try:
            on = date.fromisoformat(written)
        except ValueError:
            raise _fault("rule.no-such-date", written) from None
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            raise _fault("rule.year-out-of-range", written, first=FIRST_YEAR, last=LAST_YEAR)
        return FixedDay(on, language=self._language)

    def year_day(self, day: Token, month: int, year_offset: int = 0) -> YearDay:
        number = int(day.removesuffix("."))
        if not 1 <= number <= month_length(_A_LEAP_YEAR, month):
            written = f"{day} {phrase(self._words.months, month)}"
            raise RuleError("rule.no-such-day", day.start_pos or 0, found=written)
        return YearDay(number, month, year_offset, language=self._language)

    def day_the_year_before(self, day: Token, month: int) -> YearDay:
        return self.year_day(day, month, -1)

    def day_the_year_after(self, day: Token, month: int) -> YearDay:
        return self.year_day(day, month, 1)

    def ordinal(self, ordinal: int, kind: DayKind, month: int | None) -> Ordinal:
        return Ordinal(ordinal, kind, month, language=self._language)

    def week(self, week: Token) -> WeekDay:
        return self.week_day(DayKind.MONDAY, week)

    def week_day(self, weekday: DayKind, week: Token) -> WeekDay:
        if not 1 <= int(week) <= 53:
            raise _fault("rule.no-such-week", week)
        return WeekDay(WEEKDAYS.index(weekday), int(week), language=self._language)

    def side_meeting(self, side: Side, body: Token) -> SideMeeting:
        return SideMeeting(side, str(body), language=self._language)

    def near_own_meeting(self, which: Which, relation: Relation, of: Rule) -> NearMeeting:
        return NearMeeting(which, None, relation, of, language=self._language)

    def near_meeting(self, which: Which, body: Token, relation: Relation, of: Rule) -> NearMeeting:
        return NearMeeting(which, str(body), relation, of, language=self._language)

    def own_meeting_of(self, which: Which, month: int | None) -> MonthMeeting:
        return MonthMeeting(which, None, month, language=self._language)

    def meeting_of(self, which: Which, body: Token, month: int | None) -> MonthMeeting:
        return MonthMeeting(which, str(body), month, language=self._language)

    def notice(self, table: Token, since: Token, given: Token) -> Notice:
        return Notice(str(table), str(since), str(given), language=self._language)

    # Rules around points.

    def amount(self, count: Token, unit: Unit) -> _Amount:
        number = int(count)
        if number == 0 and unit is not Unit.WORKING_DAY:
            raise _fault("rule.zero", count)
        if number > _MOST[unit]:
            raise _fault("rule.too-many", count, most=_MOST[unit])
        return count, number, unit

    def amounts(self, *amounts: _Amount) -> tuple[tuple[int, Unit], ...]:
        counted: dict[Unit, int] = {}
        for written, number, unit in amounts:
            if unit in counted:
                raise _fault("rule.unit-twice", written)
            counted[unit] = number
        return tuple((counted[unit], unit) for unit in _UNITS if unit in counted)

    def shift(self, amounts: tuple[tuple[int, Unit], ...], direction: Direction, of: Rule) -> Shift:
        return Shift(amounts, direction, of, language=self._language)

    def within(self, years: Token, of: Rule) -> Within:
        _, number, _ = self.amount(years, Unit.YEAR)
        return Within(number, of, language=self._language)

    def later(self, a: Rule, b: Rule) -> Later:
        return Later(a, b, language=self._language)

    def earlier(self, a: Rule, b: Rule) -> Earlier:
        return Earlier(a, b, language=self._language)

    def month_end(self, of: Rule) -> MonthEnd:
        return MonthEnd(of, language=self._language)

    def otherwise(self, first: Rule, then: Rule) -> Otherwise:
        return Otherwise(first, then, language=self._language)


def _fault(code: str, written: Token, **params: object) -> RuleError:
    return RuleError(code, written.start_pos or 0, found=str(written), **params)
