"""The tables that prove the dates: readable by a secretary, and every row says why."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

TABLES = sorted((Path(__file__).parent / "tables").glob("*.csv"))
DOMAIN = (
    "arbejdsdage",
    "budgetgraenser",
    "frist",
    "lukkedage",
    "masseafskedigelse",
    "moedeforloeb",
    "varsler",
)


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8")
    delimiter = "|" if "|" in text.splitlines()[0] else ";"
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_of_a_table_has_a_source_and_as_many_cells_as_the_head(path: Path) -> None:
    found = rows(path)
    assert found != []
    assert [row for row in found if not (row.get("kilde") or "").strip()] == []
    assert [row for row in found if None in row or None in row.values()] == []


def test_the_dates_of_the_domain_are_proved_by_many_rows() -> None:
    counted = sum(len(rows(path)) for path in TABLES if path.stem.startswith(DOMAIN))
    assert counted >= 250
