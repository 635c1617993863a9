"""An edition's texts: the site's files as they stand, members without name, address and absence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from engine.definitions.members import COLUMNS, REQUIRED
from engine.definitions.reading import MEMBERS
from engine.definitions.sheet import read_sheet

WITHHELD = frozenset({"name", "email", "language", "away_from", "away_until"})


def without_people(files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts to store; whoever is named in the members file stands there by initials only."""
    return {
        path: _members(content) if path == MEMBERS else content.decode("utf-8-sig")
        for path, content in files.items()
    }


def _members(content: bytes) -> str:
    sheet = read_sheet(content, MEMBERS, COLUMNS, REQUIRED)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sheet.rows:
        writer.writerow("" if column in WITHHELD else row[column] for column in COLUMNS)
    return text.getvalue()
