"""Signs of life: the last run, the ping, and days on which nothing ran."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine.config import Heartbeat, Mail, read_config
from engine.service.clock import stopped_at
from engine.service.heartbeat import ping
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.sink import letters


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """Somebody who hears pings; gives the address and what was asked for."""
    heard: list[str] = []
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200 if "ok" in self.path else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join(10)
    server.server_close()


def pinging(site: Site, url: str, **mail: object) -> Site:
    config = site.config.model_copy(update={"heartbeat": Heartbeat(url=url), **mail})
    return replace(site, config=config)


def ran_at(site: Site) -> datetime | None:
    with site.store() as store:
        return store.ran_at()


def test_a_good_run_is_remembered_and_told(site: Site, listener: tuple[str, list[str]]) -> None:
    url, heard = listener
    assert ran_at(site) is None
    remind(pinging(site, f"{url}/ok"))
    assert (heard, ran_at(site)) == (["/ok"], datetime(2026, 11, 26, 7, 0, tzinfo=UTC))


def test_without_a_relay_or_with_a_silent_one_nobody_is_told(
    site: Site, listener: tuple[str, list[str]]
) -> None:
    url, heard = listener
    remind(pinging(site, f"{url}/ok", mail=Mail()))
    assert (heard, ran_at(site)) == ([], None)
    silent = Mail(host="127.0.0.1", port=1, security="none", timeout_seconds=1)
    run = remind(pinging(site, f"{url}/ok", mail=silent))
    assert {mail.outcome for mail in run.mails} == {"temporary"}
    assert (heard, ran_at(site) is None) == ([], False)


def test_a_ping_that_fails_is_logged_by_code_and_stops_nothing(
    listener: tuple[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    url, _ = listener
    secret = "secret-of-the-watcher"
    with caplog.at_level(logging.WARNING, "medfrist"):
        assert ping(f"{url}/ok")
        assert not ping(f"{url}/{secret}")
        assert not ping(f"http://127.0.0.1:1/{secret}")
        assert not ping("")
    assert [record.getMessage() for record in caplog.records] == [
        "the heartbeat was refused: 500",
        "the heartbeat failed: URLError",
    ]


@pytest.fixture
def watched(apply_site: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The shipped site, looked after by somebody else."""

    def write(folder: Path) -> None:
        init(folder)
        path = folder / "organisation" / "organisation.yaml"
        text = path.read_text("utf-8")
        others = "administrators: office hr"
        path.write_text(text.replace("administrators: office sekretariat", others, 1), "utf-8")

    return apply_site("watched", write)


def about_days(folder: Path, moment: str) -> list[str]:
    """The texts of the mails about days without a run, once what is due at a moment has gone."""
    site = Site(folder, read_config(folder), stopped_at(moment), pretended=True)
    remind(site)
    return [each.text for each in letters(mail_folder(site)) if "ikke set efter" in each.subject]


def test_days_without_a_run_are_told_once(watched: Path) -> None:
    assert about_days(watched, "2026-11-26T08:00") == []
    # A weekend is no working day, and Friday had its run.
    assert about_days(watched, "2026-11-27T08:00") == []
    assert about_days(watched, "2026-11-30T08:00") == []
    (told,) = about_days(watched, "2026-12-03T08:00")
    assert "På 2 arbejdsdage kørte Medfrist slet ikke" in told
    assert [
        day for day in ("tirsdag den 1. december", "onsdag den 2. december") if day in told
    ] == [
        "tirsdag den 1. december",
        "onsdag den 2. december",
    ]
    assert about_days(watched, "2026-12-03T09:00") == [told]
    assert about_days(watched, "2026-12-04T08:00") == [told]


def test_a_run_before_the_hour_is_no_run_of_that_day(watched: Path) -> None:
    about_days(watched, "2026-11-26T08:00")
    about_days(watched, "2026-11-27T07:00")
    (told,) = about_days(watched, "2026-11-30T08:00")
    assert "På en arbejdsdag kørte Medfrist slet ikke" in told
    assert "fredag den 27. november" in told


def test_a_site_that_never_ran_is_told_of_the_mornings_since_it_was_applied(watched: Path) -> None:
    (told,) = about_days(watched, "2026-11-30T08:00")
    assert "På en arbejdsdag kørte Medfrist slet ikke" in told
    assert "fredag den 27. november" in told
