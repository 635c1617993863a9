"""`med meetings move`, `cancel` and `add`: one row of a file, told and undone where it is wrong."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from decided_site import decided_site

from engine.cli.app import run

NOW = "2026-01-06T09:00"
PATH = "calendars/meetings/oes-med-2026.yaml"
FLOW = """\
committee: oes-med
meetings:
  - {date: 2026-01-27, time: "12:00-14:00"}
  - {date: 2026-03-26, time: "12:00-14:00"}   # marts

  - { date: 2026-06-18,  moved from: 2026-06-11, time: '12:00-14:00' }
  - {date: 2026-10-01, status: cancelled}
"""
BLOCK = """\
# Blokform
committee: oes-med
meetings:
    - date: 2026-01-27
      time: "12:00-14:00"
    - date: 2026-03-26  # marts
      place: Lokale 8
"""
FILES = {"flow": FLOW, "blok": BLOCK}
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided_site(tmp_path_factory.mktemp("moved") / "site")


@pytest.fixture
def med(shared: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    (shared / PATH).write_bytes(FLOW.encode())

    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(shared), "--now", NOW], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def rows(table: str) -> list[dict[str, str]]:
    path = Path(__file__).parents[1] / "tables" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(
    "row", rows("moederet"), ids=lambda row: f"{row['fil']}: {row['kommando']}"
)
def test_a_command_edits_its_row(row: dict[str, str], med: Med, shared: Path) -> None:
    before = FILES[row["fil"]]
    (shared / PATH).write_bytes(before.encode())
    verb, *rest = shlex.split(row["kommando"])
    outcome, _, told = med("meetings", verb, "oes-med", *rest)
    after = (shared / PATH).read_text("utf-8").splitlines()
    assert (outcome, after[int(row["række"]) - 1]) == (0, row["efter"]), told
    kept = [line for line in after if line in before.splitlines()]
    assert len(kept) >= len(before.splitlines()) - 1


MOVED = """\
Flyttet: afdelingsMED Økonomi & Stab fra torsdag den 26. marts 2026 til torsdag den 2. april 2026.
calendars/meetings/oes-med-2026.yaml:4
-   - {date: 2026-03-26, time: "12:00-14:00"}   # marts
+   - {date: 2026-04-02, moved from: 2026-03-26, time: "12:00-14:00"}   # marts
"""
CLOSED = (
    f"{PATH}:4:12: meetings[2].date: »2026-04-02« — Mødet ligger på en lukket dag: skærtorsdag. "
    "Se efter, om datoen er rigtig.\n"
)


def test_a_rehearsal_shows_everything_and_writes_nothing(med: Med, shared: Path) -> None:
    command = ("meetings", "move", "oes-med", "2026-03-26", "2026-04-02")
    outcome, shown, warned = med(*command, "--dry-run")
    effect, said = shown.removeprefix(MOVED).splitlines()
    assert (outcome, warned, (shared / PATH).read_bytes()) == (0, CLOSED, FLOW.encode())
    assert effect.startswith("I planen ændrer filerne nu: ")
    assert said == ("Intet er skrevet. Kør kommandoen igen uden --dry-run, hvis det er rigtigt.")
    outcome, written, _ = med(*command)
    last = "Filerne er skrevet. De gælder, når du har kørt »med apply«."
    assert (outcome, written) == (0, "\n".join([*shown.splitlines()[:-1], last, ""]))


def test_the_difference_is_data_too(med: Med) -> None:
    told = json.loads(med("meetings", "cancel", "oes-med", "2026-03-26", "--json")[1])
    removed = '  - {date: 2026-03-26, time: "12:00-14:00"}   # marts'
    added = '  - {date: 2026-03-26, status: cancelled, time: "12:00-14:00"}   # marts'
    diff = [{"path": PATH, "line": 4, "removed": [removed], "added": [added]}]
    assert (told["written"], told["files"], told["diff"], told["findings"]) == (
        True,
        [PATH],
        diff,
        [],
    )


@pytest.mark.parametrize("row", rows("moederet-afvist"), ids=lambda row: row["kommando"])
def test_what_cannot_be_is_told_and_changes_nothing(
    row: dict[str, str], med: Med, shared: Path
) -> None:
    outcome, shown, warned = med("meetings", *shlex.split(row["kommando"]))
    assert (outcome, shown, row["besked"] in warned) == (int(row["kode"]), "", True), warned
    assert (shared / PATH).read_bytes() == FLOW.encode()


def test_a_new_year_gets_a_file_of_its_own(med: Med, shared: Path) -> None:
    path = shared / "calendars/meetings/oes-med-2027.yaml"
    try:
        outcome, _, _ = med("meetings", "add", "oes-med", "2027-01-26", "--time", "12-14")
        text = 'committee: oes-med\nmeetings:\n  - {date: 2027-01-26, time: "12:00-14:00"}\n'
        assert (outcome, path.read_text("utf-8")) == (0, text)
    finally:
        path.unlink(missing_ok=True)


def test_faults_elsewhere_are_told_first(med: Med, shared: Path) -> None:
    path = shared / "workflows/broken.yaml"
    path.write_text("title: 1\nnonsense: 2\n", "utf-8")
    try:
        outcome, _, warned = med("meetings", "cancel", "oes-med", "2026-03-26")
        kept = (shared / PATH).read_bytes()
        assert (outcome, "workflows/broken.yaml" in warned, kept) == (1, True, FLOW.encode())
    finally:
        path.unlink()
