"""A table as a spreadsheet saves it; separator and encoding are found out, cells keep place."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.definitions.likeness import listed, nearest
from engine.errors import Finding, Severity

SIZE_LIMIT = 8 * 1024 * 1024
MOST_COLUMNS = 50
CELL_LIMIT = 4_000
NO_OTHER_NAMES: Mapping[str, str] = {}
_LINES_SEARCHED = 10
_SEPARATORS = ";,\t"
_HEADLESS = frozenset({"column-missing", "heads-missing", "heads-further-down"})
_NEWLINE = re.compile(r"\r\n|\n|\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029]")
# Soft hyphens, zero-width blanks and marks of direction, as they come along when one copies.
_UNSEEN = re.compile(r"[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# æ, ø, å, é and their like in UTF-8, read as if they were Windows-1252.
_MIXED = re.compile(r"Ã[\x80-\xbf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")


Record = tuple[int, list[str]]
"""The line a row begins on, and its cells."""


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
        value = row[column][:80]
        return Finding(code, severity, self.path, row.line, place, column, value, params)

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


@dataclass(frozen=True, slots=True)
class _Known:
    """The columns a table may have, those it must have, and other names of them."""

    columns: Sequence[str]
    required: Collection[str]
    also: Mapping[str, str]

    def named(self, cells: Sequence[str]) -> tuple[str, ...]:
        heads = (re.sub(r"[\s-]+", "_", cell.lower()) for cell in cells[:MOST_COLUMNS])
        return tuple(self.also.get(head, head) for head in heads)


def read_sheet(
    content: bytes,
    path: str,
    columns: Sequence[str],
    required: Collection[str],
    also: Mapping[str, str] = NO_OTHER_NAMES,
) -> Sheet:
    """Reads a table; one that lacks a required column has no rows.

    `also` gives other names of columns: a head `udvalg` may stand for `committee`.
    """
    text, fault = _decode(content, path)
    if fault is not None:
        return Sheet(path, findings=(fault,))
    lines = tuple(_NEWLINE.split(text))
    skipped = 1 if lines[0].lower().startswith("sep=") else 0
    if not any(line.strip() for line in lines[skipped:]):
        return Sheet(path, findings=(Finding("empty-file", path=path, line=1, column=1),))
    while not lines[skipped].strip():
        skipped += 1
    separator = max(_SEPARATORS, key=lines[skipped].count)
    sheet = Sheet(path, separator, lines=lines)
    records, broken = _records(sheet, skipped)
    heads, faults = _heads(sheet, records, _Known(columns, required, also))
    sheet = replace(sheet, columns=heads)
    faults += [broken] if broken else []
    if any(fault.code in _HEADLESS for fault in faults):
        return replace(sheet, findings=tuple(faults))
    rows, long = _rows(sheet, records[1:])
    return replace(sheet, rows=rows, findings=(*faults, *long))


def _decode(content: bytes, path: str) -> tuple[str, Finding | None]:
    start = Finding("", path=path, line=1, column=1)
    if len(content) > SIZE_LIMIT:
        size, limit = -(-len(content) // 1024), SIZE_LIMIT // 1024
        return "", replace(start, code="file-too-large", params={"size": size, "limit": limit})
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "", replace(start, code="utf16-file")
    if b"\0" in content or content.startswith(b"PK"):
        return "", replace(start, code="binary-file")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            place = {"byte": f"{content[error.start]:02X}", "offset": error.start + 1}
        else:
            return _sound(text, start, encoding)
    return "", replace(start, code="not-utf8", line=line, params=place)


def _sound(text: str, start: Finding, encoding: str) -> tuple[str, Finding | None]:
    """The text, unless it would tell people something else than what was typed."""
    if control := _CONTROL.search(text):
        params = {"character": f"U+{ord(control[0]):04X}"}
        return "", replace(
            _at(text, control.start(), start), code="control-character", params=params
        )
    if encoding == "cp1252" and (mixed := _MIXED.search(text)):
        return "", replace(_at(text, mixed.start(), start), code="mixed-encodings")
    return text, None


def _at(text: str, index: int, start: Finding) -> Finding:
    breaks = list(_NEWLINE.finditer(text, 0, index))
    column = index - (breaks[-1].end() if breaks else 0) + 1
    return replace(start, line=len(breaks) + 1, column=column)


def _records(sheet: Sheet, skipped: int) -> tuple[list[Record], Finding | None]:
    """The cells of each row with the line it begins on; then where they cannot be told apart."""
    reader = csv.reader(
        (line + "\n" for line in sheet.lines[skipped:]),
        delimiter=sheet.separator,
        strict=True,
        skipinitialspace=True,
    )
    records: list[Record] = []
    begins = skipped + 1
    try:
        for cells in reader:
            if any(len(cell) > CELL_LIMIT for cell in cells):
                return records, _broken(sheet, "cell-too-long", begins)
            if any(cells):
                records.append((begins, [_plain(cell) for cell in cells]))
            begins = reader.line_num + skipped + 1
    except csv.Error as error:
        # The library's own limit of 131,072 characters, where a quote swallows the rest.
        code = "cell-too-long" if "limit" in str(error) else "csv-quote"
        return records, _broken(sheet, code, begins)
    return records, None


def _plain(cell: str) -> str:
    """A cell as it is seen: line breaks, double blanks and unseen marks are no part of a name."""
    return " ".join(_UNSEEN.sub("", cell).split())


def _broken(sheet: Sheet, code: str, line: int) -> Finding:
    return Finding(code, path=sheet.path, line=line, column=1, params={"limit": CELL_LIMIT})


def _headless(sheet: Sheet, records: Sequence[Record], known: _Known) -> Finding | None:
    """One finding where the first row names no column that must be there."""
    required = set(known.required)
    if records and (not required or set(known.named(records[0][1])) & required):
        return None
    found = Finding("heads-missing", path=sheet.path, line=1, column=1)
    for line, cells in records[1:_LINES_SEARCHED]:
        if len(set(known.named(cells)) & required) > 1:
            return replace(found, code="heads-further-down", params={"line": line})
    return replace(found, params={"known": listed(known.columns)})


def _heads(
    sheet: Sheet, records: Sequence[Record], known: _Known
) -> tuple[tuple[str, ...], list[Finding]]:
    if headless := _headless(sheet, records, known):
        return (), [headless]
    columns, names = known.columns, (*known.columns, *known.also)
    line, cells = records[0]
    heads = known.named(cells)
    starts = list(_cell_starts(sheet.lines[line - 1], sheet.separator))
    faults: list[Finding] = []
    for index, head in enumerate(heads):
        code = "column-repeated" if head in heads[:index] else "column-unknown"
        if head and (head not in columns or head in heads[:index]):
            at = starts[min(index, len(starts) - 1)]
            told = {"nearest": nearest(head, names), "known": listed(columns)}
            faults.append(
                Finding(code, path=sheet.path, line=line, column=at, value=head, params=told)
            )
    missing = Finding("column-missing", path=sheet.path, line=line, column=1)
    missing = replace(missing, params={"known": listed(columns)})
    faults += [
        replace(missing, value=column)
        for column in columns
        if column in known.required and column not in heads
    ]
    return heads, faults


def _rows(sheet: Sheet, records: Sequence[Record]) -> tuple[tuple[Row, ...], list[Finding]]:
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
