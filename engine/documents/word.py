"""Documents for Word: real headings, tables whose heads return on every page, page numbers."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from engine.documents.archive import settled
from engine.documents.model import Block, Document, Heading, Paragraph, Table, cell_text, clean
from engine.wording.catalogue import say

_FONT = "Calibri"
_SHADE = "DCE6F1"


def written(document: Document) -> bytes:
    """The document on A4 in the language it is written in."""
    import docx

    made = docx.Document()
    _prepare(made, document)
    made.add_heading(clean(document.title), 0)
    for block in document.blocks:
        _add(made, block, document)
    _number_pages(made, document)
    content = BytesIO()
    made.save(content)
    return settled(content.getvalue(), document.made_on)


def _prepare(made: Any, document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    section = made.sections[0]
    short, long = Cm(21), Cm(29.7)
    section.page_width, section.page_height = (long, short) if document.wide else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if document.wide else WD_ORIENT.PORTRAIT
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2))
    made.styles["Normal"].font.name = _FONT
    made.styles["Normal"].font.size = Pt(10)
    _speak(made, "da-DK" if document.language == "da" else "en-GB")
    about = made.core_properties
    about.title, about.author = clean(document.title), clean(document.author)
    about.language, about.comments = document.language, ""
    about.last_modified_by = about.author
    moment = datetime.combine(document.made_on, datetime.min.time())
    about.created = about.modified = moment


def _speak(made: Any, tongue: str) -> None:
    """The language the spelling is held against, for every style at once."""
    from docx.oxml.ns import qn

    for element in made.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), tongue)


def _add(made: Any, block: Block, document: Document) -> None:
    match block:
        case Heading():
            made.add_heading(clean(block.text), block.level)
        case Paragraph():
            made.add_paragraph().add_run(clean(block.text)).bold = block.strong
        case Table():
            _add_table(made, block, document)


def _add_table(made: Any, block: Table, document: Document) -> None:
    from docx.shared import Emu

    table = made.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    section = made.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [Emu(int(room * width / sum(block.widths))) for width in block.widths]
    for index, width in enumerate(widths):
        table.columns[index].width = width
    _fill(table.rows[0], block.heads, widths, head=True)
    for row in block.rows:
        texts = tuple(cell_text(cell, document.language) for cell in row)
        _fill(table.add_row(), texts, widths)
    made.add_paragraph()


def _fill(row: Any, texts: tuple[str, ...], widths: list[Any], *, head: bool = False) -> None:
    from docx.shared import Pt

    for index, cell in enumerate(row.cells):
        cell.width = widths[index]
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(clean(texts[index]))
        run.bold, run.font.size = head or None, Pt(9)
        if head:
            _mark(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=_SHADE)
    _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
    if head:
        _mark(row._tr.get_or_add_trPr(), "w:tblHeader")


def _mark(parent: Any, name: str, **attributes: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)


def _number_pages(made: Any, document: Document) -> None:
    """`side 2 af 7` in the foot of every page."""
    paragraph = made.sections[0].footer.paragraphs[0]
    fields = {"page": "PAGE", "pages": "NUMPAGES"}
    pattern = say("documents.page", document.language, page="\0page\0", pages="\0pages\0")
    for piece in pattern.split("\0"):
        if piece in fields:
            _mark_field(paragraph, fields[piece])
        elif piece:
            paragraph.add_run(piece)


def _mark_field(paragraph: Any, field: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), field)
    paragraph._p.append(element)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element.append(run)
