"""Three years of a municipality with derivations, against the same dates by rrule and holidays.

The peer is given every deadline's anchor and amounts, and computes its date and nothing else:
`relativedelta` for the count; one `rrule` of weekdays up to the day, and a loop over `holidays`
and the municipality's own closing days, for those that go to the working day before; and for an
item at a meeting that has to be found, an `rruleset` of the body's meetings, searched from the
same day. It need not find out which deadlines there are, nor say how a date was reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule, rruleset

from bench.municipality import enlarged, shipped
from bench.timing import Compared, compare
from engine.planning.deadlines import Deadline
from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD, Meeting
from engine.planning.periods import Window
from engine.planning.plan import Plan, make_plan
from engine.service.current import without_collecting

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
    meetings: rruleset | None = None
    """The body's meetings, where one of them has to be found from a day."""
    relation: str = ""


def run() -> Iterator[Compared]:
    yield _against_the_peer()
    yield _scale(4)
    yield _scale(16)
    yield _one_edited_file()


def planned(edition: Edition, before: Plan | None = None) -> Plan:
    """A plan as the use cases make it, but for what their process still has of an earlier one."""
    with without_collecting():
        return make_plan(edition, NOTHING_TOLD, WINDOW, before)


def _against_the_peer() -> Compared:
    edition = enlarged(3)
    plan = make_plan(edition, NOTHING_TOLD, WINDOW)
    meetings = {body: _rows(held) for body, held in edition.meetings.items()}
    asked = [_asked(each, meetings) for each in plan.deadlines if each.due_on is not None]
    wrong = [each for each in asked if _reckoned(each) != each.due_on]
    assert not wrong, wrong[:3]
    return compare(
        f"a deadline, {len(edition.organisation.committees)} committees, peer: rrule and holidays",
        len(asked),
        lambda: planned(edition),
        lambda: [_reckoned(each) for each in asked],
    )


def _rows(held: Sequence[Meeting]) -> rruleset:
    """A body's ordinary meetings; kept, so that each search goes through a list."""
    rows = rruleset(cache=True)
    for meeting in held:
        if not (meeting.cancelled or meeting.extraordinary):
            rows.rdate(_moment(meeting.on))
    list(rows)
    return rows


def _moment(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001 - rrule's days have no zone


def _asked(deadline: Deadline, meetings: Mapping[str, rruleset]) -> Asked:
    nominal_on, due_on = deadline.nominal_on, deadline.due_on
    assert nominal_on is not None
    assert due_on is not None
    rolls = nominal_on != due_on or deadline.kind == "due"
    last = next((link for link in reversed(deadline.derivation) if link.on == nominal_on), None)
    if last is not None and last.kind == "meeting" and isinstance(last.detail["of_on"], date):
        relation = last.detail["relation"] or ""
        rows = meetings[str(last.detail["body"] or deadline.committee)]
        return Asked(last.detail["of_on"], (), False, False, due_on, rows, str(relation))
    detail = last.detail if last is not None and last.kind == "count" else {}
    amounts = detail.get("amounts")
    from_on = detail.get("from_on")
    if not isinstance(amounts, list) or not isinstance(from_on, date):
        return Asked(nominal_on, (), False, rolls and due_on < nominal_on, due_on)
    counted = tuple((count, unit.replace(" ", "_") + "s") for count, unit in amounts)
    is_before = detail["direction"] == "before"
    return Asked(from_on, counted, is_before, rolls and due_on <= nominal_on, due_on)


def _reckoned(asked: Asked) -> date:
    if asked.meetings is not None:
        return _found(asked, asked.meetings)
    sign = -1 if asked.is_before else 1
    counted = {unit: sign * n for n, unit in asked.amounts if unit != "working_days"}
    on = asked.from_on + relativedelta(**counted) if counted else asked.from_on  # type: ignore[arg-type]
    working = next((n for n, unit in asked.amounts if unit == "working_days"), 0)
    for _ in range(working):
        on = _next(on, sign)
    if not asked.rolls:
        return on
    return _last_open(on)


def _found(asked: Asked, meetings: rruleset) -> date:
    sought, inclusive = _moment(asked.from_on), asked.relation.startswith("on or")
    if asked.relation.endswith("before"):
        found = meetings.before(sought, inc=inclusive)
    else:
        found = meetings.after(sought, inc=inclusive)
    day: date = found.date()
    return day


def _next(on: date, sign: int) -> date:
    on += timedelta(days=sign)
    while on.weekday() > 4 or on in _closed():
        on += timedelta(days=sign)
    return on


def _last_open(on: date) -> date:
    until = _moment(on)
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
        lambda: planned(large),
        lambda: planned(small),
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
        lambda: planned(edited, before),
        lambda: planned(edited),
    )


def _edited(edition: Edition) -> Edition:
    workflow = edition.workflows[EDITED]
    renamed = workflow.model_copy(update={"title": f"{workflow.title} (nyt navn)"})
    return replace(edition, workflows={**edition.workflows, EDITED: renamed})


def _same(plan: Plan, edition: Edition) -> bool:
    whole = make_plan(edition, NOTHING_TOLD, WINDOW)
    return (plan.deadlines, plan.findings) == (whole.deadlines, whole.findings)
