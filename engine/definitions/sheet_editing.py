"""A table edited cell by cell: rows that are not edited keep their bytes, and all their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.definitions.sheet import Sheet, read_sheet
from engine.errors import EngineError

_MARK = b"\xef\xbb\xbf"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to come, after the row that begins on a line, or at the end."""

    cells: Cells
    after: int | None = None


def edited_table(
    content: bytes,
    path: str,
    columns: Sequence[str],
    changed: Mapping[int, Cells],
    added: Sequence[NewRow],
) -> bytes:
    """The table with some cells changed, by the line a row begins on, and some rows added.

    Separator, line ends, quotes and encoding stay. Raises EngineError where a letter cannot be
    written in the table's encoding, or where the outcome would not be just that.
    """
    table = _Table(content, path, columns)
    told = {
        column
        for cells in (*changed.values(), *(row.cells for row in added))
        for column, text in cells.items()
        if text
    }
    table.widen([column for column in columns if column in told])
    made = table.written(changed, added)
    _refuse_otherwise(read_sheet(made, path, columns, ()), table, changed, added)
    return made


class _Table:
    def __init__(self, content: bytes, path: str, columns: Sequence[str]) -> None:
        self.path = path
        self.sheet = read_sheet(content, path, columns, ())
        self.mark = _MARK if content.startswith(_MARK) else b""
        body = content.removeprefix(_MARK)
        try:
            self.text, self.encoding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            self.text, self.encoding = body.decode("cp1252"), "cp1252"
        self.newline = next((end for end in ("\r\n", "\n", "\r") if end in self.text), "\n")
        self.starts = list(_line_starts(self.text))
        self.heads = list(self.sheet.columns)
        self.new_heads: list[str] = []

    def widen(self, columns: Sequence[str]) -> None:
        """Room for columns that the table has not had."""
        self.new_heads = [column for column in columns if column not in self.heads]
        self.heads += self.new_heads

    def written(self, changed: Mapping[int, Cells], added: Sequence[NewRow]) -> bytes:
        splices: list[tuple[int, int, str]] = []
        if self.new_heads:
            end = self._spans(self._head_line())[-1][1]
            more = "".join(f"{self.sheet.separator}{head}" for head in self.new_heads)
            splices.append((end, end, more))
        for line, cells in changed.items():
            splices += self._cell_splices(line, cells)
        for place, rows in self._by_place(added).items():
            told = "".join(self._row(row.cells) + self.newline for row in rows)
            if place and not self.text[:place].endswith(("\n", "\r")):
                told = self.newline + told.removesuffix(self.newline)
            splices.append((place, place, told))
        text = self.text
        # From behind, and of those at one place the last first: they end up as they were given.
        splices.sort(key=lambda each: each[0])
        for start, end, told in reversed(splices):
            text = text[:start] + told + text[end:]
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            letter = text[error.start]
            raise EngineError("editing.not-in-encoding", path=self.path, letter=letter) from error

    def _head_line(self) -> int:
        first = self.sheet.rows[0].line if self.sheet.rows else len(self.sheet.lines) + 1
        lines = self.sheet.lines[: first - 1]
        return next(
            number
            for number, line in enumerate(lines, start=1)
            if line.strip() and not line.lower().startswith("sep=")
        )

    def _spans(self, line: int) -> list[tuple[int, int]]:
        return list(_cell_spans(self.text, self.starts[line - 1], self.sheet.separator))

    def _cell_splices(self, line: int, cells: Cells) -> Iterator[tuple[int, int, str]]:
        spans = self._spans(line)
        beyond: dict[int, str] = {}
        for column, said in cells.items():
            if column not in self.heads:
                continue
            index = self.heads.index(column)
            if index < len(spans):
                yield (*spans[index], self._cell(said))
            else:
                beyond[index] = said
        if any(beyond.values()):
            told = ""
            for index in range(len(spans), max(beyond) + 1):
                told += self.sheet.separator + self._cell(beyond.get(index, ""))
            yield (spans[-1][1], spans[-1][1], told)

    def _by_place(self, added: Sequence[NewRow]) -> dict[int, list[NewRow]]:
        found: dict[int, list[NewRow]] = {}
        for row in added:
            place = len(self.text)
            if row.after is not None:
                end = self._spans(row.after)[-1][1]
                place = next((start for start in self.starts if start > end), len(self.text))
            found.setdefault(place, []).append(row)
        return found

    def _row(self, cells: Cells) -> str:
        return self.sheet.separator.join(self._cell(cells.get(head, "")) for head in self.heads)

    def _cell(self, said: str) -> str:
        if any(sign in said for sign in (self.sheet.separator, '"', "\n", "\r")):
            return '"' + said.replace('"', '""') + '"'
        return said


def _line_starts(text: str) -> Iterator[int]:
    yield 0
    index = 0
    while index < len(text):
        if text[index] == "\r" and text[index + 1 : index + 2] == "\n":
            index += 1
        if text[index] in "\r\n":
            yield index + 1
        index += 1


def _cell_spans(text: str, start: int, separator: str) -> Iterator[tuple[int, int]]:
    """Where each cell of the row that begins here stands, quotes included."""
    index = start
    while True:
        end = index
        while text[end : end + 1] == " ":
            end += 1
        if text[end : end + 1] == '"':
            end = _closing(text, end + 1)
        while end < len(text) and text[end] not in (separator, "\n", "\r"):
            end += 1
        yield index, end
        if text[end : end + 1] != separator:
            return
        index = end + 1


def _closing(text: str, index: int) -> int:
    while index < len(text):
        if text[index] == '"':
            if text[index + 1 : index + 2] != '"':
                return index + 1
            index += 1
        index += 1
    return index


def _refuse_otherwise(
    made: Sheet, table: _Table, changed: Mapping[int, Cells], added: Sequence[NewRow]
) -> None:
    """Whatever stood there still stands, but for what was to be changed."""
    kept = [_filled({**row.cells, **changed.get(row.line, {})}) for row in table.sheet.rows]
    wanted = kept + [_filled(row.cells) for row in added]
    found = [_filled(row.cells) for row in made.rows]
    if sorted(map(_sorted, wanted)) != sorted(map(_sorted, found)):
        raise EngineError("editing.by-hand", path=table.path)


def _filled(cells: Cells) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text and column}


def _sorted(cells: Cells) -> list[tuple[str, str]]:
    return sorted(cells.items())
