"""The first sheet of a document as CSV, in the form that a Danish spreadsheet opens."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from engine.documents.model import Cell, Document, clean

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@")


def written(document: Document) -> bytes:
    """Semicolons, UTF-8 with its mark, days as 26-03-2026."""
    table = document.sheets[0]
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.heads)
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, str):
        text = clean(cell).replace("\n", " ")
        return f"'{text}" if text.startswith(_FORMULA) else text
    return "" if cell is None else str(cell)
