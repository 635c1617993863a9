"""`med check --coverage` as programs and people use it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.app import run
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.current import current, in_store
from engine.service.site import open_site
from engine.service.starting import init

NOW = "2026-11-26T08:00"
SOURCES = "workflows/sources.yaml"
LIST = """
documents:
  - title: Loven
    kind: law
    clauses:
      - {reference: § 1, duty: Der holdes møde.}
      - {reference: "§ 2, stk. 1", duty: Mødet varsles.}
      - {reference: § 3, duty: Alle hjælper hinanden., none: Uden dato.}
      - {reference: § 4, duty: Referatet sendes.}
      - {reference: § 5, duty: Alle er venlige., none: Uden dato.}
      - {reference: § 6, duty: Året evalueres.}
"""
Med = Callable[..., tuple[int, str, str]]


WORKFLOW = """
title: Hvert år holdes et møde
source: {source}
committees: {{committee: kommune-med}}
start: {{each: year}}
responsible: sekretaer
steps: {{moede: {{title: Mødet holdes, due: 1 december}}}}
"""
CITED = {
    "moeder": '[{document: Loven, reference: "§ 1, nr. 2"}, {document: Loven, reference: § 2}]',
    "hjaelp": "{document: loven, reference: § 3}",
    "vane": "{document: Lovn, reference: § 1}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site of three workflows, of which one cites nothing on the list, and its name is wrong."""
    site = tmp_path / "site"
    init(site)
    workflows = site / "workflows"
    shutil.rmtree(workflows)
    # Courses are of workflows that are gone.
    (site / "organisation/courses.yaml").unlink()
    workflows.mkdir()
    for name, source in CITED.items():
        text = WORKFLOW.format(source=source).lstrip()
        (workflows / f"{name}.yaml").write_text(text, "utf-8")
    (site / SOURCES).write_text(LIST, "utf-8")
    return site


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run(["check", *arguments, "--now", NOW, "--site", str(folder)], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


REPORT = """\
Uden arbejdsgang: 4 bestemmelser

  Loven (lov)
    § 2, stk. 1: Mødet varsles.
      Henviser til noget bredere: moeder
    § 3: Alle hjælper hinanden.
      hjaelp henviser til den, men listen siger »none«: Uden dato.
    § 4: Referatet sendes.
    § 6: Året evalueres.

Med vilje uden arbejdsgang: én bestemmelse

  Loven (lov)
    § 5: Alle er venlige.
      Begrundelse: Uden dato.

Med arbejdsgang: én bestemmelse

  Loven (lov)
    § 1: Der holdes møde.
      moeder

Henviser ikke til nogen bestemmelse på listen: én arbejdsgang

  vane: Hvert år holdes et møde
    Henviser til: Lovn § 1

Bestemmelser: 6 i ét dokument, heraf 1 med arbejdsgang, 1 med vilje uden og 4 uden. \
Arbejdsgange, der ikke henviser til listen: 1.
"""


def test_the_report_says_first_what_nothing_sees_to(med: Med) -> None:
    outcome, out, err = med("--coverage")
    assert (outcome, err) == (0, "")
    assert out == REPORT


def test_a_workflow_that_is_switched_off_says_so(med: Med, folder: Path) -> None:
    path = folder / "workflows" / "moeder.yaml"
    path.write_text(path.read_text("utf-8") + "in use: no\n", "utf-8")
    out = med("--coverage")[1]
    assert out == REPORT.replace("      moeder\n", "      moeder (slået fra)\n").replace(
        "bredere: moeder\n", "bredere: moeder (slået fra)\n"
    )


def test_the_findings_have_their_places_and_the_next_step(med: Med) -> None:
    outcome, out, _ = med("--coverage", "--json")
    told = [
        (each["path"], each["line"], each["column"], each["severity"], each["code"])
        for each in json.loads(out)
    ]
    assert (outcome, told) == (
        0,
        [
            (SOURCES, 7, 10, "warning", "coverage.open-wider"),
            (SOURCES, 8, 10, "warning", "coverage.disputed"),
            (SOURCES, 9, 10, "warning", "coverage.open"),
            (SOURCES, 10, 10, "info", "coverage.none"),
            (SOURCES, 11, 10, "warning", "coverage.open"),
            ("workflows/vane.yaml", 2, 1, "warning", "coverage.uncited"),
        ],
    )
    wider, *_, uncited = json.loads(out)
    assert (wider["message"], wider["hint"]) == (
        "Ingen arbejdsgang henviser præcist til Loven § 2, stk. 1: Mødet varsles.",
        "moeder henviser til noget bredere. Opfylder arbejdsgangen pligten, så skriv den præcise "
        "bestemmelse i dens kilde.",
    )
    assert (uncited["message"], uncited["hint"]) == (
        "source — Arbejdsgangen henviser ikke til nogen bestemmelse i workflows/sources.yaml.",
        "Mente du »Loven«?",
    )


def test_strict_asks_about_clauses_without_a_workflow(med: Med, folder: Path) -> None:
    assert med("--coverage", "--strict")[0] == 1
    lines = [line for line in LIST.splitlines() if "§ 1" in line or "§ 5" in line]
    head = LIST.partition("      - {")[0]
    (folder / SOURCES).write_text(head + "\n".join(lines) + "\n", "utf-8")
    for name in ("vane", "hjaelp"):
        (folder / "workflows" / f"{name}.yaml").unlink()
    assert med("--coverage", "--strict")[0] == 0


def test_without_a_list_it_says_how_to_make_one(med: Med, folder: Path) -> None:
    (folder / SOURCES).unlink()
    line = (
        f"{SOURCES}:1:1: Sitet har ingen liste over de aftaler og love, der giver pligter. Opret "
        "filen, og skriv dokumenterne og deres bestemmelser i den. Håndbogens side »Grundlag« "
        "viser hvordan.\n"
    )
    assert med("--coverage") == (0, line, "")
    assert med("--coverage", "--strict")[0] == 1
    assert SOURCES not in med()[1]


def test_errors_come_first_and_stand_in_the_way(med: Med, folder: Path) -> None:
    (folder / SOURCES).write_text("documents: []\n", "utf-8")
    outcome, out, _ = med("--coverage")
    assert (outcome, out) == (
        1,
        f"{SOURCES}:1:12: documents — Her mangler mindst én. Skriv den, eller slet feltet, hvis "
        "det må undværes.\n",
    )


def test_without_coverage_the_check_says_nothing_of_it(med: Med) -> None:
    outcome, out, _ = med("--json")
    assert outcome == 0
    assert [each for each in json.loads(out) if each["code"].startswith("coverage.")] == []


def test_the_list_is_part_of_the_edition(folder: Path) -> None:
    site = open_site(folder, stopped_at(NOW))
    first = apply(site, demo=True)
    with site.store() as store:
        row, kept = store.current_edition(), in_store(store)
    assert row is not None and row.texts[SOURCES] == LIST
    assert kept is not None and kept.edition.sources is not None
    assert [each.title for each in kept.edition.sources.documents] == ["Loven"]
    (folder / SOURCES).unlink()
    assert apply(site).edition == first.edition + 1
    assert current(site).edition.sources is None
