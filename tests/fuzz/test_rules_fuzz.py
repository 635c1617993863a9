"""Whatever stands where a date rule belongs is a rule, or an error that says where it stops."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st
from mutations import EDITS, Edit, edited

from engine.errors import RuleError
from engine.planning.rules import parse, write
from engine.planning.rules.mentions import mentions, reach
from engine.planning.rules.vocabulary import VOCABULARIES
from engine.planning.spans import Pace, Span, parse_lead, parse_pace, parse_span
from engine.wording.catalogue import LANGUAGES
from engine.wording.errors import error_line

RULES = [
    "7 days before meeting",
    "1 month and 10 working days before first meeting of kommune-med after 15 september",
    "the later of done referat and 14 days after meeting to the end of the month",
    "notice by funktionaerloven from ansat given sendt otherwise 2026-10-13",
    "tuesday of week 53",
    "within 2 years of joining",
    "last working day of period",
    "15 september the year before",
    "7 dage før mødet",
    "1 måned og 10 arbejdsdage før første møde i kommune-med efter 15. september",
    "den tidligste af udført referat og 14 dage efter mødet til udgangen af måneden",
    "varsel efter funktionaerloven fra ansat givet sendt ellers 2026-10-13",
    "tirsdag i uge 53",
    "inden for 2 år fra tiltrædelsen",
    "sidste arbejdsdag i perioden",
    "15. september året før",
]
WORDS = sorted(
    {
        *chain.from_iterable(one.words for one in VOCABULARIES.values()),
        *("0", "1", "12", "99999", "15.", "2026-10-13", "2026-02-30", "referat", "kommune-med"),
        *("dagge", "mtg", "—", "(", "1½", "½", "\u0661", "14dage", "DEN", "İ", "ß", "a" * 50),
    }
)


def read_or_refused(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError as error:
        assert 0 <= error.column <= len(text)
        for language in LANGUAGES:
            said = error_line(error, language)
            assert said
            assert "\n" not in said
        return
    for language in LANGUAGES:
        assert parse(write(rule, language)) == rule
    assert reach(rule) >= 0
    mentions(rule)


@given(st.sampled_from(RULES), EDITS)
def test_a_rule_with_slips(rule: str, edits: list[Edit]) -> None:
    read_or_refused(edited(rule.encode(), edits).decode("utf-8", "replace"))


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_a_soup_of_rule_words(words: list[str]) -> None:
    read_or_refused(" ".join(words))


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    read_or_refused(text)


@given(st.sampled_from(WORDS), st.integers(1, 3_000))
def test_one_word_again_and_again(word: str, count: int) -> None:
    read_or_refused(" ".join([word] * count))
    read_or_refused(word * count)


@given(st.sampled_from(RULES), st.sampled_from(RULES), st.integers(1, 30))
def test_rules_within_rules(outer: str, inner: str, depth: int) -> None:
    head, _, _ = outer.rpartition(" ")
    read_or_refused(f"{head} " * depth + inner)


LENGTHS = [
    "2 weeks before",
    "every 3 days",
    "hver uge i 8 uger, derefter hver måned",
    "4 måneder",
    "på dagen",
]


@given(st.sampled_from(LENGTHS), EDITS)
def test_a_length_of_time_with_slips(text: str, edits: list[Edit]) -> None:
    slipped = edited(text.encode(), edits).decode("utf-8", "replace")
    for reader in (parse_span, parse_lead, parse_pace):
        try:
            found = reader(slipped)
        except RuleError as error:
            assert error.code.startswith("span.")
            continue
        spans = [found] if isinstance(found, Span) else parts(found)
        assert [span for span in spans if not 0 <= span.count <= 999] == []
        assert isinstance(found, Pace) is (reader is parse_pace)


def parts(pace: Pace) -> list[Span]:
    return [span for span in (pace.every, pace.lasting, pace.afterwards) if span is not None]
