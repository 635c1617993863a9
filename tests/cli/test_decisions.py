"""What people decide of a deadline, from the command line: what follows, and what is refused."""

from __future__ import annotations

import csv
import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from decided_site import decided_site

from engine.cli.app import run

TABLES = Path(__file__).parent.parent / "tables"
Say = Callable[[str, str], tuple[int, str, str]]


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided_site(tmp_path_factory.mktemp("made") / "site")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def say(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs a command as it is written, on a morning."""

    def said(day: str, command: str) -> tuple[int, str, str]:
        given = ["--site", str(folder), "--now", f"{day}T09:00"]
        outcome = run([*shlex.split(command), *given], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return said


def commands(text: str) -> list[str]:
    return text.split(" + ") if text else []


@pytest.mark.parametrize("row", table("beslutninger-afvist"), ids=lambda row: row["kilde"])
def test_a_decision_that_does_not_fit_is_refused_in_words(row: dict[str, str], say: Say) -> None:
    for command in commands(row["før"]):
        assert say(row["tid"], command)[0] == 0
    assert say(row["tid"], row["kommando"]) == (2, "", row["svar"] + "\n")


@pytest.mark.parametrize("row", table("beslutninger"), ids=lambda row: row["kilde"])
def test_a_decision_moves_what_follows_from_it(row: dict[str, str], say: Say) -> None:
    for command in commands(row["fortalt"]):
        assert say(row["tid"], command)[::2] == (0, "")
    outcome, out, _ = say(row["tid"], "plan --from 2026-01-01 --until 2027-12-31 --json")
    assert outcome == 0
    found = {each["key"]: each for each in json.loads(out)}.get(row["nøgle"])
    assert shown(found) == (row["dag"], row["status"])


def shown(found: dict[str, object] | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    flags = [str(found["state"])]
    if found["postponed"]:
        flags.append("postponed")
    if isinstance(asked := found["answered"], dict):
        flags.append(f"{asked['given']} af {asked['wanted']}")
    return str(found["due_on"] or ""), " ".join(flags)
