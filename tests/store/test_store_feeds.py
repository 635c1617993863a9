from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from store_examples import NOW, feed

from engine.errors import Unknown
from engine.store import FeedRow, Store

HASH = "ab" * 32
LATER = NOW + timedelta(days=1)


def test_a_feed_is_found_by_the_hash_of_its_token(store: Store) -> None:
    made = store.add_feed(feed(HASH, with_meetings=True, language="en"))
    assert made == FeedRow(
        id=1,
        token_hash=HASH,
        scope_kind="person",
        scope="ahj",
        language="en",
        with_meetings=True,
        created_at=NOW,
    )
    assert store.feed_by_token_hash(HASH) == made
    assert store.feed_by_token_hash("cd" * 32) is None
    assert HASH not in repr(made)


def test_a_revoked_feed_opens_nothing(store: Store) -> None:
    store.add_feed(feed(HASH))
    other = store.add_feed(feed("cd" * 32, scope_kind="all", scope=""))
    revoked = store.revoke_feed(1, LATER)
    assert revoked.revoked_at == LATER
    assert store.feed_by_token_hash(HASH) is None
    assert store.feeds() == [other]
    assert store.feeds(revoked=True) == [revoked, other]
    assert store.revoke_feed(1, LATER + timedelta(days=1)) == revoked


def test_a_feed_that_is_not_there(store: Store) -> None:
    for attempt in (
        lambda: store.feed(3),
        lambda: store.revoke_feed(3, NOW),
        lambda: store.feed_fetched(3, date(2026, 3, 12)),
    ):
        with pytest.raises(Unknown) as raised:
            attempt()
        assert (raised.value.code, raised.value.params) == ("store.feed-unknown", {"number": 3})


def test_the_day_of_the_last_fetch_only_goes_forward(store: Store) -> None:
    store.add_feed(feed())
    seen = []
    for on in (date(2026, 3, 12), date(2026, 3, 11), date(2026, 3, 14)):
        store.feed_fetched(1, on)
        seen.append(store.feed(1).fetched_on)
    assert seen == [date(2026, 3, 12), date(2026, 3, 12), date(2026, 3, 14)]


def test_a_second_fetch_of_the_day_writes_nothing(store: Store) -> None:
    store.add_feed(feed())
    store.feed_fetched(1, date(2026, 3, 12))
    said: list[str] = []
    event.listen(store._readers, "before_cursor_execute", lambda *given: said.append(given[2]))
    store.feed_fetched(1, date(2026, 3, 12))
    assert [each.split()[0] for each in said if not each.startswith("BEGIN")] == ["SELECT"]
