"""Where one date comes from."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feed import horizon
from engine.planning.facts import Done, Facts, Waived
from engine.planning.plan import Deadline, Plan
from engine.service.current import Current, current, deadline_of
from engine.service.site import Site


@dataclass(frozen=True, slots=True)
class Explained:
    """A deadline and the plan that gives it."""

    deadline: Deadline
    plan: Plan
    now: Current
    told: tuple[Done | Waived, ...] = ()
    """What has been told of it and still holds; a postponement is part of how it was reached."""


def explain(site: Site, key: str) -> Explained:
    """The deadline with a key, with its derivation."""
    now = current(site)
    plan = now.plan(horizon(site.today, now.in_force_on))
    deadline = deadline_of(plan, plan.register.names.present(key))
    told = tuple(
        each
        for each in _settling(now.facts)
        if plan.register.names.present(each.key) == deadline.key
    )
    return Explained(deadline, plan, now, told)


def _settling(facts: Facts) -> list[Done | Waived]:
    """What was told of every deadline and holds beside its dates."""
    return [*facts.done, *facts.waived]
