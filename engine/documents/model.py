"""What a document is made of, whatever it is written as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.wording.catalogue import Language
from engine.wording.dates import plain_day

Cell = str | int | date | None

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the first below the title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a strong one is what nobody may overlook."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a name, the heads of its columns and how wide each is beside the others."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document to be read, and the same as sheets to be filtered; the first one is the CSV."""

    title: str
    language: Language
    author: str
    made_on: date
    blocks: tuple[Block, ...]
    sheets: tuple[Table, ...]

    @property
    def wide(self) -> bool:
        """Whether it is read on a page turned on its side."""
        return any(len(block.heads) > 4 for block in self.blocks if isinstance(block, Table))


def cell_text(cell: Cell, language: Language) -> str:
    """A cell as people read it; what no document can hold is left out."""
    if isinstance(cell, date):
        return plain_day(cell, language)
    return "" if cell is None else clean(str(cell))


def clean(text: str) -> str:
    """The text without control characters, which no format takes; lines stay."""
    return _CONTROL.sub("", text)
