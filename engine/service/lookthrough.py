"""What was due before the site came in force: each is answered once, and mailed about only then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Literal

from engine.errors import FactRejected, Unknown
from engine.planning.periods import Window, add_months
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, state
from engine.service.announcing import announce
from engine.service.case_inputs import refuse_personal
from engine.service.current import Current, in_store
from engine.service.planning import Asked, Listed, listed, row_of
from engine.service.site import Site
from engine.store import Fact, FactRow

MONTHS_BACK = 12
# "Last discussed" may be answered for a run this much older than what is listed.
OLDEST_MONTHS = 36

Answer = Literal["done", "taken-over", "not-ours"]


@dataclass(frozen=True, slots=True)
class Answering:
    """One answer to some of what waits for one."""

    answer: Answer
    keys: tuple[str, ...] = ()
    committee: str = ""
    workflow: str = ""
    every: bool = False
    on: date | None = None
    as_planned: bool = False
    by: str = ""
    why: str = ""


def waiting(site: Site, committee: str = "", workflow: str = "") -> Listed:
    """The open deadlines of the year before the site came in force that nobody has answered for."""
    site = site.once()
    with site.store() as store:
        now = in_store(store)
    if now is None:
        raise Unknown("service.no-edition")
    return _waiting(site, now, committee, workflow)


def answer(site: Site, told: Answering) -> list[FactRow]:
    """Record an answer for the keys given, or for all that a committee or workflow has left."""
    site = site.once()
    _refuse_without_day(site, told)
    with site.writing() as store, store.writing():
        now = in_store(store)
        if now is None:
            raise Unknown("service.no-edition")
        _refuse_strangers(told, now)
        facts = [
            store.add_fact(_fact(site, told, deadline)) for deadline in _chosen(site, now, told)
        ]
        after = in_store(store)
        assert after is not None
        if facts:
            announce(store, after, site, reason=f"fact {facts[-1].id}")
    return facts


def _waiting(site: Site, now: Current, committee: str, workflow: str) -> Listed:
    begun_on = now.in_force_on or site.today
    window = Window(add_months(begun_on, -MONTHS_BACK), begun_on - timedelta(days=1))
    asked = Asked(window.from_on, window.until_on, committee, workflow)
    found = listed(site, asked, now)
    rows = tuple(row for row in found.rows if _unanswered(row.deadline, found.plan, site.today))
    return Listed(now, found.plan, rows)


def _unanswered(deadline: Deadline, plan: Plan, today: date) -> bool:
    if deadline.kind == "on" or deadline.automatic or not deadline.terms.binding:
        return False
    if deadline.due_on is None or deadline.key in plan.register.taken_over:
        return False
    return state(deadline, plan, today) not in (State.DONE, State.WAIVED)


def _chosen(site: Site, now: Current, told: Answering) -> list[Deadline]:
    if not told.keys:
        if not (told.committee or told.workflow or told.every):
            raise FactRejected("editions.answer-to-what")
        return [row.deadline for row in _waiting(site, now, told.committee, told.workflow).rows]
    begun_on = now.in_force_on or site.today
    plan = now.plan(Window(add_months(begun_on, -OLDEST_MONTHS), begun_on))
    found: list[Deadline] = []
    for key in dict.fromkeys(told.keys):
        deadline = plan.by_key.get(plan.register.names.present(key))
        if deadline is None:
            raise Unknown("service.unknown-deadline", key=key)
        if deadline.due_on is None or deadline.due_on >= begun_on:
            raise FactRejected("editions.not-before", title=deadline.title, begun_on=begun_on)
        if row_of(deadline, plan, now.people, site.today).state in (State.DONE, State.WAIVED):
            raise FactRejected("editions.answered-already", title=deadline.title, key=key)
        found.append(deadline)
    return found


def _fact(site: Site, told: Answering, deadline: Deadline) -> Fact:
    on = told.on or site.today
    if told.as_planned:
        on = deadline.due_on or on
    return Fact(
        key=deadline.key,
        kind=told.answer,
        on=on,
        by=told.by,
        how="lookthrough",
        why=told.why,
        recorded_at=site.now,
    )


def _refuse_without_day(site: Site, told: Answering) -> None:
    """What was done was done on a day, and nobody but the one who tells knows which."""
    if told.answer == "done" and (told.on is None) is not told.as_planned:
        raise FactRejected("editions.answer-which-day")
    if told.on is not None and told.on > site.today:
        raise FactRejected("service.done-tomorrow", on=told.on)


def _refuse_strangers(told: Answering, now: Current) -> None:
    refuse_personal(told.why, now.people)
    if told.by and told.by not in now.people:
        near = get_close_matches(told.by, sorted(now.people), n=1)
        raise FactRejected("service.unknown-person", name=told.by, near=near[0] if near else "")
