from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from store_examples import NOW, SECRET, mail

from engine.migrations import upgrade
from engine.store import Store, open_store
from engine.store.columns import NaiveMomentError

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def test_a_moment_of_any_zone_comes_back_in_utc(store: Store) -> None:
    store.ensure_site(SECRET, datetime(2026, 7, 1, 7, 30, 0, 123456, tzinfo=COPENHAGEN))
    found_at = store.site().created_at
    assert (found_at, found_at.tzinfo) == (datetime(2026, 7, 1, 5, 30, 0, 123456, UTC), UTC)


def test_it_lies_as_utc(store: Store) -> None:
    store.ensure_site(SECRET, datetime(2026, 7, 1, 7, 30, tzinfo=COPENHAGEN))
    with store.reading() as connection:
        lies = connection.execute(text("SELECT CAST(created_at AS TEXT) FROM site")).scalar()
    assert str(lies).startswith("2026-07-01 05:30:00")


def test_both_hours_of_the_autumn_night_are_kept_apart(store: Store) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=COPENHAGEN, fold=0)
    second = first.replace(fold=1)
    rows = store.queue([(mail(1, due_at=second), []), (mail(2, due_at=first), [])])
    assert [row.due_at for row in rows] == [
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]
    assert store.next_due_at() == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_naive_moment_is_refused(store: Store) -> None:
    naive = datetime(2026, 3, 12, 7, 30)  # noqa: DTZ001  # what is refused
    with pytest.raises(NaiveMomentError) as raised:
        store.ensure_site(SECRET, naive)
    assert (raised.value.code, raised.value.params) == (
        "store.naive-moment",
        {"moment": "2026-03-12T07:30:00"},
    )
    with pytest.raises(NaiveMomentError):
        store.claim("w", naive, timedelta(minutes=5), 1)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1971, 1, 2), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001


@settings(max_examples=50, deadline=None)
@given(st.lists(moments, min_size=1, max_size=20))
def test_moments_keep_their_instant_and_their_order(some: list[datetime]) -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder).as_posix()}/m.db"
        with open_store(url, upgrade) as store:
            rows = store.queue([(mail(n, due_at=at), []) for n, at in enumerate(some)])
            assert [row.due_at for row in rows] == some
            assert store.next_due_at() == min(some)
            claimed = store.claim("w", max(some), timedelta(days=1), len(some))
            assert [row.due_at for row in claimed] == sorted(some)
            assert store.next_due_at() == max(some) + timedelta(days=1)


def test_texts_lie_as_they_are_written(store: Store) -> None:
    store.queue([(mail(1, contents={"subject": "Årshjul – æøå", "keys": ["ø"]}), [])])
    with store.reading() as connection:
        lies = connection.execute(text("SELECT CAST(contents AS TEXT) FROM message")).scalar()
    assert lies == '{"subject":"Årshjul – æøå","keys":["ø"]}'
    assert store.message(1).contents == {"subject": "Årshjul – æøå", "keys": ["ø"]}
    assert store.message(1).created_at == NOW
