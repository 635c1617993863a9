"""A table from another program: CSV, or the first sheet of a workbook, read as the same thing."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from engine.definitions.sheet import MOST_COLUMNS, SIZE_LIMIT, Row, Sheet, read_sheet
from engine.errors import Finding, Severity

UNPACKED_LIMIT = 64 * 1024 * 1024
MOST_ROWS = 20_000
_DANISH = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T][0-9:.]+")


def read_table(
    content: bytes,
    path: str,
    columns: Sequence[str],
    required: Collection[str],
    also: Mapping[str, str],
) -> Sheet:
    """Reads a table; columns that mean nothing here are remarks: such lists have many."""
    packed = content.startswith(b"PK")
    if packed:
        text, fault = _first_sheet(content, path)
        if fault is not None:
            return Sheet(path, findings=(fault,))
        content = text.encode()
    sheet = read_sheet(content, path, columns, required, also)
    findings = tuple(_judged(finding) for finding in sheet.findings)
    if packed:
        findings = tuple(_without_column(finding) for finding in findings)
    return replace(sheet, findings=findings)


def _judged(finding: Finding) -> Finding:
    if finding.code == "column-unknown":
        return replace(finding, code="import.column-unused", severity=Severity.INFO)
    return finding


def _without_column(finding: Finding) -> Finding:
    """In a workbook a place is a row; the column's name is told beside it."""
    return replace(finding, column=1)


def _first_sheet(content: bytes, path: str) -> tuple[str, Finding | None]:
    """The first sheet with anything in it, one line a row."""
    from openpyxl import load_workbook

    fault = Finding("import.not-a-workbook", path=path, line=1, column=1)
    if len(content) > SIZE_LIMIT or _unpacked(content) > UNPACKED_LIMIT:
        size, limit = -(-len(content) // 1024), SIZE_LIMIT // 1024
        return "", replace(fault, code="file-too-large", params={"size": size, "limit": limit})
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines: list[list[str]] = []
        for sheet in book.worksheets:
            lines = [
                [_text(cell) for cell in row]
                for row in sheet.iter_rows(
                    min_row=1, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True
                )
            ]
            if any(any(row) for row in lines):
                break
    # The library raises whatever it stumbles over in a file that is no workbook.
    except Exception:
        return "", fault
    if len(lines) > MOST_ROWS:
        return "", replace(fault, code="import.too-many-rows", params={"limit": MOST_ROWS})
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(lines)
    return text.getvalue(), None


def _unpacked(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile:
        return 0


def _text(cell: object) -> str:
    """A cell as a person sees it; one line, whatever stands in it."""
    match cell:
        case None:
            return ""
        case bool():
            return "ja" if cell else "nej"
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case float() if cell.is_integer():
            return str(int(cell))
    return " ".join(str(cell).split())


def plain_row(row: Row, days: Collection[str]) -> Row:
    """A row with single blanks, and its days as a members file writes them.

    A day far beyond all terms is how some systems say that there is no end.
    """
    cells = {column: " ".join(text.split()) for column, text in row.cells.items() if column}
    for column in days:
        cells[column] = plain_day(cells.get(column, ""))
    return Row(row.line, cells)


def plain_day(text: str) -> str:
    """A day written 1.6.2025, 01/06/2025 or with a clock, as 01-06-2025 or 2025-06-01."""
    if found := _MOMENT.fullmatch(text):
        text = found[1]
    elif found := _DANISH.fullmatch(text):
        text = "-".join(found.groups())
    return "" if "9999" in text else text
