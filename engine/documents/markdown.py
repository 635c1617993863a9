"""Documents as Markdown: plain text that shows what it is."""

from __future__ import annotations

import re

from engine.documents.model import Block, Document, Heading, Paragraph, Table, cell_text, clean

_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


def written(document: Document) -> bytes:
    """The document in UTF-8, its tables with pipes."""
    parts = [f"# {_marked(document.title)}"]
    parts += [_block(block, document) for block in document.blocks]
    return ("\n\n".join(parts) + "\n").encode()


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {_marked(block.text)}"
        case Paragraph():
            text = _marked(block.text)
            return f"**{text}**" if block.strong else text
        case Table():
            return _table(block, document)


def _table(table: Table, document: Document) -> str:
    lines = [_row(table.heads), _row(tuple("---" for _ in table.heads))]
    lines += [
        _row(tuple(_marked(cell_text(cell, document.language)) for cell in row))
        for row in table.rows
    ]
    return "\n".join(lines)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace(chr(10), '<br>') for cell in cells)} |"


def _marked(text: str) -> str:
    """The text with everything that Markdown would take for a mark escaped."""
    return _MARKS.sub(r"\\\1", clean(text))
