"""Every mail before it goes: the days ahead, tried out on a copy of the store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from engine.errors import Outcome, Unknown
from engine.feed import horizon
from engine.planning.plan import Plan
from engine.service.addressing import address
from engine.service.announcing import announce
from engine.service.clock import ZONE, local
from engine.service.current import Current, in_store
from engine.service.hours import is_open
from engine.service.outbox import Posted, closed_uids, shown
from engine.service.reminding import LEASE, can_send, queue_due
from engine.service.site import Site
from engine.store import MessageRow, Store, rehearsal

PLANNED = "planned"
HELD, NO_RELAY = "held", "no-relay"
ON_ITS_WAY = ("due", "retry", "sending")


@dataclass(frozen=True, slots=True)
class Foresight:
    """The mails of some days, in the order they go, and why none goes now, as a code."""

    mails: tuple[Posted, ...]
    held_for: str
    no_relay: bool


def foreseen(site: Site, days: int) -> Foresight:
    """Every mail of the days from today on, as somebody who does nothing will get it.

    Each day is reckoned as `remind` will reckon it, from what will have been told by then. What is
    too much at once is listed as if it were released on its day.
    """
    site = site.once()
    with site.store() as store:
        now = in_store(store)
        if now is None:
            raise Unknown("service.no-edition")
        held_at, held_for = store.outbox_held()
        no_relay = not can_send(site)
        reason = HELD if held_at else NO_RELAY if no_relay else ""
        with rehearsal(store) as copy:
            copy.release_outbox(site.now)
            mails = tuple(_ahead(site, copy, now, days, reason))
    return Foresight(mails, held_for, no_relay)


def _ahead(site: Site, copy: Store, now: Current, days: int, reason: str) -> Iterator[Posted]:
    """The mails of each day; within a month of planning the plan is the same."""
    plan: Plan | None = None
    waiting = {row.id: row for row in copy.mails(states=ON_ITS_WAY)}
    settings = now.edition.organisation.settings
    for moment in _moments(site, now, days):
        then = replace(site, clock=partial(_at, moment))
        if plan is None or plan.window != horizon(then.today, now.in_force_on):
            plan, _ = announce(copy, now, then, reason="horizon")
            uids = closed_uids(copy)
        if not is_open(now.edition, moment):
            continue
        _, held_for = copy.outbox_held()
        copy.release_outbox(moment)
        too_much = queue_due(then, copy, now, plan, rehearsing=True) or held_for
        until = datetime.combine(then.today, settings.send_until, ZONE)
        for row in copy.claim(PLANNED, until, LEASE, sys.maxsize):
            copy.record(row.id, row.fence, Outcome.SENT, at=moment)
            old = waiting.get(row.id)
            send_at = max(moment, local(row.due_at))
            if old is not None:
                yield _posted(old, now, uids, send_at, reason or old.outcome, old.state)
            else:
                yield _posted(row, now, uids, send_at, reason or too_much, PLANNED)


def _at(moment: datetime) -> datetime:
    return moment


def _moments(site: Site, now: Current, days: int) -> Iterator[datetime]:
    """When mails go on each of the days; today at once when the hour has come."""
    send_at = now.edition.organisation.settings.send_at
    for number in range(days):
        on = site.today + timedelta(days=number)
        at = datetime.combine(on, send_at, ZONE)
        yield max(at, local(site.now)) if number == 0 else at


def _posted(
    row: MessageRow,
    now: Current,
    uids: Mapping[str, str],
    send_at: datetime,
    reason: str,
    state: str,
) -> Posted:
    return Posted(
        message_id=row.message_id,
        to=address(row.recipient, now),
        subject=str(row.contents["letter"]["subject"]),
        keys=shown([str(key) for key in row.contents["keys"]], uids),
        kind=row.kind,
        send_at=send_at,
        state=state,
        reason=reason,
        recipient=row.recipient.partition(":")[2],
    )
