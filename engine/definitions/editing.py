"""A meeting plan's file edited row by row: what is not edited keeps its bytes.

The places come from the YAML parser, and only they are overwritten. A library that writes the
whole file anew would also lay out rows that nobody touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.definitions.nodes import read_document
from engine.definitions.scalars import core_value
from engine.errors import EngineError

FIELDS = ("date", "moved from", "kind", "status", "time", "place")
"""The fields of a row in the order they are written."""

_BARE = re.compile(r"[\wÆØÅæøå][\wÆØÅæøå &/.+()'–-]*", re.UNICODE)

Fields = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for a row's fields, None taking one away; without a row it is a new one."""

    fields: Fields
    row: int | None = None


@dataclass(frozen=True, slots=True)
class _Splice:
    start: int
    end: int
    text: str


def new_plan(committee: str, rows: Sequence[Fields]) -> bytes:
    """The text of a committee's plan where there was none."""
    lines = [f"committee: {committee}", "meetings:", *(f"  - {_flow(row)}" for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def edited(content: bytes, path: str, edits: Sequence[Edit]) -> bytes:
    """The file with some rows changed and some added, each where its day belongs.

    Raises EngineError where the file is written so that the outcome would not be just that.
    """
    wanted = _wanted(content, path, edits)
    written = content
    for edit in edits:
        written = _applied(written, edit)
    if _rows(written, path) != wanted:
        raise EngineError("editing.by-hand", path=path)
    return written


def _rows(content: bytes, path: str) -> list[dict[str, Any]]:
    document = read_document(content, path)
    rows = document.content.get("meetings") if isinstance(document.content, dict) else None
    if rows is None and isinstance(document.content, dict):
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise EngineError("editing.by-hand", path=path)
    return rows


def _wanted(content: bytes, path: str, edits: Sequence[Edit]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in _rows(content, path)]
    for edit in edits:
        said = {name: text for name, text in edit.fields.items() if text is not None}
        if edit.row is None:
            rows.insert(_place([str(row.get("date", "")) for row in rows], said["date"]), said)
        else:
            kept = {k: v for k, v in rows[edit.row].items() if k not in edit.fields}
            rows[edit.row] = {**kept, **said}
    return rows


def _place(days: Sequence[str], day: str) -> int:
    """Where a new day goes: after the latest earlier one, wherever somebody wrote that."""
    earlier = [(on, index) for index, on in enumerate(days) if on <= day]
    return max(earlier)[1] + 1 if earlier else 0


def _applied(content: bytes, edit: Edit) -> bytes:
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    # Alike for the parser and for us: a line ends with one character.
    text = content.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    ended = text.endswith("\n")
    text += "" if ended else "\n"
    rows = _sequence(text)
    splices = list(_row_splices(text, rows, edit) if edit.row is not None else _new(text, edit))
    for splice in sorted(splices, key=lambda each: each.start, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    text = text if ended else text.removesuffix("\n")
    return mark + text.replace("\n", newline).encode()


def _sequence(text: str) -> Node | None:
    """The list of meetings as the parser places it."""
    root = yaml.compose(text, yaml.CSafeLoader)
    assert isinstance(root, MappingNode)
    for key, value in root.value:
        if key.value == "meetings":
            assert isinstance(value, Node)
            return value
    return None


def _row_splices(text: str, rows: Node | None, edit: Edit) -> Iterator[_Splice]:
    assert isinstance(rows, SequenceNode)
    assert edit.row is not None
    row = rows.value[edit.row]
    assert isinstance(row, MappingNode)
    written = {key.value: (key, value) for key, value in row.value}
    added: list[str] = []
    for name, said in edit.fields.items():
        if said is None and name in written:
            yield _removal(text, row, name)
        elif said is not None and name in written:
            value = written[name][1]
            yield _Splice(value.start_mark.index, _end(value), _value(name, said))
        elif said is not None:
            added.append(name)
    gone = {name for name, said in edit.fields.items() if said is None}
    for anchor, names in _anchored(added, [name for name in written if name not in gone]).items():
        key, value = written[anchor]
        told = [f"{name}: {_value(name, str(edit.fields[name]))}" for name in names]
        if row.flow_style:
            yield _Splice(_end(value), _end(value), "".join(f", {each}" for each in told))
        else:
            end, indent = text.index("\n", _end(value)), " " * key.start_mark.column
            yield _Splice(end, end, "".join(f"\n{indent}{each}" for each in told))


def _anchored(added: Sequence[str], written: Sequence[str]) -> dict[str, list[str]]:
    """After which field each new one goes."""
    found: dict[str, list[str]] = {}
    for name in FIELDS:
        if name in added:
            before = [each for each in FIELDS[: FIELDS.index(name)] if each in written]
            found.setdefault(before[-1], []).append(name)
    return found


def _removal(text: str, row: MappingNode, name: str) -> _Splice:
    """A field that goes, with the comma before it or the line it stands on."""
    names = [key.value for key, _ in row.value]
    index = names.index(name)
    key, value = row.value[index]
    if row.flow_style:
        before = row.value[index - 1][1]
        return _Splice(_end(before), _end(value), "")
    start = text.rindex("\n", 0, key.start_mark.index) + 1
    return _Splice(start, text.index("\n", _end(value)) + 1, "")


def _new(text: str, edit: Edit) -> Iterator[_Splice]:
    rows = _sequence(text)
    said = {name: value for name, value in edit.fields.items() if value is not None}
    if isinstance(rows, SequenceNode) and rows.value:
        yield _beside(text, rows, said)
    elif rows is not None and rows.start_mark.index != rows.end_mark.index:
        start = len(text[: rows.start_mark.index].rstrip(" "))
        yield _Splice(start, rows.end_mark.index, f"\n  - {_flow(said)}")
    else:
        at = text.rindex("\n", 0, rows.end_mark.index + 1) if rows else len(text) - 1
        head = "" if rows else "\nmeetings:"
        yield _Splice(at, at, f"{head}\n  - {_flow(said)}")


def _beside(text: str, rows: SequenceNode, said: Mapping[str, str]) -> _Splice:
    """A new row after the one before it, or before the first, written as that one is."""
    place = _place([_day(row) for row in rows.value], said["date"])
    beside: MappingNode = rows.value[max(place - 1, 0)]
    if rows.flow_style:
        if place:
            end = beside.end_mark.index
            return _Splice(end, end, f", {_flow(said)}")
        start = beside.start_mark.index
        return _Splice(start, start, f"{_flow(said)}, ")
    line = text.rindex("\n", 0, beside.start_mark.index) + 1
    dash = text[line : beside.start_mark.index]
    if not re.fullmatch(r" *- +", dash):
        dash = " " * rows.start_mark.column + "- "
    row = _flow(said) if beside.flow_style else _block(said, " " * len(dash))
    if not place:
        return _Splice(line, line, f"{dash}{row}\n")
    end = text.index("\n", beside.end_mark.index if beside.flow_style else _last(beside))
    return _Splice(end, end, f"\n{dash}{row}")


def _day(row: Node) -> str:
    assert isinstance(row, MappingNode)
    return next((str(value.value) for key, value in row.value if key.value == "date"), "")


def _last(row: MappingNode) -> int:
    """Where a row's last value ends; the parser lets a block reach to whatever follows it."""
    return max(_end(value) for _, value in row.value)


def _end(value: Node) -> int:
    end: int = value.end_mark.index
    if isinstance(value, ScalarNode) and value.style in ("|", ">"):
        return end - 1
    return end


def _flow(said: Fields) -> str:
    told = (f"{name}: {_value(name, text)}" for name, text in _ordered(said))
    return "{" + ", ".join(told) + "}"


def _block(said: Fields, indent: str) -> str:
    return f"\n{indent}".join(f"{name}: {_value(name, text)}" for name, text in _ordered(said))


def _ordered(said: Fields) -> Iterator[tuple[str, str]]:
    for name in FIELDS:
        text = said.get(name)
        if text is not None:
            yield name, text


def _value(name: str, text: str) -> str:
    """A value as a person would write it: in quotes where it would be read otherwise."""
    if name == "time" or not _BARE.fullmatch(text) or not isinstance(core_value(text), str):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text
