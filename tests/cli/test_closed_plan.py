"""What the plan's commands show of confidential deadlines: that there is one, and when."""

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

NOW = "2026-11-26T08:00"
PATH = "workflows/personale/hemmeligt.yaml"
SECRET = """\
title: Noget, kun få kender til
source: {document: Aftalen, reference: "§ 9"}
committees: {committee: oes-med}
start: {each: year}
responsible: sekretaer
steps:
  aaben: {title: Alle må vide det, due: 1 march}
  lukket: {title: Kun få må vide det, due: 15 march, confidential: yes}
"""
READABLE = ("hemmeligt", "lukket", "Kun få", "hny", "2026-03-12")
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "site"
    init(made)
    (made / PATH).write_text(SECRET, "utf-8")
    return made


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder)], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def rows(med: Med, *arguments: str) -> list[dict[str, Any]]:
    told = med("plan", "--workflow", "personale/hemmeligt", "--json", "--now", NOW, *arguments)
    found: list[dict[str, Any]] = json.loads(told[1])
    return found


def closed(uid: str | None) -> dict[str, Any]:
    return {
        "key": uid,
        "workflow": None,
        "committee": None,
        "occurrence": None,
        "step": None,
        "title": "Frist – log ind",
        "kind": None,
        "nominal_on": None,
        "not_before_on": None,
        "due_on": "2027-03-15",
        "limit_on": None,
        "state": "upcoming",
        "postponed": False,
        "missing": [],
        "responsible": [],
        "informed": [],
        "confidential": True,
        "source": [],
        "derivation": [],
        "answered": None,
    }


def test_the_plan_says_only_when_a_confidential_deadline_is(folder: Path, med: Med) -> None:
    opened, hidden = rows(med)
    assert (opened["title"], opened["confidential"]) == ("Alle må vide det", False)
    assert list(opened) == list(hidden)
    assert hidden == closed(None)

    apply(open_site(folder, stopped_at(NOW)), demo=True)
    _, hidden = rows(med)
    uid = hidden["key"]
    assert uid and not any(word in uid for word in READABLE)
    assert hidden == closed(uid)

    out = med("plan", "--workflow", "personale/hemmeligt", "--now", NOW)[1]
    assert out == (
        "ma 01.03.2027  uge  9  kommende      Alle må vide det · afdelingsMED Økonomi & Stab\n"
        "                         personale/hemmeligt/oes-med/2027/aaben\n"
        "ma 15.03.2027  uge 11  kommende      Frist – log ind\n"
    )


def test_what_applying_would_change_says_no_more(folder: Path, med: Med) -> None:
    (folder / PATH).unlink()
    apply(open_site(folder, stopped_at(NOW)), demo=True)
    (folder / PATH).write_text(SECRET, "utf-8")
    told = med("plan", "--diff", "--json", "--now", NOW)
    found = [each for each in json.loads(told[1]) if each["after"]["title"] == "Frist – log ind"]
    after = {
        "title": "Frist – log ind",
        "nominal_on": None,
        "responsible": [],
    }
    assert found == [
        {
            "verb": "new",
            "key": None,
            "before": None,
            "after": {**after, "due_on": due_on},
            "reason": "",
            "told": [],
        }
        for due_on in ("2026-03-13", "2027-03-15", "2028-03-15")
    ]
    lines = med("plan", "--diff", "--now", NOW)[1].splitlines()
    closed_lines = [line.strip() for line in lines if "log ind" in line]
    assert closed_lines == [
        "Frist – log ind",
        "fr 13.03.2026  Frist – log ind",
        "ma 15.03.2027  Frist – log ind",
        "on 15.03.2028  Frist – log ind",
    ]
    assert not [line for line in lines if "lukket" in line or "Kun få" in line]


def test_what_is_one_sides_own_is_shown_to_whoever_runs_the_site(med: Med) -> None:
    """The files it comes from lie open on the same machine; pages and mails are another matter."""
    told = med("plan", "--workflow", "bagland/kontaktudvalg", "--json", "--now", NOW)
    found = json.loads(told[1])
    assert {row["title"] for row in found} == {"Baglandsmøde om KommuneMEDs dagsorden"}
    assert {row["confidential"] for row in found} == {False}
