from __future__ import annotations

import doctest
import re
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest
from danish_days import table

from engine.errors import RuleError
from engine.planning.rules import (
    ANCHORS,
    Anchor,
    DayKind,
    Direction,
    DoneName,
    Earlier,
    Later,
    Mentions,
    MonthEnd,
    Name,
    NearMeeting,
    Notice,
    Ordinal,
    Otherwise,
    Relation,
    Shift,
    Unit,
    WeekDay,
    Which,
    Within,
    YearDay,
    mentions,
    months,
    parse,
    reach,
    reach_back,
    reading,
    reserved,
    words,
    write,
    writing,
)
from engine.wording.catalogue import LANGUAGES, say

FAULTS = table("regelfejl.csv")
CATALOGUE = Path(__file__).parents[2] / "engine" / "wording" / "catalogue"


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row["regel"])
def test_the_table_of_faults(row: dict[str, str]) -> None:
    with pytest.raises(RuleError) as caught:
        parse(row["regel"])
    error = caught.value
    assert (error.column, error.code) == (int(row["kolonne"]), row["kode"])
    assert say(error.code, "da", **error.params) == row["besked"]
    assert say(error.code, "en", **error.params) != row["besked"]


def test_a_text_too_long_for_a_rule_is_refused() -> None:
    with pytest.raises(RuleError) as caught:
        parse("1 day after " * 100 + "x")
    assert (caught.value.code, caught.value.params) == (
        "rule.too-long",
        {"column": 1000, "most": 1000},
    )


def test_every_message_about_rules_is_raised_somewhere_in_the_tables() -> None:
    raised = {row["kode"] for row in FAULTS}
    raised |= {
        row["forventet"].removeprefix("fejl: ")
        for row in table("datoregler.csv")
        if row["forventet"].startswith("fejl: ")
    }
    # The first is a finding for whoever checks the files, the second has its own test above.
    raised |= {"rule.endless-meeting", "rule.too-long"}
    for language in LANGUAGES:
        text = (CATALOGUE / language / "rules.po").read_text(encoding="utf-8")
        assert set(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)) == raised


def test_a_whole_rule_is_one_tree() -> None:
    text = "den seneste af 2 år og 3 uger før x og udført y til udgangen af måneden ellers uge 20"
    later = Later(
        Shift(((2, Unit.YEAR), (3, Unit.WEEK)), Direction.BEFORE, Name("x")), DoneName("y")
    )
    assert parse(text) == Otherwise(MonthEnd(later), WeekDay(0, 20))


def test_before_and_after_bind_to_the_rule_that_follows() -> None:
    assert parse("first meeting of b on or after 2 days before the earlier of x and y") == (
        NearMeeting(
            Which.FIRST,
            "b",
            Relation.ON_OR_AFTER,
            Shift(((2, Unit.DAY),), Direction.BEFORE, Earlier(Name("x"), Name("y"))),
        )
    )


def test_the_rule_remembers_its_language_and_is_equal_all_the_same() -> None:
    danish, english = parse("15. maj året efter"), parse("15 may the year after")
    assert (danish.language, english.language) == ("da", "en")
    assert danish == english == YearDay(15, 5, 1)
    assert hash(danish) == hash(english)
    assert isinstance(inner := parse("7 dage før mødet"), Shift)
    assert inner.of.language == "da"


@pytest.mark.parametrize("text", ["7 dage før mødet", "7\n dage\t før\u00a0mødet "])
def test_decomposed_letters_and_white_space_are_read(text: str) -> None:
    expected = Shift(((7, Unit.DAY),), Direction.BEFORE, Anchor("meeting"))
    assert parse(unicodedata.normalize("NFD", text)) == expected


def test_the_column_counts_in_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "7 dage før mødet måske")
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert text[caught.value.column :] == unicodedata.normalize("NFD", "måske")


def test_every_word_of_either_language_is_reserved() -> None:
    assert {"start", "end", "given", "by", "from", "i", "may", "maj"} <= reserved()
    for word in reserved() - words("da"):
        with pytest.raises(RuleError):
            parse(f"done {word}")
    for word in reserved() - words("en"):
        with pytest.raises(RuleError):
            parse(f"udført {word}")


def test_every_anchor_reads_in_both_languages() -> None:
    for anchor in ANCHORS:
        danish, english = (write(Anchor(anchor), language) for language in ("da", "en"))
        assert english == anchor
        assert parse(danish) == parse(english) == Anchor(anchor)


def test_names_are_in_small_letters_and_need_not_be_ascii() -> None:
    assert parse("Høring-Slut_2") == Name("høring-slut_2")


MENTIONED = """
the later of 2 weeks after x and notice by t from a given b
otherwise the earlier of done y and within 1 year of joining
otherwise next meeting of c otherwise first meeting of d after period end
"""


def test_what_a_rule_mentions() -> None:
    assert mentions(parse(MENTIONED)) == Mentions(
        names=frozenset({"x", "a", "b"}),
        anchors=frozenset({"joining", "period end"}),
        done=frozenset({"y"}),
        bodies=frozenset({"c", "d"}),
        tables=frozenset({"t"}),
        needs_year=False,
        needs_period=False,
        counts_from_meeting=True,
        own_meetings=False,
        endless=False,
    )


@pytest.mark.parametrize(
    ("text", "needs_year", "needs_period"),
    [
        ("7 days before 15 september", True, False),
        ("week 20", True, False),
        ("first monday of may", True, False),
        ("last meeting of may", True, False),
        ("last meeting of period", False, True),
        ("last working day of period", False, True),
        ("2026-10-13", False, False),
        ("period end", False, False),
    ],
)
def test_what_a_rule_needs(text: str, needs_year: bool, needs_period: bool) -> None:
    found = mentions(parse(text))
    assert (found.needs_year, found.needs_period) == (needs_year, needs_period)


@pytest.mark.parametrize(
    ("text", "own", "endless"),
    [
        ("first meeting after x", True, False),
        ("last meeting on or before x", True, False),
        ("first meeting of b before x", False, True),
        ("last meeting of b on or after x", False, True),
        ("7 days before last meeting after x", True, True),
        ("meeting", False, False),
    ],
)
def test_meetings_that_no_plan_can_tell(text: str, own: bool, endless: bool) -> None:
    found = mentions(parse(text))
    assert (found.own_meetings, found.endless) == (own, endless)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("meeting", 0),
        ("x", 0),
        ("7 days before meeting", 7),
        ("1 year and 2 weeks after x", 380),
        ("10 working days before x", 51),
        ("1 month after x to the end of the month", 62),
        ("within 1 year of joining", 366),
        ("the later of 3 days after x and 2 weeks after y", 14),
        ("x otherwise 1 week after y", 7),
        ("15 september", 800),
        ("1 week before first meeting after 2 days after x", 809),
        ("notice by t from a given b", 800),
    ],
)
def test_how_far_a_rule_reaches(text: str, days: int) -> None:
    assert reach(parse(text)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("meeting", 0),
        ("2 weeks after meeting", 0),
        ("2 weeks before meeting", 14),
        ("1 week before 3 days after 2 weeks before x", 21),
        ("10 working days before x", 51),
        ("1 month after x to the end of the month", 0),
        ("within 1 year of joining", 0),
        ("the later of 3 days before x and 2 weeks after y", 3),
        ("x otherwise 1 week before y", 7),
        ("15 september", 0),
        ("15 september the year before", 366),
        ("1 january the year after", 0),
        ("monday of week 1", 7),
        ("last working day of may", 0),
        ("first meeting of march", 0),
        ("next meeting of b", 0),
        ("previous meeting of b", 800),
        ("1 week before first meeting after 2 days after x", 7),
        ("last meeting before x", 800),
        ("notice by t from a given b", 800),
        ("2026-03-01", 80_000),
    ],
)
def test_how_far_back_a_rule_reaches(text: str, days: int) -> None:
    assert reach_back(parse(text)) == days


def test_what_the_grammar_keeps_outermost_cannot_be_written_inside() -> None:
    inside = Shift(((1, Unit.DAY),), Direction.AFTER, MonthEnd(Name("x")))
    with pytest.raises(ValueError, match="MonthEnd"):
        write(inside, "da")


def test_canonical_words() -> None:
    rules = (
        Ordinal(-1, DayKind.WORKING_DAY, None),
        Within(2, Anchor("joining")),
        Notice("t", "a", "b"),
        WeekDay(0, 20),
        Shift(((1, Unit.WEEK), (0, Unit.WORKING_DAY)), Direction.BEFORE, Name("x")),
    )
    assert [(write(rule, "da"), write(rule, "en")) for rule in rules] == [
        ("sidste arbejdsdag i perioden", "last working day of period"),
        ("inden for 2 år fra tiltrædelsen", "within 2 years of joining"),
        ("varsel efter t fra a givet b", "notice by t from a given b"),
        ("mandag i uge 20", "monday of week 20"),
        ("1 uge og 0 arbejdsdage før x", "1 week and 0 working days before x"),
    ]


@pytest.mark.parametrize("module", [months, reading, writing])
def test_the_examples_in_the_docstrings(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert (results.failed, results.attempted > 0) == (0, True)
