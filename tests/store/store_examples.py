"""What the tests of the store put into it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.planning.diff import Change, Snapshot, Verb
from engine.planning.organisation import Person
from engine.store import Fact, Feed, Link, Message, Store, Told
from engine.store.tables import Table

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

SECRET = "5e" * 32
NOW = datetime(2026, 3, 12, 6, 30, tzinfo=UTC)
LEASE = timedelta(minutes=5)
KEY = "moeder/moedecyklus/oes-med/2026-03-26/dagsorden"
TEXTS = {"organisation/organisation.yaml": "name: Eksempel Kommune\n", "workflows/a.yaml": "æøå\n"}

ANNE = Person("ahj", "Anne Højgård Jensen", "anne.hoejgaard@kommune.example", "da")
BO = Person("bs", "Bo Sørensen", "bo@kommune.example", None, date(2026, 7, 6), date(2026, 7, 24))


def found(store: Store, texts: dict[str, str] | None = None) -> int:
    """Makes the site with one edition, and gives back its number."""
    with store.writing():
        store.ensure_site(SECRET, NOW)
        edition = store.append_edition(
            texts or TEXTS, "hash-1", parent=None, by="ahj", note="den første", at=NOW
        )
    return edition.number


def snapshot(due_on: str = "2026-03-19", **changed: Any) -> Snapshot:
    plain: dict[str, Any] = {
        "kind": "due",
        "title": "Dagsordenen sendes ud",
        "workflow_title": "Mødecyklus",
        "committee": "oes-med",
        "nominal_on": due_on,
        "due_on": due_on,
        "limit_on": "",
        "hours": "",
        "place": "",
        "meeting": "2026-03-26",
        "holders": ("sekretaer",),
        "people": ("ahj",),
        "visible": "",
        "confidential": False,
        "sources": ("MED-rammeaftalen|§ 8",),
        "derivation": "anchor:2026-03-26 before:2026-03-19",
    }
    return Snapshot(**{**plain, **changed})


def new(key: str = KEY, due_on: str = "2026-03-19") -> Change:
    return Change(Verb.NEW, key, None, snapshot(due_on))


def moved(key: str, before: str, after: str) -> Change:
    return Change(Verb.MOVED, key, snapshot(before), snapshot(after))


def retired(key: str, due_on: str = "2026-03-19") -> Change:
    return Change(Verb.RETIRED, key, snapshot(due_on), None)


def fact(kind: str, key: str = KEY, **told: Any) -> Fact:
    plain: dict[str, Any] = {"on": date(2026, 3, 11), "by": "ahj", "how": "command"}
    return Fact(**{**plain, "recorded_at": NOW, **told, "key": key, "kind": kind})


def mail(number: int = 1, **changed: Any) -> Message:
    plain: dict[str, Any] = {
        "recipient": "person:ahj",
        "kind": "single",
        "local_day": date(2026, 3, 12),
        "message_id": f"{number}@kommune.example",
        "contents": {"subject": "Dagsordenen skal ud torsdag den 19. marts", "keys": [KEY]},
        "due_at": NOW,
        "created_at": NOW,
    }
    return Message(**{**plain, **changed})


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in order."""
    with store.reading() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for name, table in Table.metadata.tables.items()
        }


def fill(store: Store) -> None:
    """Puts something into every table."""
    with store.writing():
        found(store)
        store.append_edition(TEXTS, "hash-2", parent=1, by="bs", note="æøå", at=NOW)
        store.set_in_force(date(2026, 3, 12))
        store.save_people([ANNE, BO])
        store.add_renames({KEY: "gammel"}, NOW)
        store.announce([new()], edition=1, at=NOW, reasons={KEY: "edition 1"})
        store.announce([moved(KEY, "2026-03-19", "2026-03-20")], edition=2, at=NOW)
        store.add_fact(fact("done", why="drøftet på mødet"))
        store.add_fact(fact("undone", undoes=1))
        opened = fact("case-opened", "aftale/oes-med", inputs={"antal": 3, "ja": True})
        store.open_case(opened, 2026)
        store.queue([(mail(1), [told("a"), told("b", None)]), (mail(2), [])], [link()])
        store.add_feed(feed())
        store.erase({"gone": NOW})
        store.remember_watching(node="node-1", files_hash="ab" * 32, outcome="asks")
    store.claim("w", NOW, LEASE, 1)


def told(key: str, due_on: date | None = date(2026, 3, 19)) -> Told:
    return Told(key=key, kind="heads-up", due_on=due_on)


def link(token_hash: str = "cd" * 32, **changed: Any) -> Link:
    plain: dict[str, Any] = {
        "message_id": "1@kommune.example",
        "recipient": "person:ahj",
        "key": KEY,
        "until_on": date(2026, 4, 2),
    }
    return Link(**{**plain, **changed, "token_hash": token_hash})


def feed(token_hash: str = "ab" * 32, **changed: Any) -> Feed:
    plain: dict[str, Any] = {"scope_kind": "person", "scope": "ahj", "created_at": NOW}
    return Feed(**{**plain, **changed, "token_hash": token_hash})
