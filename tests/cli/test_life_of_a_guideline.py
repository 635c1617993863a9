"""The guideline on violence through a year, as the minutes have it: postponed once, then treated.

The golden text is what commands say and what is announced at each stage, to be read from the top.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from applied_sites import use_database

from engine.cli.app import run
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.service.starting import init
from engine.store import AnnouncementRow

GOLDEN = Path(__file__).parent.parent / "golden" / "beslutninger" / "vold.txt"
GUIDELINE = "retningslinjer/vold"
ITEM = f"{GUIDELINE}/oes-med/2026-1/droeftelse"
UNITS = f"{GUIDELINE}/oes-med/2026-1/enheder"
SECOND = f"{GUIDELINE}/oes-med/2026-2/droeftelse"
PLAN = f"plan --from 2026-01-01 --until 2026-12-31 --committee oes-med --workflow {GUIDELINE}"
COLUMNS = ("due_on", "state", "postponed", "done_on")
# Four months from 18 June is 18 October: not the meeting in August, but the one in November.
PROVED = [
    (UNITS, "2026-05-28", "done", False, "2026-05-28"),
    (ITEM, "2026-06-18", "done", True, "2026-06-18"),
    (SECOND.replace("droeftelse", "enheder"), "2026-10-29", "upcoming", False, None),
    (SECOND, "2026-11-19", "upcoming", False, None),
]
IN_FORCE = "in force from: 2026-01-01"
FIRST_DAY = "2026-01-05T08:00"


class Life:
    """Runs commands on the shipped site with this one workflow and writes down what is said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.told: list[str] = []
        self.seen = 0
        self.moment = FIRST_DAY

    def stage(self, moment: str, what: str) -> None:
        """A new day, with the months that have come into the plan announced already."""
        self.moment = moment
        apply(open_site(self.folder, stopped_at(moment)), demo=True)
        self._fresh()
        self.told += ["", f"=== {moment[:10]}: {what} ==="]

    def med(self, command: str, *more: str) -> None:
        shown = " ".join((command, *(f'"{each}"' if " " in each else each for each in more)))
        given = ["--site", str(self.folder), "--now", self.moment]
        outcome = run([*command.split(), *more, *given], "da")
        out, err = self.capsys.readouterr()
        lines = [line.rstrip() for line in (out + err).splitlines()]
        self.told += ["", f"$ med {shown}", *lines]
        if outcome:
            self.told.append(f"({outcome})")

    def rows(self, command: str) -> list[dict[str, Any]]:
        """What a command says as JSON."""
        given = ["--site", str(self.folder), "--now", self.moment]
        assert run([*command.split(), *given], "da") == 0
        rows: list[dict[str, Any]] = json.loads(self.capsys.readouterr().out)
        return rows

    def announced(self) -> None:
        """What has been announced since it was asked last; nothing but what was decided on."""
        fresh = self._fresh()
        assert all(row.key.startswith(f"{GUIDELINE}/oes-med/") for row in fresh)
        self.told += ["", "Meddelt:" if fresh else "Meddelt: ingenting"]
        self.told += [
            f"  {row.verb} {row.key} {row.snapshot['due_on']} (nr. {row.revision}, {row.reason})"
            for row in fresh
        ]

    def _fresh(self) -> list[AnnouncementRow]:
        with open_site(self.folder, stopped_at(self.moment)).store() as store:
            rows = [row for key in sorted(store.ledger()) for row in store.announcements(key)]
        fresh = [row for row in rows if row.id > self.seen]
        self.seen = max((row.id for row in rows), default=0)
        return fresh

    def asks(self) -> None:
        """What a secretary would look at."""
        self.med(PLAN)
        self.med("plan --diff")
        for key in (ITEM, UNITS, SECOND):
            self.med("explain", key)


@pytest.fixture
def life(tmp_path: Path, url: str, database: str, capsys: pytest.CaptureFixture[str]) -> Life:
    folder = tmp_path / "site"
    init(folder)
    organisation = folder / "organisation/organisation.yaml"
    text = organisation.read_text("utf-8")
    organisation.write_text(re.sub("in force from: .*", IN_FORCE, text), "utf-8")
    if database == "postgresql":
        use_database(folder, url)
    # The other processes have nothing to do with it, and reading them takes its time.
    for path in (folder / "workflows").rglob("*.yaml"):
        if path != folder / f"workflows/{GUIDELINE}.yaml":
            path.unlink()
    (folder / "organisation/courses.yaml").unlink()
    apply(open_site(folder, stopped_at(FIRST_DAY)), demo=True)
    return Life(folder, capsys)


def test_the_guideline_on_violence_through_a_year(life: Life, rewriting: bool) -> None:
    life.stage("2026-03-04T09:00", "før mødet den 26. marts")
    life.asks()
    life.stage("2026-03-27T09:00", "mødet den 26. marts udsatte punkt 10")
    life.med("postpone", ITEM, "--by", "hny", "--on", "2026-03-26")
    life.announced()
    life.asks()
    life.stage("2026-05-28T09:00", "enhederne svarer")
    for unit in ("IT & Digitalisering", "HR & Løn", "Økonomi & Indkøb"):
        life.med("done", UNITS, "--by", unit)
    life.med("done", UNITS, "--by", "sro")
    life.announced()
    life.stage("2026-06-19T09:00", "mødet den 18. juni behandlede punkt 10")
    life.med("done", ITEM, "--by", "hny", "--meeting", "2026-06-18", "--item", "10")
    life.announced()
    life.asks()
    life.stage("2026-06-30T09:00", "hvad der kan bevises af året")
    life.med("report year --year 2026 --committee oes-med")
    rows = life.rows("report year --year 2026 --committee oes-med --json")
    assert [(row["key"], *(row[name] for name in COLUMNS)) for row in rows] == PROVED
    text = "\n".join(life.told).strip() + "\n"
    if rewriting:
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
