"""Whatever goes wrong around the outbox: nothing is lost, and nothing reaches the wrong person."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from applied_sites import AppliedSites
from fault_rows import ROWS
from fault_site import BEFORE, MORNING, fault_site
from postgres_server import PostgresServer
from sqlalchemy import Pool, event
from trial import Counts, Trial, has_run, moment, refused_port

from engine.service.examining import Check, examined
from engine.service.outbox import listed
from engine.store import transactions
from engine.wording.doctor import check_words

TABLE = Path(__file__).parents[1] / "tables" / "mailfejl.csv"
COLUMNS = {
    "skyldige": "due",
    "leveret": "delivered",
    "taget tilbage": "withdrawn",
    "afvist": "refused",
    "opgivet": "stuck",
    "tabt": "lost",
    "mails": "mails",
    "gentaget": "repeated",
    "fejlsendt": "misdirected",
}
BY_THE_WAY = re.compile(
    "4xx|5xx ved (hilsen|EHLO|DATA)|5xx efter|taber .* (ved|tabt)|svarer for sent ved"
    "|svarer for sent .* tabt|svarer noget|uret .* time|uret .* frem|forårets|dagen efter|frafaldet"
    "|maskinen sover, f|flyttes væk|certifikat|midt i indholdet"
)
"""Rows that differ from others by one answer of the relay or by a day."""

ON_BOTH = re.compile("databasen|ét krav|rolle .* samme")
"""Rows that are about the store too."""


class Locked:
    """A SQLite that somebody else writes in, and for which nobody waits long."""

    def __init__(self, folder: Path) -> None:
        self._other = sqlite3.connect(
            folder / "var" / "medfrist.db", isolation_level=None, check_same_thread=False
        )

    def stop(self) -> None:
        event.listen(Pool, "checkout", _impatient)
        self._other.execute("BEGIN IMMEDIATE")

    def start(self) -> None:
        self._other.execute("ROLLBACK")
        event.remove(Pool, "checkout", _impatient)

    def close(self) -> None:
        self._other.close()


def _impatient(connection: Any, *_: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 50")


class Gone:
    """A PostgreSQL that is stopped and started."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def stop(self) -> None:
        self._server.own.stop()

    def start(self) -> None:
        self._server.own.start()

    def close(self) -> None:
        pass


@pytest.fixture
def trial(
    applied_sites: AppliedSites,
    database: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Trial]:
    """The small site just before its first mails, and a port that refuses connections."""
    monkeypatch.setattr(transactions, "CONNECT_SECONDS", 0.2)
    folder = applied_sites.copy("faults", database, tmp_path / "site", fault_site, BEFORE, has_run)
    postgres = request.getfixturevalue("postgres") if database == "postgresql" else None
    switch: Gone | Locked = Gone(postgres) if postgres else Locked(folder)
    with refused_port() as door:
        yield Trial(folder, moment(MORNING), door.getsockname()[1], switch)
    switch.close()
    applied_sites.drop()


def rows() -> dict[str, Counts]:
    lines = csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter=";")
    return {
        line["fejl"]: Counts(**{name: int(line[head]) for head, name in COLUMNS.items()})
        for line in lines
    }


EXPECTED = rows()


def cases() -> Iterator[Any]:
    """On SQLite all but those that are tried by the way; on PostgreSQL some; to prove, all."""
    for code in ROWS:
        seldom = BY_THE_WAY.search(code) is not None
        for database, tried in (("sqlite", not seldom), ("postgresql", ON_BOTH.search(code))):
            yield pytest.param(database, code, marks=[] if tried else [pytest.mark.prove])


@pytest.mark.parametrize(("database", "code"), [*cases()])
def test_a_fault(trial: Trial, code: str) -> None:
    ROWS[code](trial)
    assert trial.counts() == EXPECTED[code]


def test_every_row_of_the_table_is_tried_and_nothing_is_lost_or_misdirected() -> None:
    assert list(EXPECTED) == list(ROWS)
    assert {(each.lost, each.misdirected) for each in EXPECTED.values()} == {(0, 0)}


@pytest.mark.parametrize("database", ["sqlite"])
def test_who_is_refused_is_marked_the_administrators_told_and_the_substitute_takes_over(
    trial: Trial,
) -> None:
    ROWS["én modtager afvist for altid"](trial)
    rows = trial.rows()
    work = [each.to for each in trial.taken_in if rows[each.message_id].kind == "digest"]
    names = ("hr", "ckv", "dmo", "frk", "gul")
    assert Counter(work) == {f"{name}@kommune.example": 2 for name in names}
    asked = [each.to for each in trial.taken_in if "Medlemmet ehl: ret adressen" in each.text]
    assert Counter(asked) == {"it@kommune.example": 1, "asp@kommune.example": 1}
    with trial.site.store() as store:
        refused = {name: str(each.refused_on) for name, each in store.people().items()}
    assert {name for name, on in refused.items() if on != "None"} == {"ehl"}
    assert refused["ehl"] == "2026-03-05"


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_refused_sender_is_seen_in_the_outbox_and_by_the_doctor(trial: Trial) -> None:
    with trial.served({"mail": "550 5.7.1 sender unknown"}) as relay:
        trial.run()
        (found,) = [each for each in examined(trial.site) if each.check == "relay"]
        where = {"host": "127.0.0.1", "port": relay.port, "reply": "550 5.7.1"}
    assert found == Check("relay", False, "mail.sender-refused", where)
    shown = {(each.state, each.reason) for each in listed(trial.site).mails}
    assert shown == {("retry", "mail.sender-refused")}
    assert check_words(found.code, found.params, "da") == (
        f"config.toml: mail.sender: 127.0.0.1:{where['port']} — mailserveren afviste afsenderen med"
        " 550 5.7.1. Kontrollér mail.sender, og bed dem, der driver mailserveren, om at lade denne"
        " maskine sende fra den adresse. Mailen sendes igen senere."
    )
    with trial.served():
        (found,) = [each for each in examined(trial.site) if each.check == "relay"]
    assert (found.ok, trial.taken_in) == (True, [])
