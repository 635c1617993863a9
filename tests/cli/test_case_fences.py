"""A day that somebody entered in a case, held against the earliest and last that law allows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import run
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.service.starting import init

NOW = "2026-03-20T08:00"
DISMISSAL = "afsked/individuel"
ANSWERS = (
    "ansaettelse=funktionaer",
    "organisationen=hoeres",
    "beskyttet=nej",
    "arbejdsmangel=ja",
    "masseloven=nej",
    "ansat=2023-08-01",
    "hoering-sendt=2026-03-19",
)
Open = Callable[..., Any]


@pytest.fixture(params=["confidential: yes", "confidential: no"])
def open_dismissal(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Open:
    folder = tmp_path / "site"
    init(folder)
    path = folder / f"workflows/{DISMISSAL}.yaml"
    text = path.read_text("utf-8").replace("in use: no ", "in use: yes")
    path.write_text(text.replace("confidential: yes", request.param), "utf-8")
    apply(open_site(folder, stopped_at(NOW)), demo=True)

    def call(*more: str) -> Any:
        inputs = [word for answer in (*ANSWERS, *more) for word in ("--input", answer)]
        command = ["case", "open", DISMISSAL, "--committee", "oes-med", *inputs]
        assert run([*command, "--json", "--site", str(folder), "--now", NOW], "da") == 0
        made = json.loads(capsys.readouterr().out)
        run(["case", "show", "2026-001", "--site", str(folder), "--now", NOW], "da")
        made["shown"] = capsys.readouterr().out
        return made

    return call


def test_a_notice_before_the_hearings_have_ended_is_warned_of(open_dismissal: Open) -> None:
    made = open_dismissal("fremme=2026-04-07")
    masked = "Dagen ligger før den tidligste eller efter den sidste, som lov eller aftale giver. "
    told = (
        masked + "Kontrollér den."
        if made["confidential"]
        else "»Opsigelsen er kommet frem« for afdelingsMED Økonomi & Stab står til tirsdag den "
        "7. april 2026, men kan tidligst ske onsdag den 8. april 2026 (Forvaltningsloven "
        "§§ 19-20, partshøring før enhver afsked; Funktionærloven § 2)."
    )
    warned = [(each["due_on"], each["warning"]) for each in made["deadlines"] if "warning" in each]
    assert warned == [("2026-04-07", told)]
    assert [line.strip() for line in made["shown"].splitlines()].count(told) == 1


def test_a_notice_the_day_after_is_not(open_dismissal: Open) -> None:
    made = open_dismissal("fremme=2026-04-08")
    assert [each for each in made["deadlines"] if "warning" in each] == []
