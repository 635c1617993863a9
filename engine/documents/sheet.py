"""The sheets of a document as a workbook that can be sorted and filtered."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

from engine.documents.archive import settled
from engine.documents.model import Cell, Document, Table, clean

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_767
_WIDE = 4
"""How many characters a column has for each part of its width."""


def written(document: Document) -> bytes:
    """The head row stays in sight and filters; days are days and numbers are numbers."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title = clean(document.title)
    workbook.properties.creator = clean(document.author)
    workbook.properties.language = "da-DK" if document.language == "da" else "en-GB"
    for table in document.sheets:
        name = _FORBIDDEN.sub("", clean(table.name))[:_LONGEST_NAME]
        _fill(workbook.create_sheet(name), table)
    made = BytesIO()
    workbook.save(made)
    return settled(made.getvalue(), document.made_on)


def _fill(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    shade = PatternFill("solid", fgColor="DCE6F1")
    for column, head in enumerate(table.heads, start=1):
        cell = sheet.cell(1, column, clean(head))
        cell.font, cell.fill = Font(bold=True), shade
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE * table.widths[column - 1]
    for number, row in enumerate(table.rows, start=2):
        for column, content in enumerate(row, start=1):
            _put(sheet.cell(number, column), content)
            sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
    last = f"{get_column_letter(len(table.heads))}{len(table.rows) + 1}"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{last}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Any, content: Cell) -> None:
    if isinstance(content, str):
        cell.value = clean(content)[:_LONGEST_CELL]
        # A text that begins with an equals sign is a text.
        cell.data_type = "s"
    elif content is not None:
        cell.value = content
        if isinstance(content, date):
            cell.number_format = "dd-mm-yyyy"
