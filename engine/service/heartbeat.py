"""Signs of life: when a run was last good, a ping to whoever listens, and days without any run."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from engine.planning.status import MAIL_DAYS
from engine.service.administrators import tell_administrators
from engine.service.clock import ZONE, local
from engine.service.current import Current
from engine.service.site import Site
from engine.store import Store
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day

log = logging.getLogger("medfrist.heartbeat")

SECONDS = 5
"""How long whoever listens may take to answer."""

MOST_DAYS = 31
"""How far back days without a run are looked for."""


def ping(url: str) -> bool:
    """Tell whoever listens that a run was good; a failure is logged by its code and is no more."""
    if not url:
        return False
    try:
        request = Request(url, headers={"User-Agent": "medfrist"})
        with urlopen(request, timeout=SECONDS, context=ssl.create_default_context()) as answer:
            answer.read(1)
    except HTTPError as error:
        log.warning("the heartbeat was refused: %d", error.code)
    except (OSError, HTTPException, ValueError) as error:
        log.warning("the heartbeat failed: %s", type(error).__name__)
    else:
        return True
    return False


def tell_of_missed_days(site: Site, store: Store, now: Current) -> tuple[date, ...]:
    """Tell the administrators once of the working days before this one that had no run at all."""
    days = tuple(_missed(site, store, now))
    if not days:
        return ()
    tell_administrators(
        site,
        store,
        now,
        "outbox.mail.no-run",
        lambda language: _lines(days, language),
        f"no-run {days[-1]}",
        count=len(days),
    )
    return days


def _missed(site: Site, store: Store, now: Current) -> Iterator[date]:
    """The working days on which mail would have gone, and nobody reckoned what was due."""
    here = local(site.now)
    ran_at, from_on = store.ran_at(), first_mail_on(store, now)
    if from_on is None or (ran_at is None and store.messages(1)):
        return
    working = now.edition.working(MAIL_DAYS)
    send_at = now.edition.organisation.settings.send_at
    first_on = max(from_on, here.date() - timedelta(days=MOST_DAYS))
    for on in _between(first_on - timedelta(days=1), here.date()):
        at = datetime.combine(on, send_at, ZONE)
        if working.is_working(on) and (ran_at is None or ran_at < at):
            yield on


def first_mail_on(store: Store, now: Current) -> date | None:
    """The first day on which mail could go from the morning: in force, and applied by then."""
    applied = [local(head.applied_at) for head in store.editions()]
    if now.in_force_on is None or not applied:
        return None
    first_at = min(applied)
    is_late = first_at.time() >= now.edition.organisation.settings.send_at
    return max(now.in_force_on, first_at.date() + timedelta(days=is_late))


def _between(after_on: date, before_on: date) -> Iterator[date]:
    for number in range(1, (before_on - after_on).days):
        yield after_on + timedelta(days=number)


def _lines(days: tuple[date, ...], language: Language) -> list[str]:
    return [say("outbox.mail.day", language, day=long_day(on, language)) for on in days]
