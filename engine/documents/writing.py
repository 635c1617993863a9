"""Which writer makes which kind of file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from engine.documents import markdown, pdf, separated, sheet, word
from engine.documents.model import Document
from engine.errors import Unknown

_WRITERS: dict[str, Callable[[Document], bytes]] = {
    ".docx": word.written,
    ".pdf": pdf.written,
    ".xlsx": sheet.written,
    ".csv": separated.written,
    ".md": markdown.written,
}
ENDINGS = tuple(_WRITERS)


def render(document: Document, name: str) -> bytes:
    """The bytes of a file whose name ends as one of the formats does; the same every time."""
    return _WRITERS[known_ending(name)](document)


def known_ending(name: str) -> str:
    """The ending of a file's name, where something can write such a file."""
    ending = PurePath(name).suffix.lower()
    if ending not in _WRITERS:
        raise Unknown("documents.ending", name=name, known=", ".join(ENDINGS))
    return ending
