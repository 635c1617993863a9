"""One document in every format, read back by the libraries that know them."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO, StringIO

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from engine.documents import ENDINGS, Document, Heading, Paragraph, Table, render
from engine.errors import Unknown

TABLE = Table(
    "Frister: alle",
    ("Frist", "Hvad", "Antal"),
    (
        (date(2026, 3, 26), 'Æbler & "øl" på #1 | <b>', 3),
        (None, "=1+1\nnæste linje\x07", 0),
    ),
    (10, 30, 8),
)
MADE = Document(
    "Frister i 2026",
    "da",
    "Eksempel Kommune",
    date(2026, 11, 26),
    (Heading("Overblik"), Paragraph("Kun roller.", strong=True), Heading("Under", 2), TABLE),
    (TABLE,),
)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_document_gives_the_same_bytes(ending: str) -> None:
    assert render(MADE, f"a{ending}") == render(MADE, f"b{ending.upper()}")


def test_a_strange_ending_is_refused() -> None:
    with pytest.raises(Unknown) as refused:
        render(MADE, "rapport.odt")
    assert refused.value.code == "documents.ending"


def test_markdown_shows_every_mark_as_itself() -> None:
    assert render(MADE, "a.md").decode() == (
        "# Frister i 2026\n\n"
        "## Overblik\n\n"
        "**Kun roller.**\n\n"
        "### Under\n\n"
        "| Frist | Hvad | Antal |\n"
        "| --- | --- | --- |\n"
        '| 26. marts 2026 | Æbler & "øl" på \\#1 \\| \\<b\\> | 3 |\n'
        "|  | =1+1<br>næste linje | 0 |\n"
    )


def test_csv_opens_in_a_danish_spreadsheet_and_runs_nothing() -> None:
    content = render(MADE, "a.csv")
    assert content[:3] == b"\xef\xbb\xbf"
    assert list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";")) == [
        ["Frist", "Hvad", "Antal"],
        ["26-03-2026", 'Æbler & "øl" på #1 | <b>', "3"],
        ["", "'=1+1 næste linje", "0"],
    ]


def test_word_has_headings_a_language_and_a_head_row_on_every_page() -> None:
    read = docx.Document(BytesIO(render(MADE, "a.docx")))
    told = [(each.style.name, each.text) for each in read.paragraphs if each.text]
    assert told == [
        ("Title", "Frister i 2026"),
        ("Heading 1", "Overblik"),
        ("Normal", "Kun roller."),
        ("Heading 2", "Under"),
    ]
    (table,) = read.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Frist", "Hvad", "Antal"],
        ["26. marts 2026", 'Æbler & "øl" på #1 | <b>', "3"],
        ["", "=1+1\nnæste linje", "0"],
    ]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]
    tongues = {each.get(qn("w:val")) for each in read.styles.element.iter(qn("w:lang"))}
    assert tongues == {"da-DK"}
    fields = [each.get(qn("w:instr")) for each in read.sections[0].footer._element.iter()]
    assert [field for field in fields if field] == ["PAGE", "NUMPAGES"]
    about = read.core_properties
    assert (about.title, about.author) == ("Frister i 2026", "Eksempel Kommune")
    assert {about.created.date(), about.modified.date()} == {MADE.made_on}


def test_a_workbook_filters_and_holds_days_as_days_and_texts_as_texts() -> None:
    read = load_workbook(BytesIO(render(MADE, "a.xlsx")))
    assert read.sheetnames == ["Frister alle"]
    sheet = read.worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")
    assert [[_plain(cell.value) for cell in row] for row in sheet.iter_rows()] == [
        ["Frist", "Hvad", "Antal"],
        [date(2026, 3, 26), 'Æbler & "øl" på #1 | <b>', 3],
        [None, "=1+1\nnæste linje", 0],
    ]
    assert [sheet["A2"].is_date, sheet["B3"].data_type] == [True, "s"]
    assert {read.properties.created.date(), read.properties.modified.date()} == {MADE.made_on}


def _plain(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def test_pdf_is_tagged_and_says_its_language_and_title() -> None:
    read = PdfReader(BytesIO(render(MADE, "a.pdf")))
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("da-DK", True)
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.author) == ("Frister i 2026", "Eksempel Kommune")
    assert " ".join(read.pages[0].extract_text().split()) == (
        "Frister i 2026 Overblik Kun roller. Under Frist Hvad Antal "
        '26. marts 2026 Æbler & "øl" på #1 | <b> 3 =1+1 næste linje 0 Side 1 af 1'
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_document_with_no_rows_is_still_one(ending: str) -> None:
    empty = Table("Tom", ("Frist",), (), (1,))
    assert render(Document("Tom", "en", "x", date(2026, 1, 1), (empty,), (empty,)), f"a{ending}")
