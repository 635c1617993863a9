"""Follow-ups from the command line to the calendars and mails, each seen by whom it may."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from decided_site import decided_site

from engine.cli.app import run
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.sink import letters

NOW = "2026-06-19T09:00"
Med = Callable[..., tuple[int, str, str]]
KEY = "opfoelgning/oes-med/2026-001/opfoelgning"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return decided_site(tmp_path / "site")


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str, now: str = NOW) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder), "--now", now], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def data_of(told: tuple[int, str, str]) -> Any:
    assert told[0] == 0, told[2]
    return json.loads(told[1])


def add(med: Med, what: str, who: str, *more: str) -> Any:
    return data_of(
        med("followup", "add", "oes-med", what, "--for", who, *more, "--by", "bjl", "--json")
    )


def test_follow_ups_are_noted_listed_and_done(med: Med) -> None:
    noted = add(med, "Find et lokale", "sekretær", "--due", "2026-07-03")
    assert noted == {
        "fact": 1,
        "key": KEY,
        "kind": "follow-up",
        "on": "2026-06-19",
        "by": "bjl",
        "why": "",
        "evidence": "",
        "number": "2026-001",
        "what": "Find et lokale",
        "who": "sekretaer",
        "due_on": "2026-07-03",
        "meeting": "",
        "changes": [{"key": KEY, "title": "Find et lokale", "before": None, "after": "2026-07-03"}],
    }
    add(med, "Fremlæg erfaringerne", "efa", "--meeting", "next")
    add(med, "Ryd op på drevet", "efa")
    assert med("followup", "list")[1].splitlines() == [
        "2026-001  fr 03.07.2026  kan gøres nu  Find et lokale · sekretæren for"
        " afdelingsMED Økonomi & Stab",
        "2026-002  on 26.08.2026  kommende      Fremlæg erfaringerne · efa",
        "2026-003                 kan gøres nu  Ryd op på drevet · efa",
    ]
    assert data_of(med("followup", "list", "--person", "efa", "--json"))[1] == {
        "number": "2026-003",
        "key": "opfoelgning/oes-med/2026-003/opfoelgning",
        "committee": "oes-med",
        "what": "Ryd op på drevet",
        "who": "efa",
        "due_on": None,
        "meeting": None,
        "state": "open",
    }
    assert med("followup", "done", "2026-003", "--by", "efa")[0] == 0
    assert [each["number"] for each in data_of(med("followup", "list", "--json"))] == [
        "2026-001",
        "2026-002",
    ]
    assert len(data_of(med("followup", "list", "--all", "--json"))) == 3


def test_a_follow_up_explains_itself(med: Med) -> None:
    add(med, "Find et lokale", "sekretær", "--due", "2026-07-04")
    assert med("explain", KEY)[1] == (
        "Find et lokale: Fristen er en fast dato: lørdag den 4. juli 2026."
        " Opfølgning 2026-001, noteret fredag den 19. juni 2026.\n"
    )
    med("postpone", KEY, "--to", "2026-07-06", "--by", "bjl")
    assert med("explain", KEY)[1] == (
        "Find et lokale: Den faste dato er lørdag den 4. juli 2026."
        " Det er besluttet at udsætte fristen til mandag den 6. juli."
        " Opfølgning 2026-001, noteret fredag den 19. juni 2026.\n"
    )


def test_a_follow_up_is_reminded_about_like_any_deadline(med: Med) -> None:
    add(med, "Find et lokale", "efa", "--due", "2026-07-03")
    mails = data_of(med("remind", "--dry-run", "--json"))
    assert [mail["to"] for mail in mails if KEY in mail["keys"]] == ["efa@kommune.example"]
    later = data_of(med("remind", "--dry-run", "--json", now="2026-07-06T09:00"))
    assert {mail["to"] for mail in later if KEY in mail["keys"]} == {
        "efa@kommune.example",
        "bjl@kommune.example",
    }


def test_one_sides_own_is_given_to_no_office_that_is_not_on_the_side(med: Med) -> None:
    given = ("followup", "add", "chefforum", "Find et lokale", "--for", "office hr", "--by", "bjl")
    assert med(*given) == (
        2,
        "",
        "office hr — er ikke på den side, udvalget er for, og ville ikke få besked. Vælg en anden, "
        "eller skriv »side: management« ved kontoret i organisation/organisation.yaml, hvis det "
        "hører til der.\n",
    )


def test_an_undated_follow_up_is_mentioned_from_the_day_it_was_noted(med: Med) -> None:
    add(med, "Ryd op på drevet", "efa")
    mails = data_of(med("remind", "--dry-run", "--json"))
    assert [mail["to"] for mail in mails if KEY in mail["keys"]] == ["efa@kommune.example"]
    much_later = data_of(med("plan", "--json", now="2028-02-01T09:00"))
    assert [row["key"] for row in much_later if row["workflow"] == "opfoelgning"] == [KEY]


def test_what_one_person_sees_to_is_not_told_as_everybodys_in_the_role(
    med: Med, folder: Path
) -> None:
    add(med, "Ryd op på drevet", "efa")
    assert med("remind")[0] == 0
    told = [
        " ".join(letter.text.split()).partition("Ryd op på drevet")[2]
        for letter in letters(folder / "var/mail")
        if "Ryd op på drevet" in letter.text
    ]
    assert [text.partition(" Ansvarlig: ")[2].partition(". ")[0] for text in told] == [
        "den, fristen gælder (medlem i afdelingsMED Økonomi & Stab)"
    ]


def test_what_one_person_sees_to_is_not_in_open_calendars(med: Med, folder: Path) -> None:
    add(med, "Find et lokale", "sekretær", "--due", "2026-07-03")
    add(med, "Fremlæg erfaringerne", "efa", "--due", "2026-07-03")
    med("publish")
    shown = (folder / "calendars/published/oes-med.ics").read_text("utf-8")
    assert ("Find et lokale" in shown, "Fremlæg erfaringerne" in shown) == (True, False)


def test_a_follow_up_outlives_the_seat_of_whoever_saw_to_it(med: Med, folder: Path) -> None:
    add(med, "Find et lokale", "efa", "--due", "2026-07-03")
    members = folder / "organisation/members.csv"
    text = members.read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("efa;"))
    members.write_text(text.replace(row, row.replace("2025-06-01;;", "2025-06-01;2026-06-25;")))
    assert med("apply")[0] == 0
    rows = data_of(med("plan", "--json", now="2026-07-01T09:00"))
    assert [each["due_on"] for each in rows if each["key"] == KEY] == ["2026-07-03"]
    with open_site(folder, stopped_at(NOW)).store() as store:
        assert store.ledger()[KEY].retired_at is None
