"""A database that is full, locked, at odds with another or gone: told plainly, and nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from applied_sites import use_database
from killed_acts import base, close_it, one_more
from postgres_server import PostgresServer
from sqlalchemy import Pool, event, make_url, select, text
from sqlmodel import func

from engine.config import read_config
from engine.errors import StoreError
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.doing import done
from engine.service.site import Site
from engine.store.tables import AnnouncementRow, EditionRow, FactRow

HERE = Path(__file__).parent
ITEM = "punkter/oes-med/2026-01-27/regnskab"
FIRST, MOMENT = "2026-03-02T08:00", "2026-03-02T09:00"
ACTS: dict[str, Callable[[Site], object]] = {
    "apply": apply,
    "done": lambda site: done(site, ITEM, by="dmo"),
    "close": close_it,
}
# Editions and facts: of the two items one is treated and one postponed, each with a follow-up.
DONE = {"apply": (2, 0), "done": (1, 1), "close": (1, 4)}
NOTHING = (1, 0)
SHORT_WAIT = "-c lock_timeout=50ms -c timezone=UTC"

only_sqlite = pytest.mark.parametrize("database", ["sqlite"])
only_postgresql = pytest.mark.parametrize("database", ["postgresql"])
each_act = pytest.mark.parametrize("name", ACTS)


@pytest.fixture
def site(database: str, url: str, tmp_path: Path) -> Site:
    """A site with one edition, whose files have a member more."""
    folder = tmp_path / "site"
    base(folder)
    if database == "postgresql":
        use_database(folder, url)
    first = Site(folder, read_config(folder), stopped_at(FIRST), pretended=True)
    apply(first, demo=True)
    one_more(first)
    return replace(first, clock=stopped_at(MOMENT))


def written(site: Site) -> tuple[int, int, int]:
    """How many editions, facts and announcements there are."""
    with site.store() as store, store.reading() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (EditionRow, FactRow, AnnouncementRow)
        )


def refused(site: Site, name: str) -> str:
    """The code of what an act is refused with; nothing of it is written."""
    before = written(site)
    assert before[:2] == NOTHING
    with pytest.raises(StoreError) as raised:
        ACTS[name](site)
    assert written(site) == before
    return raised.value.code


def run_sql(site: Site, *statements: str) -> None:
    with site.store() as store, store.writing("") as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def each_connection(pragma: str) -> Iterator[None]:
    """What SQLite is told by every connection used meanwhile."""

    def tell(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(Pool, "checkout", tell)
    try:
        yield
    finally:
        event.remove(Pool, "checkout", tell)


def refusing(site: Site, state: str, times: int) -> None:
    """Makes PostgreSQL refuse the first editions and facts with an error of its own."""
    run_sql(
        site,
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
        *(
            f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
            for table in ("edition", "fact")
        ),
    )


@only_sqlite
@each_act
def test_a_full_disk_is_told_and_with_room_it_is_done(site: Site, name: str) -> None:
    # However little is written, it asks for more pages than there are.
    run_sql(
        site,
        "CREATE TABLE room (used)",
        *(
            f"CREATE TRIGGER more_{table} AFTER INSERT ON {table}"
            " BEGIN INSERT INTO room VALUES (zeroblob(100000)); END"
            for table in ("edition", "fact")
        ),
    )
    with site.store() as store, store.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    with each_connection(f"max_page_count = {pages}"):
        assert refused(site, name) == "store.full"
    ACTS[name](site)
    assert written(site)[:2] == DONE[name]


@only_postgresql
@each_act
def test_a_full_server_is_told_and_with_room_it_is_done(site: Site, name: str) -> None:
    refusing(site, "53100", 1)
    assert refused(site, name) == "store.full"
    ACTS[name](site)
    assert written(site)[:2] == DONE[name]


@only_postgresql
@each_act
@pytest.mark.parametrize("state", ["40001", "57P01"])
def test_what_the_server_gave_up_whole_is_done_again(site: Site, name: str, state: str) -> None:
    refusing(site, state, 2)
    ACTS[name](site)
    assert written(site)[:2] == DONE[name]


@only_postgresql
@each_act
def test_what_the_server_gives_up_every_time_is_told(site: Site, name: str) -> None:
    refusing(site, "40001", 99)
    assert refused(site, name) == "store.collided"


@each_act
def test_a_locked_database_is_waited_for(site: Site, name: str) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with site.store() as other, other.writing():
            held.set()
            release.wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    ACTS[name](site)
    holder.join()
    assert written(site)[:2] == DONE[name]


@each_act
def test_a_database_that_stays_locked_is_told(site: Site, database: str, name: str) -> None:
    if database == "postgresql":
        impatient = make_url(site.url).update_query_dict({"options": SHORT_WAIT})
        use_database(site.folder, impatient.render_as_string(hide_password=False))
        site = replace(site, config=read_config(site.folder))
    pragma = "busy_timeout = 50"
    with site.store() as other, other.writing():
        if database == "sqlite":
            with each_connection(pragma):
                code = refused(site, name)
        else:
            code = refused(site, name)
    assert code == "store.locked"
    ACTS[name](site)
    assert written(site)[:2] == DONE[name]


@only_postgresql
def test_a_server_restarted_under_load_loses_nothing_it_acknowledged(
    site: Site, postgres: PostgresServer
) -> None:
    """Of follow-ups and editions what was told as stored is there, once, and nothing unknown is."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "busy_secretary.py"), str(site.folder), MOMENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as secretary:
        assert secretary.stdin is not None
        assert secretary.stdout is not None
        told = [secretary.stdout.readline().strip()]
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGINT, signal.SIGQUIT):
            postgres.own.restart(how)
            time.sleep(0.5)
        told += secretary.communicate("stop\n", timeout=60)[0].splitlines()
    said: dict[str, set[str]] = {}
    for line in told:
        code, what = line.split(" ", 1)
        said.setdefault(code, set()).add(what)
    with site.store() as store:
        facts = store.fact_rows()
        there = Counter(row.what for row in facts if row.kind == "follow-up")
        there.update(f"Udgave {row.note}" for row in store.editions() if row.note)
        keys = {row.key for row in facts}
        ledger = store.ledger().keys()
    assert set(there.values()) == {1}
    assert said["stored"] <= set(there)
    # Lost in the commit itself: whether it was stored is said to be unknown, never guessed.
    assert set(there) - said["stored"] <= said.get("store.outcome-unknown", set())
    assert set(said) <= {
        "stored",
        "store.outcome-unknown",
        "store.connection-lost",
        "store.unusable",
    }
    # What is recorded is announced with it.
    assert keys <= ledger
    assert len(said["stored"]) > 5
