"""The draft for the data protection officer: what the files say, in numbers and without names."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import read_config
from engine.documents import Table, render
from engine.service.clock import stopped_at
from engine.service.reports.processing import processing_report
from engine.service.site import Site
from engine.service.starting import init


@pytest.fixture
def site(tmp_path: Path) -> Site:
    init(tmp_path)
    return Site(tmp_path, read_config(tmp_path), stopped_at("2026-11-26T08:00"), pretended=True)


def changed(site: Site, path: str, old: str, new: str) -> None:
    text = (site.folder / path).read_text("utf-8")
    assert old in text
    (site.folder / path).write_text(text.replace(old, new), "utf-8")


def kept(site: Site) -> dict[str, str]:
    document = processing_report(site).document
    table = next(each for each in document.sheets if len(each.heads) == 5)
    return {str(row[0]): str(row[-1]) for row in table.rows}


def test_it_says_the_periods_in_force(site: Site) -> None:
    assert kept(site) == {
        "Medlemmer og pladser": "2 år efter den sidste plads",
        "Melding af udført, udsat og frafaldet": "ikke automatisk; initialer bliver",
        "Påmindelser på mail": "indholdet efter 6 måneder",
        "Svar fra knapper i mails": "til 30 dage efter linkets sidste dag; før ved sletning af "
        "personen",
        "Kalenderabonnementer": "stoppes ved sletning af personen",
        "Forløb": "tekster 6 måneder efter lukning; "
        "resten, når ingen kalender når så langt tilbage",
        "Udgaver og meddelte frister": "ikke automatisk; initialer bliver",
    }
    periods = "{seats: 2 years, mails: 6 months, cases: 6 months}"
    changed(site, "organisation/organisation.yaml", periods, "{cases: 1 year}")
    found = kept(site)
    assert found["Medlemmer og pladser"] == "2 år efter den sidste plads"
    assert found["Påmindelser på mail"] == "ingen frist i retention"
    assert found["Forløb"].startswith("tekster 1 år efter")


def test_it_says_which_workflows_carry_persons(site: Site) -> None:
    before = {row["workflow"]: row for row in processing_report(site).rows}
    assert "afsked/individuel" not in before
    changed(site, "workflows/afsked/individuel.yaml", "in use: no ", "in use: yes")
    after = {row["workflow"]: row for row in processing_report(site).rows}
    assert after.keys() - before.keys() == {"afsked/individuel"}
    assert after["afsked/individuel"]["persons"] == "case"
    assert after["afsked/individuel"]["inputs"]
    assert {row["persons"] for row in before.values()} >= {None, "member"}


def test_nobody_is_named(site: Site) -> None:
    report = processing_report(site)
    text = render(report.document, "a.md").decode()
    assert "Nyborg" not in text
    assert "kommune.example" not in text
    assert all(isinstance(each, Table) and each.rows for each in report.document.sheets)
