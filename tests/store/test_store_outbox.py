from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from store_examples import KEY, LEASE, NOW, found, link, mail, told

from engine.errors import Outcome, StoreError, Unknown
from engine.store import MessageRow, Sent, Store, Told
from engine.store.departures import Departed
from engine.store.outbox import SETTLED

LATER = NOW + timedelta(hours=1)
SOON = timedelta(seconds=1)


def test_a_queued_mail(store: Store) -> None:
    (row,) = store.queue([(mail(), [told("a"), told("b", None)])])
    assert row == MessageRow(id=1, **mail().model_dump())
    assert (row.state, row.attempts, row.fence) == ("due", 0, 0)
    assert store.told() == {
        "a": Told(key="a", kind="heads-up", due_on=date(2026, 3, 19)),
        "b": Told(key="b", kind="heads-up", due_on=None),
    }


def test_a_reminder_is_told_once_and_its_mail_left_out_whole(store: Store) -> None:
    store.queue([(mail(1), [told("a")])])
    queued = store.queue([(mail(2), [told("b"), told("a")]), (mail(3), [told("c")])])
    assert [row.message_id for row in queued] == ["3@kommune.example"]
    assert sorted(store.told()) == ["a", "c"]
    assert [row.message_id for row in store.messages()] == [
        "3@kommune.example",
        "1@kommune.example",
    ]


def test_of_two_mails_in_one_batch_the_first_tells(store: Store) -> None:
    queued = store.queue([(mail(1), [told("a")]), (mail(2), [told("a")])])
    assert [row.message_id for row in queued] == ["1@kommune.example"]


def test_one_digest_a_person_and_day(store: Store) -> None:
    digests = [
        mail(1, kind="digest"),
        mail(2, kind="digest"),
        mail(3, kind="digest", recipient="office:hr"),
        mail(4, kind="digest", local_day=date(2026, 3, 13)),
        mail(5, kind="single"),
        mail(6, kind="single"),
    ]
    queued = store.queue([(each, [told(each.message_id)]) for each in digests])
    assert [row.message_id.partition("@")[0] for row in queued] == ["1", "3", "4", "5", "6"]
    assert "2@kommune.example" not in store.told()


def test_what_left_on_some_days_is_told_with_the_reminders_it_carried(store: Store) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 1)]
    for number, day in enumerate(days):
        carried = [told(f"{number}b"), told(f"{number}a")] if number != 2 else []
        store.queue([(mail(number, local_day=day), carried)])
    for row in store.claim("w", NOW, LEASE, 9):
        outcome = Outcome.PERMANENT if row.local_day == days[3] else Outcome.SENT
        store.record(row.id, row.fence, outcome, at=NOW)
    assert store.sent_between(date(2026, 1, 1), date(2026, 12, 31)) == [
        Sent(2, "single", "1a", "heads-up"),
        Sent(2, "single", "1b", "heads-up"),
        Sent(3, "single", "", ""),
    ]


def test_what_left_about_very_many_deadlines_is_found(store: Store) -> None:
    store.queue([(mail(1), [told("a1#0 due person:abc"), told("a1200#0 due person:abc")])])
    (row,) = store.claim("w", NOW, LEASE, 1)
    store.record(row.id, row.fence, Outcome.SENT, at=LATER)
    keys = [f"a{number}" for number in range(2000)]
    left = {"kind": "heads-up", "due_on": date(2026, 3, 19), "recipient": row.recipient}
    assert store.departed(keys) == [
        Departed("a1", **left, sent_at=LATER),
        Departed("a1200", **left, sent_at=LATER),
    ]


def test_a_message_id_is_used_once(store: Store) -> None:
    assert len(store.queue([(mail(1), []), (mail(1, recipient="person:bs"), [])])) == 1


def test_a_fault_that_is_no_repetition_is_not_swallowed(store: Store) -> None:
    wrong = mail(1)
    wrong.recipient = None  # type: ignore[assignment]  # what must not pass
    with pytest.raises(IntegrityError):
        store.queue([(wrong, [told("a")])])
    assert (store.messages(), store.told()) == ([], {})


def test_only_mails_whose_moment_has_come_are_claimed_oldest_first(store: Store) -> None:
    dues = [NOW + SOON, NOW, NOW - SOON, LATER]
    store.queue([(mail(n, due_at=at), []) for n, at in enumerate(dues, start=1)])
    claimed = store.claim("w1", NOW, LEASE, 10)
    assert [row.id for row in claimed] == [3, 2]
    assert {(row.state, row.worker, row.fence, row.attempts) for row in claimed} == {
        ("sending", "w1", 1, 1)
    }
    assert {row.lease_until_at for row in claimed} == {NOW + LEASE}
    assert store.claim("w2", NOW, LEASE, 10) == []


def test_while_the_outbox_is_held_only_mails_about_the_site_are_claimed(store: Store) -> None:
    kinds = ("single", "change", "site", "digest")
    store.queue([(mail(n, kind=kind), []) for n, kind in enumerate(kinds, start=1)])
    found(store)
    store.claim("gone", NOW, LEASE, 1)
    store.hold_outbox(NOW, "restored")
    held = [row.kind for row in store.claim("w", NOW + LEASE, LEASE, 9)]
    store.release_outbox(NOW + LEASE)
    released = [row.kind for row in store.claim("w", NOW + LEASE, LEASE, 9)]
    assert (held, released) == (["site"], ["single", "change", "digest"])


def test_a_claim_takes_no_more_than_asked(store: Store) -> None:
    store.queue([(mail(n), []) for n in range(1, 6)])
    taken = [[row.id for row in store.claim("w", NOW, LEASE, 2)] for _ in range(4)]
    assert taken == [[1, 2], [3, 4], [5], []]


def test_a_lease_that_ran_out_is_claimed_again_and_the_old_fence_refused(store: Store) -> None:
    store.queue([(mail(), [])])
    (first,) = store.claim("w1", NOW, LEASE, 1)
    assert store.claim("w2", NOW + LEASE - SOON, LEASE, 1) == []
    (second,) = store.claim("w2", NOW + LEASE, LEASE, 1)
    assert (second.id, second.fence, second.attempts, second.worker) == (first.id, 2, 2, "w2")
    with pytest.raises(StoreError) as raised:
        store.record(first.id, first.fence, Outcome.SENT, at=NOW + LEASE)
    assert (raised.value.code, raised.value.params) == (
        "store.claim-lost",
        {"message": 1, "fence": 1},
    )
    store.record(second.id, second.fence, Outcome.SENT, at=NOW + LEASE)
    assert store.message(1).state == "sent"


def test_a_late_outcome_counts_while_nobody_else_has_claimed(store: Store) -> None:
    store.queue([(mail(), [])])
    (row,) = store.claim("w1", NOW, LEASE, 1)
    store.record(row.id, row.fence, Outcome.SENT, at=NOW + 2 * LEASE)
    assert store.claim("w2", NOW + 3 * LEASE, LEASE, 1) == []


def test_an_outcome_is_recorded_once(store: Store) -> None:
    store.queue([(mail(), [])])
    (row,) = store.claim("w1", NOW, LEASE, 1)
    store.record(row.id, row.fence, Outcome.SENT, at=NOW)
    with pytest.raises(StoreError):
        store.record(row.id, row.fence, Outcome.TEMPORARY, at=NOW, again_at=LATER)
    assert store.message(1).state == "sent"


@pytest.mark.parametrize(
    ("outcome", "again", "state"),
    [
        (Outcome.SENT, False, "sent"),
        (Outcome.SENT, True, "sent"),
        (Outcome.TEMPORARY, False, "stuck"),
        (Outcome.TEMPORARY, True, "retry"),
        (Outcome.PERMANENT, False, "failed"),
        (Outcome.UNKNOWN, False, "unknown"),
        (Outcome.UNKNOWN, True, "retry"),
    ],
)
def test_where_an_outcome_leads(store: Store, outcome: Outcome, again: bool, state: str) -> None:
    (queued,) = store.queue([(mail(), [])])
    (row,) = store.claim("w", NOW, LEASE, 1)
    store.record(
        row.id, row.fence, outcome, "mail.said", at=NOW + SOON, again_at=LATER if again else None
    )
    expected = queued.model_dump() | {
        "state": state,
        "attempts": 1,
        "worker": "w",
        "fence": 1,
        "outcome": "mail.said",
        "due_at": LATER if state == "retry" else NOW,
        "sent_at": NOW + SOON if state == "sent" else None,
        "unsure_at": NOW + SOON if outcome is Outcome.UNKNOWN else None,
    }
    assert store.message(1).model_dump() == expected
    assert [each.id for each in store.claim("w", LATER, LEASE, 1)] == (
        [1] if state == "retry" else []
    )


def test_nobody_knows_what_came_of_a_lease_that_ran_out(store: Store) -> None:
    """The moment of the first attempt that may have delivered it is kept through all later."""
    store.queue([(mail(), [])])
    store.claim("w1", NOW, LEASE, 1)
    (again,) = store.claim("w2", NOW + 2 * LEASE, LEASE, 1)
    assert again.unsure_at == NOW
    store.record(again.id, again.fence, Outcome.UNKNOWN, at=NOW + 2 * LEASE, again_at=LATER)
    (last,) = store.claim("w2", LATER, LEASE, 1)
    assert last.unsure_at == NOW


def test_links_are_kept_with_their_mail_and_used_once(store: Store) -> None:
    store.queue([(mail(1), [told("a")])], [link(), link("ef" * 32, message_id="2@kommune.example")])
    assert store.link("ef" * 32) is None
    kept = store.link("cd" * 32)
    assert kept is not None
    assert (kept.recipient, kept.key, kept.used_at) == ("person:ahj", KEY, None)
    assert [store.use_link(kept.id, answer, NOW) for answer in ("done", "postponed")] == [
        True,
        False,
    ]
    used = store.link("cd" * 32)
    assert used is not None
    assert (used.answer, used.used_at) == ("done", NOW)


def test_every_outcome_has_an_end() -> None:
    assert set(SETTLED) == set(Outcome)


def test_when_to_wake(store: Store) -> None:
    assert store.next_due_at() is None
    store.queue([(mail(1, due_at=LATER), []), (mail(2), [])])
    assert store.next_due_at() == NOW
    (row,) = store.claim("w", NOW, LEASE, 5)
    assert store.next_due_at() == NOW + LEASE
    store.record(row.id, row.fence, Outcome.SENT, at=NOW)
    assert store.next_due_at() == LATER
    (last,) = store.claim("w", LATER, LEASE, 5)
    store.record(last.id, last.fence, Outcome.PERMANENT, at=LATER)
    assert store.next_due_at() is None


def test_the_newest_mails_for_a_page(store: Store) -> None:
    store.queue([(mail(n), []) for n in range(1, 6)])
    assert [row.id for row in store.messages(3)] == [5, 4, 3]


def test_a_mail_that_is_not_there(store: Store) -> None:
    with pytest.raises(Unknown) as raised:
        store.message(9)
    assert (raised.value.code, raised.value.params) == ("store.message-unknown", {"number": 9})


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True, max_size=3), max_size=8))
def test_no_reminder_is_ever_told_twice(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]]
) -> None:
    from engine.migrations import upgrade
    from engine.store import open_store

    folder = tmp_path_factory.mktemp("outbox")
    with open_store(f"sqlite:///{folder.as_posix()}/m.db", upgrade) as store:
        mails = [(mail(n), [told(key) for key in keys]) for n, keys in enumerate(batches)]
        queued = {row.message_id for row in store.queue(mails)}
        seen: set[str] = set()
        expected: set[str] = set()
        for message, reminders in mails:
            keys = {each.key for each in reminders}
            if not keys & seen:
                expected.add(message.message_id)
                seen |= keys
        assert (queued, set(store.told())) == (expected, seen)
        assert store.queue(mails) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_lease_runs_on_the_databases_clock_however_wrong_the_nodes_are(store: Store) -> None:
    early, late = NOW - timedelta(days=400), NOW + timedelta(days=400)
    store.queue([(mail(1, due_at=early), [])])
    (row,) = store.claim("early", early, LEASE, 1, by_database=True)
    assert row.lease_until_at is not None
    left = row.lease_until_at - store.clock(NOW)
    assert timedelta() < left <= LEASE
    assert store.claim("late", late, LEASE, 1, by_database=True) == []
    store.record(row.id, row.fence, Outcome.SENT, at=NOW)
    assert store.message(row.id).state == "sent"


def test_what_was_claimed_and_not_tried_is_given_back(store: Store) -> None:
    store.queue([(mail(1), []), (mail(2), [])])
    first, second = store.claim("w", NOW, LEASE, 2)
    store.record(first.id, first.fence, Outcome.SENT, at=NOW)
    store.give_back([second])
    given = store.message(second.id)
    assert (given.state, given.attempts, given.lease_until_at) == ("due", 0, None)
    assert [row.id for row in store.claim("other", NOW, LEASE, 2)] == [second.id]


def test_mails_of_one_kind_alone_can_be_claimed(store: Store) -> None:
    store.queue([(mail(1), []), (mail(2, kind="site", due_at=LATER), [])])
    assert store.claim("w", NOW, LEASE, 9, kind="site") == []
    assert store.next_due_at("site") == LATER
    assert [row.id for row in store.claim("w", LATER, LEASE, 9, kind="site")] == [2]
    assert store.message(1).state == "due"


def test_a_release_is_remembered_until_its_day_is_over(store: Store) -> None:
    found(store)
    assert (store.outbox_held(), store.released()) == ((None, ""), False)
    store.hold_outbox(NOW, "too-many-at-once")
    store.hold_outbox(LATER, "restored")
    assert (store.outbox_held(), store.released()) == ((NOW, "too-many-at-once"), False)
    store.release_outbox(NOW)
    assert (store.outbox_held(), store.released()) == ((None, ""), True)
    store.use_release(date(2026, 3, 12))
    store.use_release(date(2026, 3, 13))
    store.release_outbox(LATER)
    assert store.released() == date(2026, 3, 12)


@pytest.mark.parametrize("why", ["restored", "too-many-at-once"])
def test_a_release_is_new_until_a_run_has_seen_it(store: Store, why: str) -> None:
    found(store)
    assert store.released_unseen() is False
    store.hold_outbox(NOW, why)
    store.release_outbox(NOW)
    assert (store.released_unseen(), store.released()) == (True, True)
    store.see_release()
    assert (store.released_unseen(), store.released()) == (False, True)
    store.use_release(date(2026, 3, 12))
    assert (store.released_unseen(), store.released()) == (False, date(2026, 3, 12))
    store.see_release()
    assert store.released() == date(2026, 3, 12)
    store.hold_outbox(LATER, why)
    store.see_release()
    assert (store.released_unseen(), store.outbox_held()) == (False, (LATER, why))


def test_a_mail_that_waits_to_be_tried_again_is_tried_when_asked(store: Store) -> None:
    store.queue([(mail(number), []) for number in (1, 2)])
    for row, outcome in zip(
        store.claim("w", NOW, LEASE, 2), (Outcome.TEMPORARY, Outcome.UNKNOWN), strict=True
    ):
        store.record(row.id, row.fence, outcome, "x", at=NOW, again_at=LATER + LEASE)
    before = {number: store.message(number) for number in (1, 2)}
    assert [store.hasten(number, LATER) for number in (1, 2)] == [True, True]
    for number, row in before.items():
        assert store.message(number) == row.model_copy(update={"due_at": LATER})
    assert [row.id for row in store.claim("w", LATER, LEASE, 2)] == [1, 2]
    assert store.hasten(1, LATER) is False
