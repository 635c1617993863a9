from __future__ import annotations

from datetime import timedelta

from store_examples import LEASE, NOW, link, mail, only_postgresql, told

from engine.errors import Outcome
from engine.store import Store, open_store

WHY = "service.overtaken"
SOON = NOW + timedelta(minutes=5)


def test_a_mail_that_was_taken_back_is_in_nobodys_way(store: Store) -> None:
    """The same mail, or another overview of the same day, can be queued with its button anew."""
    first = mail(1, kind="digest")
    (row,) = store.queue([(first, [told("a"), told("b")])], [link()])
    assert store.unsent("digest") == [row]
    store.take_back([row.id], WHY)
    assert (store.told(), store.had_digest(row.local_day), store.link("cd" * 32)) == (
        {},
        set(),
        None,
    )

    (again,) = store.queue([(first, [told("a"), told("b")])], [link()])
    store.take_back([again.id], WHY)
    (other,) = store.queue([(mail(2, kind="digest"), [told("b")])])

    assert [(each.message_id, each.state) for each in store.messages()] == [
        (other.message_id, "due")
    ]
    assert (sorted(store.told()), store.had_digest(row.local_day)) == (["b"], {"person:ahj"})


@only_postgresql
def test_what_is_about_to_be_joined_is_claimed_by_nobody_meanwhile(store: Store, url: str) -> None:
    store.queue([(mail(1, kind="change"), []), (mail(2, kind="change"), [])])
    with open_store(url) as other:
        with store.writing():
            assert [row.id for row in store.unsent("change", locked=True)] == [1, 2]
            assert other.claim("w", NOW, LEASE, 9) == []
            store.take_back([1], "service.joined")
        with other.writing(""), store.writing():
            assert [row.id for row in other.claim("w", NOW, LEASE, 9)] == [2]
            assert store.unsent("change", locked=True) == []


def test_what_somebody_may_have_had_is_not_taken_back_but_left(store: Store) -> None:
    store.queue([(mail(1), [told("a")]), (mail(2), [told("b")]), (mail(3), [])])
    lost, hers, _ = store.claim("doomed", NOW, LEASE, 3)
    store.record(lost.id, lost.fence, Outcome.UNKNOWN, "mail.lost", at=NOW, again_at=SOON)
    assert [row.id for row in store.doubtful(NOW, "single")] == [lost.id]
    assert [row.id for row in store.doubtful(NOW + LEASE, "single")] == [1, 2, 3]
    assert store.unsent("single") == []

    store.leave_doubtful([lost.id, hers.id], NOW, WHY)

    assert (store.message(lost.id).state, store.message(lost.id).outcome) == ("unknown", WHY)
    assert store.message(hers.id).state == "sending", "its worker may still come back"
    assert sorted(store.told()) == ["a", "b"]
    assert {number: [each.key for each in carried] for number, carried in
            store.carried([1, 2, 3]).items()} == {1: ["a"], 2: ["b"]}  # fmt: skip
