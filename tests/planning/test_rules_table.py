from __future__ import annotations

from datetime import date

import pytest
from danish_days import table
from known import Known

from engine.errors import EngineError
from engine.planning.rules import evaluate, parse, write


def read(text: str) -> Known:
    known = Known()
    for part in filter(None, text.split(", ")):
        key, value = part.split("=")
        if key == "år":
            known.base_year = int(value)
        elif key == "periode":
            first, last = value.split("..")
            known.period = (date.fromisoformat(first), date.fromisoformat(last))
        elif key in ("eget", "b"):
            days = tuple((date.fromisoformat(on), on) for on in value.split())
            known.bodies[None if key == "eget" else key] = days
        else:
            known.dates[key] = date.fromisoformat(value)
    known.counted_from = next((a for a in ("meeting", "their meeting") if a in known.dates), None)
    return known


def told(rule: str, known: Known) -> str:
    try:
        value = evaluate(parse(rule), known)
    except EngineError as error:
        return f"fejl: {error.code}"
    if value.on is not None:
        return f"foreløbig {value.on}" if value.provisional else f"{value.on}"
    if value.at_earliest_on is not None:
        return f"tidligst {value.at_earliest_on}"
    return f"mangler: {value.missing[0].kind}"


ROWS = table("datoregler.csv")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['regel']} | {row['givet']}")
def test_the_table_of_date_rules(row: dict[str, str]) -> None:
    assert told(row["regel"], read(row["givet"])) == row["forventet"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["regel"])
def test_every_rule_of_the_table_says_the_same_in_both_languages(row: dict[str, str]) -> None:
    rule = parse(row["regel"])
    assert rule.language == row["sprog"]
    assert [parse(write(rule, "da")), parse(write(rule, "en"))] == [rule, rule]
