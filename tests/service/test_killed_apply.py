"""An apply that is killed anywhere leaves the old state or the new one, never a mix."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.config import read_config
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import Site

HERE = Path(__file__).parent
BASE = HERE.parent / "sites" / "base"
FIRST, SECOND, THIRD = "2026-03-02T08:00", "2026-03-02T09:00", "2026-03-02T10:00"
MOST_POINTS = 40


def site_at(folder: Path, moment: str) -> Site:
    return Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything the store holds but the editions' own moments."""
    with site_at(folder, THIRD).store() as store, store.reading() as connection:
        tables = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        )
        return {
            name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))]
            for (name,) in tables.fetchall()
            if name != "site"
        }


def killed(folder: Path, moment: str, at: int) -> int:
    told = subprocess.run(
        [sys.executable, str(HERE / "killed_applier.py"), str(folder), moment, str(at)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode in (0, -signal.SIGKILL), told.stderr
    return int(told.stdout) if told.returncode == 0 else 0


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[Path]:
    """A small site with one edition, and an edit of every kind that is not applied yet."""
    folder = tmp_path / "edited"
    shutil.copytree(BASE, folder)
    (folder / "config.toml").write_text("[mail]\nsink = true\n", "utf-8")
    apply(site_at(folder, FIRST), demo=True)
    with (folder / "organisation/members.csv").open("a", encoding="utf-8") as file:
        file.write("\nzz;kommune-med;medlem;Zita Zeuthen;zz@kommune.example;2026-01-01;;\n")
    yield folder


def test_killed_at_any_write_or_commit(edited: Path, tmp_path: Path) -> None:
    old = contents(edited)
    whole = tmp_path / "whole"
    shutil.copytree(edited, whole)
    points = killed(whole, SECOND, 0)
    new = contents(whole)
    assert old != new
    assert 5 < points < MOST_POINTS
    seen: set[str] = set()
    for point in range(1, points + 1):
        folder = tmp_path / f"killed-{point}"
        shutil.copytree(edited, folder)
        killed(folder, SECOND, point)
        state = contents(folder)
        assert state in (old, new), f"a mix after point {point}"
        seen.add("new" if state == new else "old")
        with (folder / "organisation/members.csv").open("a", encoding="utf-8") as file:
            file.write("yy;kommune-med;medlem;Yrsa Yde;yy@kommune.example;2026-01-01;;\n")
        again = apply(site_at(folder, THIRD))
        assert again.edition == (3 if state == new else 2)
    assert seen == {"old", "new"}
