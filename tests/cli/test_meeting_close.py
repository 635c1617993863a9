"""A held meeting closed in one go: the form, its faults, and what becomes of every item."""

from __future__ import annotations

import csv
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from decided_site import decided_site

from engine.cli.app import run
from engine.service.clock import stopped_at
from engine.service.closing import Outcome, Verdict, close, held, refuse
from engine.service.site import open_site

TABLES = Path(__file__).parent.parent / "tables"
ITEM = "vold/oes-med/2026-1/droeftelse"
NOW = "2026-03-27T09:00"
FORM = """\
udvalg: oes-med
møde: 2026-03-26
punkter:
  - nøgle: vold/oes-med/2026-1/droeftelse
    beslutning: udsat
    punkt: 5.10
    til:
    hvorfor: forpersonen er syg
    opfølgning: [{hvad: Find et lokale, hvem: sekretær, hvornår: næste møde}]
"""
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided_site(tmp_path_factory.mktemp("made") / "site")


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "site")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "site"


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str, now: str = NOW) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder), "--now", now], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def closing(med: Med, text: str, *more: str, now: str = NOW) -> tuple[int, str, str]:
    Path("mødet.yaml").write_text(text, "utf-8")
    return med("meeting", "close", "oes-med", "2026-03-26", "--file", "mødet.yaml", *more, now=now)


def test_the_form_has_the_items_and_says_how_it_is_filled_in(med: Med) -> None:
    told = med("meeting", "close", "oes-med", "2026-03-26", "--write", "ny.yaml")
    assert told == (
        0,
        "ny.yaml er skrevet med 1 punkt. Udfyld det, og kør kommandoen igen med --file.\n",
        "",
    )
    form = Path("ny.yaml").read_text("utf-8")
    assert form[form.index("udvalg: ") :] == (
        "udvalg: oes-med\n"
        "møde: 2026-03-26\n"
        "\n"
        "punkter:\n"
        "\n"
        "  # Retningslinjen drøftes · Retningslinje om vold\n"
        "  - nøgle: vold/oes-med/2026-1/droeftelse\n"
        "    beslutning:\n"
        "    punkt:\n"
        "    til:\n"
        "    hvorfor:\n"
        "\n"
        "# 1 lukket punkt er ikke med her. Meld det for sig.\n"
    )
    again = med("meeting", "close", "oes-med", "2026-03-26", "--write", "ny.yaml")
    assert again == (2, "", "ny.yaml — findes allerede og kan være udfyldt. Vælg et andet navn.\n")
    empty = med("meeting", "close", "oes-med", "2026-03-26", "--file", "ny.yaml")
    line = form[: form.index("    beslutning:")].count("\n") + 1
    assert empty == (
        1,
        "",
        f"ny.yaml:{line}:16: punkter[1].beslutning — Beslutningen mangler."
        " Skriv behandlet, udsat, ikke nået eller ikke relevant.\n"
        "Der er 1 fejl i filerne. Ret den, og prøv igen; intet er ændret.\n",
    )


def test_a_form_is_recorded_whole_and_shows_what_becomes_of_it(med: Med) -> None:
    outcome, out, err = closing(med, FORM, "--by", "bjl")
    assert (outcome, err) == (0, "")
    assert out.splitlines() == [
        "Mødet torsdag den 26. marts 2026 er lukket med 2 beslutninger.",
        "  Retningslinjen drøftes: Udsat fra mødet torsdag den 26. marts 2026 til mødet"
        " torsdag den 18. juni 2026. Begrundelse: forpersonen er syg.",
        "  Find et lokale: Opfølgning 2026-001, aftalt på mødet torsdag den 26. marts 2026"
        " under punkt 5.10.",
        "Det betyder:",
        "  Enhederne drøfter deres aftale: før torsdag den 5. marts 2026,"
        " nu torsdag den 28. maj 2026",
        "  Find et lokale: ny, torsdag den 18. juni 2026",
        "  Retningslinjen drøftes: før torsdag den 26. marts 2026, nu torsdag den 18. juni 2026",
        "  Enhederne drøfter deres aftale: før onsdag den 5. august 2026,"
        " nu torsdag den 29. oktober 2026",
        "  Retningslinjen drøftes: før onsdag den 26. august 2026,"
        " nu torsdag den 19. november 2026",
        "1 lukket punkt er ikke med her. Meld det for sig med »med done« eller »med postpone«.",
        "På næste møde torsdag den 18. juni 2026 er der 3 punkter:",
        "  1. Retningslinjen drøftes · Retningslinje om vold (udsat)",
        "  2. Frist – log ind",
        "  3. Find et lokale",
    ]


def test_closing_twice_keeps_what_was_decided(med: Med) -> None:
    closing(med, FORM, "--by", "bjl")
    outcome, out, err = closing(med, FORM.replace("udsat", "behandlet"), "--by", "bjl")
    assert (outcome, err) == (0, "")
    assert out.splitlines()[:3] == [
        "Mødet torsdag den 26. marts 2026 er lukket med 0 beslutninger.",
        "Det var besluttet før og er, som det var:",
        "  Retningslinjen drøftes: Udsat fra mødet torsdag den 26. marts 2026 til mødet"
        " torsdag den 18. juni 2026. Begrundelse: forpersonen er syg.",
    ]


def test_the_facts_name_the_meeting_and_the_item(med: Med) -> None:
    text = FORM.replace("udsat", "behandlet").replace("hvorfor: forpersonen er syg", "hvorfor:")
    outcome, out, _ = closing(med, text, "--by", "bjl", "--json")
    assert outcome == 0
    told: Any = json.loads(out)
    assert told["facts"][0] == {
        "fact": 1,
        "key": ITEM,
        "kind": "done",
        "on": "2026-03-26",
        "by": "bjl",
        "why": "",
        "evidence": "",
        "unit": "",
        "meeting": "2026-03-26",
        "item": "5.10",
    }
    assert (told["kept"], told["next"]["meeting"]) == ([], "2026-06-18")


def faults() -> list[dict[str, str]]:
    with (TABLES / "moedeformular.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


@pytest.mark.parametrize("row", faults(), ids=lambda row: row["kilde"])
def test_a_fault_in_the_form_is_told_with_its_line_and_nothing_is_recorded(
    row: dict[str, str], med: Med, folder: Path
) -> None:
    before, after = row["før"].replace("⏎", "\n"), row["efter"].replace("⏎", "\n")
    assert before in FORM
    outcome, out, err = closing(med, FORM.replace(before, after), "--by", "bjl")
    assert (outcome, out) == (1, "")
    assert err.splitlines()[:-1] == row["svar"].split(" ⏎ ")
    with open_site(folder, stopped_at(NOW)).store() as store:
        assert store.fact_rows() == []


def test_not_relevant_needs_somebody_who_approved_it(med: Med) -> None:
    text = FORM.replace("beslutning: udsat", "beslutning: ikke relevant")
    assert closing(med, text)[0] == 1
    outcome, out, _ = closing(med, text, "--by", "ckv")
    assert outcome == 0
    assert out.splitlines()[1] == (
        "  Retningslinjen drøftes: Frafaldet torsdag den 26. marts 2026, godkendt af ckv."
        " Begrundelse: forpersonen er syg."
    )


def test_an_answer_is_tried_before_the_rest_is_asked(folder: Path) -> None:
    site = open_site(folder, stopped_at("2026-06-19T09:00"))
    found = held(site, "oes-med", "2026-06-18")
    assert [item.deadline.key for item in found.items] == []
    site = open_site(folder, stopped_at(NOW))
    found = held(site, "oes-med", "2026-03-26")
    refuse(found, Verdict(ITEM, Outcome.NOT_REACHED), "bjl")
    with pytest.raises(Exception, match=r"fact\.past-limit"):
        refuse(found, Verdict(ITEM, Outcome.POSTPONED, to="2026-08-26"), "bjl")
    late = Verdict(ITEM, Outcome.POSTPONED, to="2026-08-26", why="aftalt", anyway=True)
    closed = close(site, "oes-med", "2026-03-26", [late], "bjl")
    assert [(row.kind, row.to_meeting, row.past_limit) for row in closed.decided.facts] == [
        ("postponed", "2026-08-26", True)
    ]


def test_without_a_form_each_item_is_asked_about_until_it_can_be_recorded(
    folder: Path, tmp_path: Path
) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "engine", "meeting", "close", "oes-med", "2026-03-26"]
    ran = subprocess.Popen(
        [*command, "--by", "bjl", "--site", str(folder), "--now", NOW],
        cwd=Path(__file__).parent.parent.parent,
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    late = ["udsat", "10", "2026-08-26", "aftalt i udvalget", ""]
    answers = ["?", *late, "nej", *late, "ja"]
    os.write(leader, ("\n".join(answers) + "\n").encode())
    out, _ = ran.communicate(timeout=120)
    os.close(leader)
    os.close(follower)
    assert ran.returncode == 0
    assert (
        "  Retningslinjen drøftes: Udsat fra mødet torsdag den 26. marts 2026 til mødet"
        " onsdag den 26. august 2026. Begrundelse: aftalt i udvalget."
    ) in out.splitlines()
    with open_site(folder, stopped_at(NOW)).store() as store:
        told = [(row.kind, row.minutes_item, row.past_limit) for row in store.fact_rows()]
    assert told == [("postponed", "10", True)]
