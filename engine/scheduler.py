"""The clock of a running server: it wakes `service` and holds no truth of its own.

Others write in the same store: `med outbox release` and `retry`, `med apply`, whoever presses a
button, other nodes. No sign of it comes from a SQLite file, so a small look is taken again and
again; it reads six values, plans nothing, and sets the next moment only when they have changed.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.errors import EngineError
from engine.service.autoapplying import look
from engine.service.clock import ZONE
from engine.service.keeping import AGAIN, Outlook, next_moment, nightly, outlook
from engine.service.reminding import remind
from engine.service.site import Site

log = logging.getLogger("medfrist.scheduler")

# Away from 02-03, which happens twice or never on the nights when the clock changes.
NIGHT_HOUR, NIGHT_MINUTE = 4, 15
NEXT, NIGHT, LOOK, WATCH = "next-mail", "night", "look", "watch"
# A quiet minute is seen at most this much later than it has passed.
LOOK_SECONDS = 20
# Whoever lets mails go looks for them within the minute; a look takes some milliseconds.
WATCH_SECONDS = 30
# Held by whatever the clock has woken; one at a time. Whose turn comes after the clock was ended
# does nothing: the site may be gone.
_AT_WORK = threading.RLock()


@dataclass(slots=True)
class _Seen:
    """What the last look at the store found; nothing before the first, or when it failed."""

    outlook: Outlook | None = None


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """What is set by SIGTERM and SIGINT while the block lasts; a second one ends the process."""
    ending = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.getsignal(each) for each in signals}

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        ending.set()

    for each in signals:
        signal.signal(each, stop)
    try:
        yield ending
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def running(site: Site, ending: threading.Event | None = None) -> Iterator[BackgroundScheduler]:
    """A scheduler that lives as long as the block; once `ending` is set the mail in hand is last.

    Whatever was missed while the machine slept runs once when it wakes: what is due is reckoned
    for that moment, never remembered here.
    """
    ending = ending or threading.Event()
    scheduler = BackgroundScheduler(
        timezone=ZONE, job_defaults={"misfire_grace_time": None, "coalesce": True}
    )
    scheduler.add_job(
        _night,
        CronTrigger(hour=NIGHT_HOUR, minute=NIGHT_MINUTE, timezone=ZONE),
        [site, scheduler, ending],
        id=NIGHT,
    )
    if site.config.editions.auto_apply:
        every = IntervalTrigger(seconds=LOOK_SECONDS, timezone=ZONE)
        scheduler.add_job(_look, every, [site, scheduler, ending], id=LOOK)
    watch = IntervalTrigger(seconds=WATCH_SECONDS, timezone=ZONE)
    scheduler.add_job(_watch, watch, [site, scheduler, _Seen(), ending], id=WATCH)
    _set_next(site, scheduler, ending)
    scheduler.start()
    try:
        yield scheduler
    finally:
        ending.set()
        _stop(scheduler)


def _stop(scheduler: BackgroundScheduler) -> None:
    """End the clock, and wait for what it has woken.

    APScheduler waits with its lock held, and what it woke needs that lock to set the next
    moment: the two would wait for each other for ever.
    """
    scheduler.shutdown(wait=False)
    with _AT_WORK:
        pass


def _morning(
    site: Site, scheduler: BackgroundScheduler, ending: threading.Event | None = None
) -> None:
    with _AT_WORK:
        if not scheduler.running:
            return
        pause: timedelta | None = AGAIN
        try:
            run = remind(site, ending)
            log.info("mails sent: %d", len(run.mails))
            pause = None
        except EngineError as error:
            log.warning("sending failed: %s", error.code)
        finally:
            _set_next(site, scheduler, ending, pause)


def _night(
    site: Site, scheduler: BackgroundScheduler, ending: threading.Event | None = None
) -> None:
    with _AT_WORK:
        if not scheduler.running:
            return
        try:
            nightly(site)
        except EngineError as error:
            log.warning("the nightly plan failed: %s", error.code)
        finally:
            _set_next(site, scheduler, ending)


def _look(
    site: Site, scheduler: BackgroundScheduler, ending: threading.Event | None = None
) -> None:
    with _AT_WORK:
        if not scheduler.running:
            return
        try:
            found = look(site)
        except EngineError as error:
            log.warning("the files could not be looked at: %s", error.code)
            return
        if found.news:
            log.info("the files: %s", found.outcome.value)
            _set_next(site, scheduler, ending)


def _watch(
    site: Site,
    scheduler: BackgroundScheduler,
    seen: _Seen,
    ending: threading.Event | None = None,
) -> None:
    """Set the next moment anew when others have changed what it hangs on.

    Whatever is at work sets it when it has done.
    """
    if not _AT_WORK.acquire(blocking=False):
        return
    try:
        if not scheduler.running:
            return
        found = _outlook(site)
        if found is not None and found != seen.outlook:
            _set_next(site, scheduler, ending)
        seen.outlook = found
    finally:
        _AT_WORK.release()


def _outlook(site: Site) -> Outlook | None:
    try:
        return outlook(site)
    except EngineError:
        return None


def _set_next(
    site: Site,
    scheduler: BackgroundScheduler,
    ending: threading.Event | None,
    pause: timedelta | None = None,
) -> None:
    """Wake at the next morning or the next unsent mail, whichever comes first; after a pause."""
    next_at = next_moment(site)
    trigger = DateTrigger(max(next_at, site.now + pause) if pause else next_at, timezone=ZONE)
    scheduler.add_job(_morning, trigger, [site, scheduler, ending], id=NEXT, replace_existing=True)
