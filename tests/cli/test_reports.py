"""Reports from the command line: what they say, what they leave out, and what is refused."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from reported_site import reported_site

from engine.cli.app import run

GOLDEN = Path(__file__).parent.parent / "golden" / "rapporter"
NOW = "2026-11-26T08:00"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports only read, so one site serves them all."""
    return reported_site(tmp_path_factory.mktemp("reported") / "site")


@pytest.fixture
def say(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def said(command: str, now: str = NOW) -> tuple[int, str, str]:
        outcome = run([*shlex.split(command), "--site", str(folder), "--now", now], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return said


GOLDENS = {
    "aar": "report year --year 2026",
    "uddannelse": "report training --on 2026-03-02 --seats 4",
    "uddannelse-navne": "report training --on 2026-06-01 --seats 4 --names",
    "tidsplan": "report timetable budget --period 2027",
    "tidsplan-fortrolig": "report timetable budget --confidential",
    "tidsplan-forloeb": "report timetable budget --period 2026-001 --confidential",
}


@pytest.mark.parametrize("name", GOLDENS)
def test_a_report_as_it_is_read(name: str, say: Say, rewriting: bool) -> None:
    outcome, out, err = say(GOLDENS[name])
    assert (outcome, err) == (0, "")
    golden = GOLDEN / f"{name}.md"
    if rewriting:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


OPEN = [command for command in GOLDENS.values() if "--confidential" not in command]


@pytest.mark.parametrize("command", OPEN)
def test_nothing_of_what_is_confidential_or_of_one_side_is_written(command: str, say: Say) -> None:
    told = "".join(say(f"{command}{form}")[1] for form in ("", " --json"))
    assert re.findall("HEMMELIG|hemmelig", told) == []


@pytest.mark.parametrize("command", [GOLDENS["aar"], GOLDENS["uddannelse"], GOLDENS["tidsplan"]])
def test_nobody_is_named_unless_asked_for(command: str, say: Say) -> None:
    told = "".join(say(f"{command}{form}")[1] for form in ("", " --json"))
    assert (
        re.findall(r"Kvist|Molin|Jølle|Farsø|Lod|Nim|Vost|Sparre|\b(?:ckv|bjl|dmo)\b", told) == []
    )


def test_the_rows_of_a_year(say: Say) -> None:
    rows = json.loads(say("report year --year 2026 --committee oes-med --json")[1])
    (row,) = [each for each in rows if each["key"] == "frist/oes-med/2026/svar"]
    assert row == {
        "key": "frist/oes-med/2026/svar",
        "committee": "oes-med",
        "workflow": "frist",
        "title": "Svaret er sendt",
        "responsible": "sekretæren for afdelingsMED Økonomi & Stab",
        "nominal_on": "2026-06-01",
        "due_on": "2026-06-01",
        "state": "done",
        "postponed": False,
        "late": True,
        "before_start": False,
        "by_itself": False,
        "done_on": "2026-06-20",
        "told": [
            "Udført lørdag den 20. juni 2026. Se: journal 81.38.05-A26-1-26. Meldt af sekretæren."
        ],
        "source": [
            {
                "document": "Lokal aftale",
                "reference": "§ 1",
                "url": None,
                "confidence": "certain",
                "checked": None,
            }
        ],
    }


def test_the_rows_of_training_hold_no_small_number(say: Say) -> None:
    told = say("report training --on 2026-03-02 --json")[1]
    about = {"workflow": "uddannelse", "step": "kursus"}
    assert json.loads(told) == [
        {**about, "committee": "kommune-med", "lacking": None},
        {**about, "committee": "oes-med", "lacking": None},
    ]


def test_the_rows_of_a_timetable(say: Say) -> None:
    rows = json.loads(say("report timetable budget --period 2027 --json")[1])
    assert [(row["due_on"], row["column"], row["title"]) for row in rows] == [
        ("2026-08-11", "tr", "De er orienteret"),
        ("2026-08-21", "med", "Svaret er sendt"),
        ("2026-08-26", "med", "Budgettet drøftes"),
        (None, None, "Svaret er arkiveret"),
    ]


@pytest.mark.parametrize("ending", ["docx", "pdf", "xlsx", "csv", "md"])
def test_a_file_is_written_as_its_name_ends_and_the_same_twice(
    ending: str, say: Say, tmp_path: Path
) -> None:
    path = tmp_path / f"aar.{ending}"
    command = f"report year --year 2026 --out {path}"
    assert say(command) == (0, f"Skrevet: {path}\n", "")
    first = path.read_bytes()
    say(command)
    assert (path.read_bytes() == first, list(tmp_path.iterdir())) == (True, [path])


def test_the_year_reads_the_same_in_word_and_in_a_spreadsheet(say: Say, tmp_path: Path) -> None:
    from docx import Document
    from openpyxl import load_workbook

    for ending in ("docx", "xlsx"):
        say(f"report year --year 2026 --out {tmp_path / f'aar.{ending}'}")
    tables = Document(BytesIO((tmp_path / "aar.docx").read_bytes())).tables
    read = [row.cells[1].text.split("\n")[0] for table in tables[1:-2] for row in table.rows[1:]]
    sheet = load_workbook(tmp_path / "aar.xlsx").worksheets[0]
    # The document goes by committee, the sheet by day.
    assert sorted(read) == sorted(row[2].value for row in sheet.iter_rows(min_row=2))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "report year --out aar.odt",
            "aar.odt — er ikke en slags fil, der kan skrives. "
            "Brug en af disse endelser: .docx, .pdf, .xlsx, .csv, .md.",
        ),
        (
            "report timetable budjet",
            "budjet — er ikke en tidsplan. Vælg mellem: budget. "
            "En ny tidsplan skrives i organisation/timetables.yaml.",
        ),
        (
            "report timetable budget --period 2031",
            "2031 — er hverken en periode eller et forløb i tidsplanen. "
            "Vælg mellem: 2027, 2026-001.",
        ),
        (
            "report year --out mappe/aar.md",
            "mappe — er ikke en mappe. Lav mappen, eller skriv en anden.",
        ),
        (
            "report year --committee oes",
            "oes — er ikke et udvalg i organisation/organisation.yaml. Mente du oes-med?",
        ),
        (
            "report training --on i-morgen",
            "i-morgen — er ikke en dato. Skriv den som 2026-03-26.",
        ),
    ],
)
def test_what_cannot_be_reported_is_said(command: str, told: str, say: Say) -> None:
    assert say(command) == (2, "", told + "\n")
