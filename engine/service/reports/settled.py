"""What became of the deadlines of a year: when they were done, how late, and what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.planning.facts import FOLLOW_UP, Done, Facts, Postponed, Waived
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, is_reported, state
from engine.service.current import Current
from engine.wording.gate import NOBODY, Sight, seen

Decision = Done | Postponed | Waived


@dataclass(frozen=True, slots=True)
class Settled:
    """One deadline of the year, and what became of it."""

    deadline: Deadline
    state: State
    done_on: date | None
    late: bool
    before_start: bool
    """Whether it came before the site was taken into use, and nobody has told of it."""
    by_itself: bool
    """Whether its day came and nobody need tell of it: no proof that anything was done."""
    told: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class YearSettled:
    """The deadlines of a year that may be shown, and those of which only a number may."""

    plan: Plan
    today: date
    open_to_all: tuple[Settled, ...]
    about_members: tuple[Settled, ...]
    confidential: int


def settled_year(now: Current, year: int, committee: str, today: date) -> YearSettled:
    """The deadlines of a year, by who may read of them.

    What is for one side alone is left out; of what is confidential there is only a number.
    """
    window = Window(date(year, 1, 1), date(year, 12, 31))
    plan = now.plan(window)
    told = decisions(now.facts, plan)
    shown: list[Settled] = []
    members: list[Settled] = []
    confidential = 0
    for deadline in sorted(_of_window(plan, window), key=lambda each: each.order):
        if committee and deadline.committee != committee:
            continue
        if deadline.terms.visible is not None:
            continue
        if deadline.terms.confidential:
            confidential += 1
            continue
        found = _settled(deadline, now, plan, told, today)
        alone = seen(deadline, NOBODY, plan.register, today) is not Sight.FULL
        (members if alone else shown).append(found)
    return YearSettled(plan, today, tuple(shown), tuple(members), confidential)


def decisions(facts: Facts, plan: Plan) -> Mapping[str, list[Decision]]:
    """What was told of each deadline, by the key it has now, in the order of the days."""
    found: dict[str, list[Decision]] = defaultdict(list)
    every: Iterable[Decision] = (*facts.postponed, *facts.done, *facts.waived)
    for each in every:
        found[plan.register.names.present(each.key)].append(each)
    return found


def _of_window(plan: Plan, window: Window) -> Iterator[Deadline]:
    """What was due in the window, stood there before it was postponed, or was seen to there."""
    yield from (each for each in plan.deadlines if _belongs(each, plan, window))
    yield from (each for each in plan.beyond.values() if _stood_in(each, plan, window))


def _belongs(deadline: Deadline, plan: Plan, window: Window) -> bool:
    """Whether an undated one is of these days too: it began there, or was seen to there."""
    if deadline.due_on is not None:
        return True
    closed_on = plan.register.closed_on(deadline.key)
    if closed_on is not None:
        return window.holds(closed_on)
    return window.holds(deadline.about_on) or deadline.workflow == FOLLOW_UP


def _stood_in(deadline: Deadline, plan: Plan, window: Window) -> bool:
    if not deadline.postponed:
        return False
    meetings = plan.register.plan_of(deadline.committee).by_id
    for told in plan.register.postponed.get(deadline.key, ()):
        meeting = meetings.get(told.from_meeting)
        stood_on = told.from_on or (meeting.on if meeting else None)
        if stood_on is not None and window.holds(stood_on):
            return True
    return False


def _settled(
    deadline: Deadline,
    now: Current,
    plan: Plan,
    told: Mapping[str, list[Decision]],
    today: date,
) -> Settled:
    standing = state(deadline, plan, today)
    own = tuple(told.get(deadline.key, ()))
    by_itself = (
        standing is State.DONE and deadline.automatic and not is_reported(deadline, plan.register)
    )
    is_done = standing is State.DONE and not by_itself
    done_on = plan.register.closed_on(deadline.key) if is_done else None
    early = (
        standing not in (State.DONE, State.WAIVED)
        and not own
        and now.in_force_on is not None
        and deadline.due_on is not None
        and deadline.due_on < now.in_force_on
    )
    return Settled(deadline, standing, done_on, _late(deadline, done_on), early, by_itself, own)


def _late(deadline: Deadline, done_on: date | None) -> bool:
    """Whether it was done after both the legal day and the day to act by; advice never is."""
    due_on, nominal_on = deadline.due_on, deadline.nominal_on
    if done_on is None or due_on is None or nominal_on is None or not deadline.terms.binding:
        return False
    return done_on > max(due_on, nominal_on)
