"""A working-day shift against walking day by day over `holidays`, and against numpy."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import numpy

from bench.municipality import shipped
from bench.timing import Compared, compare

SHIFTS = 2_000


def run() -> Iterator[Compared]:
    working = shipped().working("lov")
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

    # Built once, as numpy's users do: what is measured is the shift.
    days = numpy.busdaycalendar(holidays=[on.isoformat() for on in working.day_set.days])

    def offset(on: date, count: int) -> date:
        # From a closed day, day 1 is the next working day: numpy says so by rolling back first.
        shifted = numpy.busday_offset(on, count, roll="backward", busdaycal=days)
        found: date = shifted.astype(date)
        return found

    ours = [working.shift(on, n) for on, n in asked]
    assert ours == [walked(on, n) for on, n in asked] == [offset(on, n) for on, n in asked]
    for name, peer in (("holidays and a loop", walked), ("numpy's busday_offset", offset)):
        yield compare(
            f"a working-day shift, peer: {name}",
            SHIFTS,
            lambda: [working.shift(on, n) for on, n in asked],
            lambda peer=peer: [peer(on, n) for on, n in asked],
        )
