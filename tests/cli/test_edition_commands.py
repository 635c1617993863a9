"""The commands about editions as people use them: words, JSON, questions, exits."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import run
from engine.service.changes import foreseen
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.service.starting import init

NOW, LATER = "2026-11-26T08:00", "2026-11-27T09:00"
OES = "calendars/meetings/oes-med-2027.yaml"
REASON = (
    "calendars/meetings/oes-med-2027.yaml, linje 4: mødet torsdag den 18. marts 2027 "
    "er flyttet til tirsdag den 23. marts 2027"
)
AGENDA = "moeder/afdelings-med/oes-med/2027-03-18/dagsorden"
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(shipped_copy: Path) -> Path:
    return shipped_copy


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder)], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def data_of(told: tuple[int, str, str]) -> Any:
    assert told[0] == 0, told[2]
    return json.loads(told[1])


def move(folder: Path) -> None:
    path = folder / OES
    text = path.read_text("utf-8")
    path.write_text(text.replace("2027-03-18,", "2027-03-23, moved from: 2027-03-18,"), "utf-8")


def test_the_diff_says_why_whom_and_which_mails(folder: Path, med: Med) -> None:
    move(folder)
    rows = {row["key"]: row for row in data_of(med("plan", "--diff", "--json", "--now", LATER))}
    row = rows[AGENDA]
    assert list(row) == ["verb", "key", "before", "after", "reason", "told"]
    assert (row["verb"], row["reason"]) == ("moved", REASON)
    assert (row["before"]["due_on"], row["after"]["due_on"]) == ("2027-03-11", "2027-03-16")
    assert row["told"] == ["hny@kommune.example"]
    assert {each["reason"] for each in rows.values()} == {REASON}


def test_the_diff_knows_whom_a_mail_has_told(folder: Path, med: Med) -> None:
    assert med("remind", "--now", "2026-11-26T08:05")[0] == 0
    due = data_of(med("plan", "--json", "--now", LATER))
    told = data_of(med("remind", "--dry-run", "--json", "--now", "2026-11-26T08:06"))
    assert (bool(due), told) == (True, [])
    path = folder / "workflows/moeder/kommune-med.yaml"
    path.write_text(path.read_text("utf-8").replace("title: ", "title: Ny: ", 1), "utf-8")
    path.write_text(path.read_text("utf-8").replace("Ny: ", "Nyt "), "utf-8")
    site = open_site(folder, stopped_at(LATER))
    changes = foreseen(site).changes
    with site.store() as store:
        mailed = {key.partition("#")[0] for key in store.told()}
    about = {each.change.key for each in changes} & mailed
    assert about
    assert {each.change.key for each in changes if each.mailed} == about
    assert all(set(each.mailed) <= set(each.told) for each in changes)


def test_lines_are_few_unless_all_are_asked_for(folder: Path, med: Med) -> None:
    move(folder)
    short = med("plan", "--diff", "--now", LATER)[1].splitlines()
    whole = med("plan", "--diff", "--all", "--now", LATER)[1].splitlines()
    assert short[1] == whole[1] == f"  {REASON}"
    assert [line for line in short if "andre" in line] == [
        f"    og {len(data_of(med('plan', '--diff', '--json', '--now', LATER))) - 10} andre"
    ]
    assert not any("andre" in line for line in whole)
    assert "Der sendes ikke en særskilt mail om ændringerne." in short[-1]


def test_editions_are_listed_with_who_why_and_what(folder: Path, med: Med) -> None:
    move(folder)
    said = ("--by", "hny", "--note", "Flyttet", "--now", LATER)
    changes = data_of(med("apply", *said, "--json"))["changes"]
    second, first = data_of(med("editions", "--json"))
    assert (second["edition"], second["parent"], second["by"], second["note"]) == (
        2,
        1,
        "hny",
        "Flyttet",
    )
    assert (second["at"], second["files"]) == ("2026-11-27T08:00:00+00:00", [OES])
    assert second["changes"] == {k: n for k, n in changes.items() if k != "unchanged"}
    assert (first["edition"], first["parent"], first["restores"]) == (1, None, None)
    lines = med("editions")[1].splitlines()
    assert lines[0] == "   2  fredag den 27. november 2026 kl. 9.00  hny  Flyttet"
    assert lines[2] == f"      {OES}"


def test_going_back_and_pulling(folder: Path, med: Med, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / OES).read_bytes()
    move(folder)
    moved = (folder / OES).read_bytes()
    assert med("apply", "--now", LATER)[0] == 0
    back = data_of(med("rollback", "1", "--json", "--now", "2026-11-27T10:00"))
    assert (back["edition"], back["restores"]) == (3, 1)
    monkeypatch.setattr("sys.stdin", io.StringIO("nej\n"))
    outcome, shown, said = med("pull", "--now", "2026-11-27T11:00")
    assert (outcome, said, (folder / OES).read_bytes()) == (2, "Stoppet.\n", moved)
    assert shown.splitlines()[:2] == [f"--- {OES}", f"+++ {OES}"]
    assert med("pull", "--json", "--now", "2026-11-27T11:00")[0] == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("ja\n"))
    assert med("pull", "--now", "2026-11-27T11:00")[0] == 0
    assert (folder / OES).read_bytes() == before
    again = data_of(med("pull", "--json", "--force", "--now", "2026-11-27T11:00"))
    assert again == {"edition": 3, "files": [], "kept": []}


def test_the_plan_as_it_was(folder: Path, med: Med) -> None:
    then = med("plan", "--json", "--now", NOW)[1]
    move(folder)
    assert med("apply", "--now", LATER)[0] == 0
    assert med("done", AGENDA, "--by", "hny", "--now", LATER)[0] == 0
    assert med("plan", "--json", "--as-of", NOW) == (0, then, "")
    now = {row["key"]: row for row in data_of(med("plan", "--json", "--as-of", "2026-11-27"))}
    assert (now[AGENDA]["due_on"], now[AGENDA]["state"]) == ("2027-03-16", "done")
    outcome, _, said = med("plan", "--as-of", "2026-11-25")
    assert (outcome, said) == (
        2,
        "--as-of — da var der ikke taget nogen udgave i brug. Den første kom 26. november 2026.\n",
    )
    assert med("plan", "--as-of", NOW, "--diff")[0] == 2


def test_the_look_through(folder: Path, med: Med) -> None:
    rows = data_of(med("lookthrough", "list", "--committee", "oes-med", "--json", "--now", LATER))
    key = rows[0]["key"]
    said = ("--on", "2026-03-26", "--by", "hny", "--now", LATER)
    fact = data_of(med("lookthrough", "done", key, *said, "--json"))
    assert [(one["key"], one["kind"], one["on"], one["by"]) for one in fact] == [
        (key, "done", "2026-03-26", "hny")
    ]
    outcome, shown, _ = med("lookthrough", "leave", "--committee", "oes-med", "--now", LATER)
    assert (outcome, shown.splitlines()[0]) == (
        0,
        f"{len(rows) - 1} frister skal ikke passes her.",
    )
    assert data_of(med("lookthrough", "list", "--committee", "oes-med", "--json")) == []


def test_the_first_apply_tells_of_the_look_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(tmp_path / "new")
    assert run(["apply", "--site", str(tmp_path / "new")], "da") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("Der sendes ikke mail om dem, før I har svaret.")
