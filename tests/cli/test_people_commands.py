"""What the commands about people say and answer."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.app import run
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.reminding import remind
from engine.service.site import open_site
from engine.service.starting import init

NOW = "2026-11-26T08:00"
MEMBERS = "organisation/members.csv"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def reminded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped site with a member who has left, applied, and its first mails sent."""
    folder = tmp_path_factory.mktemp("people") / "site"
    init(folder)
    path = folder / MEMBERS
    gone = "xyz;oes-med;medlem;Ebbe Krag;xyz@kommune.example;2020-01-01;2024-05-31;;;;;;;\n"
    path.write_text(path.read_text("utf-8") + gone, "utf-8")
    site = open_site(folder, stopped_at(NOW))
    apply(site, demo=True)
    remind(site)
    return folder


@pytest.fixture
def folder(reminded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reminded, tmp_path / "site"))


@pytest.fixture
def say(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def said(command: str) -> tuple[int, str, str]:
        outcome = run([*shlex.split(command), "--site", str(folder), "--now", NOW], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return said


def test_forgetting_says_what_was_taken_away(say: Say) -> None:
    outcome, out, err = say("person forget hny")
    assert (outcome, out) == (2, "")
    assert err == (
        "hny — har stadig en post: sekretaer (oes-med), sekretaer (hr-loen), "
        "medlem (sekretaernetvaerk). Skriv en slutdato i organisation/members.csv, og kør "
        "»med apply«. Eller brug --anyway; så går påmindelserne til andre, som hvis posten var "
        "ubesat.\n"
    )
    outcome, out, err = say("person forget hny --anyway --why 'bad om det'")
    assert (outcome, err) == (0, "")
    assert out.splitlines() == [
        "hny — er glemt. Navn, e-mail, sprog og fravær er slettet; initialerne bliver i sporet.",
        "  3 rækker i organisation/members.csv er tømt.",
        "  Indholdet af 1 mail er slettet.",
        "  1 mail i var/mail er slettet.",
        "Personen har stadig 3 poster. Påmindelserne går til andre, som hvis posterne var "
        "ubesat. Skriv slutdatoer i members.csv.",
        "Ældre sikkerhedskopier indeholder stadig navnet; en gendannelse sletter det igen.",
    ]
    listed = say("outbox")[1]
    assert "et tidligere medlem (hny): (indholdet er slettet)" in listed
    assert "hny@" not in listed
    again = json.loads(say("person forget hny --anyway --json")[1])
    assert (again["rows"], again["mails"], again["texts"]) == (0, 0, 0)


def test_retention_lists_before_it_erases(say: Say, folder: Path) -> None:
    would = say("retention --dry-run")
    assert would == (
        0,
        "Den næste natlige kørsel sletter:\n"
        "  Navn og e-mail for: xyz\n"
        "  Indhold af mails: 0\n"
        "  Oplysninger i lukkede forløb: 0\n",
        "",
    )
    assert "Ebbe Krag" in (folder / MEMBERS).read_text("utf-8")
    assert json.loads(say("retention --json")[1]) == {
        "erased": True,
        "people": ["xyz"],
        "mails": 0,
        "received": 0,
        "cases": [],
    }
    assert "Ebbe Krag" not in (folder / MEMBERS).read_text("utf-8")
    assert say("retention") == (0, "Intet er gemt for længe. Der er ikke noget at slette.\n", "")
    # Nobody need be written to any more: the check says nothing of it.
    assert "xyz" not in say("check")[1]


def test_an_absence_shows_what_it_changes(say: Say) -> None:
    outcome, out, err = say("person away tbj --from 2026-12-07 --until 2026-12-18")
    assert (outcome, err) == (0, "")
    lines = out.splitlines()
    assert [line[:4] for line in lines if line.startswith(("-tbj", "+tbj"))] == ["-tbj", "+tbj"]
    assert lines[-2:] == [
        "organisation/members.csv er rettet. Kør »med apply«, så gælder det.",
        "Ingen er suppleant i oes-med. Imens går påmindelserne til udvalgets sekretær og "
        "ellers opad, som hvis rollen var ubesat.",
    ]
    again = say("person away tbj --from 2026-12-07 --until 2026-12-18")[1]
    assert again.startswith("organisation/members.csv siger det allerede. Intet er ændret.\n")
    assert say("person away tbj --from 7/12")[0] == 2
