"""What a running server does by itself: the nightly plan, and when to wake next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import EngineError
from engine.service.clock import ZONE, local
from engine.service.current import Current, in_store
from engine.service.feeds import end_leavers
from engine.service.hours import is_open, opens_at
from engine.service.publishing import publish
from engine.service.reminding import ABOUT_THE_SITE, can_send, next_mail_at
from engine.service.retention import retain
from engine.service.site import Site

# A server that starts after the hour, or whose run failed, sends that morning's mails so soon.
CATCH_UP = timedelta(minutes=1)
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


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next moment hangs on, as the store tells it; two that are equal wake alike."""

    edition: int | None
    held_at: datetime | None
    released_unseen: bool
    ran_at: datetime | None
    due_at: datetime | None
    about_the_site_at: datetime | None


def outlook(site: Site) -> Outlook:
    """A small look at the store, which reads no edition and plans nothing."""
    with site.store() as store, store.reading():
        return Outlook(
            store.current_number(),
            store.outbox_held_at(),
            store.released_unseen(),
            store.ran_at(),
            store.next_due_at(),
            store.next_due_at(ABOUT_THE_SITE),
        )


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
            is_held = store.outbox_held_at() is not None
            waiting_at = store.next_due_at(ABOUT_THE_SITE * is_held) if can_send(site) else None
            if waiting_at is not None:
                waiting_at = opens_at(now.edition, max(waiting_at, site.now))
            if can_send(site) and not is_held and _missed_this_morning(site, now, store.ran_at()):
                morning_at = site.now + CATCH_UP
            if can_send(site) and store.released_unseen():
                morning_at = min(morning_at, opens_at(now.edition, site.now))
    except EngineError:
        return site.now + AGAIN
    moments = [morning_at] if waiting_at is None else [morning_at, waiting_at]
    return max(min(moments), site.now + timedelta(seconds=1))


def _missed_this_morning(site: Site, now: Current, ran_at: datetime | None) -> bool:
    """Whether mail may go today, and nobody has reckoned what is due since the hour it goes."""
    send_at = now.edition.organisation.settings.send_at
    morning_at = datetime.combine(local(site.now).date(), send_at, ZONE)
    return is_open(now.edition, site.now) and (ran_at is None or ran_at < morning_at)
