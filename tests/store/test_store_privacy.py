from __future__ import annotations

from datetime import date

from sqlalchemy import String, cast, inspect, select
from store_examples import ANNE, BO, KEY, NOW, SECRET, TEXTS, fact, feed, link, mail, new, told

from engine.store import Store
from engine.store.tables import Table

MEMBERS = (
    "person;udvalg;rolle;fra\nahj;oes-med;sekretaer;2026-01-01\nbs;oes-med;forperson;2026-01-01\n"
)


def use_everything(store: Store) -> None:
    with store.writing("apply"):
        store.ensure_site(SECRET, NOW)
        texts = {**TEXTS, "organisation/members.csv": MEMBERS}
        store.append_edition(texts, "hash", parent=None, by="ahj", note="første", at=NOW)
        store.set_in_force(date(2026, 3, 12))
        store.remember_watching(node="node-1", files_hash="ab" * 32, outcome="asks")
        store.save_people([ANNE, BO])
        store.add_renames({KEY: "gammel"}, NOW)
        store.announce([new()], edition=1, at=NOW, reasons={KEY: "edition 1"})
        store.add_fact(fact("done"))
        store.queue([(mail(), [told("a")])], [link()])
        store.add_feed(feed())
        store.erase({"gone": NOW})


def everything(store: Store) -> dict[str, str]:
    """Every value of every row as text, by table."""
    lies = {}
    with store.reading() as connection:
        for name, table in Table.metadata.tables.items():
            query = select(*(cast(column, String) for column in table.columns))
            lies[name] = "\n".join(str(tuple(row)) for row in connection.execute(query))
    return lies


def tables_with(store: Store, words: str) -> set[str]:
    return {name for name, lies in everything(store).items() if words in lies}


def test_names_and_addresses_are_in_one_table_only(store: Store) -> None:
    use_everything(store)
    assert all(everything(store).values())
    for person in (ANNE, BO):
        for words in (person.name, *person.name.split(), person.email):
            assert (words, tables_with(store, words)) == (words, {"person"})


def test_initials_are_what_the_other_tables_hold(store: Store) -> None:
    use_everything(store)
    assert tables_with(store, "ahj") == {
        *("person", "edition", "announcement", "fact", "message", "feed", "link")
    }


def test_the_secret_is_in_one_place_only(store: Store) -> None:
    use_everything(store)
    assert tables_with(store, SECRET) == {"site"}


def test_every_table_of_the_database_was_looked_into(store: Store) -> None:
    with store.reading() as connection:
        names = set(inspect(connection).get_table_names())
    assert names == {*everything(store), "alembic_version"}
