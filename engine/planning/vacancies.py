"""Roles that must act on a day when nobody holds them: one finding a seat and term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import Finding, Severity
from engine.planning.plan import Deadline, Plan
from engine.planning.register import Register
from engine.planning.reminders import ReminderKind, must_act
from engine.planning.workflow import Holder

MEMBERS = "organisation/members.csv"
# So many seats that end on one day are an election to come, which is told of as one.
MOST_APART = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role that nobody holds from a day until a day, where these are known."""

    committee: str
    role: str
    from_on: date | None
    until_on: date | None


def vacancies(plan: Plan) -> list[Finding]:
    """The vacant roles that deadlines of the plan wait for.

    A role that is vacant when the window begins is a warning; one that will be is a remark, and
    where many seats end on one day, one remark tells of them all. Each says whether anybody else
    is reminded meanwhile: of everything, of a part, or of nothing.
    """
    waiting = _waiting(plan)
    now: list[Vacancy] = []
    coming: dict[date, list[Vacancy]] = defaultdict(list)
    for vacancy in waiting:
        if vacancy.from_on is None or vacancy.from_on <= plan.window.from_on:
            now.append(vacancy)
        else:
            coming[vacancy.from_on].append(vacancy)
    found = [_vacant("plan.role-vacant", each, waiting[each], plan) for each in now]
    for from_on, each_day in coming.items():
        if len(each_day) > MOST_APART:
            found.append(_seats_end(from_on, each_day, min(_first(waiting[e]) for e in each_day)))
        else:
            code = "plan.role-vacant-from"
            found += [_vacant(code, each, waiting[each], plan) for each in each_day]
    return sorted(found, key=lambda finding: finding.order)


def _waiting(plan: Plan) -> Mapping[Vacancy, Sequence[Deadline]]:
    """Every vacancy, with the deadlines whose days to act by fall in it."""
    found: dict[Vacancy, list[Deadline]] = defaultdict(list)
    for deadline in plan.deadlines:
        if deadline.kind != "on" and deadline.due_on is not None:
            for vacancy in _of(deadline, deadline.due_on, plan.register):
                found[vacancy].append(deadline)
    return found


def _first(waiting: Sequence[Deadline]) -> date:
    return min(deadline.due_on for deadline in waiting if deadline.due_on is not None)


def _of(deadline: Deadline, on: date, register: Register) -> Iterator[Vacancy]:
    for holder in deadline.terms.responsible:
        if holder.office or _is_members_own(holder, deadline):
            continue
        committee = holder.body or deadline.committee
        if committee in register.roster.committees and not register.roster.holding(
            holder, committee, on
        ):
            yield _stretch(committee, holder.role, on, register)


def _is_members_own(holder: Holder, deadline: Deadline) -> bool:
    """Whether the duty comes with a seat, and goes with it."""
    return deadline.seat is not None and not holder.body and holder.role == deadline.seat.role


def _stretch(committee: str, role: str, on: date, register: Register) -> Vacancy:
    seats = [seat for seat in register.roster.seats_of(committee) if seat.role == role]
    ended = [seat.until_on for seat in seats if seat.until_on is not None and seat.until_on < on]
    begun = [seat.from_on for seat in seats if seat.from_on > on]
    return Vacancy(
        committee,
        role,
        max(ended) + _ONE_DAY if ended else None,
        min(begun) - _ONE_DAY if begun else None,
    )


def _vacant(code: str, vacancy: Vacancy, waiting: Sequence[Deadline], plan: Plan) -> Finding:
    return Finding(
        f"{code}{_told_meanwhile(waiting, plan)}",
        Severity.INFO if code.endswith("-from") else Severity.WARNING,
        path=MEMBERS,
        field=f"{vacancy.role} of {vacancy.committee}",
        params={
            "committee": vacancy.committee,
            "role": vacancy.role,
            "from_on": vacancy.from_on,
            "until_on": vacancy.until_on,
            "on": _first(waiting),
        },
    )


def _told_meanwhile(waiting: Sequence[Deadline], plan: Plan) -> str:
    """How a code ends where of some of it, or of all, nobody is reminded instead."""
    due = (ReminderKind.DUE,)
    told = [bool(must_act(each, plan, {}, _first((each,)), due)) for each in waiting]
    return "" if all(told) else "-partly" if any(told) else "-untold"


def _seats_end(from_on: date, vacant: Iterable[Vacancy], on: date) -> Finding:
    seats = tuple(vacant)
    return Finding(
        "plan.seats-end",
        Severity.INFO,
        path=MEMBERS,
        field="until",
        params={
            "number": len(seats),
            "committees": len({each.committee for each in seats}),
            "last_on": from_on - _ONE_DAY,
            "on": on,
        },
    )
