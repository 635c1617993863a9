from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from situation import ORGANISATION, edition, facts, planned, read, workflow

from engine.errors import Finding, Severity
from engine.planning.periods import Window
from engine.planning.plan import make_plan
from engine.wording.catalogue import LANGUAGES
from engine.wording.plan_findings import in_words, params_in_words, say_finding

FROM, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def noticed(start: str, steps: str, given: str = "") -> dict[str, Finding]:
    told = read(given)
    flow = workflow(read(start), read(steps))
    plan = make_plan(edition(flow, told), facts(told), Window(FROM, UNTIL))
    return {finding.code: finding for finding in plan.findings}


TABLE = (
    (
        "plan.after-limit",
        "{each: meeting}",
        "{frist: {title: Høring, at: meeting, limit: 2026-03-01}}",
        "{meetings: [2026-03-26]}",
        "»Høring« for afdelingsMED Økonomi & Stab står til torsdag den 26. marts 2026, "
        "men skal ske senest søndag den 1. marts 2026 (MED-rammeaftalen § 8).",
        "Find en tidligere dato, for eksempel et ekstra møde, "
        "eller undersøg, om grænsen gælder her.",
    ),
    (
        "plan.before-not-before",
        "{each: meeting}",
        "{frist: {title: Høring, at: meeting, not before: 2026-04-01}}",
        "{meetings: [2026-03-26]}",
        "»Høring« for afdelingsMED Økonomi & Stab står til torsdag den 26. marts 2026, "
        "men kan tidligst ske onsdag den 1. april 2026 (MED-rammeaftalen § 8).",
        "Find en senere dato, eller ret reglen i »not before«.",
    ),
    (
        "plan.no-meetings",
        "{each: meeting}",
        "{frist: {title: Høring, at: meeting}}",
        "",
        "Der er ingen møder i mødeplanen for afdelingsMED Økonomi & Stab.",
        "Læg møderne ind i en fil i calendars/meetings.",
    ),
    (
        "plan.meetings-run-out",
        "{each: meeting}",
        "{frist: {title: Høring, at: meeting}}",
        "{meetings: [2025-03-26]}",
        "Mødeplanen for afdelingsMED Økonomi & Stab går kun til og med "
        "onsdag den 31. december 2025.",
        "Læg de næste møder ind i en fil i calendars/meetings, så der kan regnes længere frem.",
    ),
    (
        "plan.meetings-begin-late",
        "{each: meeting}",
        "{frist: {title: Høring, at: meeting}}",
        "{meetings: [2027-03-26]}",
        "Mødeplanen for afdelingsMED Økonomi & Stab begynder først med 2027.",
        "Læg de møder ind, der er før. Er udvalget nyt, så skriv dets første dag som »from« i "
        "organisation.yaml.",
    ),
    (
        "plan.year-without-meetings",
        "{each: meeting}",
        "{frist: {title: Høring, at: meeting}}",
        "{meetings: [2025-03-26, 2027-03-26]}",
        "Mødeplanen for afdelingsMED Økonomi & Stab springer 2026 over: der er møder både før og "
        "efter, men ingen det år.",
        "Læg årets møder ind i en fil i calendars/meetings. Indtil da har det, der skal stå på et "
        "møde det år, ingen dato.",
    ),
    (
        "plan.part-without-meeting",
        "{times: 2, per: year}",
        "{frist: {title: Høring, at: meeting}}",
        "{meetings: [2026-03-26]}",
        "AfdelingsMED Økonomi & Stab har intet møde fra onsdag den 1. juli 2026 "
        "til torsdag den 31. december 2026, så »Prøve« regnes fra den sidste af de dage.",
        "Læg et møde ind mellem de to datoer.",
    ),
)


@pytest.mark.parametrize(("code", "start", "steps", "given", "what", "hint"), TABLE)
def test_what_planning_notices_is_said_with_the_next_step(
    code: str, start: str, steps: str, given: str, what: str, hint: str
) -> None:
    finding = noticed(start, steps, given)[code]
    assert say_finding(finding, "da", ORGANISATION) == (what, hint)
    for language in LANGUAGES:
        said = " ".join(say_finding(finding, language, ORGANISATION))
        assert said.endswith(".")
        assert not {"{", "}"} & set(said)


def test_a_rule_that_gives_no_date_is_said_in_one_text() -> None:
    findings = noticed("{each: year}", "{frist: {title: Uge, due: week 53}}")
    assert [say_finding(finding, "da") for finding in findings.values()] == [
        ("2025 har ingen uge 53.", "Skriv en anden uge eller en dag i en måned.")
    ]


def test_days_that_no_calendar_covers_are_named_in_full() -> None:
    params = {
        "day_set": "kommune",
        "on": date(2041, 1, 1),
        "from_on": date(2015, 1, 1),
        "until_on": date(2040, 12, 31),
    }
    assert say_finding(Finding("workdays.not-covered", params=params), "da") == (
        "Tirsdag den 1. januar 2041 ligger uden for de dage, som »kommune« dækker "
        "(torsdag den 1. januar 2015 til mandag den 31. december 2040).",
        "Forlæng »covers« i calendars/working-days/kommune.yaml, og tilføj de lukkede dage.",
    )


def test_parameters_become_words() -> None:
    params = {
        "committee": "oes-med",
        "on": None,
        "fence_on": date(2026, 3, 26),
        "sources": [{"document": "Funktionærloven", "reference": "§ 2", "confidence": "certain"}],
        "steps": ["a", "b", "a"],
        "year": 2027,
    }
    assert params_in_words(params, "da", ORGANISATION) == {
        "committee": "afdelingsMED Økonomi & Stab",
        "on": "",
        "fence_on": "torsdag den 26. marts 2026",
        "sources": "Funktionærloven § 2",
        "steps": "a → b → a",
        "year": 2027,
    }
    assert params_in_words({"committee": "oes-med", "sources": []}, "en") == {
        "committee": "oes-med",
        "sources": "without a source",
    }


def test_a_finding_keeps_its_place_when_it_is_put_in_words() -> None:
    finding = Finding(
        "plan.meetings-run-out",
        Severity.WARNING,
        path="calendars/meetings",
        field="oes-med",
        params={"committee": "oes-med", "on": UNTIL},
    )
    assert in_words(finding, "da", ORGANISATION) == replace(
        finding,
        params={
            "committee": "afdelingsMED Økonomi & Stab",
            "on": "torsdag den 31. december 2026",
        },
    )


def test_a_plan_without_trouble_has_nothing_to_say() -> None:
    plan = planned("{each: year}", "{frist: {title: Årsrapport, due: period end}}")
    assert plan.findings == ()
