"""What a page without sign-in may show, and how much of the mails in the sink."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.feed import Scope
from engine.planning.diff import Announced
from engine.planning.plan import Deadline, Plan
from engine.service.plans import View
from engine.wording.gate import NOBODY, Sight, seen

EVERYBODY = Scope()


def is_open(deadline: Deadline, plan: Plan, today: date) -> bool:
    """Whether anybody may see it: nothing closed, no case, nothing about one member alone."""
    return (
        deadline.seat is None
        and EVERYBODY.holds_deadline(deadline, plan.register)
        and seen(deadline, NOBODY, plan.register, today) is Sight.FULL
    )


def open_deadlines(view: View, today: date) -> Iterator[tuple[Deadline, str]]:
    """Everything open to all that has been announced, with the name in its address."""
    for deadline in view.plan.deadlines:
        announced = standing(view, deadline.key)
        if announced is not None and is_open(deadline, view.plan, today):
            yield deadline, announced.uid


def standing(view: View, key: str) -> Announced | None:
    """What has been announced of a key and not withdrawn."""
    announced = view.ledger.get(key)
    return None if announced is None or announced.retired_at else announced


def open_deadline(view: View, uid: str, today: date) -> Deadline | None:
    """The deadline with an address, if anybody may see it."""
    for announced in view.ledger.values():
        if announced.uid == uid and announced.retired_at is None:
            plan = view.plan
            deadline = plan.by_key.get(announced.key) or plan.beyond.get(announced.key)
            return deadline if deadline and is_open(deadline, plan, today) else None
    return None


def all_open(view: View, keys: list[str], today: date) -> bool:
    """Whether everything that a mail speaks of is open to all."""
    plan = view.plan
    told = [plan.by_key.get(key) or plan.beyond.get(key) for key in keys]
    return bool(told) and all(each is not None and is_open(each, plan, today) for each in told)
