"""Items of one group at one meeting: one number on the agenda, and one postponement."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from decided_site import SOURCE, decided_site

from engine.cli.app import run
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import open_site

NOW = "2026-03-27T09:00"
VIOLENCE, STRESS = "vold/oes-med/2026-03-26/punkt", "stress/oes-med/2026-03-26/punkt"
BULLYING = "mobning/oes-med/2026-03-26/punkt"
GROUP = "agenda: {group: retningslinjer}"


def guideline(title: str, more: str = "") -> str:
    """An item of every meeting, in the group of guidelines."""
    return (
        f"title: Retningslinje om {title}\n{SOURCE}start: {{each: meeting}}\n"
        f"responsible: forperson\nsteps:\n"
        f"  punkt: {{title: {title.capitalize()} drøftes, at: meeting, {GROUP}{more}}}\n"
    )


FILES = {
    "vold": guideline("vold"),
    "stress": guideline("stress"),
    "mobning": guideline("mobning"),
    "alene": guideline("sygefravær").replace(GROUP, "agenda: {group: fravaer}"),
    "lukket": guideline("noget", ", confidential: yes"),
}
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = decided_site(tmp_path_factory.mktemp("made") / "site")
    for key, text in FILES.items():
        (folder / f"workflows/{key}.yaml").write_text(text, "utf-8")
    apply(open_site(folder, stopped_at("2026-01-05T09:00")), demo=True)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "site")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "site"


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(command: str, now: str = NOW) -> tuple[int, str, str]:
        outcome = run([*shlex.split(command), "--site", str(folder), "--now", now], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def standing(med: Med) -> dict[str, str]:
    """The day each of the meeting's items stands on now, by workflow."""
    command = "plan --from 2026-01-01 --until 2026-12-31 --json"
    rows: list[dict[str, Any]] = json.loads(med(command)[1])
    wanted = [key for key in FILES if key != "lukket"]
    return {
        each["workflow"]: each["due_on"]
        for each in rows
        if each["key"].split("/")[0] in wanted and each["key"].split("/")[2] == "2026-03-26"
    }


TOGETHER = {"vold": "2026-06-18", "stress": "2026-06-18", "mobning": "2026-06-18"}
STOOD = dict.fromkeys(TOGETHER, "2026-03-26")
ALONE = {"alene": "2026-03-26"}


def test_one_item_of_a_group_takes_the_others_with_it(med: Med) -> None:
    moved = "Udsat fra mødet torsdag den 26. marts 2026 til mødet torsdag den 18. juni 2026."
    outcome, out, err = med(f"postpone {VIOLENCE} --by bjl")
    assert (outcome, err) == (0, "")
    assert out.splitlines()[:7] == [
        f"Vold drøftes: {moved}",
        f"  Registrering 1 om {VIOLENCE}",
        f"Mobning drøftes: {moved}",
        f"  Registrering 2 om {BULLYING}",
        f"Stress drøftes: {moved}",
        f"  Registrering 3 om {STRESS}",
        "Det er 3 punkter i samme gruppe, og de går samlet.",
    ]
    assert standing(med) == {**TOGETHER, **ALONE}


def test_the_facts_are_told_to_programs(med: Med) -> None:
    told = json.loads(med(f"postpone {STRESS} --to 2026-05-07 --json")[1])
    assert [(each["key"], each["to"]) for each in (told, *told["together"])] == [
        (STRESS, "2026-05-07"),
        (BULLYING, "2026-05-07"),
        (VIOLENCE, "2026-05-07"),
    ]


def test_what_is_done_stays_and_an_item_alone_goes_alone(med: Med) -> None:
    assert med(f"done {STRESS} --by bjl")[0] == 0
    assert med(f"postpone {VIOLENCE}")[0] == 0
    assert standing(med) == {**TOGETHER, **ALONE, "stress": "2026-03-26"}
    out = med("postpone alene/oes-med/2026-03-26/punkt")[1]
    assert ("samme gruppe" in out, standing(med)["alene"]) == (False, "2026-06-18")


def test_where_one_may_not_go_none_does(med: Med, folder: Path) -> None:
    text = guideline("stress", ", limit: 2 months after meeting")
    (folder / "workflows/stress.yaml").write_text(text, "utf-8")
    apply(open_site(folder, stopped_at("2026-03-26T09:00")), demo=True)
    refused = med(f"postpone {VIOLENCE}")
    assert (refused[0], refused[1], refused[2].partition(" — ")[0]) == (2, "", "Stress drøftes")
    assert standing(med) == {**STOOD, **ALONE}
    assert med(f'postpone {VIOLENCE} --override --why "aftalt i udvalget"')[0] == 0
    assert standing(med) == {**TOGETHER, **ALONE}


def test_they_come_back_together_or_one_by_its_fact(med: Med) -> None:
    med(f"postpone {VIOLENCE}")
    assert "3 punkter i samme gruppe" in med(f"undo {STRESS}")[1]
    assert standing(med) == {**STOOD, **ALONE}
    med(f"postpone {VIOLENCE}")
    number = json.loads(med(f"undo {BULLYING} --json")[1])["fact"]
    assert (standing(med), number > 6) == ({**STOOD, **ALONE}, True)
    facts = json.loads(med(f"postpone {VIOLENCE} --json")[1])
    own = next(each["fact"] for each in facts["together"] if each["key"] == STRESS)
    assert med(f"undo {STRESS} --fact {own}")[0] == 0
    assert standing(med) == {**TOGETHER, **ALONE, "stress": "2026-03-26"}


def test_a_group_has_one_number_on_the_agenda_and_stands_together_in_the_form(med: Med) -> None:
    assert med("meeting close oes-med 2026-03-26 --write moedet.yaml")[0] == 0
    form = Path("moedet.yaml").read_text("utf-8")
    keys = [line.split(": ")[1] for line in form.splitlines() if line.startswith("  - nøgle")]
    assert keys == ["alene/oes-med/2026-03-26/punkt", BULLYING, STRESS, VIOLENCE]
    filled = form.replace("beslutning:", "beslutning: behandlet")
    filled = filled.replace(
        f"{BULLYING}\n    beslutning: behandlet", f"{BULLYING}\n    beslutning: udsat"
    )
    Path("moedet.yaml").write_text(filled, "utf-8")
    out = med("meeting close oes-med 2026-03-26 --file moedet.yaml --by bjl")[1]
    assert out.splitlines()[-7:] == [
        "På næste møde torsdag den 18. juni 2026 er der 3 punkter:",
        "  1. Mobning drøftes · Retningslinje om mobning (udsat)",
        "     samme punkt: Mobning drøftes · Retningslinje om mobning",
        "     samme punkt: Stress drøftes · Retningslinje om stress",
        "     samme punkt: Vold drøftes · Retningslinje om vold",
        "  2. Sygefravær drøftes · Retningslinje om sygefravær",
        "  3. Frist – log ind",
    ]
