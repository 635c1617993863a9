from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Index, inspect, text

from engine.errors import StoreError
from engine.migrations import current, settings, upgrade
from engine.store.connecting import WRITES, connect
from engine.store.tables import Table

TABLES = {
    *("site", "edition", "person", "fact", "announcement", "auto_apply"),
    *("rename", "message", "reminder", "feed", "erasure", "link"),
}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    database = connect(url).execution_options(**{WRITES: True})
    with database.begin() as connection:
        yield connection
    database.dispose()


def plain(checks: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Checks without the types that PostgreSQL writes into them."""
    return {
        table: {name: re.sub(r"::[a-z]+", "", said) for name, said in named.items()}
        for table, named in checks.items()
    }


def schema(connection: Connection) -> list[object]:
    """Everything that a step could have changed."""
    look = inspect(connection)
    return [
        (name, look.get_columns(name), [index["name"] for index in look.get_indexes(name)])
        for name in sorted(look.get_table_names())
    ]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Table.metadata))


def test_the_steps_make_exactly_the_tables(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        assert differences(connection) == []
        assert set(inspect(connection).get_table_names()) == TABLES | {"alembic_version"}
        made = {
            table: {
                check["name"]: check["sqltext"]
                for check in inspect(connection).get_check_constraints(table)
            }
            for table in TABLES
        }
    meant = {
        name: {
            str(check.name): str(check.sqltext)
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }
        for name, table in Table.metadata.tables.items()
    }
    assert plain(made) == plain(meant)


def test_the_comparison_sees_a_difference(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        connection.execute(text("DROP INDEX uq_message_digest"))
        (lacking,) = differences(connection)
    assert isinstance(lacking, tuple)
    verb, index = lacking
    assert isinstance(index, Index)
    assert (verb, index.name) == ("add_index", "uq_message_digest")


def test_upgrading_twice_changes_nothing(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        before = str(schema(connection))
    upgrade(url)
    with connected(url) as connection:
        assert str(schema(connection)) == before


def test_a_step_that_fails_leaves_nothing(url: str) -> None:
    with connected(url) as connection:
        connection.execute(text("CREATE TABLE message (id INTEGER)"))
    with pytest.raises(StoreError) as raised:
        upgrade(url)
    assert raised.value.code == "store.unusable"
    assert current(url) is None
    with connected(url) as connection:
        assert inspect(connection).get_table_names() == ["message"]


def test_an_empty_database_has_no_revision(url: str) -> None:
    assert current(url) is None


def test_revisions_are_numbered_so_that_later_ones_sort_later() -> None:
    steps = list(ScriptDirectory.from_config(settings()).walk_revisions())
    numbers = [step.revision for step in reversed(steps)]
    assert numbers == [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert all(re.match(rf"{step.revision}_\w+\.py", Path(step.path).name) for step in steps)
