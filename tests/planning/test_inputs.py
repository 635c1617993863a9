from __future__ import annotations

import doctest
from datetime import date

import pytest
from danish_days import table
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.planning import inputs
from engine.planning.inputs import has_cpr, read_input, written
from engine.planning.starts import CaseInput


def asked(kind: str, choices: str = "") -> CaseInput:
    pairs = [choice.split("=") for choice in choices.split(", ") if choice]
    named = {pair[0]: pair[-1] for pair in pairs}
    meant = named if "=" in choices else tuple(named)
    return CaseInput.model_validate({"type": kind, "title": "Spørgsmål", "choices": meant})


def read(one: CaseInput, text: str) -> str:
    try:
        value = read_input(one, text)
    except EngineError as error:
        return error.code.removeprefix("input.")
    return {True: "ja", False: "nej"}[value] if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("row", table("forloebsoplysninger.csv"), ids=lambda row: row["kilde"])
def test_an_input_is_read_by_its_type(row: dict[str, str]) -> None:
    assert read(asked(row["slags"], row["valg"]), row["skrevet"]) == row["læst"]


@pytest.mark.parametrize(("length", "outcome"), [(120, "x" * 120), (121, "too-long")])
def test_a_short_text_is_short(length: int, outcome: str) -> None:
    assert read(asked("short text"), "x" * length) == outcome


def test_a_short_text_has_no_hidden_characters() -> None:
    assert read(asked("short text"), "a\u200bb") == "not-printable"


def test_the_examples_in_the_docstrings() -> None:
    told = doctest.testmod(inputs)
    assert (told.failed, told.attempted) == (0, 3)


DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.tuples(st.just("date"), DATES),
        st.tuples(st.just("whole number"), st.integers(0, 999_999_999)),
        st.tuples(st.just("yes/no"), st.booleans()),
        st.tuples(st.just("choice"), st.sampled_from(["økonomi", "andet"])),
    )
)
def test_what_was_read_is_written_so_that_it_is_read_the_same(
    told: tuple[str, date | int | bool | str],
) -> None:
    kind, value = told
    assert read_input(asked(kind, "økonomi, andet"), written(value)) == value


@settings(max_examples=200, deadline=None)
@given(
    DATES, st.integers(0, 9999), st.sampled_from(["", "-", " ", "–"]), st.text("abc .", max_size=5)
)
def test_every_cpr_number_is_seen_wherever_it_stands(
    born: date, last: int, dash: str, around: str
) -> None:
    assert has_cpr(f"{around}{born:%d%m%y}{dash}{last:04}{around}")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["date", "whole number", "yes/no", "short text"]))
def test_any_text_is_read_or_refused_in_words(text: str, kind: str) -> None:
    try:
        read_input(asked(kind), text)
    except EngineError as error:
        assert error.code.startswith("input.")
