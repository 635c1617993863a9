"""The scheduler only wakes: at the next mail's moment, and once every night."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from engine import scheduler
from engine.config import Editions, read_config
from engine.service.applying import apply
from engine.service.clock import ZONE, stopped_at
from engine.service.reminding import mail_folder
from engine.service.site import Site
from engine.service.starting import init
from engine.sink import letters


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

    assert set(found) == {scheduler.NEXT, scheduler.NIGHT}
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
