"""The calendar entries in mails: for those whose own calendar does not fetch them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from engine.feed import Scope, render
from engine.planning.diff import Announced
from engine.planning.plan import Plan
from engine.service.clock import local
from engine.service.site import Site
from engine.store import Store
from engine.wording.catalogue import Language, say
from engine.wording.gate import Viewer

FETCHED_LATELY = timedelta(days=30)


def fetchers(store: Store, today: date) -> set[str]:
    """Those whose own calendar fetches the deadlines, and who need no copies by mail."""
    since_on = today - FETCHED_LATELY
    return {
        f"person:{row.scope}"
        for row in store.feeds()
        if row.scope_kind == "person" and row.fetched_on and row.fetched_on >= since_on
    }


def entries(
    site: Site,
    plan: Plan,
    ledger: Mapping[str, Announced],
    looking: Viewer,
    keys: Collection[str],
    language: Language,
) -> str | None:
    """The coming deadlines of a letter as calendar entries, the same as in any feed."""
    today = local(site.now).date()
    coming = {
        key: ledger[key]
        for key in keys
        if key in ledger and ledger[key].snapshot.due_on >= today.isoformat()
    }
    content = render(
        plan,
        coming,
        looking,
        calendar_name=say("service.feed-name-mine", language),
        language=language,
        scope=Scope(),
        today=today,
        base_url=site.config.web.base_url,
    )
    return content.decode() if b"BEGIN:VEVENT" in content else None
