"""Every row of one database, written into another of any kind."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy import Table as SqlTable

from engine.store.tables import Table

BATCH = 500
"""How many rows are in memory at once."""

WEIGHTS = {"edition": "texts", "message": "contents"}
"""What takes the room in a store, and is not asked for when the days ahead are tried out."""


def copied(source: Connection, target: Connection) -> dict[str, int]:
    """Copies every table, those that are referred to first; gives back how many rows each has."""
    return {table.name: _copied(table, source, target) for table in Table.metadata.sorted_tables}


def emptied(target: Connection) -> None:
    """Deletes every row of every table, those that refer first."""
    for table in reversed(Table.metadata.sorted_tables):
        target.execute(delete(table))


def count_on(target: Connection) -> None:
    """Lets the database number new rows after those that were written with their numbers."""
    if target.dialect.name != "postgresql":
        return
    for table in Table.metadata.sorted_tables:
        numbered = table.autoincrement_column
        if numbered is None:
            continue
        highest = target.scalar(select(func.max(numbered)))
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :value, :used)"),
            {
                "table": table.name,
                "column": numbered.name,
                "value": highest or 1,
                "used": highest is not None,
            },
        )


def sketched(source: Connection, target: Connection) -> None:
    """Makes the tables of an empty database and copies every row, without what weighs most."""
    Table.metadata.create_all(target)
    for table in Table.metadata.sorted_tables:
        _copied(table, source, target, WEIGHTS.get(table.name, ""))


def _copied(table: SqlTable, source: Connection, target: Connection, without: str = "") -> int:
    count = 0
    columns = [column for column in table.columns if column.name != without]
    blank: dict[str, object] = {without: {}} if without else {}
    # A row that refers to its own table refers to one before it.
    query = select(*columns).order_by(*table.primary_key.columns)
    found = source.execute(query.execution_options(yield_per=BATCH)).mappings()
    for part in found.partitions():
        target.execute(insert(table), [{**row, **blank} for row in part])
        count += len(part)
    return count
