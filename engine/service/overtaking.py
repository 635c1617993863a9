"""Mails that wait and say what is no longer so for whoever they are for."""

from __future__ import annotations

from collections.abc import Iterable

from engine.planning.plan import Plan
from engine.planning.reminders import due
from engine.service.clock import local
from engine.service.current import Current
from engine.service.hours import is_open
from engine.service.site import Site
from engine.store import MessageRow, Store, Told
from engine.store.tables import MessageKind

WHY = "service.overtaken"
KINDS: tuple[MessageKind, ...] = ("digest", "single")


def take_back_overtaken(site: Site, store: Store, now: Current, plan: Plan) -> None:
    """End the mails that are overtaken, before they go.

    What nobody can have had is taken back as soon as one thing in it no longer holds, and what
    still holds of it is told anew, to whoever it concerns now. What somebody may have had goes
    again as it was, but not once nothing in it holds.
    """
    if not is_open(now.edition, site.now):
        return
    waiting, doubtful = store.unsent(*KINDS), store.doubtful(site.now, *KINDS)
    if not waiting and not doubtful:
        return
    holds = _Holding(site, store, now, plan, (*waiting, *doubtful))
    store.take_back([row.id for row in waiting if not all(holds.each(row))], WHY)
    over = [row.id for row in doubtful if not any(holds.each(row))]
    store.leave_doubtful(over, site.now, WHY)


class _Holding:
    """What is to be told to whom, for which day: the measure of what some mails say."""

    def __init__(
        self, site: Site, store: Store, now: Current, plan: Plan, mails: Iterable[MessageRow]
    ) -> None:
        today = local(site.now).date()
        standing = due(plan, {}, store.moves(), today, now.in_force_on, now.people)
        self._standing = {
            (each.recipient, each.deadline.key, each.deadline.due_on) for each in standing
        }
        self._present = plan.register.names.present
        self._carried = store.carried([row.id for row in mails])

    def each(self, row: MessageRow) -> list[bool]:
        """Whether each thing that a mail says still holds for its recipient."""
        return [self._one(row.recipient, told) for told in self._carried.get(row.id, ())]

    def _one(self, recipient: str, told: Told) -> bool:
        key = self._present(told.key.partition("#")[0])
        return (recipient, key, told.due_on) in self._standing
