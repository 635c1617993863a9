"""A table as a spreadsheet saves it; separator and encoding are found out, cells keep place."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.definitions.likeness import listed, nearest
from engine.errors import Finding, Severity

SIZE_LIMIT = 8 * 1024 * 1024
MOST_COLUMNS = 50
_SEPARATORS = ";,\t"
_NEWLINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row's cells by column, and the line it begins on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a table, by the names of its columns."""

    path: str
    separator: str = ";"
    columns: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()

    def finding(
        self,
        code: str,
        row: Row,
        column: str,
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> Finding:
        """A finding placed at a cell."""
        place = self._starts(row.line, column)
        return Finding(code, severity, self.path, row.line, place, column, row[column], params)

    def _starts(self, line: int, column: str) -> int:
        starts = list(_cell_starts(self.lines[line - 1], self.separator))
        index = self.columns.index(column) if column in self.columns else len(self.columns)
        return starts[min(index, len(starts) - 1)]


def _cell_starts(line: str, separator: str) -> Iterator[int]:
    yield 1
    quoted = False
    for index, character in enumerate(line):
        quoted ^= character == '"'
        if character == separator and not quoted:
            yield index + 2


def read_sheet(
    content: bytes, path: str, columns: Sequence[str], required: Collection[str]
) -> Sheet:
    """Reads a table; one that lacks a required column has no rows."""
    text, fault = _decode(content, path)
    if fault is not None:
        return Sheet(path, findings=(fault,))
    lines = tuple(_NEWLINE.split(text))
    skipped = 1 if lines[0].lower().startswith("sep=") else 0
    if not any(line.strip() for line in lines[skipped:]):
        return Sheet(path, findings=(Finding("empty-file", path=path, line=1, column=1),))
    separator = max(_SEPARATORS, key=lines[skipped].count)
    sheet = Sheet(path, separator, lines=lines)
    records, broken = _records(lines[skipped:], separator, skipped)
    heads, faults = _heads(sheet, records[0] if records else (skipped + 1, []), columns, required)
    sheet = replace(sheet, columns=heads)
    if broken:
        faults.append(Finding("csv-quote", path=path, line=broken, column=1))
    if any(fault.code == "column-missing" for fault in faults):
        return replace(sheet, findings=tuple(faults))
    rows, long = _rows(sheet, records[1:])
    return replace(sheet, rows=rows, findings=(*faults, *long))


def _decode(content: bytes, path: str) -> tuple[str, Finding | None]:
    start = Finding("", path=path, line=1, column=1)
    if len(content) > SIZE_LIMIT:
        size, limit = -(-len(content) // 1024), SIZE_LIMIT // 1024
        return "", replace(start, code="file-too-large", params={"size": size, "limit": limit})
    if b"\0" in content or content.startswith(b"PK"):
        return "", replace(start, code="binary-file")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), None
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            place = {"byte": f"{content[error.start]:02X}", "offset": error.start + 1}
    return "", replace(start, code="not-utf8", line=line, params=place)


def _records(
    lines: Sequence[str], separator: str, skipped: int
) -> tuple[list[tuple[int, list[str]]], int]:
    """The cells of each row with the line it begins on; then the line where quotes go wrong."""
    reader = csv.reader(
        (line + "\n" for line in lines), delimiter=separator, strict=True, skipinitialspace=True
    )
    records: list[tuple[int, list[str]]] = []
    begins = skipped + 1
    try:
        for cells in reader:
            records.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + skipped + 1
    except csv.Error:
        return records, begins
    return records, 0


def _heads(
    sheet: Sheet,
    record: tuple[int, list[str]],
    columns: Sequence[str],
    required: Collection[str],
) -> tuple[tuple[str, ...], list[Finding]]:
    line, cells = record[0], record[1][:MOST_COLUMNS]
    heads = tuple(re.sub(r"[\s-]+", "_", cell.lower()) for cell in cells)
    starts = list(_cell_starts(sheet.lines[line - 1], sheet.separator))
    faults: list[Finding] = []
    for index, head in enumerate(heads):
        code = "column-repeated" if head in heads[:index] else "column-unknown"
        if head and (head not in columns or head in heads[:index]):
            at = starts[min(index, len(starts) - 1)]
            known = {"nearest": nearest(head, columns), "known": listed(columns)}
            faults.append(
                Finding(code, path=sheet.path, line=line, column=at, value=head, params=known)
            )
    for column in columns:
        if column in required and column not in heads:
            known = {"known": listed(columns)}
            faults.append(
                Finding(
                    "column-missing",
                    path=sheet.path,
                    line=line,
                    column=1,
                    value=column,
                    params=known,
                )
            )
    return heads, faults


def _rows(
    sheet: Sheet, records: Sequence[tuple[int, list[str]]]
) -> tuple[tuple[Row, ...], list[Finding]]:
    rows: list[Row] = []
    faults: list[Finding] = []
    width = len(sheet.columns)
    for line, cells in records:
        row = Row(line, dict(zip(sheet.columns, cells, strict=False)))
        if any(cells[width:]):
            faults.append(sheet.finding("row-too-long", row, "", columns=width))
        if any(cells):
            rows.append(row)
    return tuple(rows), faults
