"""A meeting file that is taken out is named before and after it takes effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.app import run

NOW = "2026-11-26T08:00"
FILE = "calendars/meetings/oes-med-2027.yaml"
WARNING = (
    "calendars/meetings: oes-med — Møder i afdelingsMED Økonomi & Stab er taget ud af mødeplanen "
    "(6, første tirsdag den 26. januar 2027, sidste torsdag den 18. november 2027). Tages filerne "
    "i brug, bortfalder deres frister, og i kalendere vises møderne som aflyst. Var det ikke "
    "meningen, så læg dem ind igen. Er de aflyst, så lad dem stå med »status: cancelled«."
)
Med = Callable[..., tuple[int, str, str]]


@pytest.fixture
def med(shipped_copy: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    folder = shipped_copy
    (folder / FILE).unlink()

    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder), "--now", NOW], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


def test_a_meeting_file_that_is_taken_out_is_named(med: Med) -> None:
    assert WARNING in med("check")[1].splitlines()

    changes = json.loads(med("plan", "--diff", "--json")[1])
    retired = [each for each in changes if each["key"].startswith("meeting/oes-med/")]
    assert [(each["verb"], each["before"]["due_on"], each["reason"]) for each in retired] == [
        ("retired", on, f"{FILE}: filen er fjernet")
        for on in (
            "2027-01-26",
            "2027-03-18",
            "2027-06-17",
            "2027-08-25",
            "2027-09-23",
            "2027-11-18",
        )
    ]

    outcome, _, err = med("apply")
    assert (outcome, err.splitlines()[0]) == (0, WARNING)
    assert WARNING not in med("check")[1].splitlines()
    assert not [line for line in med("apply")[2].splitlines() if "taget ud" in line]
