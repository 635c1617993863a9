"""Cases from the command line: opened, filled in, listed and closed, and what is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import run
from engine.service.starting import init

NOW = "2026-11-26T08:00"
AGREEMENT = """\
title: En lokal aftale er opsagt
source: {document: Aftalen, reference: "§ 9"}
committees: [{committee: oes-med}, {committee: bf-med}]
start:
  each: case
  inputs:
    opsagt: {type: date, title: Opsagt, required: yes}
    moede: {type: date, title: Første forhandling}
    grund: {type: choice, title: Grund, choices: {oekonomi: økonomi, andet: andet}}
    antal: {type: whole number, title: Antal berørte}
    haster: {type: yes/no, title: Haster det?}
    note: {type: short text, title: Journalnummer}
responsible: forperson
steps:
  forhandling: {title: Der er forhandlet om en ny aftale, due: 3 months after opsagt}
  referat: {title: Forhandlingen er skrevet ned, due: 2 weeks after moede, needs: forhandling}
  budget: {title: Budgettet er rettet, due: 1 month after opsagt, when: {grund: oekonomi}}
  ophoer: {title: Aftalen ophører, on: opsagt}
examples:
  - given: {committee: oes-med, inputs: {opsagt: 2026-10-02, grund: økonomi}}
    expect: {forhandling: {nominal: 2027-01-02, due: 2026-12-30}, budget: 2026-11-02}
"""
SECRET = """\
title: Noget om en medarbejder
source: {document: Aftalen, reference: "§ 9"}
committees: {committee: oes-med}
start: {each: case, inputs: {sendt: {type: date, title: Sendt}}}
responsible: office hr
confidential: yes
steps:
  svar: {title: Svaret er givet, due: 2 weeks after sendt}
"""
KEY = "aftaler/lokal-aftale/oes-med/2026-001"
Med = Callable[..., tuple[int, str, str]]


def make(made: Path) -> None:
    """The shipped site with two processes of its own, and no other that begins with a case."""
    init(made)
    for key, text in {"aftaler/lokal-aftale": AGREEMENT, "personale/fortroligt": SECRET}.items():
        path = made / f"workflows/{key}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    for path in made.glob("workflows/**/*.yaml"):
        if "each: case" in path.read_text("utf-8") and path.read_text("utf-8") not in (
            AGREEMENT,
            SECRET,
        ):
            path.unlink()


@pytest.fixture
def folder(apply_site: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    return apply_site("cases", make)


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder), "--now", NOW], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def data_of(told: tuple[int, str, str]) -> Any:
    assert told[0] == 0, told[2]
    return json.loads(told[1])


def opened(med: Med, *more: str) -> Any:
    start = ("case", "open", "aftaler/lokal-aftale", "--committee", "oes-med")
    return data_of(med(*start, "--input", "opsagt=2026-11-02", *more, "--json"))


def days(case: Any) -> dict[str, str | None]:
    return {deadline["key"].rsplit("/", 1)[1]: deadline["due_on"] for deadline in case["deadlines"]}


def test_a_case_is_opened_with_a_number_and_has_its_deadlines(med: Med) -> None:
    case = opened(med, "--input", "antal=12", "--input", "haster=ja", "--by", "hny")
    deadlines = case.pop("deadlines")
    assert case == {
        "case": "2026-001",
        "workflow": "aftaler/lokal-aftale",
        "committee": "oes-med",
        "title": "En lokal aftale er opsagt",
        "inputs": {
            "opsagt": "2026-11-02",
            "moede": None,
            "grund": None,
            "antal": 12,
            "haster": True,
            "note": None,
        },
        "opened_on": "2026-11-26",
        "closed_on": None,
        "confidential": False,
    }
    assert [(each["key"], each["due_on"], each["state"]) for each in deadlines] == [
        (f"{KEY}/ophoer", "2026-11-02", "done"),
        (f"{KEY}/forhandling", "2027-02-02", "upcoming"),
        (f"{KEY}/budget", None, "open"),
        (f"{KEY}/referat", None, "blocked"),
    ]


def test_a_case_for_people(med: Med) -> None:
    opened(med)
    told = med("case", "set", "2026-001", "--input", "grund=andet", "--input", "haster=nej")
    assert told == (
        0,
        "Forløb 2026-001 er rettet.\n"
        "2026-001  En lokal aftale er opsagt · afdelingsMED Økonomi & Stab"
        "  (åbnet torsdag den 26. november 2026)\n"
        "  Opsagt: mandag den 2. november 2026\n"
        "  Første forhandling: ikke oplyst\n"
        "  Grund: andet\n"
        "  Antal berørte: ikke oplyst\n"
        "  Haster det?: nej\n"
        "  Journalnummer: ikke oplyst\n"
        "ma 02.11.2026  udført        Aftalen ophører\n"
        f"               {KEY}/ophoer\n"
        "ti 02.02.2027  kommende      Der er forhandlet om en ny aftale\n"
        f"               {KEY}/forhandling\n"
        "               afventer, dato mangler  Forhandlingen er skrevet ned\n"
        "               Datoen »Første forhandling« mangler i forløb 2026-001."
        " Derfor kan fristen ikke beregnes endnu.\n"
        f"               {KEY}/referat\n",
        "",
    )


def test_filling_in_gives_dates_and_leaves_out_what_does_not_apply(med: Med) -> None:
    opened(med)
    case = data_of(
        med(
            *("case", "set", "2026-001", "--input", "moede=2026-12-01"),
            *("--input", "grund=andet", "--json"),
        )
    )
    assert days(case) == {
        "ophoer": "2026-11-02",
        "referat": "2026-12-15",
        "forhandling": "2027-02-02",
    }
    case = data_of(med("case", "set", "2026-001", "--input", "grund=", "--json"))
    assert days(case)["budget"] is None


def test_the_plan_and_the_explanation_know_the_case(med: Med) -> None:
    opened(med)
    rows = data_of(med("plan", "--workflow", "aftaler/lokal-aftale", "--json"))
    assert [row["occurrence"] for row in rows] == ["2026-001"] * 3
    assert rows[1]["missing"] == [
        {
            "kind": "input",
            "name": "grund",
            "title": "Grund",
            "type": "choice",
            "case": "2026-001",
        }
    ]
    assert med("explain", f"{KEY}/forhandling")[1] == (
        "Der er forhandlet om en ny aftale: Fristen er 3 måneder efter datoen »Opsagt« mandag den"
        " 2. november 2026, altså tirsdag den 2. februar 2027. Grundlag: Aftalen § 9.\n"
    )
    assert med("explain", f"{KEY}/budget")[1] == (
        "Budgettet er rettet: Oplysningen »Grund« mangler i forløb 2026-001. Derfor kan fristen"
        " ikke beregnes endnu. Grundlag: Aftalen § 9.\n"
    )


def test_cases_are_listed_until_they_are_closed(med: Med) -> None:
    opened(med)
    opened(med)
    closed = data_of(med("case", "close", "2026-001", "--why", "ny aftale indgået", "--json"))
    assert (closed["closed_on"], days(closed)) == ("2026-11-26", {"ophoer": "2026-11-02"})
    assert [each["case"] for each in data_of(med("case", "list", "--json"))] == ["2026-002"]
    everything = data_of(med("case", "list", "--all", "--json"))
    assert [each["case"] for each in everything] == ["2026-001", "2026-002"]
    assert med("case", "list", "--committee", "bf-med")[1] == (
        "Der er ingen forløb i det, du spurgte om.\n"
    )
    assert med("case", "list", "--all", "--workflow", "aftaler/lokal-aftale")[1] == (
        "2026-001  En lokal aftale er opsagt · afdelingsMED Økonomi & Stab"
        "  (afsluttet torsdag den 26. november 2026)\n"
        "2026-002  En lokal aftale er opsagt · afdelingsMED Økonomi & Stab"
        "  (åbnet torsdag den 26. november 2026)\n"
    )


def test_a_deadline_of_a_case_is_done_like_any_other(med: Med) -> None:
    opened(med)
    data_of(med("done", f"{KEY}/forhandling", "--by", "hny", "--json"))
    case = data_of(med("case", "close", "2026-001", "--json"))
    assert [(each["step"], each["state"]) for each in case["deadlines"]] == [
        ("ophoer", "done"),
        ("forhandling", "done"),
    ]


def test_a_confidential_case_is_a_number(med: Med) -> None:
    start = ("case", "open", "personale/fortroligt", "--committee", "oes-med")
    told = med(*start, "--input", "sendt=2026-11-20")
    assert told == (
        0,
        "Forløb 2026-001 er åbnet.\n"
        "2026-001  Fortroligt forløb  (åbnet torsdag den 26. november 2026)\n"
        "fr 04.12.2026  kan gøres nu  Frist – log ind\n",
        "",
    )
    case = data_of(med("case", "show", "2026-001", "--json"))
    (deadline,) = case.pop("deadlines")
    uid = deadline.pop("key")
    assert "fortroligt" not in uid and uid
    assert deadline == {
        "title": "Frist – log ind",
        "due_on": "2026-12-04",
        "state": "open",
        "confidential": True,
    }
    assert case == {
        "case": "2026-001",
        "workflow": None,
        "committee": None,
        "title": None,
        "inputs": None,
        "opened_on": "2026-11-26",
        "closed_on": None,
        "confidential": True,
    }


def rows() -> list[dict[str, str]]:
    path = Path(__file__).parents[1] / "tables" / "forloeb-afvist.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["kilde"])
def test_what_cannot_be_opened_is_refused_in_words(row: dict[str, str], med: Med) -> None:
    inputs = [each for each in row["oplysninger"].split(" + ") if each]
    asked = [word for each in inputs for word in ("--input", each)]
    told = med("case", "open", row["arbejdsgang"], "--committee", row["udvalg"], *asked)
    assert told == (2, "", f"{row['svar']}\n")
    assert data_of(med("case", "list", "--all", "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("show", "2026-009"), "2026-009 — er ikke et forløb."),
        (("set", "2026-001"), "Der er ingen --input."),
        (("set", "2026-001", "--input", "opsagt="), "--input opsagt mangler."),
        (("close", "2026-001", "--by", "xyz"), "xyz — er ikke en person"),
        (("close", "2026-001", "--why", "efter 010190-1234"), "--why — ligner et CPR-nummer."),
        (("close", "2026-001", "--why", "Bodil er rejst"), "--why — nævner en person."),
        (("close", "2026-001", "--why", "x" * 201), "Teksten er på 201 tegn."),
        (("list", "--committee", "oes"), "oes — er ikke et udvalg"),
        (("list", "--workflow", "vold"), "vold — er ikke en arbejdsgang"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    arguments: tuple[str, ...], answer: str, med: Med
) -> None:
    opened(med)
    before = med("case", "list", "--all", "--json")
    outcome, out, err = med("case", *arguments)
    assert (outcome, out, err.startswith(answer)) == (2, "", True), err
    assert med("case", "list", "--all", "--json") == before


def test_a_closed_case_is_not_changed(med: Med) -> None:
    opened(med)
    med("case", "close", "2026-001")
    for arguments in (("set", "2026-001", "--input", "grund=andet"), ("close", "2026-001")):
        assert med("case", *arguments) == (
            2,
            "",
            "Forløb 2026-001 — er afsluttet 26. november 2026."
            " Åbn et nyt, hvis der er mere at gøre.\n",
        )


def test_a_case_whose_workflow_is_gone_can_only_be_closed(folder: Path, med: Med) -> None:
    opened(med)
    (folder / "workflows/aftaler/lokal-aftale.yaml").unlink()
    assert med("apply")[0] == 0
    case = data_of(med("case", "show", "2026-001", "--json"))
    assert (case["confidential"], case["deadlines"]) == (True, [])
    assert med("case", "set", "2026-001", "--input", "grund=andet")[2].startswith(
        "Forløb 2026-001 — hører til arbejdsgangen aftaler/lokal-aftale, som ikke findes mere."
    )
    assert med("case", "close", "2026-001")[0] == 0


def test_cases_need_an_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(tmp_path / "site")
    assert run(["case", "list", "--site", str(tmp_path / "site")], "da") == 2
    assert capsys.readouterr().err == "Der er ingen udgave i brug endnu. Kør »med apply« først.\n"


def test_a_case_is_in_no_published_calendar(folder: Path, med: Med) -> None:
    opened(med)
    assert med("publish")[0] == 0
    published = [path.read_text("utf-8") for path in folder.glob("calendars/published/*.ics")]
    assert published
    assert not any("forhandlet om en ny aftale" in text for text in published)
