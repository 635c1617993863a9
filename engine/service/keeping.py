"""What a running server does by itself: the nightly plan, and when to wake next."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.errors import EngineError
from engine.service.current import in_store
from engine.service.feeds import end_leavers
from engine.service.hours import opens_at
from engine.service.publishing import publish
from engine.service.reminding import ABOUT_THE_SITE, can_send, next_mail_at
from engine.service.retention import retain
from engine.service.site import Site

# After a fault the server tries again this much later.
AGAIN = timedelta(minutes=5)


def nightly(site: Site) -> None:
    """Bring announcements in step with the new day, publish, and erase what has served."""
    try:
        publish(site)
    finally:
        _end_leavers(site)
        retain(site)


def _end_leavers(site: Site) -> None:
    with site.writing() as store:
        now = in_store(store)
        if now is not None:
            end_leavers(site, store, now)


def next_moment(site: Site) -> datetime:
    """When the next letters may go, or a mail waits to be tried again."""
    try:
        with site.store() as store:
            now = in_store(store)
            if now is None:
                return site.now + AGAIN
            morning_at = next_mail_at(now, site.now)
            # Without a relay, or while the outbox is held, what waits goes on waiting, and nothing
            # is gained by waking for it; mails about the site go all the same.
            only = ABOUT_THE_SITE if store.outbox_held_at() is not None else ""
            waiting_at = store.next_due_at(only) if can_send(site) else None
            if waiting_at is not None:
                waiting_at = opens_at(now.edition, max(waiting_at, site.now))
    except EngineError:
        return site.now + AGAIN
    moments = [morning_at] if waiting_at is None else [morning_at, waiting_at]
    return max(min(moments), site.now + timedelta(seconds=1))
