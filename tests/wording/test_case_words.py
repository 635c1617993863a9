"""What is said of cases: dates that were entered, what is missing, and titles with a number."""

from __future__ import annotations

import doctest
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from situation import ORGANISATION, WINDOW, edition

from engine.planning.facts import Case, Facts
from engine.planning.plan import Plan, make_plan
from engine.planning.rules import Missing
from engine.planning.workflow import Workflow
from engine.wording import cases
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.explain import sentence
from engine.wording.gaps import gap_sentence
from engine.wording.names import Names

DAYS: Mapping[str, Mapping[Language, str]] = {
    "ophoer": {
        "da": "Datoen torsdag den 14. maj 2026 er indtastet som »Opsagt« i forløb 2026-017.",
        "en": "The date Thursday 14 May 2026 is entered as “Opsagt” in case 2026-017.",
    },
    "svar": {
        "da": "Fristen er 2 uger efter datoen »Opsagt« torsdag den 14. maj 2026, altså torsdag den"
        " 28. maj.",
        "en": "The deadline is 2 weeks after the date “Opsagt” on Thursday 14 May 2026, that is,"
        " Thursday 28 May.",
    },
    "referat": {
        "da": "Datoen »Første møde« mangler i forløb 2026-017. Derfor kan fristen ikke beregnes"
        " endnu.",
        "en": "The date “Første møde” is missing in case 2026-017. So the deadline cannot be worked"
        " out yet.",
    },
    "budget": {
        "da": "Oplysningen »Grund« mangler i forløb 2026-017. Derfor kan fristen ikke beregnes"
        " endnu.",
        "en": "The answer to “Grund” is missing in case 2026-017. So the deadline cannot be worked"
        " out yet.",
    },
}
GAPS: tuple[tuple[Missing, str, str], ...] = (
    (
        Missing("decision", {"table": "masse", "case": "2026-017"}),
        "Tabellen »masse« kan ikke slås op endnu.",
        "The table “masse” cannot be looked up yet.",
    ),
    (
        Missing("refused", {"table": "t", "reason": "Der er for få.", "case": "2026-017"}),
        "Forløb 2026-017 kan ikke være sådan: Der er for få.",
        "Case 2026-017 cannot be like this: Der er for få.",
    ),
    (
        Missing("not applying", {"step": "x", "title": "Budgettet er rettet", "case": "2026-017"}),
        "»Budgettet er rettet« gælder ikke her.",
        "“Budgettet er rettet” does not apply here.",
    ),
)
WORKFLOW: dict[str, Any] = {
    "key": "proeve",
    "title": "En aftale er opsagt",
    "source": {"document": "Aftalen"},
    "committees": {"committee": "oes-med"},
    "responsible": "forperson",
    "start": {
        "each": "case",
        "inputs": {
            "opsagt": {"type": "date", "title": "Opsagt"},
            "moede": {"type": "date", "title": "Første møde"},
            "grund": {"type": "choice", "title": "Grund", "choices": ["økonomi", "andet"]},
        },
    },
    "steps": {
        "ophoer": {"title": "Aftalen ophører", "on": "opsagt"},
        "svar": {"title": "Der er svaret", "due": "2 weeks after opsagt"},
        "referat": {"title": "Der er skrevet referat", "due": "1 week after moede"},
        "budget": {"title": "Budgettet er rettet", "due": "opsagt", "when": {"grund": "andet"}},
    },
}


def made() -> Plan:
    told = {"opsagt": "2026-05-14"}
    case = Case("2026-017", "proeve", "oes-med", date(2026, 3, 1), told)
    flow = Workflow.model_validate(WORKFLOW)
    return make_plan(edition(flow, {}), Facts(cases=(case,)), WINDOW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", DAYS)
def test_a_deadline_of_a_case_explains_itself(step: str, language: Language) -> None:
    plan = made()
    deadline = plan.by_key[f"proeve/oes-med/2026-017/{step}"]
    assert sentence(deadline, plan, language) == DAYS[step][language]


@pytest.mark.parametrize(("missing", "danish", "english"), GAPS)
def test_what_is_missing_is_told_in_a_sentence(missing: Missing, danish: str, english: str) -> None:
    said = [
        gap_sentence(missing, Names(language, ORGANISATION.committees)) for language in LANGUAGES
    ]
    assert dict(zip(LANGUAGES, said, strict=True)) == {"da": danish, "en": english}


def test_a_title_is_told_with_the_number_of_its_case() -> None:
    told = doctest.testmod(cases)
    assert (told.failed, told.attempted) == (0, 1)
    assert cases.with_case("Svar", "", "da") == "Svar"
    assert cases.with_case("Svar", "2026-017", "en") == "Svar (case 2026-017)"
