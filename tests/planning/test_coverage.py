from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from site_given import ONCE, edition, workflow
from tables_shipped import read

from engine.definitions import read_site, site_files
from engine.planning.coverage import Coverage, Standing, coverage
from engine.planning.edition import Edition
from engine.planning.sources import SourceList
from engine.planning.workflow import Workflow
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.coverage import coverage_lines

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "coverage"
TODAY = date(2026, 11, 26)


def cites(key: str, *sources: str, step: str = "", **rest: Any) -> Workflow:
    """A workflow whose sources are written `document: reference`."""
    of_step = {"source": list(map(source, [step]))} if step else {}
    steps = {"skridt": {"due": "7 days before 2026-05-15", **of_step, **rest.pop("more", {})}}
    return workflow(key, ONCE, steps, source=list(map(source, sources)), **rest)


def source(text: str) -> dict[str, str]:
    document, _, reference = text.partition(": ")
    return {"document": document, "reference": reference}


def listed(**documents: dict[str, str] | Any) -> SourceList:
    """Documents by title, each with its clauses and, after `none`, a reason."""
    return SourceList.model_validate(
        {
            "documents": [
                {
                    "title": title,
                    "kind": "law",
                    "also known as": [f"Lov om {title}"],
                    "clauses": [
                        {"reference": place, "duty": "En pligt.", **({"none": why} if why else {})}
                        for place, why in clauses.items()
                    ],
                }
                for title, clauses in documents.items()
            ]
        }
    )


def found(holds: SourceList, *workflows: Workflow, **rest: Any) -> Coverage:
    return coverage(holds, replace(edition(*workflows), **rest), TODAY)


def told(covered: Coverage) -> list[tuple[str, str, str, str]]:
    return [
        (
            each.clause.reference,
            each.standing.value,
            " ".join(each.workflows),
            " ".join(each.wider),
        )
        for each in covered.clauses
    ]


def test_a_clause_is_covered_by_what_lies_inside_it_and_not_by_what_is_around() -> None:
    holds = listed(Aftalen={"§ 2": "", "§ 8, stk. 3": "", "§ 9": ""})
    covered = found(
        holds,
        cites("a", "Aftalen: § 2, stk. 1"),
        cites("b", "Aftalen: § 8", step="Aftalen: § 8, stk. 3"),
        cites("c", "Aftalen: § 8"),
    )
    assert told(covered) == [
        ("§ 2", "covered", "a", ""),
        ("§ 8, stk. 3", "covered", "b", "c"),
        ("§ 9", "open", "", ""),
    ]
    assert covered.uncited == ("c",)


def test_a_document_is_meant_by_any_of_its_names_and_by_no_other() -> None:
    holds = listed(Aftalen={"§ 2": ""}, Loven={"§ 2": ""})
    covered = found(
        holds, cites("a", "lov om  »AFTALEN«: § 2"), cites("b", "Aftalen om andet: § 2")
    )
    assert told(covered) == [("§ 2", "covered", "a", ""), ("§ 2", "open", "", "")]
    assert covered.uncited == ("b",)


def test_a_reason_stands_until_a_workflow_cites_the_clause_and_no_narrower_one() -> None:
    holds = listed(Aftalen={"§§ 6-7": "Uden dato", "§ 7, stk. 4": "", "§ 8": "Uden dato"})
    covered = found(holds, cites("a", "Aftalen: § 7, stk. 4"), cites("b", "Aftalen: § 8, stk. 2"))
    assert told(covered) == [
        ("§§ 6-7", "none", "", ""),
        ("§ 7, stk. 4", "covered", "a", ""),
        ("§ 8", "disputed", "b", ""),
    ]
    assert covered.uncited == ()


@pytest.mark.parametrize(("until", "standing"), [("2026-11-25", "open"), ("2026-11-26", "covered")])
def test_a_workflow_that_has_ended_cites_nothing(until: str, standing: str) -> None:
    old = cites("gammel", "Aftalen: § 2", valid={"until": until})
    assert told(found(listed(Aftalen={"§ 2": ""}), old)) == [
        ("§ 2", standing, "gammel" if standing == "covered" else "", "")
    ]
    assert found(listed(Aftalen={"§ 3": ""}), old).uncited == (
        ("gammel",) if standing == "covered" else ()
    )


SCALE = """
title: Varsel
source: {document: Aftalen, reference: § 2}
table: notice
ends: end of month
rows: [{notice: 3 months}]
"""
LONGER = """
title: Længere varsel
source: {document: Aftalen, reference: § 18}
table: notice
extends: skala
add: 3 months
"""
DECISION = """
title: Er loven i brug?
source: {document: Aftalen, reference: § 1}
table: decision
inputs: {antal: whole number}
rows: [{antal: ">= 10", result: yes}, {result: no}]
"""


@pytest.mark.parametrize(
    ("more", "covered_by_it"),
    [
        ({}, []),
        ({"due": "notice by skala from ansat given sendt"}, ["§ 2"]),
        ({"due": "notice by laengere from ansat given sendt"}, ["§ 2", "§ 18"]),
        ({"limit": "notice by skala from ansat given sendt"}, ["§ 2"]),
        ({"when": {"loven": "yes"}}, ["§ 1"]),
    ],
)
def test_a_workflow_cites_what_the_tables_it_uses_cite(
    more: dict[str, Any], covered_by_it: list[str]
) -> None:
    tables = {"skala": read(SCALE), "laengere": read(LONGER), "loven": read(DECISION)}
    holds = listed(Aftalen={"§ 1": "", "§ 2": "", "§ 18": ""})
    covered = found(holds, cites("a", "Andet: § 1", more=more), tables=tables)
    by_it = [each.clause.reference for each in covered.standing(Standing.COVERED)]
    assert by_it == covered_by_it
    assert covered.uncited == (() if covered_by_it else ("a",))


def test_the_list_of_the_handbook_is_read() -> None:
    page = (ROOT / "docs" / "haandbog" / "grundlag.md").read_text("utf-8")
    block = page.partition("```yaml\n")[2].partition("```")[0]
    base = site_files(ROOT / "tests" / "sites" / "base")
    site = shipped({**base, "workflows/sources.yaml": block.encode()}.items())
    assert site.sources is not None
    told_of = [(each.title, len(each.clauses)) for each in site.sources.documents]
    assert told_of == [("MED-rammeaftalen", 2), ("Referat, KommuneMED den 25. juni 2025", 1)]


def shipped(files: Iterable[tuple[str, bytes]]) -> Edition:
    reading = read_site(dict(files), TODAY)
    assert reading.edition is not None
    return reading.edition


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_coverage_of_the_shipped_site(language: Language, rewriting: bool) -> None:
    site = shipped(site_files(ROOT).items())
    assert site.sources is not None
    made = coverage(site.sources, site, TODAY)
    text = "".join(f"{line}\n" for line in coverage_lines(made, site, language))
    path = GOLDEN / f"site.{language}.txt"
    if rewriting:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_shipped_workflow_cites_the_list_and_no_reason_is_disputed() -> None:
    site = shipped(site_files(ROOT).items())
    assert site.sources is not None
    made = coverage(site.sources, site, TODAY)
    assert (made.uncited, made.standing(Standing.DISPUTED)) == ((), ())
