"""How fast one worker hands mails in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.config import Mail, read_config
from engine.errors import ConfigError
from engine.service.pacing import MINUTE, Pace, pace
from engine.service.reminding import LEASE
from engine.service.site import Site


def test_without_a_number_nobody_waits() -> None:
    unpaced, ending = Pace(None), threading.Event()
    began_at = time.monotonic()
    assert [unpaced.wait(ending) for _ in range(1000)] == [True] * 1000
    assert time.monotonic() - began_at < 1


def test_mails_are_spread_evenly() -> None:
    paced, ending = Pace(1200), threading.Event()
    began_at = time.monotonic()
    assert [paced.wait(ending) for _ in range(5)] == [True] * 5
    assert 0.2 <= time.monotonic() - began_at < 1


def test_whoever_is_asked_to_stop_waits_no_longer() -> None:
    paced, ending = Pace(1), threading.Event()
    assert paced.wait(ending)
    threading.Timer(0.05, ending.set).start()
    began_at = time.monotonic()
    assert not paced.wait(ending)
    assert time.monotonic() - began_at < 5
    assert not Pace(None).wait(ending)


def test_one_pace_holds_from_run_to_run_and_within_a_lease() -> None:
    assert pace(30) is pace(30)
    assert timedelta(seconds=MINUTE) < LEASE


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_setting(
    at: Callable[[str], Site], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Mail().per_minute is None
    monkeypatch.setenv("MEDFRIST_MAIL__PER_MINUTE", "30")
    assert read_config(site.folder).mail.per_minute == 30
    monkeypatch.setenv("MEDFRIST_MAIL__PER_MINUTE", "0")
    with pytest.raises(ConfigError) as refused:
        read_config(site.folder)
    assert refused.value.params == {"name": "mail.per_minute"}
