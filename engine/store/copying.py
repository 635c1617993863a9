"""Every row of one database, written into another of any kind."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy import Table as SqlTable

from engine.store.tables import Table

BATCH = 500
"""How many rows are in memory at once."""


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


def _copied(table: SqlTable, source: Connection, target: Connection) -> int:
    count = 0
    # A row that refers to its own table refers to one before it.
    query = select(table).order_by(*table.primary_key.columns)
    found = source.execute(query.execution_options(yield_per=BATCH)).mappings()
    for part in found.partitions():
        target.execute(insert(table), [dict(row) for row in part])
        count += len(part)
    return count
