"""The site's members file, changed in single cells and written whole."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from engine.definitions.members import COLUMNS, REQUIRED
from engine.definitions.reading import MEMBERS
from engine.definitions.sheet import Sheet, read_sheet
from engine.definitions.sheet_editing import edited_table
from engine.definitions.withheld import WITHHELD
from engine.errors import DefinitionError, EngineError, Severity
from engine.service.placing import finish, put
from engine.service.site import Site


def read_members_file(site: Site) -> bytes:
    """The file's bytes; nothing where there is none."""
    finish(site)
    try:
        return (site.folder / MEMBERS).read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise EngineError("people.members-unreadable", file=MEMBERS) from error


def members_sheet(content: bytes) -> Sheet:
    """The rows of a members file; one whose cells cannot be told apart is refused."""
    sheet = read_sheet(content, MEMBERS, COLUMNS, REQUIRED)
    if any(found.severity is Severity.ERROR for found in sheet.findings):
        raise DefinitionError(sheet.findings)
    return sheet


def with_cells(content: bytes, changes: Mapping[int, Mapping[str, str]]) -> bytes:
    """The file with other text in some cells, by the line a row begins on; the rest stays."""
    rows = {row.line: row for row in members_sheet(content).rows}
    differing = {
        line: {name: text for name, text in cells.items() if rows[line][name] != text}
        for line, cells in changes.items()
    }
    return edited_table(content, MEMBERS, COLUMNS, differing, ())


def emptied(site: Site, people: Collection[str]) -> tuple[bytes, int]:
    """The file without what is withheld of some people, and how many rows that changes.

    The texts of an edition hold none of it, so a folder in step with its edition stays so.
    """
    content = read_members_file(site)
    if not content:
        return content, 0
    changes: dict[int, dict[str, str]] = {}
    for row in members_sheet(content).rows:
        told = {column: "" for column in sorted(WITHHELD) if row[column]}
        if row["person"] in people and told:
            changes[row.line] = told
    return (with_cells(content, changes) if changes else content), len(changes)


def write_members(site: Site, content: bytes) -> None:
    """Puts the file in place in one step, with the mode that it had."""
    try:
        put(site, {}, {MEMBERS: content})
    except OSError as error:
        folder = str((site.folder / MEMBERS).parent)
        raise EngineError("service.cannot-write", folder=folder) from error


def members_diff(before: bytes, after: bytes) -> tuple[str, ...]:
    """The lines that differ, as they were and as they are."""
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    return tuple(difflib.unified_diff(old, new, MEMBERS, MEMBERS, lineterm="", n=0))
