"""`med work`: real processes that share one outbox, and end with the mail in hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.config import read_config
from engine.service.clock import stopped_at
from engine.service.reminding import forecast
from engine.service.site import Site
from engine.sink import Sink

HERE = Path(__file__).parent
MORNING = "2026-11-26T08:00"
PATIENCE = 60.0


@contextmanager
def working(folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A worker that has said that it is at work."""
    program = [sys.executable, str(HERE / "pretending_worker.py"), MORNING, "--site", str(folder)]
    around = {**os.environ, "PYTHONPATH": str(HERE.parent), **environment}
    with subprocess.Popen(program, env=around, stdout=subprocess.PIPE, text=True) as worker:
        try:
            assert worker.stdout is not None
            said = worker.stdout.readline()
            assert said == "Medfrist sender mails til tiden. Stop med Ctrl+C.\n"
            yield worker
        finally:
            worker.kill()


def until(done: Callable[[], bool]) -> None:
    last_at = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < last_at
        time.sleep(0.05)


def ended(worker: subprocess.Popen[str]) -> int:
    worker.send_signal(signal.SIGTERM)
    return worker.wait(timeout=PATIENCE)


@pytest.fixture
def site(applied_site: Path) -> Site:
    return Site(applied_site, read_config(applied_site), stopped_at(MORNING), pretended=True)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A relay of its own; gives its folder, and the environment that leads there."""
    with Sink(tmp_path / "relay") as sink:
        yield (
            tmp_path / "relay" / "new",
            {
                "MEDFRIST_MAIL__SINK": "false",
                "MEDFRIST_MAIL__HOST": sink.host,
                "MEDFRIST_MAIL__PORT": str(sink.port),
                "MEDFRIST_MAIL__SECURITY": "none",
            },
        )


def delivered(folder: Path) -> Counter[str]:
    heads = (file.read_text("utf-8", "replace") for file in folder.glob("*"))
    return Counter(
        line.partition(":")[2].strip(" <>")
        for text in heads
        for line in text.splitlines()
        if line.lower().startswith("message-id:")
    )


def states(site: Site) -> Counter[str]:
    with site.store() as store:
        return Counter(row.state for row in store.messages(10_000))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_workers_on_one_database_send_each_mail_once(
    site: Site, relay: tuple[Path, dict[str, str]]
) -> None:
    folder, environment = relay
    paced = {**environment, "MEDFRIST_MAIL__PER_MINUTE": "200"}
    expected = {mail.message_id: 1 for mail in forecast(site).mails}
    with working(site.folder, **paced) as first, working(site.folder, **paced) as second:
        until(lambda: states(site)["sent"] == len(expected))
        assert [ended(first), ended(second)] == [0, 0]
    assert delivered(folder) == expected
    with site.store() as store:
        assert len({row.worker for row in store.messages(10_000)}) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_asked_to_stop_it_ends_with_the_mail_in_hand(
    site: Site, relay: tuple[Path, dict[str, str]]
) -> None:
    folder, environment = relay
    total = len(forecast(site).mails)
    with working(site.folder, **environment, MEDFRIST_MAIL__PER_MINUTE="120") as worker:
        until(lambda: states(site)["sent"] >= 2)
        asked_at = time.monotonic()
        assert ended(worker) == 0
        assert time.monotonic() - asked_at < 10
    found = states(site)
    assert (found["sent"] + found["due"], set(found)) == (total, {"sent", "due"})
    assert found["sent"] < total
    assert sum(delivered(folder).values()) == found["sent"]
