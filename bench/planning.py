"""Three years of the shipped site, derivations and all, against one rule alone with rrule.

The peer computes only the days a week before each meeting, closed days walked off by `holidays`,
once for every deadline of the plan: less work than a plan, and no explanation.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays
from dateutil.rrule import DAILY, rrule

from bench.timing import Compared, compare
from engine.definitions import read_site, shipped_site, site_files
from engine.planning.facts import NOTHING_TOLD
from engine.planning.periods import Window
from engine.planning.plan import make_plan

WINDOW = Window(date(2025, 1, 1), date(2027, 12, 31))


def run() -> Compared:
    edition = read_site(site_files(shipped_site())).edition
    assert edition is not None
    plan = make_plan(edition, NOTHING_TOLD, WINDOW)
    days = [deadline.due_on for deadline in plan.deadlines if deadline.due_on is not None]
    denmark = holidays.country_holidays("DK", years=range(2024, 2029))

    def week_before(on: date) -> date:
        start = on - timedelta(days=7)
        back = rrule(DAILY, dtstart=start - timedelta(days=14), until=start)
        return next(
            each.date()
            for each in reversed(list(back))
            if each.weekday() < 5 and each.date() not in denmark
        )

    return compare(
        "a planned deadline, peer: rrule and holidays",
        len(plan.deadlines),
        lambda: make_plan(edition, NOTHING_TOLD, WINDOW),
        lambda: [week_before(on) for on in days],
    )
