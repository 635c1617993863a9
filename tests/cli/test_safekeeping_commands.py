"""Backup, restore and the outbox from the command line, on each database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.app import run

NOW = "2026-11-26T08:00"
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture
def med(applied_site: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str, language: str = "da") -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(applied_site)], language)  # type: ignore[arg-type]
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


HELD = (
    "Udbakken er holdt tilbage efter en gendannelse, så ingen mails sendes. Se dem med"
    " »med outbox«, og kør »med outbox release«, når de må sendes.\n"
)


def test_backup_restore_and_release(med: Med, tmp_path: Path) -> None:
    file = tmp_path / "kopi.db"
    rows = json.loads(med("backup", str(file), "--json")[1])["rows"]
    assert (rows["site"], rows["edition"], rows["message"]) == (1, 1, 0)

    again = med("backup", str(file))
    assert again == (
        2,
        "",
        f"{file} — filen er der allerede, og en sikkerhedskopi skriver ikke oven i noget."
        " Vælg et andet navn.\n",
    )
    refused = med("restore", str(file))
    assert refused[0] == 2
    assert "--replace" in refused[2]

    total = sum(rows.values())
    assert med("restore", str(file), "--replace") == (
        0,
        f"{file}: {total} rækker er lagt tilbage. Udgave 1 gælder.\n{HELD}",
        "",
    )
    outcome, out, err = med("remind", "--now", NOW)
    assert (outcome, out.startswith(HELD), err) == (2, True, "")
    assert med("remind", "--dry-run", "--now", NOW)[0] == 0
    assert med("outbox") == (0, f"Der er ingen mails i udbakken.\n{HELD}", "")
    assert med("outbox", "release", "--now", NOW) == (
        0,
        "Udbakken er sluppet løs. 0 mails venter. Det, der skal sendes, går inden for et minut i"
        " sendetiden, når serveren kører, og ellers med »med remind«.\n",
        "",
    )
    assert json.loads(med("outbox", "release", "--json")[1]) == {"released": False, "waiting": 0}
    assert med("remind", "--now", NOW)[0] == 0
    listed = json.loads(med("outbox", "--json", "--now", NOW)[1])
    assert {mail["state"] for mail in listed} == {"sent"}
    assert list(listed[0]) == [
        *("message_id", "to", "subject", "keys", "kind", "send_at", "state", "reason"),
    ]
    lines = med("outbox", "--now", NOW)[1].splitlines()
    assert len(lines) == len(listed)
    assert lines[0].startswith("torsdag den 26. november 2026 kl. 8.00  sendt  ")


def test_a_wrong_file_in_both_languages(med: Med, tmp_path: Path) -> None:
    file = tmp_path / "kopi.db"
    file.write_text("ikke en kopi")
    assert med("restore", str(file), "--replace") == (
        2,
        "",
        f"{file} — filen er ikke en hel sikkerhedskopi: den er beskadiget eller noget helt andet."
        " Intet er ændret. Brug en anden kopi.\n",
    )
    assert med("restore", str(file), "--replace", language="en")[2] == (
        f"{file} — the file is no whole backup: it is damaged, or something else altogether."
        " Nothing was changed. Use another copy.\n"
    )
