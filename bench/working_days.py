"""A working-day shift against walking day by day over the `holidays` package."""

from __future__ import annotations

import random
from datetime import date, timedelta

import holidays

from bench.timing import Compared, compare
from engine.definitions import read_site, shipped_site, site_files

SHIFTS = 2_000


def run() -> Compared:
    edition = read_site(site_files(shipped_site())).edition
    assert edition is not None
    working = edition.working("lov")
    denmark = holidays.country_holidays("DK", years=range(2019, 2035))
    chance = random.Random(2026)
    asked = [
        (date(2020, 1, 1) + timedelta(days=chance.randrange(4_000)), chance.randrange(1, 40))
        for _ in range(SHIFTS)
    ]

    def walked(on: date, count: int) -> date:
        while count:
            on += timedelta(days=1)
            if on.weekday() < 5 and on not in denmark:
                count -= 1
        return on

    assert [working.shift(on, n) for on, n in asked] == [walked(on, n) for on, n in asked]
    return compare(
        "a working-day shift, peer: holidays and a loop",
        SHIFTS,
        lambda: [working.shift(on, n) for on, n in asked],
        lambda: [walked(on, n) for on, n in asked],
    )
