"""Documents as PDF, set by Typst: tagged for screen readers, with a language and a title."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.documents.model import Block, Document, Heading, Paragraph, Table, cell_text, clean
from engine.wording.catalogue import say

_REGIONS = {"da": "dk", "en": "gb"}


def written(document: Document) -> bytes:
    """The document on A4, to the standard for accessible PDF."""
    import typst

    made_at = datetime(*document.made_on.timetuple()[:3], tzinfo=UTC)
    content = typst.compile(
        _source(document).encode(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(content, bytes)
    return content


def _source(document: Document) -> str:
    on = document.made_on
    page = say("documents.page", document.language, page="\0", pages="\0").split("\0")
    footer = (
        f"{_text(page[0])} + str(here().page()) + {_text(page[1])}"
        f" + str(counter(page).final().first()) + {_text(page[2])}"
    )
    lines = [
        f"#set document(title: {_text(document.title)}, author: {_text(document.author)},"
        f" date: datetime(year: {on.year}, month: {on.month}, day: {on.day}))",
        f'#set page(paper: "a4", margin: 2cm, flipped: {str(document.wide).lower()},'
        f" footer: context align(center, text(size: 8pt, {footer})))",
        f'#set text(lang: "{document.language}", region: "{_REGIONS[document.language]}",'
        " size: 10pt)",
        "#set par(justify: false)",
        "#show title: set text(size: 20pt)",
        "#show heading: set block(above: 1.4em, below: 0.8em)",
        "#show table: set text(size: 8.5pt, hyphenate: true)",
        "#set table(inset: 5pt, stroke: 0.5pt + gray,"
        ' fill: (_, row) => if row == 0 { rgb("dce6f1") })',
        "#show table.cell.where(y: 0): strong",
        "#title()",
        *(_block(block, document) for block in document.blocks),
    ]
    return "\n".join(lines) + "\n"


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            return f"#heading(level: {block.level}, {_text(block.text)})"
        case Paragraph():
            text = _text(block.text)
            return f"#par(strong({text}))" if block.strong else f"#par({text})"
        case Table():
            return _table(block, document)


def _table(table: Table, document: Document) -> str:
    widths = ", ".join(f"{width}fr" for width in table.widths)
    heads = ", ".join(_text(head) for head in table.heads)
    rows = [
        ", ".join(_text(cell_text(cell, document.language)) for cell in row) for row in table.rows
    ]
    return f"#table(columns: ({widths},), table.header({heads}), {', '.join(rows)})"


def _text(text: str) -> str:
    """A text as Typst reads one: nothing in it is taken for a mark."""
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
