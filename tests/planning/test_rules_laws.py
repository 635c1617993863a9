from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from known import Known

from engine.errors import EngineError, RuleError
from engine.planning.rules import (
    ANCHORS,
    LAST,
    Anchor,
    DayKind,
    Direction,
    DoneName,
    Earlier,
    FixedDay,
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
    add_months,
    evaluate,
    mentions,
    parse,
    reach,
    reach_back,
    reserved,
    words,
    write,
)

LAWS = settings(max_examples=200, deadline=None)

names = st.from_regex(r"[a-zæøå][a-zæøå0-9_-]{0,12}", fullmatch=True).filter(
    lambda name: name not in reserved()
)
months = st.integers(1, 12)
bodies = st.none() | names
ordinals = st.sampled_from([1, 2, 3, 4, LAST])
year_days = st.dates(date(2028, 1, 1), date(2028, 12, 31))
points: st.SearchStrategy[Rule] = st.one_of(
    st.sampled_from(ANCHORS).map(Anchor),
    names.map(Name),
    names.map(DoneName),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(FixedDay),
    st.builds(lambda on, years: YearDay(on.day, on.month, years), year_days, st.integers(-1, 1)),
    st.builds(Ordinal, ordinals, st.sampled_from(DayKind), st.none() | months),
    st.builds(WeekDay, st.integers(0, 6), st.integers(1, 53)),
    st.builds(SideMeeting, st.sampled_from(Side), names),
    st.builds(MonthMeeting, st.sampled_from(Which), bodies, st.none() | months),
    st.builds(Notice, names, names, names),
)
counts = st.dictionaries(st.sampled_from(Unit), st.integers(1, 100), min_size=1)
amounts = counts.map(lambda found: tuple((found[unit], unit) for unit in Unit if unit in found))


def around(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.one_of(
        st.builds(Shift, amounts, st.sampled_from(Direction), rules),
        st.builds(Within, st.integers(1, 100), rules),
        st.builds(Later, rules, rules),
        st.builds(Earlier, rules, rules),
        st.builds(NearMeeting, st.sampled_from(Which), bodies, st.sampled_from(Relation), rules),
    )


inner = st.recursive(points, around, max_leaves=4)
tails = inner | inner.map(MonthEnd)
rules = tails | st.builds(Otherwise, tails, tails | st.builds(Otherwise, tails, tails))


@LAWS
@given(rules)
def test_a_rule_written_and_read_is_the_same_rule(rule: Rule) -> None:
    assert [parse(write(rule, language)) for language in ("da", "en")] == [rule, rule]


@LAWS
@given(rules)
def test_writing_what_was_read_changes_nothing(rule: Rule) -> None:
    for language in ("da", "en"):
        text = write(rule, language)
        assert write(parse(text), language) == text


@LAWS
@given(rules)
def test_case_does_not_matter(rule: Rule) -> None:
    assert parse(write(rule, "da").upper()) == rule


texts = st.lists(
    st.one_of(
        st.sampled_from(sorted(words("da"))),
        st.sampled_from(sorted(words("en"))),
        st.sampled_from(["7", "15.", "2026-10-13", "x", "dayz", "kommune-med", "54", "0"]),
        st.text(max_size=6),
    ),
    max_size=12,
).map(" ".join)


@LAWS
@given(texts)
def test_any_text_is_a_rule_or_a_rule_error_that_points_into_it(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError as error:
        assert 0 <= error.column <= len(text)
    else:
        assert parse(write(rule, rule.language)) == rule


one_language = st.sampled_from(["da", "en"]).flatmap(
    lambda language: st.lists(
        st.sampled_from([*sorted(words(language)), "7", "2026-10-13", "x"]), max_size=10
    ).map(" ".join)
)


@LAWS
@given(one_language)
def test_any_words_of_one_language_are_a_rule_or_a_rule_error(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError as error:
        assert 0 <= error.column <= len(text)
    else:
        assert parse(write(rule, rule.language)) == rule


def known(on: date) -> Known:
    return Known(dates={"x": on})


days = st.dates(date(2025, 6, 1), date(2026, 6, 30))
small = st.dictionaries(st.sampled_from(Unit), st.integers(1, 9), min_size=1, max_size=3).map(
    lambda found: tuple((found[unit], unit) for unit in Unit if unit in found)
)


@LAWS
@given(days, days, small, st.sampled_from(Direction))
def test_a_later_day_gives_no_earlier_date(
    a: date, b: date, counted: tuple[tuple[int, Unit], ...], direction: Direction
) -> None:
    rule = Shift(counted, direction, Name("x"))
    try:
        first, second = (evaluate(rule, known(on)).on for on in sorted((a, b)))
    except EngineError as error:
        assert error.code == "workdays.not-covered"
    else:
        assert first is not None
        assert second is not None
        assert first <= second


@LAWS
@given(days, small, st.sampled_from(Direction), st.booleans())
def test_a_date_lies_within_the_reach_of_its_rule(
    on: date, counted: tuple[tuple[int, Unit], ...], direction: Direction, to_month_end: bool
) -> None:
    rule: Rule = Shift(counted, direction, Name("x"))
    rule = MonthEnd(rule) if to_month_end else rule
    try:
        reached = evaluate(rule, known(on)).on
    except EngineError as error:
        assert error.code == "workdays.not-covered"
    else:
        assert reached is not None
        assert abs((reached - on).days) <= reach(rule)
        assert (on - reached).days <= reach_back(rule)


@LAWS
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(-600, 600))
def test_months_keep_the_day_number_or_end_on_the_last_day(on: date, count: int) -> None:
    moved = add_months(on, count)
    assert (moved.year * 12 + moved.month) - (on.year * 12 + on.month) == count
    is_last = (moved + timedelta(1)).day == 1
    assert moved.day == on.day or (moved.day < on.day and is_last)


@LAWS
@given(rules)
def test_what_a_rule_mentions_is_in_its_text(rule: Rule) -> None:
    text = write(rule, "en").split()
    found = mentions(rule)
    assert found.names | found.done | found.bodies | found.tables <= set(text)


@LAWS
@given(days, small, st.sampled_from(Direction), st.booleans(), st.integers(0, 2))
def test_a_rule_printed_in_the_other_language_gives_the_same_date(
    on: date,
    counted: tuple[tuple[int, Unit], ...],
    direction: Direction,
    to_month_end: bool,
    around_it: int,
) -> None:
    rule: Rule = Shift(counted, direction, Name("x"))
    rule = (rule, Later(rule, Name("x")), Otherwise(Name("y"), rule))[around_it]
    if to_month_end and around_it != 2:
        rule = MonthEnd(rule)
    told = []
    for language in ("da", "en"):
        try:
            told.append(str(evaluate(parse(write(rule, language)), known(on)).on))
        except EngineError as error:
            told.append(error.code)
    assert told[0] == told[1] != "None"
