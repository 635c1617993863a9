"""What a database does to a writer: full, locked, at odds with another, gone in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from postgres_server import PostgresServer
from sqlalchemy import text
from store_examples import NOW, TEXTS, fact, fill, found, mail, only_postgresql, only_sqlite

from engine.errors import StoreError, Undone
from engine.store import Store, open_store

HERE = Path(__file__).parent


def run_sql(store: Store, *statements: str) -> None:
    with store.writing("") as connection:
        for statement in statements:
            connection.execute(text(statement))


def failing(store: Store, state: str, times: int) -> None:
    """Makes the server refuse the first facts with an error of its own."""
    run_sql(
        store,
        "CREATE SEQUENCE attempts",
        f"""
        CREATE FUNCTION refuse() RETURNS trigger AS $$
        BEGIN
            IF nextval('attempts') <= {times} THEN
                RAISE EXCEPTION 'refused' USING ERRCODE = '{state}';
            END IF;
            RETURN NEW;
        END $$ LANGUAGE plpgsql
        """,
        "CREATE TRIGGER refuse BEFORE INSERT ON fact FOR EACH ROW EXECUTE FUNCTION refuse()",
    )


@only_postgresql
@pytest.mark.parametrize("state", ["40001", "40P01", "57P01"])
def test_a_transaction_that_was_given_up_whole_is_run_again(store: Store, state: str) -> None:
    found(store)
    failing(store, state, 2)
    store.whole(lambda: store.add_fact(fact("done")))
    assert [row.key for row in store.fact_rows()] == [fact("done").key]


@only_postgresql
@pytest.mark.parametrize(
    ("state", "code"),
    [("40001", "store.collided"), ("57P01", "store.connection-lost"), ("53100", "store.full")],
)
def test_a_transaction_that_fails_every_time_says_why_and_leaves_nothing(
    store: Store, state: str, code: str
) -> None:
    found(store)
    failing(store, state, 99)
    with pytest.raises(StoreError) as raised:
        store.whole(lambda: store.add_fact(fact("done")))
    assert (raised.value.code, raised.value.params["place"]) == (code, store.place)
    assert store.fact_rows() == []


@only_postgresql
def test_of_two_that_wait_for_each_other_the_database_gives_one_up(store: Store, url: str) -> None:
    fill(store)
    first, second = threading.Barrier(2), threading.Barrier(2)
    told: list[str] = []

    def cross(*ids: int) -> None:
        with open_store(url) as mine:
            try:
                with mine.writing("") as connection:
                    for barrier, number in zip((first, second), ids, strict=True):
                        barrier.wait(timeout=30)
                        connection.execute(
                            text("UPDATE message SET outcome = 'x' WHERE id = :id"), {"id": number}
                        )
                told.append("written")
            except Undone as error:
                told.append(error.code)

    both = [threading.Thread(target=cross, args=ids) for ids in ((1, 2), (2, 1))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(told) == ["store.collided", "written"]


@only_postgresql
def test_whoever_plans_waits_for_the_lock_and_is_told(store: Store, url: str) -> None:
    found(store)
    with open_store(url) as other, other.writing():
        # The wait is cut short for the test alone.
        with pytest.raises(StoreError) as raised, store.writing("") as connection:
            connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            store.append_edition(TEXTS, "h", parent=1, by="bs", note="", at=NOW)
        # A sender's own rows need no such lock.
        assert len(store.claim("w", NOW, NOW - NOW, 1)) == 0
    assert (raised.value.code, raised.value.params["seconds"]) == ("store.locked", 30)
    assert store.current_number() == 1


@only_sqlite
def test_a_full_disk_is_told_and_leaves_no_half(store: Store) -> None:
    found(store)
    with store.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    large = {f"workflows/{number}.yaml": "x" * 4096 for number in range(50)}
    with pytest.raises(StoreError) as raised, store.writing():
        store.add_fact(fact("done"))
        store.append_edition(large, "h", parent=1, by="bs", note="", at=NOW)
    assert (raised.value.code, raised.value.params["reason"]) == (
        "store.full",
        "database or disk is full",
    )
    assert (store.current_number(), store.fact_rows()) == (1, [])
    with store.reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 100000"))
    store.append_edition(large, "h", parent=1, by="bs", note="", at=NOW)
    assert store.current_number() == 2


@only_postgresql
def test_a_connection_that_is_cut_between_two_transactions_is_not_noticed(
    store: Store, url: str
) -> None:
    found(store)
    with open_store(url) as other:
        run_sql(
            other,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
    store.queue([(mail(), [])])
    assert [row.id for row in store.messages()] == [1]


@only_postgresql
def test_a_connection_that_is_cut_within_a_transaction_undoes_it(store: Store, url: str) -> None:
    found(store)
    with pytest.raises(Undone) as raised, store.writing():
        store.add_fact(fact("done"))
        with open_store(url) as other:
            run_sql(
                other,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
        store.add_fact(fact("done"))
    assert raised.value.code == "store.connection-lost"
    assert store.fact_rows() == []


@only_postgresql
def test_a_server_restarted_under_load_loses_nothing_it_acknowledged(
    store: Store, url: str, postgres: PostgresServer
) -> None:
    """What a writer was told is stored is there, once; nothing is there that it never wrote."""
    found(store)
    with subprocess.Popen(
        [sys.executable, str(HERE / "writer.py"), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdin is not None
        assert writer.stdout.readline() == "stored 1\n"
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGINT, signal.SIGQUIT):
            postgres.own.restart(how)
            time.sleep(0.3)
        writer.stdin.write("stop\n")
        writer.stdin.flush()
        told = ["stored 1", *writer.communicate(timeout=60)[0].splitlines()]
    said: dict[str, set[str]] = {}
    for line in told:
        code, number = line.split()
        said.setdefault(code, set()).add(f"k/{number}")
    there = Counter(row.key for row in store.fact_rows())
    assert set(there.values()) == {1}
    assert said["stored"] <= set(there)
    # Lost in the commit itself: whether it was stored is said to be unknown, never guessed.
    assert set(there) - said["stored"] <= said.get("store.outcome-unknown", set())
    assert set(said) <= {"stored", "store.outcome-unknown", "store.connection-lost"}
    assert len(said["stored"]) > 20
