from __future__ import annotations

from datetime import datetime, time

import pytest

from engine.definitions import read_site, shipped_site, site_files
from engine.planning.edition import Edition
from engine.service.clock import ZONE
from engine.service.hours import is_open, last_morning, opens_at


def given() -> Edition:
    made = read_site(site_files(shipped_site()), None).edition
    assert made is not None
    settings = made.organisation.settings
    assert (settings.send_at, settings.send_until) == (time(7, 30), time(17, 0))
    return made


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-26T07:30", "2026-11-26T07:30"),
        ("2026-11-26T12:00", "2026-11-26T12:00"),
        ("2026-11-26T07:29", "2026-11-26T07:30"),
        ("2026-11-26T17:00", "2026-11-27T07:30"),
        ("2026-11-27T16:59", "2026-11-27T16:59"),
        ("2026-11-27T18:00", "2026-11-30T07:30"),
        ("2026-11-28T09:00", "2026-11-30T07:30"),
        ("2026-04-01T20:00", "2026-04-07T07:30"),
        ("2026-12-23T17:30", "2026-12-28T07:30"),
        ("2026-03-29T02:30", "2026-03-30T07:30"),
        ("2026-10-25T02:30", "2026-10-26T07:30"),
    ],
)
def test_mail_waits_for_the_next_hour_that_is_open(moment: str, opens: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert opens_at(given(), at) == datetime.fromisoformat(opens).replace(tzinfo=ZONE)
    assert is_open(given(), at) is (moment == opens)


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2026-11-26T12:00", "2026-11-26T07:30"),
        ("2026-11-26T07:30", "2026-11-26T07:30"),
        ("2026-11-26T07:29", "2026-11-25T07:30"),
        ("2026-11-26T23:00", "2026-11-26T07:30"),
        ("2026-11-29T18:00", "2026-11-27T07:30"),
        ("2026-11-30T06:00", "2026-11-27T07:30"),
        ("2026-12-27T12:00", "2026-12-23T07:30"),
    ],
)
def test_the_last_morning_of_mail_is_the_last_working_day(moment: str, morning: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert last_morning(given(), at) == datetime.fromisoformat(morning).replace(tzinfo=ZONE)
