"""Writing single cells of a members file in place: every other byte stays as it was."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.members import COLUMNS, REQUIRED
from engine.definitions.reading import MEMBERS
from engine.definitions.sheet import Row, Sheet, read_sheet
from engine.errors import DefinitionError, EngineError, Severity

_NEWLINES = "\r\n"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a cell begins and ends in the text."""

    begins: int
    ends: int


def members_sheet(content: bytes) -> Sheet:
    """The rows of a members file; one whose cells cannot be told apart is refused."""
    sheet = read_sheet(content, MEMBERS, COLUMNS, REQUIRED)
    if any(found.severity is Severity.ERROR for found in sheet.findings):
        raise DefinitionError(sheet.findings)
    return sheet


def with_cells(content: bytes, changes: Mapping[int, Mapping[str, str]]) -> bytes:
    """The file with other text in some cells, by the line a row begins on and the column.

    Separator, encoding, byte order mark, line ends and quotes elsewhere stay. A column that the
    file lacks is added after the others.
    """
    sheet = members_sheet(content)
    before = {row.line: row for row in sheet.rows}
    mark = content.startswith(BOM_UTF8)
    text, encoding = _decoded(content)
    heads = list(sheet.columns)
    edits: list[tuple[Span, str]] = []
    lacking = [
        name for change in changes.values() for name, cell in change.items() if cell and name
    ]
    added = [name for name in dict.fromkeys(lacking) if name not in heads]
    if added:
        end = _spans(text, _begin(text, _head_line(text)), sheet.separator)[-1].ends
        edits.append((Span(end, end), "".join(sheet.separator + name for name in added)))
        heads += added
    for line, change in changes.items():
        spans = _spans(text, _begin(text, line), sheet.separator)
        edits += _row_edits(spans, heads, before[line], change, sheet.separator)
    for span, cell in sorted(edits, key=lambda edit: edit[0].begins, reverse=True):
        text = text[: span.begins] + cell + text[span.ends :]
    made = (BOM_UTF8 if mark else b"") + text.encode(encoding)
    _refuse_other_changes(sheet, made, changes)
    return made


def _row_edits(
    spans: list[Span], heads: list[str], row: Row, change: Mapping[str, str], separator: str
) -> list[tuple[Span, str]]:
    found: list[tuple[Span, str]] = []
    beyond: dict[int, str] = {}
    for name, cell in change.items():
        if row[name] == cell:
            continue
        index = heads.index(name)
        if index < len(spans):
            found.append((spans[index], _quoted(cell, separator)))
        else:
            beyond[index] = _quoted(cell, separator)
    if beyond:
        end = spans[-1].ends
        cells = [beyond.get(index, "") for index in range(len(spans), max(beyond) + 1)]
        found.append((Span(end, end), "".join(separator + cell for cell in cells)))
    return found


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252"), "cp1252"


def _head_line(text: str) -> int:
    """The line the heads stand on: after the separator's own line, and after empty ones."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = 1 if lines[0].lower().startswith("sep=") else 0
    return next(number for number, line in enumerate(lines[first:], first + 1) if line.strip())


def _begin(text: str, line: int) -> int:
    index = 0
    for _ in range(line - 1):
        while text[index] not in _NEWLINES:
            index += 1
        index += 2 if text.startswith("\r\n", index) else 1
    return index


def _spans(text: str, start: int, separator: str) -> list[Span]:
    spans: list[Span] = []
    begins, index, quoted = start, start, False
    while index < len(text):
        sign = text[index]
        if quoted:
            if sign == '"' and text.startswith('""', index):
                index += 1
            elif sign == '"':
                quoted = False
        elif sign == '"' and not text[begins:index].strip(" "):
            quoted = True
        elif sign in _NEWLINES:
            break
        elif sign == separator:
            spans.append(Span(begins, index))
            begins = index + 1
        index += 1
    return [*spans, Span(begins, index)]


def _quoted(cell: str, separator: str) -> str:
    if separator in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _refuse_other_changes(
    sheet: Sheet, made: bytes, changes: Mapping[int, Mapping[str, str]]
) -> None:
    """What is read afterwards is what was asked for and nothing else."""
    wanted = [
        {name: row[name] for name in COLUMNS} | dict(changes.get(row.line, {}))
        for row in sheet.rows
    ]
    found = [{name: row[name] for name in COLUMNS} for row in members_sheet(made).rows]
    # A row of which nothing is left is no row any more.
    if found != [row for row in wanted if any(row.values())]:
        raise EngineError("people.cells-unsafe", file=MEMBERS)
