from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from good_language import check
from hypothesis import given, settings
from hypothesis import strategies as st
from situation import DAYS, ORGANISATION, deadline, planned, read

from engine.planning.dating import Roll
from engine.planning.plan import Deadline, Plan
from engine.planning.rules import Link, Missing, Rule, Unit, Value, parse
from engine.planning.rules.mentions import parts
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.dates import short_day
from engine.wording.explain import (
    basis,
    date_sentence,
    legal_sentence,
    missing_sentence,
    sentence,
)

TABLE = Path(__file__).parents[1] / "tables" / "forklaringer.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter=";"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['nøgle']} {row['skridt'][:90]}")
def test_every_row_of_the_table_is_said_word_for_word(row: dict[str, str]) -> None:
    plan = planned(row["begyndelse"], row["skridt"], row["givet"])
    found = deadline(plan, row["nøgle"])
    assert sentence(found, plan, "da") == row["dansk sætning"]
    assert sentence(found, plan, "en") == row["engelsk sætning"]


def test_every_form_of_a_rule_has_a_row() -> None:
    texts = [
        step[kind]
        for row in ROWS
        for step in read(row["skridt"]).values()
        for kind in ("due", "at", "on")
        if kind in step
    ]
    forms = {type(part).__name__ for text in texts for part in parts(parse(text))}
    assert forms == {form.__name__ for form in Rule.__subclasses__()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['nøgle']} {row['skridt'][:90]}")
def test_what_the_table_says_is_good_language(row: dict[str, str], language: Language) -> None:
    said = row["dansk sætning" if language == "da" else "engelsk sætning"]
    # The names of things are the site's own; what stands around them is ours.
    names = r"»[^«]*«|“[^”]*”|\([^)]*\)|[Aa]fdelingsMED[^.]*& Stab|Funktionærloven § [\d,. a-z]*"
    ours = re.sub(names, "", said)
    check(said, ours, language)


POINTS = (
    "meeting",
    "part start",
    "part end",
    "period start",
    "period end",
    "droeftelse",
    "done droeftelse",
    "15 september",
    "31 december the year before",
    "2026-10-13",
    "last working day of may",
    "second tuesday of period",
    "thursday of week 20",
    "next meeting of kommune-med",
    "last meeting of kommune-med of period",
)
AMOUNTS = ("7 days", "1 week", "2 months and 3 days", "1 working day", "10 working days")
RULES = st.recursive(
    st.sampled_from(POINTS),
    lambda rule: st.one_of(
        st.builds("{} {} {}".format, st.sampled_from(AMOUNTS), st.just("before"), rule),
        st.builds("{} {} {}".format, st.sampled_from(AMOUNTS), st.just("after"), rule),
        st.builds("within {} of {}".format, st.sampled_from(("1 year", "2 years")), rule),
        st.builds("the later of {} and {}".format, rule, rule),
        st.builds("the earlier of {} and {}".format, rule, rule),
        st.builds(
            "{} of kommune-med {} {}".format,
            st.just("last meeting"),
            st.sampled_from(("before", "on or before")),
            rule,
        ),
        st.builds(
            "{} {} {}".format,
            st.just("first meeting"),
            st.sampled_from(("after", "on or after")),
            rule,
        ),
    ),
    max_leaves=3,
)
GIVEN = (
    "{meetings: [2026-01-27, 2026-03-26, 2026-08-26, 2026-11-19],"
    " meetings of kommune-med: [2026-02-11, 2026-04-29, 2026-06-24, 2026-09-01, 2026-12-09]}"
)
START = "{times: 2, per: year, prefer: march, apart: 4 months}"
EARLIER_STEP = "droeftelse: {title: Retningslinjen drøftes, at: meeting}"


@settings(max_examples=200, deadline=None)
@given(
    rule=RULES,
    kind=st.sampled_from(("due", "at", "on")),
    roll=st.sampled_from(("day before", "day after", "stay")),
    done=st.booleans(),
)
def test_every_rule_is_told_in_whole_sentences(rule: str, kind: str, roll: str, done: bool) -> None:
    steps = f"{{{EARLIER_STEP}, frist: {{title: Frist, {kind}: {rule}, if closed: {roll}}}}}"
    told = GIVEN.replace("]}", "], done: {2026-1/droeftelse: 2026-04-07}}") if done else GIVEN
    plan = planned(START, steps, told)
    known = {**plan.beyond, **plan.by_key}
    for key in ("2026-1/frist", "2026-2/frist"):
        found = known[f"proeve/oes-med/{key}"]
        for language in LANGUAGES:
            said = sentence(found, plan, language)
            ours = re.sub(r"»[^«]*«|“[^”]*”|[Aa]fdelingsMED[^.]*?& Stab", "", said)
            check(said, ours, language)
            assert_names_its_day(found, said, language)


def assert_names_its_day(found: Deadline, said: str, language: Language) -> None:
    if found.due_on is None:
        assert said.endswith(("endnu.", "yet.")) or found.at_earliest_on is not None
        return
    assert short_day(found.due_on, language) in said


def test_a_year_is_said_once_unless_it_differs() -> None:
    plan = planned(
        "{each: meeting}",
        "{frist: {title: Dagsordenen sendes ud, due: 7 days before meeting}}",
        "{meetings: [2026-03-26, 2027-01-05]}",
    )
    assert [
        re.findall(r"\d{4}", sentence(deadline(plan, f"{met}/frist"), plan, "da"))
        for met in ("2026-03-26", "2027-01-05")
    ] == [["2026"], ["2027", "2026"]]


@pytest.mark.parametrize(
    ("source", "da", "en"),
    [
        (
            {"document": "MED-rammeaftalen", "reference": "§ 8", "confidence": "unverified"},
            "Grundlag: MED-rammeaftalen § 8 (skal bekræftes).",
            "Basis: MED-rammeaftalen § 8 (to be confirmed).",
        ),
        (
            {"document": "MED-rammeaftalen", "reference": "§ 8, stk. 3", "confidence": "likely"},
            "Grundlag: MED-rammeaftalen § 8, stk. 3 (skal bekræftes).",
            "Basis: MED-rammeaftalen § 8, stk. 3 (to be confirmed).",
        ),
        (
            {"document": "MED-rammeaftalen"},
            "Grundlag: MED-rammeaftalen.",
            "Basis: MED-rammeaftalen.",
        ),
        (
            {
                "document": "Lokal retningslinje",
                "reference": "to gange om året.",
                "confidence": "local",
            },
            "Grundlag: Lokal retningslinje, to gange om året.",
            "Basis: Lokal retningslinje, to gange om året.",
        ),
        (
            [
                {"document": "Referat", "reference": "punkt 12", "confidence": "local"},
                {"document": "Funktionærloven", "reference": "§ 2"},
            ],
            "Grundlag: Referat, punkt 12 (lokal praksis); Funktionærloven § 2.",
            "Basis: Referat, punkt 12 (local practice); Funktionærloven § 2.",
        ),
    ],
)
def test_the_basis_cites_its_sources(source: object, da: str, en: str) -> None:
    found = deadline(
        planned("{each: year}", "{frist: {title: Årsrapport, due: period end}}", source=source),
        "2026/frist",
    )
    assert (basis(found, "da"), basis(found, "en")) == (da, en)


LEGAL = (
    (
        "{each: member}",
        "{frist: {title: MED-grunduddannelsen er taget, due: within 1 year of joining}}",
        "{joining: 2025-06-01}",
        "abc-oes-med-medlem-2025/frist",
        "Senest fredag den 29. maj 2026. "
        "Reglen giver til og med søndag den 31. maj, men der er weekend.",
        "By Friday 29 May 2026. The rule allows until Sunday 31 May, but that is a weekend.",
    ),
    (
        "{each: meeting}",
        "{frist: {title: Dagsordenen sendes ud, due: 7 days before meeting, if closed: day after}}",
        "{meetings: [2026-05-21]}",
        "2026-05-21/frist",
        "Senest fredag den 15. maj 2026. "
        "Reglen siger torsdag den 14. maj, men den dag er Kristi himmelfartsdag.",
        "By Friday 15 May 2026. "
        "The rule says Thursday 14 May, but that day is Kristi himmelfartsdag.",
    ),
    (
        "{each: meeting}",
        "{frist: {title: Dagsordenen sendes ud, due: 7 days before meeting}}",
        "{meetings: [2026-03-26]}",
        "2026-03-26/frist",
        "",
        "",
    ),
)


@pytest.mark.parametrize(("start", "steps", "told", "key", "da", "en"), LEGAL)
def test_two_days_are_told_with_words_between(
    start: str, steps: str, told: str, key: str, da: str, en: str
) -> None:
    found = deadline(planned(start, steps, told), key)
    assert (legal_sentence(found, "da"), legal_sentence(found, "en")) == (da, en)


def test_nothing_is_missing_where_the_day_is_known() -> None:
    plan = planned("{each: year}", "{frist: {title: Årsrapport, due: period end}}")
    assert missing_sentence(deadline(plan, "2026/frist"), plan, "da") == ""


def counted(name: str, amount: int, unit: Unit, from_on: date, on: date) -> tuple[Link, ...]:
    detail = {
        "amounts": [[amount, unit]],
        "direction": "before",
        "from_on": from_on,
        "skipped": [],
    }
    return (Link("given", from_on, {"name": name}), Link("count", on, detail))


CLOSED_ON, DUE_ON = date(2026, 5, 14), date(2026, 5, 13)
ROLLED = Link(
    "rolled",
    DUE_ON,
    {"from_on": CLOSED_ON, "roll": Roll.DAY_BEFORE.value, "name": DAYS.name_of(CLOSED_ON)},
)


@pytest.mark.parametrize(
    ("name", "da", "en"),
    [
        (
            "x",
            "7 dage før x torsdag den 21. maj 2026 er torsdag den 14. maj, "
            "som er Kristi himmelfartsdag. Derfor er fristen onsdag den 13. maj 2026.",
            "7 days before x on Thursday 21 May 2026 is Thursday 14 May, "
            "which is Kristi himmelfartsdag. So the deadline is Wednesday 13 May 2026.",
        ),
        (
            "their meeting",
            "7 dage før deres møde torsdag den 21. maj 2026 er torsdag den 14. maj, "
            "som er Kristi himmelfartsdag. Derfor er fristen onsdag den 13. maj 2026.",
            "7 days before their meeting on Thursday 21 May 2026 is Thursday 14 May, "
            "which is Kristi himmelfartsdag. So the deadline is Wednesday 13 May 2026.",
        ),
    ],
)
def test_the_calculator_says_names_as_they_were_given(name: str, da: str, en: str) -> None:
    links = counted(name, 7, Unit.DAY, date(2026, 5, 21), CLOSED_ON)
    value = Value(CLOSED_ON, links)
    said = [date_sentence(value, DUE_ON, (*links, ROLLED), language) for language in LANGUAGES]
    assert said == [da, en]


def test_the_calculator_says_a_day_that_does_not_move() -> None:
    links = counted("frist", 1, Unit.WEEK, date(2027, 1, 4), date(2026, 12, 28))
    value = Value(date(2026, 12, 28), links)
    assert date_sentence(value, value.on, links, "da") == (
        "1 uge før frist mandag den 4. januar 2027 er mandag den 28. december 2026."
    )
    only = (Link("given", CLOSED_ON, {"name": "x"}),)
    assert date_sentence(Value(CLOSED_ON, only), CLOSED_ON, only, "da") == (
        "x er torsdag den 14. maj 2026."
    )


def test_the_calculator_names_committees_where_it_knows_them() -> None:
    detail = {
        "which": "first",
        "relation": "after",
        "body": "kommune-med",
        "of_on": CLOSED_ON,
        "meeting": "2026-06-24",
    }
    links = (Link("date", CLOSED_ON, {}), Link("meeting", date(2026, 6, 24), detail))
    value = Value(date(2026, 6, 24), links)
    assert date_sentence(value, value.on, links, "da", ORGANISATION) == (
        "Det første møde i KommuneMED efter torsdag den 14. maj 2026 er onsdag den 24. juni."
    )
    assert date_sentence(value, value.on, links, "da") == (
        "Det første møde i »kommune-med« efter torsdag den 14. maj 2026 er onsdag den 24. juni."
    )


def test_the_calculator_says_what_it_was_not_given() -> None:
    value = Value(None, missing=(Missing("given", {"name": "y"}),), at_earliest_on=CLOSED_ON)
    assert date_sentence(value, None, (), "da") == (
        "Datoen for y mangler. Derfor kan datoen ikke beregnes. "
        "Datoen bliver tidligst torsdag den 14. maj 2026."
    )


def test_no_key_is_read_where_there_is_a_title() -> None:
    plan = planned(
        "{each: meeting, of: kommune-med}",
        "{frist: {title: Bagland, at: last meeting before their meeting}}",
        "{meetings: [2026-01-27], meetings of kommune-med: [2026-02-11]}",
    )
    said = keys_read(plan)
    assert said == {"2026-02-11": set()}


def keys_read(plan: Plan) -> dict[str, set[str]]:
    keys = {"oes-med", "kommune-med", "frist", "proeve"}
    return {
        found.occurrence: {key for key in keys if key in sentence(found, plan, "da")}
        for found in plan.deadlines
    }
