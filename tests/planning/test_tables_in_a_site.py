from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_shipped import FOLDER, TABLES

from engine.config import Config
from engine.definitions import read_site, site_files
from engine.errors import EngineError
from engine.planning.facts import NOTHING_TOLD
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.planning.tables import notice
from engine.service.calculating import Reckoned, reckon
from engine.service.clock import stopped_at
from engine.service.site import Site
from engine.wording.catalogue import Language
from engine.wording.explain import date_sentence, sentence

SITES = Path(__file__).parents[1] / "sites"
RULE = "notice by {} from ansat given sendt"
HIRED = date(2025, 6, 1)
WORKFLOW = """
title: En opsigelse
source: {document: Funktionærloven}
committees: {committee: kommune-med}
start: {each: milestones, kind: afsked}
responsible: office hr
steps:
  fratraeden: {title: Sidste dag, due: notice by funktionaerloven from ansat given sendt}
  samtale: {title: Samtalen holdes, due: 14 days before fratraeden}
  aflevering: {title: Udstyret afleveres, due: "notice by proevetid from ansat given samtale"}
"""
MILESTONES = """
kind: afsked
period: 2025
year: 2025
dates: {ansat: 2025-06-01, sendt: 2025-10-31}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("tables") / "site"
    shutil.copytree(SITES / "base", folder)
    shutil.copytree(FOLDER, folder / "workflows" / "tables")
    return Site(folder, Config(), stopped_at("2026-11-23T08:00"))


@pytest.fixture(scope="module")
def planned(site: Site) -> Plan:
    files = {
        **site_files(site.folder),
        "workflows/afsked.yaml": WORKFLOW.encode(),
        "calendars/milestones/afsked-2025.yaml": MILESTONES.encode(),
    }
    edition = read_site(files).edition
    assert edition is not None
    return make_plan(edition, NOTHING_TOLD, Window(date(2025, 1, 1), date(2026, 12, 31)))


def deadline(plan: Plan, step: str) -> Deadline:
    return plan.by_key[f"afsked/kommune-med/2025/{step}"]


def said(reckoned: Reckoned, language: Language) -> str:
    return date_sentence(reckoned.value, reckoned.due_on, reckoned.links, language)


def test_a_last_day_in_a_plan_stays_on_the_sunday_it_falls_on(planned: Plan) -> None:
    last = deadline(planned, "fratraeden")
    assert (last.nominal_on, last.due_on) == (date(2025, 11, 30), date(2025, 11, 30))


def test_what_is_counted_from_a_last_day_is_planned_for_a_working_day(planned: Plan) -> None:
    before = deadline(planned, "samtale")
    assert (before.nominal_on, before.due_on) == (date(2025, 11, 16), date(2025, 11, 14))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            "fratraeden",
            "Ansættelsen begyndte søndag den 1. juni 2025, og opsigelsen er givet fredag den "
            "31. oktober. Varslet er 1 måned til udgangen af en måned, for så slutter ansættelsen "
            "inden for en anciennitet på 6 måneder, som nås søndag den 30. november. Fristen er "
            "den sidste dag i ansættelsen, altså søndag den 30. november. Varslet står i "
            "Funktionærloven § 2, stk. 2, 3 og 7.",
        ),
        (
            "aflevering",
            "»Samtalen holdes« er søndag den 16. november 2025. Ansættelsen begyndte søndag den "
            "1. juni, og opsigelsen er givet søndag den 16. november. Varslet er 1 måned til "
            "udgangen af en måned, for med et kortere varsel slutter ansættelsen ikke inden for "
            "en anciennitet på 3 måneder, som nås søndag den 31. august. Fristen er den sidste "
            "dag i ansættelsen, altså onsdag den 31. december. Varslet står i Funktionærloven "
            "§ 2, stk. 5 og 7.",
        ),
    ],
)
def test_a_plan_tells_how_a_notice_was_found(planned: Plan, step: str, told: str) -> None:
    assert sentence(deadline(planned, step), planned, "da") == told


@pytest.mark.parametrize(
    ("table", "given_on", "danish", "english"),
    [
        (
            "funktionaerloven",
            date(2025, 11, 1),
            "Ansættelsen begyndte søndag den 1. juni 2025, og opsigelsen er givet lørdag den "
            "1. november. Varslet er 3 måneder til udgangen af en måned, for med et kortere "
            "varsel slutter ansættelsen ikke inden for en anciennitet på 6 måneder, som nås "
            "søndag den 30. november. Den sidste dag i ansættelsen er lørdag den 28. februar "
            "2026. Varslet står i Funktionærloven § 2, stk. 2, 3 og 7.",
            "The employment began on Sunday 1 June 2025, and notice is given on Saturday "
            "1 November. The notice is 3 months to the end of a month, because with a shorter "
            "notice the employment does not end within a seniority of 6 months, which is reached "
            "on Sunday 30 November. The last day of the employment is Saturday 28 February 2026. "
            "The notice is laid down in Funktionærloven § 2, stk. 2, 3 og 7.",
        ),
        (
            "funktionaerloven-tr",
            date(2025, 10, 31),
            "Ansættelsen begyndte søndag den 1. juni 2025, og opsigelsen er givet fredag den "
            "31. oktober. Varslet er 1 måned med et tillæg på 3 måneder til udgangen af en måned, "
            "for uden tillægget slutter ansættelsen inden for en anciennitet på 6 måneder, som "
            "nås søndag den 30. november. Den sidste dag i ansættelsen er lørdag den 28. februar "
            "2026. Varslet står i MED-rammeaftalen § 18 (skal bekræftes); Funktionærloven § 2, "
            "stk. 2, 3 og 7.",
            "The employment began on Sunday 1 June 2025, and notice is given on Friday "
            "31 October. The notice is 1 month with another 3 months to the end of a month, "
            "because without the addition the employment ends within a seniority of 6 months, "
            "which is reached on Sunday 30 November. The last day of the employment is Saturday "
            "28 February 2026. The notice is laid down in MED-rammeaftalen § 18 (to be "
            "confirmed); Funktionærloven § 2, stk. 2, 3 og 7.",
        ),
        (
            "proevetid",
            date(2025, 8, 17),
            "Ansættelsen begyndte søndag den 1. juni 2025, og opsigelsen er givet søndag den "
            "17. august. Varslet er 14 dage, for så slutter ansættelsen inden for en anciennitet "
            "på 3 måneder, som nås søndag den 31. august. Den sidste dag i ansættelsen er søndag "
            "den 31. august. Varslet står i Funktionærloven § 2, stk. 5 og 7.",
            "The employment began on Sunday 1 June 2025, and notice is given on Sunday 17 August. "
            "The notice is 14 days, because the employment then ends within a seniority of "
            "3 months, which is reached on Sunday 31 August. The last day of the employment is "
            "Sunday 31 August. The notice is laid down in Funktionærloven § 2, stk. 5 og 7.",
        ),
        (
            "funktionaerloven-egen",
            date(2026, 1, 31),
            "Ansættelsen begyndte søndag den 1. juni 2025, og opsigelsen er givet lørdag den "
            "31. januar 2026. Varslet er 1 måned til udgangen af en måned. Den sidste dag i "
            "ansættelsen er lørdag den 28. februar. Varslet står i Funktionærloven § 2, stk. 6 "
            "og 7.",
            "The employment began on Sunday 1 June 2025, and notice is given on Saturday "
            "31 January 2026. The notice is 1 month to the end of a month. The last day of the "
            "employment is Saturday 28 February. The notice is laid down in Funktionærloven § 2, "
            "stk. 6 og 7.",
        ),
    ],
)
def test_the_calculator_tells_how_a_notice_was_found(
    site: Site, table: str, given_on: date, danish: str, english: str
) -> None:
    found = reckon(site, RULE.format(table), {"ansat": HIRED, "sendt": given_on})
    assert (said(found, "da"), said(found, "en")) == (danish, english)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["funktionaerloven", "funktionaerloven-tr", "proevetid", "tjenestemand"]),
    st.dates(date(2015, 1, 1), date(2030, 12, 31)),
    st.integers(400, 365 * 10),
)
def test_backwards_gives_the_very_last_day_forwards(
    site: Site, table: str, since_on: date, wished: int
) -> None:
    until_on = since_on + timedelta(wished)
    found = reckon(site, RULE.format(table), {"ansat": since_on}, until_on=until_on).due_on
    assert found is not None
    in_time = notice(TABLES, table, since_on, found).on
    too_late = notice(TABLES, table, since_on, found + timedelta(1)).on
    assert in_time is not None
    assert too_late is not None
    assert in_time <= until_on < too_late


@pytest.mark.parametrize(
    ("hired_on", "until_on", "given_on"),
    [
        ("2025-06-01", "2025-11-30", "2025-10-31"),
        ("2025-06-01", "2026-02-27", "2025-10-31"),
        ("2025-06-01", "2026-02-28", "2025-11-30"),
        ("2025-03-15", "2025-08-31", "2025-07-31"),
        ("2025-03-15", "2025-11-29", "2025-07-31"),
        ("2024-02-29", "2027-02-28", "2026-11-30"),
    ],
)
def test_the_last_day_to_give_notice(
    site: Site, hired_on: str, until_on: str, given_on: str
) -> None:
    given_days = {"ansat": date.fromisoformat(hired_on)}
    wished_on = date.fromisoformat(until_on)
    found = reckon(site, RULE.format("funktionaerloven"), given_days, until_on=wished_on)
    assert (found.backwards, str(found.due_on)) == ("sendt", given_on)


def test_a_table_that_is_not_there_is_told_with_those_that_are(site: Site) -> None:
    with pytest.raises(EngineError) as caught:
        reckon(site, RULE.format("masseafskedigelse"), {"ansat": HIRED, "sendt": HIRED})
    scales = [
        "funktionaerloven",
        "funktionaerloven-egen",
        "funktionaerloven-tr",
        "proevetid",
        "sygedage",
        "tjenestemand",
    ]
    told = {"name": "masseafskedigelse", "known": scales}
    assert (caught.value.code, caught.value.params) == ("service.unknown-table", told)
