"""Three years of a municipality with derivations, against the same dates by rrule and holidays.

The peer is given every deadline's anchor and amounts, and computes its date and nothing else:
`relativedelta` for the count, one `rrule` of weekdays up to the day, and a loop over `holidays`
and the municipality's own closing days for those that go to the working day before. It need not
find out which deadlines there are, choose meetings, or say how a date was reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule

from bench.municipality import enlarged, shipped
from bench.timing import Compared, compare
from engine.planning.deadlines import Deadline
from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan

WINDOW = Window(date(2025, 1, 1), date(2027, 12, 31))
WEEKDAYS = (MO, TU, WE, TH, FR)
EDITED = "retningslinjer/stress"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the peer is told of a deadline: where it is counted from, and how."""

    from_on: date
    amounts: tuple[tuple[int, str], ...]
    is_before: bool
    rolls: bool
    due_on: date


def run() -> Iterator[Compared]:
    yield _against_the_peer()
    yield _scale(4)
    yield _scale(16)
    yield _one_edited_file()


def _against_the_peer() -> Compared:
    edition = enlarged(3)
    plan = make_plan(edition, NOTHING_TOLD, WINDOW)
    asked = [_asked(each) for each in plan.deadlines if each.due_on is not None]
    wrong = [each for each in asked if _reckoned(each) != each.due_on]
    assert not wrong, wrong[:3]
    return compare(
        f"a deadline, {len(edition.organisation.committees)} committees, peer: rrule and holidays",
        len(asked),
        lambda: make_plan(edition, NOTHING_TOLD, WINDOW),
        lambda: [_reckoned(each) for each in asked],
    )


def _asked(deadline: Deadline) -> Asked:
    nominal_on, due_on = deadline.nominal_on, deadline.due_on
    assert nominal_on is not None
    assert due_on is not None
    rolls = nominal_on != due_on or deadline.kind == "due"
    last = next((link for link in reversed(deadline.derivation) if link.on == nominal_on), None)
    detail = last.detail if last is not None and last.kind == "count" else {}
    amounts = detail.get("amounts")
    from_on = detail.get("from_on")
    if not isinstance(amounts, list) or not isinstance(from_on, date):
        return Asked(nominal_on, (), False, rolls and due_on < nominal_on, due_on)
    counted = tuple((count, unit.replace(" ", "_") + "s") for count, unit in amounts)
    is_before = detail["direction"] == "before"
    return Asked(from_on, counted, is_before, rolls and due_on <= nominal_on, due_on)


def _reckoned(asked: Asked) -> date:
    sign = -1 if asked.is_before else 1
    counted = {unit: sign * n for n, unit in asked.amounts if unit != "working_days"}
    on = asked.from_on + relativedelta(**counted) if counted else asked.from_on  # type: ignore[arg-type]
    working = next((n for n, unit in asked.amounts if unit == "working_days"), 0)
    for _ in range(working):
        on = _next(on, sign)
    if not asked.rolls:
        return on
    return _last_open(on)


def _next(on: date, sign: int) -> date:
    on += timedelta(days=sign)
    while on.weekday() > 4 or on in _closed():
        on += timedelta(days=sign)
    return on


def _last_open(on: date) -> date:
    until = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - rrule's days have no zone
    weekdays = rrule(DAILY, dtstart=until - timedelta(days=12), until=until, byweekday=WEEKDAYS)
    return next(day for each in reversed(list(weekdays)) if (day := each.date()) not in _closed())


@cache
def _closed() -> holidays.HolidayBase:
    denmark = holidays.country_holidays("DK", years=range(2023, 2031))
    for on, name in shipped().working("kommune").day_set.days.items():
        if 2023 <= on.year <= 2030:
            denmark[on] = name
    return denmark


def _scale(times: int) -> Compared:
    """The cost of a deadline in a larger municipality against the shipped one's."""
    small, large = shipped(), enlarged(times)
    few = len(make_plan(small, NOTHING_TOLD, WINDOW).deadlines)
    many = len(make_plan(large, NOTHING_TOLD, WINDOW).deadlines)
    return compare(
        f"a deadline at {times} times the size, peer: the shipped size",
        many,
        lambda: make_plan(large, NOTHING_TOLD, WINDOW),
        lambda: make_plan(small, NOTHING_TOLD, WINDOW),
        peer_amount=few,
    )


def _one_edited_file() -> Compared:
    """One workflow's title edited: a new plan from the one before, against a whole plan."""
    before = make_plan(shipped(), NOTHING_TOLD, WINDOW)
    edited = _edited(shipped())
    assert _same(make_plan(edited, NOTHING_TOLD, WINDOW, before), edited)
    return compare(
        "a new plan after one edited file, peer: a whole plan",
        1,
        lambda: make_plan(edited, NOTHING_TOLD, WINDOW, before),
        lambda: make_plan(edited, NOTHING_TOLD, WINDOW),
    )


def _edited(edition: Edition) -> Edition:
    workflow = edition.workflows[EDITED]
    renamed = workflow.model_copy(update={"title": f"{workflow.title} (nyt navn)"})
    return replace(edition, workflows={**edition.workflows, EDITED: renamed})


def _same(plan: Plan, edition: Edition) -> bool:
    whole = make_plan(edition, NOTHING_TOLD, WINDOW)
    return (plan.deadlines, plan.findings) == (whole.deadlines, whole.findings)
