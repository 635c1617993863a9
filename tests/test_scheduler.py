"""The scheduler only wakes: at the next mail's moment, and once every night."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import update
from sqlmodel import col

from engine import scheduler
from engine.config import Editions, read_config
from engine.service import outbox
from engine.service.applying import apply
from engine.service.clock import ZONE, stopped_at
from engine.service.keeping import Outlook, next_moment, outlook
from engine.service.moving_meetings import move
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.sink import letters
from engine.store.tables import MessageRow, SiteRow


@pytest.fixture
def site(tmp_path: Path) -> Site:
    init(tmp_path)
    found = Site(tmp_path, read_config(tmp_path), stopped_at("2026-11-26T07:00"), pretended=True)
    apply(found, demo=True)
    return found


@pytest.fixture
def later(site: Site) -> Site:
    """The site at a moment that the machine's own clock will not reach while tests run."""
    return Site(site.folder, site.config, stopped_at("2038-11-26T07:00"), pretended=True)


@pytest.fixture
def asleep() -> Iterator[BackgroundScheduler]:
    """A clock that keeps what it is told and wakes nobody."""
    clock = BackgroundScheduler(timezone=ZONE)
    clock.start(paused=True)
    yield clock
    clock.shutdown()


def wakes(running: BackgroundScheduler) -> dict[str, datetime]:
    return {each.id: each.next_run_time for each in running.get_jobs()}


def test_it_wakes_at_the_set_hour_of_the_next_working_day(later: Site) -> None:
    with scheduler.running(later) as running:
        found = wakes(running)
        settings = {(each.misfire_grace_time, each.coalesce) for each in running.get_jobs()}

    assert set(found) == {scheduler.NEXT, scheduler.NIGHT, scheduler.WATCH}
    assert found[scheduler.NEXT] == datetime(2038, 11, 26, 7, 30, tzinfo=ZONE)
    assert settings == {(None, True)}


@pytest.mark.parametrize("night", ["2026-10-25", "2027-03-28"])
def test_the_nightly_plan_runs_once_when_the_clock_changes(later: Site, night: str) -> None:
    on = datetime.fromisoformat(night).replace(tzinfo=ZONE)
    with scheduler.running(later) as running:
        trigger = running.get_job(scheduler.NIGHT).trigger
        first = trigger.get_next_fire_time(None, on)
        second = trigger.get_next_fire_time(first, first + timedelta(seconds=1))

    assert first == on.replace(hour=4, minute=15)
    assert second == (on + timedelta(days=1)).replace(hour=4, minute=15)


def test_a_morning_sends_and_sets_the_next_one(site: Site, asleep: BackgroundScheduler) -> None:
    morning = Site(site.folder, site.config, stopped_at("2026-11-26T07:30"), pretended=True)
    scheduler._morning(morning, asleep)
    found = wakes(asleep)

    assert len(letters(mail_folder(morning))) > 0
    assert found[scheduler.NEXT] == datetime(2026, 11, 27, 7, 30, tzinfo=ZONE)


def test_a_night_publishes_the_calendars(site: Site, asleep: BackgroundScheduler) -> None:
    scheduler._night(site, asleep)

    assert (site.folder / "calendars/published/alle.ics").is_file()


def test_it_stops_while_something_it_woke_is_still_at_work(site: Site) -> None:
    at_work = threading.Event()
    moment = site.now

    def slow() -> datetime:
        if threading.current_thread() is not stopping:
            at_work.set()
            # Long enough for the block to be left meanwhile.
            time.sleep(1)
        return moment

    morning = Site(site.folder, site.config, slow, pretended=True)

    def start_and_stop() -> None:
        with scheduler.running(morning):
            at_work.wait(timeout=20)

    stopping = threading.Thread(target=start_and_stop, daemon=True)
    stopping.start()
    stopping.join(timeout=40)

    assert (at_work.is_set(), stopping.is_alive()) == (True, False)


def test_it_looks_at_the_files_only_where_they_take_effect_by_themselves(site: Site) -> None:
    config = site.config.model_copy(update={"editions": Editions(auto_apply=True)})
    with scheduler.running(replace(site, config=config)) as running:
        found = running.get_job(scheduler.LOOK).trigger.interval
    with scheduler.running(site) as running:
        without = running.get_job(scheduler.LOOK)
    assert (found.total_seconds(), without) == (20, None)


def test_whose_turn_comes_after_the_end_does_nothing(site: Site) -> None:
    morning = Site(site.folder, site.config, stopped_at("2026-11-26T07:30"), pretended=True)
    ended = BackgroundScheduler(timezone=ZONE)
    ended.start(paused=True)
    ended.shutdown()
    scheduler._morning(morning, ended)
    scheduler._night(morning, ended)

    assert not mail_folder(morning).exists()
    assert not (site.folder / "calendars/published").exists()


# What others do in the store while the server sleeps.


@pytest.fixture
def morning(applied_site: Path) -> Site:
    """The site after its first morning, on each database."""
    found = Site(
        applied_site, read_config(applied_site), stopped_at("2026-11-26T08:00"), pretended=True
    )
    remind(found)
    return found


def looking(site: Site, asleep: BackgroundScheduler) -> Callable[[], datetime]:
    """One look after another; each gives the moment for which the clock is set by then."""
    seen = scheduler._Seen()

    def look() -> datetime:
        scheduler._watch(site, asleep, seen)
        return wakes(asleep)[scheduler.NEXT]

    return look


TOMORROW = datetime(2026, 11, 27, 7, 30, tzinfo=ZONE)
AT_ONCE = datetime(2026, 11, 26, 8, 0, 1, tzinfo=ZONE)


@pytest.mark.parametrize("why", ["restored", "too-many-at-once"])
def test_a_release_is_noticed(morning: Site, asleep: BackgroundScheduler, why: str) -> None:
    with morning.store() as store:
        store.hold_outbox(morning.now, why)
    look = looking(morning, asleep)
    assert look() == TOMORROW
    outbox.release(morning)
    assert look() == AT_ONCE
    scheduler._morning(morning, asleep)
    # Whether or not anything was due, the release has been seen.
    assert look() == TOMORROW


def test_what_was_released_before_the_server_began_goes_at_once(morning: Site) -> None:
    with morning.store() as store:
        store.hold_outbox(morning.now, "too-many-at-once")
    outbox.release(morning)
    assert next_moment(morning) == AT_ONCE
    evening = replace(morning, clock=stopped_at("2026-11-26T19:00"))
    assert next_moment(evening) == TOMORROW


def test_a_mail_that_another_process_queued_is_noticed(
    morning: Site, asleep: BackgroundScheduler
) -> None:
    look = looking(morning, asleep)
    assert look() == TOMORROW
    move(morning, "sku-med", date(2026, 12, 1), date(2026, 12, 15))
    apply(morning)
    with morning.store() as store:
        assert store.unsent("change")
    assert look() == AT_ONCE


def test_a_mail_that_is_to_be_tried_now_is_noticed(
    morning: Site, asleep: BackgroundScheduler
) -> None:
    look = looking(morning, asleep)
    with morning.store() as store:
        row = store.messages(1)[0]
        with store.writing() as connection:
            connection.execute(
                update(MessageRow).where(col(MessageRow.id) == row.id).values(state="stuck")
            )
    assert look() == TOMORROW
    outbox.retry(morning, [row.message_id])
    assert look() == AT_ONCE


def test_a_run_that_fails_is_not_tried_again_at_once(
    morning: Site, asleep: BackgroundScheduler
) -> None:
    with morning.store() as store:
        row = store.messages(1)[0]
        with store.writing() as connection:
            connection.execute(
                update(MessageRow).where(col(MessageRow.id) == row.id).values(state="due")
            )
            # A moment of one's choosing is refused by a site that is in earnest.
            connection.execute(update(SiteRow).values(demo=False))
    look = looking(morning, asleep)
    assert look() == AT_ONCE
    scheduler._morning(morning, asleep)
    assert wakes(asleep)[scheduler.NEXT] == look() == datetime(2026, 11, 26, 8, 5, tzinfo=ZONE)


def test_a_run_that_ends_in_a_fault_of_ours_is_not_tried_again_at_once(
    morning: Site, asleep: BackgroundScheduler
) -> None:
    with morning.store() as store:
        numbers = [row.id for row in store.messages(2)]
        broken = {"state": "due", "contents": {"keys": []}}
        two = col(MessageRow.id).in_(numbers)
        with store.writing() as connection:
            connection.execute(update(MessageRow).where(two).values(broken))
    # One is claimed by then; the other waits.
    with pytest.raises(KeyError):
        scheduler._morning(morning, asleep)
    assert wakes(asleep)[scheduler.NEXT] == datetime(2026, 11, 26, 8, 5, tzinfo=ZONE)


def test_a_look_that_finds_nothing_new_sets_nothing(
    morning: Site, asleep: BackgroundScheduler
) -> None:
    look = looking(morning, asleep)
    look()
    known = asleep.get_job(scheduler.NEXT)
    look()
    assert asleep.get_job(scheduler.NEXT) is known


def test_a_look_waits_for_nobody(morning: Site, asleep: BackgroundScheduler) -> None:
    """Whatever is at work may take long, and sets the next moment itself."""
    at_work, looked = threading.Event(), threading.Event()

    def work() -> None:
        with scheduler._AT_WORK:
            at_work.set()
            looked.wait(timeout=20)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    at_work.wait(timeout=20)
    scheduler._watch(morning, asleep, scheduler._Seen())
    looked.set()
    worker.join(timeout=20)
    assert wakes(asleep) == {}


def test_a_store_that_is_gone_is_looked_at_again_when_it_is_back(
    shipped_copy: Path, asleep: BackgroundScheduler
) -> None:
    site = Site(
        shipped_copy, read_config(shipped_copy), stopped_at("2026-11-26T08:00"), pretended=True
    )
    file, away = site.var / "medfrist.db", site.var / "elsewhere.db"
    seen = scheduler._Seen(outlook(site))
    file.rename(away)
    file.mkdir()
    scheduler._watch(site, asleep, seen)
    assert (seen.outlook, wakes(asleep)) == (None, {})
    file.rmdir()
    away.rename(file)
    scheduler._watch(site, asleep, seen)
    assert seen.outlook == Outlook(1, None, False, None, None, None)
    assert set(wakes(asleep)) == {scheduler.NEXT}


def test_a_running_server_notices(morning: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its looks run for real; the site's own clock stands still, long after any test is run."""
    monkeypatch.setattr(scheduler, "WATCH_SECONDS", 0.1)
    with morning.store() as store:
        store.hold_outbox(morning.now, "restored")
    noon = replace(morning, clock=stopped_at("2038-11-26T12:00"))
    with scheduler.running(noon) as running:
        assert wakes(running)[scheduler.NEXT] == datetime(2038, 11, 29, 7, 30, tzinfo=ZONE)
        outbox.release(morning)
        last_at = time.monotonic() + 20
        while wakes(running)[scheduler.NEXT] != datetime(2038, 11, 26, 12, 0, 1, tzinfo=ZONE):
            assert time.monotonic() < last_at
            time.sleep(0.05)
