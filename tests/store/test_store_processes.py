from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from store_examples import LEASE, NOW, found, mail, only_sqlite

from engine.errors import Outcome, StoreError
from engine.migrations import current, upgrade
from engine.store import Store, open_store
from engine.store.tables import SCHEMA

HERE = Path(__file__).parent


def started(program: str, *given: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / program), *given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_of_two_processes_that_apply_at_once_one_wins(store: Store, url: str) -> None:
    found(store)
    with (
        started("applicant.py", url, "1", "ahj") as first,
        started("applicant.py", url, "1", "bs") as second,
    ):
        both = (first, second)
        assert [one.stdout.readline() for one in both if one.stdout] == ["ready\n", "ready\n"]
        for one in both:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        said = [one.communicate(timeout=60)[0] for one in both]
    assert sorted(said) == ["store.edition-moved 2\n", "stored 2\n"]
    winner = ("ahj", "bs")[said.index("stored 2\n")]
    assert [(each.number, each.by) for each in store.editions()] == [(2, winner), (1, "ahj")]


def test_a_mail_of_a_killed_sender_is_sent_by_another(store: Store, url: str) -> None:
    store.queue([(mail(), [])])
    with started("claimant.py", url, NOW.isoformat()) as doomed:
        assert doomed.stdout is not None
        assert doomed.stdout.readline() == "1 1\n"
        doomed.send_signal(signal.SIGKILL)
        assert doomed.wait(timeout=60) == -signal.SIGKILL
    assert store.claim("next", NOW, LEASE, 1) == []
    (row,) = store.claim("next", NOW + LEASE, LEASE, 1)
    assert (row.id, row.fence, row.message_id, row.contents) == (
        1,
        2,
        mail().message_id,
        mail().contents,
    )
    with pytest.raises(StoreError) as raised:
        store.record(1, 1, Outcome.SENT, at=NOW + LEASE)
    assert raised.value.code == "store.claim-lost"
    store.record(1, 2, Outcome.SENT, at=NOW + LEASE)
    assert (store.message(1).state, store.next_due_at()) == ("sent", None)


def test_threads_never_claim_the_same_mail(store: Store) -> None:
    store.queue([(mail(n), []) for n in range(120)])
    taken: list[int] = []

    def drain(worker: str) -> None:
        while claimed := store.claim(worker, NOW, LEASE, 7):
            taken.extend(row.id for row in claimed)

    workers = [threading.Thread(target=drain, args=(f"w{n}",)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == list(range(1, 121))


def test_several_that_open_a_new_database_at_once_make_it_once(url: str) -> None:
    faults: list[BaseException] = []

    def first_use() -> None:
        try:
            open_store(url, upgrade).close()
        except BaseException as error:  # what a thread must hand on
            faults.append(error)

    openers = [threading.Thread(target=first_use) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert (faults, current(url)) == ([], SCHEMA)


@only_sqlite
def test_a_new_database_that_another_holds_is_waited_for(url: str) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE foreign_to_us (id INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.rollback)
    release.start()
    with open_store(url, upgrade) as store:
        assert store.revision() == SCHEMA
    release.join()
    other.close()


@only_sqlite
def test_a_database_that_stays_busy_says_so(store: Store, url: str) -> None:
    with store.reading() as connection:
        connection.execute(text("PRAGMA busy_timeout = 0"))
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as raised:
        store.queue([(mail(), [])])
    other.close()
    assert (raised.value.code, raised.value.params) == (
        "store.locked",
        {"place": store.place, "reason": "database is locked", "seconds": 30},
    )
    assert len(store.queue([(mail(), [])])) == 1
