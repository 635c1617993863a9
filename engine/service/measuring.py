"""How the site fares, in numbers only: no names, no keys, nothing that tells what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import Severity
from engine.planning.status import State, state
from engine.service.plans import View
from engine.service.site import Site
from engine.store import Store

FETCHED_LATELY = timedelta(days=30)
MAIL_STATES = ("due", "sending", "sent", "retry", "stuck", "failed", "unknown", "cancelled")


@dataclass(frozen=True, slots=True)
class Measures:
    """What a watcher counts."""

    mails: Mapping[str, int]
    oldest_waiting_seconds: float
    ran_at: datetime | None
    held: bool
    edition: int
    findings: Mapping[str, int]
    deadlines: Mapping[str, int]
    feeds: int
    feeds_fetched: int


def measured(site: Site, store: Store, view: View) -> Measures:
    """The numbers of this moment."""
    today, feeds = site.today, store.feeds()
    mails, oldest_at = store.counted()
    findings = Counter(finding.severity.value for finding in view.plan.findings)
    deadlines = Counter(state(each, view.plan, today).value for each in view.plan.deadlines)
    since_on = today - FETCHED_LATELY
    return Measures(
        mails={name: mails.get(name, 0) for name in MAIL_STATES},
        oldest_waiting_seconds=(site.now - oldest_at).total_seconds() if oldest_at else 0.0,
        ran_at=store.ran_at(),
        held=store.outbox_held_at() is not None,
        edition=view.now.number,
        findings={each.value: findings[each.value] for each in Severity},
        deadlines={each.value: deadlines[each.value] for each in State},
        feeds=len(feeds),
        feeds_fetched=sum(bool(row.fetched_on and row.fetched_on >= since_on) for row in feeds),
    )
