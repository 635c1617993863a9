from __future__ import annotations

import re
from pathlib import Path

import pytest
from danish_days import table
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planning.clauses import WORDS, Fit, Number, Segment, Trail, fit, plain, trails

HANDBOOK = Path(__file__).parents[2] / "docs" / "haandbog" / "grundlag.md"
FITS = {"dækket": Fit.INSIDE, "bredere": Fit.AROUND, "et andet sted": Fit.APART}


def written(number: Number) -> str:
    return f"{number[0] or ''}{number[1]}"


def step(segment: Segment) -> str:
    if segment.kind == WORDS:
        return f"«{segment.words}»"
    first, last = written(segment.first), written(segment.last)
    return f"{segment.kind} {first}" + (f"-{last}" if last != first else "")


def place(trail: Trail) -> str:
    return " > ".join(map(step, trail)) or "hele dokumentet"


@pytest.mark.parametrize("row", table("henvisninger.csv"), ids=lambda row: row["henvisning"])
def test_a_reference_names_its_places(row: dict[str, str]) -> None:
    assert " | ".join(map(place, trails(row["henvisning"]))) == row["steder"]


@pytest.mark.parametrize(
    "row", table("bestemmelser.csv"), ids=lambda row: f"{row['opført']} - {row['citeret']}"
)
def test_a_citation_lies_where_the_table_says(row: dict[str, str]) -> None:
    assert fit(trails(row["citeret"]), trails(row["opført"])) is FITS[row["svar"]]


def handbook_rows() -> list[tuple[str, str, str]]:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (ja|nej)\b.*\|$", HANDBOOK.read_text("utf-8"), re.M)
    return [(listed.strip("`"), cited.strip("`"), answer) for listed, cited, answer in rows]


@pytest.mark.parametrize(("listed", "cited", "answer"), handbook_rows())
def test_the_handbook_says_it_as_it_is(listed: str, cited: str, answer: str) -> None:
    clause = "" if listed == "intet" else listed
    inside = fit(trails(cited), trails(clause)) is Fit.INSIDE
    assert inside == (answer == "ja")


def test_the_handbook_has_examples_of_both_answers() -> None:
    answers = [answer for *_, answer in handbook_rows()]
    assert (answers.count("ja"), answers.count("nej")) == (8, 4)


NUMBERS = st.integers(1, 30)
REFERENCES = st.builds(
    lambda *parts: ", ".join(part for part in parts if part),
    st.builds("§ {}".format, NUMBERS),
    st.one_of(st.just(""), st.builds("stk. {}".format, NUMBERS)),
    st.one_of(st.just(""), st.builds("nr. {}".format, NUMBERS)),
    st.sampled_from(["", "tre måneders varsel", "14 dage før mødet"]),
)
LAWS = settings(max_examples=200, deadline=None)


@LAWS
@given(REFERENCES)
def test_a_place_lies_in_itself_and_in_the_whole_document(reference: str) -> None:
    here = trails(reference)
    assert fit(here, here) is Fit.INSIDE
    assert fit(here, trails("")) is Fit.INSIDE


@LAWS
@given(REFERENCES, REFERENCES)
def test_words_added_never_take_a_citation_out_of_a_clause(cited: str, listed: str) -> None:
    before = fit(trails(cited), trails(listed))
    after = fit(trails(f"{cited}, læst her i huset"), trails(listed))
    assert after is Fit.INSIDE if before is Fit.INSIDE else after in {before, Fit.APART}


@LAWS
@given(REFERENCES, REFERENCES)
def test_two_places_that_lie_in_each_other_are_the_same(one: str, other: str) -> None:
    both = (fit(trails(one), trails(other)), fit(trails(other), trails(one)))
    assert (both == (Fit.INSIDE, Fit.INSIDE)) == (trails(one) == trails(other))


@LAWS
@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_range_has_exactly_the_paragraphs_between_its_ends(a: int, b: int, n: int) -> None:
    covered = fit(trails(f"§ {n}"), trails(f"§§ {a}-{b}")) is Fit.INSIDE
    assert covered == (min(a, b) <= n <= max(a, b))


@LAWS
@given(st.text(alphabet="§ 123abogstk.nr,;:()-–»«tilpkt", max_size=40))
def test_any_text_at_all_is_read(text: str) -> None:
    read = trails(text)
    assert read and fit(read, read) is Fit.INSIDE
    assert plain(plain(text)) == plain(text)
