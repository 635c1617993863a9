from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from engine.planning.workdays import DaySet, WorkingCalendar

TABLES = Path(__file__).parents[1] / "tables"


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def closed_days() -> dict[date, str]:
    return {date.fromisoformat(row["dag"]): row["navn"] for row in table("lukkedage.csv")}


def kommune() -> WorkingCalendar:
    weekend = frozenset({5, 6})
    first, last = date(2023, 1, 1), date(2028, 12, 31)
    return WorkingCalendar(DaySet("kommune", "lukkedage", first, last, weekend, closed_days()))
