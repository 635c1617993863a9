"""Sites that are sound and far larger than any municipality's: planned in room that is bounded."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.definitions import read_site, site_files
from engine.planning.facts import Done, Facts
from engine.planning.periods import Window
from engine.planning.plan import make_plan
from engine.planning.reminders import due

ROOT = Path(__file__).parents[2]
BASE = {path: text.decode() for path, text in site_files(ROOT / "tests/sites/base").items()}
TODAY = date(2026, 11, 20)
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
FLOW = "workflows/moeder.yaml"
PLAN = "calendars/meetings/oes-med-2026.yaml"
# A deadline with its derivation, and a reading with its places.
ROOM_A_DEADLINE = 4_000
ROOM = 48 * 1024 * 1024

Files = dict[str, str]


def flow(start: str, steps: list[str], head: str = "") -> Files:
    written = "".join(
        f"  s{number}: {{title: Skridt, {step}}}\n" for number, step in enumerate(steps)
    )
    return {
        FLOW: "title: Møde\nsource: {document: Praksis}\ncommittees: {level: afdelings-med}\n"
        f"start: {start}\nresponsible: forperson\n{head}steps:\n{written}"
    }


def meetings(count: int) -> Files:
    """A committee that meets every day for years."""
    first = date(2015, 1, 1)
    days = [first + timedelta(days=number) for number in range(count)]
    files: Files = {}
    for year in sorted({day.year for day in days}):
        rows = "".join(f"  - {{date: {day}}}\n" for day in days if day.year == year)
        name = PLAN if year == 2026 else f"calendars/meetings/oes-med-{year}.yaml"
        files[name] = f"committee: oes-med\nmeetings:\n{rows}"
    return files


def committees(count: int) -> Files:
    lines = [
        f"  c{number}: {{title: Udvalg, level: afdelings-med, parent: kommune-med}}\n"
        for number in range(count)
    ]
    path = "organisation/organisation.yaml"
    return {path: BASE[path] + "".join(lines)}


LEADS = "remind: [" + ", ".join(f"{days} days before" for days in range(1, 501)) + "]\n"
NEAR = "due: 1 day before last meeting before 1 day after first meeting after period start"
DEEP = "due: " + "1 day after " * 80 + "period start"
SETS = "title: dage\ncovers: 1900..2200\nweekend: [sunday]\n"
# How many deadlines each gives in a year, those of other years that are reckoned included.
HOSTILE: dict[str, tuple[Callable[[], Files], int]] = {
    "a meeting every day": (lambda: meetings(5_000), 4_000),
    "twelve of a meeting every day": (
        lambda: {**meetings(5_000), **flow("{times: 12, per: year, apart: 2 months}", [NEAR] * 5)},
        4_000,
    ),
    "500 reminders of each": (lambda: flow("{each: meeting}", ["due: meeting"] * 3, LEADS), 100),
    "everything needs everything": (
        lambda: flow(
            "{each: meeting}",
            [
                "due: meeting",
                *(
                    f"due: meeting, needs: [{', '.join(f's{n}' for n in range(m))}]"
                    for m in range(1, 80)
                ),
            ],
        ),
        500,
    ),
    "100 steps a month": (lambda: flow("{each: month}", ["due: period end"] * 100), 6_000),
    "rules 80 deep": (lambda: flow("{each: month}", [DEEP] * 5), 2_000),
    "four sets of 300 years": (
        lambda: {f"calendars/working-days/s{number}.yaml": SETS for number in range(4)},
        100,
    ),
    "60 committees, each below one": (
        lambda: {
            **committees(60),
            **flow("{each: year}", ["due: period end", "due: period end, committees: {all: yes}"]),
        },
        20_000,
    ),
}


@pytest.mark.prove
@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_site_is_planned_in_bounded_room(kind: str) -> None:
    made, most = HOSTILE[kind]
    files = {path: text.encode() for path, text in {**BASE, **made()}.items()}
    tracemalloc.start()
    try:
        reading = read_site(files, TODAY)
        assert reading.edition is not None, reading.findings[:5]
        plan = make_plan(reading.edition, Facts(), YEAR)
        due(plan, {}, {}, TODAY, None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    count = len(plan.deadlines) + len(plan.beyond)
    assert 0 < count <= most
    assert peak < ROOM + ROOM_A_DEADLINE * count


def test_a_round_every_day_ends_with_what_was_done() -> None:
    files = {**BASE, **flow("{every: 1 day, from: done, first: 2026-01-01}", ["due: round end"])}
    edition = read_site({path: text.encode() for path, text in files.items()}, TODAY).edition
    assert edition is not None
    first = date(2018, 1, 1)
    done = tuple(
        Done(f"moeder/oes-med/r{number}/s0", first + timedelta(days=number))
        for number in range(1, 2_001)
    )
    plan = make_plan(edition, Facts(done=done), Window(date(2023, 6, 1), date(2023, 12, 31)))
    last = plan.by_key["moeder/oes-med/r2001/s0"]
    assert last.nominal_on == date(2023, 6, 25)
    assert len(plan.by_key) + len(plan.beyond) == 2_001
