"""Where one date comes from."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feed import horizon
from engine.planning.plan import Deadline, Plan
from engine.service.current import Current, current, deadline_of
from engine.service.site import Site


@dataclass(frozen=True, slots=True)
class Explained:
    """A deadline and the plan that gives it."""

    deadline: Deadline
    plan: Plan
    now: Current


def explain(site: Site, key: str) -> Explained:
    """The deadline with a key, with its derivation."""
    now = current(site)
    plan = now.plan(horizon(site.today))
    return Explained(deadline_of(plan, key), plan, now)
