"""A workflow that is switched off: read and checked, never planned, and opened by nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import run
from engine.errors import DefinitionError
from engine.service.applying import apply
from engine.service.cases import open_case
from engine.service.checking import check
from engine.service.clock import stopped_at
from engine.service.site import Site, open_site
from engine.store import Store

NOW = "2026-11-26T08:00"
ABSENCE = "sygefravaer/samtale"
OFF = "in use: no "
ON = "in use: yes"
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(shipped_copy: Path) -> Path:
    return shipped_copy


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder), "--now", NOW], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def write(folder: Path, key: str, before: str, after: str) -> None:
    path = folder / f"workflows/{key}.yaml"
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")


def errors(med: Med) -> list[tuple[str, str, str]]:
    found = json.loads(med("check", "--json")[1])
    return [
        (f"{each['path']}:{each['line']}:{each['column']}", each["message"], each["hint"])
        for each in found
        if each["severity"] == "error"
    ]


def opening() -> tuple[str, ...]:
    told = ("--input", "foerste-sygedag=2026-11-24", "--input", "fratraeder=nej")
    return ("case", "open", ABSENCE, "--committee", "aaparken-med", *told)


def test_a_case_of_it_is_refused_with_the_next_step(med: Med) -> None:
    assert med(*opening()) == (
        2,
        "",
        "sygefravaer/samtale — er slået fra. Skriv »in use: yes« i "
        "workflows/sygefravaer/samtale.yaml, når kommunen har besluttet at bruge den, og kør "
        "»med check« og »med apply«.\n",
    )
    assert json.loads(med("case", "list", "--all", "--json")[1]) == []


def test_check_says_in_one_line_what_is_switched_off(med: Med) -> None:
    found = json.loads(med("check", "--json")[1])
    assert [each for each in found if each["code"] == "not-in-use"] == [
        {
            "path": "workflows",
            "line": 0,
            "column": 0,
            "severity": "info",
            "code": "not-in-use",
            "message": "3 arbejdsgange er slået fra og giver ingen frister: afsked/individuel, "
            "arbejdsmiljoe/arbejdsulykke, sygefravaer/samtale.",
            "hint": "Skriv »in use: yes« i filen, når kommunen har besluttet at bruge den.",
        }
    ]


def test_it_is_used_once_the_file_says_so_and_is_applied(folder: Path, med: Med) -> None:
    write(folder, ABSENCE, OFF, ON)
    assert med(*opening())[0] == 2
    assert med("apply")[0] == 0
    case = json.loads(med(*opening(), "--json")[1])
    assert [(each["title"], each["due_on"]) for each in case["deadlines"]] == [
        ("Frist – log ind", "2026-12-15"),
        ("Frist – log ind", "2026-12-22"),
        ("Frist – log ind", None),
    ]


def test_it_is_not_switched_off_while_cases_go_on(folder: Path, med: Med) -> None:
    write(folder, ABSENCE, OFF, ON)
    med("apply")
    med(*opening())
    write(folder, ABSENCE, ON, OFF)
    text = (folder / f"workflows/{ABSENCE}.yaml").read_text("utf-8")
    line = text[: text.index(OFF)].count("\n") + 1
    hint = "Afslut dem først med »med case close«, eller lad den være slået til."
    assert errors(med) == [
        (
            f"workflows/{ABSENCE}.yaml:{line}:1",
            "in use: »no« — Arbejdsgangen er slået fra, men et forløb er i gang: 2026-001. Ingen "
            "ville blive mindet om fristerne i det.",
            hint,
        )
    ]
    assert med("apply")[0] == 1
    assert len(_listed(med)) == 3
    assert med("case", "close", "2026-001")[0] == 0
    assert (errors(med), med("apply")[0], _listed(med)) == ([], 0, [])


def _listed(med: Med) -> list[Any]:
    told: list[Any] = json.loads(med("case", "show", "2026-001", "--json")[1])["deadlines"]
    return told


class Interrupted(Site):
    """A site in which somebody opens a case just before the files take effect."""

    def writing(self, demo: bool = False) -> AbstractContextManager[Store]:
        told = ["foerste-sygedag=2026-11-24", "fratraeder=nej"]
        open_case(open_site(self.folder, stopped_at(NOW)), ABSENCE, "aaparken-med", told)
        return super().writing(demo)


def test_a_case_opened_while_the_files_are_applied_stops_them(folder: Path, med: Med) -> None:
    write(folder, ABSENCE, OFF, ON)
    med("apply")
    write(folder, ABSENCE, ON, OFF)
    site = open_site(folder, stopped_at(NOW))
    assert check(site).sound
    with pytest.raises(DefinitionError) as refused:
        apply(Interrupted(site.folder, site.config, site.clock, site.pretended), demo=True)
    assert [each.code for each in refused.value.findings] == ["case-left-open"]
    assert len(_listed(med)) == 3


def test_what_it_had_announced_lapses(folder: Path, med: Med) -> None:
    key = "oevrigt/sommerarrangement"
    write(folder, key, "committees:", "in use: no\ncommittees:")
    changes = json.loads(med("plan", "--diff", "--json")[1])
    assert changes
    assert {(each["verb"], each["key"].rsplit("/", 3)[0]) for each in changes} == {("retired", key)}
    assert med("apply")[0] == 0
    assert json.loads(med("plan", "--workflow", key, "--json")[1]) == []
