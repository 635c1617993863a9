"""What differs between two versions of one file: each edit with its line, as a person made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.members import COLUMNS, REQUIRED
from engine.definitions.nodes import Document, Path, field_name, read_document
from engine.definitions.reading import MEETINGS, MEMBERS
from engine.definitions.sheet import Row, read_sheet
from engine.definitions.withheld import WITHHELD

_SHORT = 60


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: what kind, where, and what stood there before and stands there now.

    `name` is what was edited: a field, a meeting's id or a person's initials. The line is that
    of the new file; 0 where nothing is left of it. `days` are the days it speaks of.
    """

    path: str
    kind: str
    line: int = 0
    steps: Path = ()
    name: str = ""
    before: str = ""
    after: str = ""
    days: tuple[str, ...] = ()
    committee: str = ""


def edits(path: str, before: bytes | None, after: bytes | None) -> tuple[Edit, ...]:
    """The edits that lead from one version of a file to the other; None is no file."""
    if before is None:
        return (Edit(path, "file-new"),)
    if after is None:
        return (Edit(path, "file-gone"),)
    if path == MEMBERS:
        return tuple(_member_edits(path, before, after))
    if not path.endswith(".yaml"):
        return (Edit(path, "file-changed"),)
    old, new = read_document(before, path), read_document(after, path)
    if path.startswith(MEETINGS) and isinstance(new.content, dict):
        return tuple(_meeting_edits(path, old, new))
    return tuple(_tree(path, old.content, new.content, new, ()))


def _tree(path: str, old: object, new: object, document: Document, at: Path) -> Iterator[Edit]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in new:
            if key not in old:
                yield _edit(path, "added", document, (*at, key), "", new[key])
            else:
                yield from _tree(path, old[key], new[key], document, (*at, key))
        for key in old:
            if key not in new:
                yield _edit(path, "removed", document, (*at, key), old[key], "")
        return
    yield _edit(path, "changed", document, at, old, new)


def _edit(path: str, kind: str, document: Document, at: Path, old: object, new: object) -> Edit:
    line = document.key_spot(at).line if document.reach(at) == len(at) else 0
    days = tuple(str(each) for each in (*at, old, new) if _is_day(each))
    return Edit(path, kind, line, at, field_name(at), _short(old), _short(new), days)


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        value = ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        value = ", ".join(_short(each) for each in value)
    text = " ".join(str(value).split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def _is_day(value: object) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


def _meeting_edits(path: str, old: Document, new: Document) -> Iterator[Edit]:
    before, after = _meetings(old), _meetings(new)
    committee = str(new.content.get("committee", "")) if isinstance(new.content, dict) else ""
    for key, (at, row) in after.items():
        found = before[key][1] if key in before else None
        if found == row:
            continue
        was_on = [str(found["date"])] if found else []
        kind, was, now = _what(found, row) if found else ("meeting-new", "", str(row["date"]))
        days = (key, *was_on, str(row["date"]))
        yield Edit(path, kind, new.spot(at).line, at, key, was, now, days, committee)
    for key, (_, row) in before.items():
        if key not in after:
            days = (key, str(row["date"]))
            yield Edit(path, "meeting-gone", 0, (), key, key, "", days, committee)


def _meetings(document: Document) -> dict[str, tuple[Path, dict[str, object]]]:
    """The rows of a meeting plan by the meeting's id, each with its place."""
    content = document.content
    rows = content.get("meetings") if isinstance(content, dict) else None
    found: dict[str, tuple[Path, dict[str, object]]] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and "date" in row:
            key = str(row.get("moved from") or row["date"])
            found[key] = (("meetings", number), row)
    return found


def _what(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, str, str]:
    """What was done to a meeting, the gravest first."""
    was, now = str(before.get("status", "planned")), str(after.get("status", "planned"))
    if was != now:
        kind = "meeting-cancelled" if now == "cancelled" else "meeting-planned"
        return kind, str(before["date"]), str(after["date"])
    if before["date"] != after["date"]:
        return "meeting-moved", str(before["date"]), str(after["date"])
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    old = ", ".join(str(before.get(name, "–")) for name in changed)
    new = ", ".join(str(after.get(name, "–")) for name in changed)
    return "meeting-changed", old, new


def _member_edits(path: str, before: bytes, after: bytes) -> Iterator[Edit]:
    old, new = _seats(path, before), _seats(path, after)
    for seat, row in new.items():
        known = old.get(seat)
        if known is None:
            yield _seat_edit(path, "seat-new", row.line, row)
        elif (was := _cells(known)) != (now := _cells(row)):
            yield _seat_edit(
                path, "seat-changed", row.line, row, _told(was - now), _told(now - was)
            )
    for seat, row in old.items():
        if seat not in new:
            yield _seat_edit(path, "seat-gone", 0, row)


def _seats(path: str, content: bytes) -> dict[tuple[str, ...], Row]:
    rows = read_sheet(content, path, COLUMNS, REQUIRED).rows
    return {
        tuple(row[name] for name in ("person", "committee", "role", "from")): row for row in rows
    }


def _cells(row: Row) -> set[tuple[str, str]]:
    """What an edition keeps of a row."""
    return {(name, row[name]) for name in COLUMNS if name not in WITHHELD}


def _told(cells: set[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {cell or '–'}" for name, cell in sorted(cells))


def _seat_edit(path: str, kind: str, line: int, row: Row, was: str = "", now: str = "") -> Edit:
    return Edit(path, kind, line, (), row["person"], was, now or row["role"], (), row["committee"])
