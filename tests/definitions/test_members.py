from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.members import COLUMNS, read_members
from engine.planning.organisation import Person, Seat, Side

HEAD = "person;committee;role;name;email;from;until"
ROW = "ms;oes-med;medlem;Mø Sø;ms@kommune.example;2025-06-01;2027-05-31"
SEAT = Seat("ms", "oes-med", "medlem", date(2025, 6, 1), date(2027, 5, 31))
PERSON = Person("ms", "Mø Sø", "ms@kommune.example")

FORMS = {
    "semicolons": f"{HEAD}\n{ROW}\n".encode(),
    "commas": f"{HEAD}\n{ROW}\n".replace(";", ",").encode(),
    "tabs": f"{HEAD}\n{ROW}\n".replace(";", "\t").encode(),
    "with a mark": f"\ufeff{HEAD}\n{ROW}\n".encode(),
    "windows": f"{HEAD}\r\n{ROW}\r\n".encode("cp1252"),
    "old mac": f"{HEAD}\r{ROW}\r".encode(),
    "danish dates": f"{HEAD}\n{ROW}\n".replace("2025-06-01", "1-6-2025").encode(),
    "separator named": f"sep=;\n{HEAD}\n{ROW}\n".encode(),
    "quoted": f"{HEAD}\n{ROW}\n".replace("Mø Sø", '"Mø Sø"').encode(),
    "capital heads": f"{HEAD.upper()}\n{ROW}\n".encode(),
    "blank rows and cells": f"{HEAD};;\n\n{ROW};;\n;;;;;;;;\n".encode(),
    "short row": f"{HEAD};side;mandate\n{ROW}\n".encode(),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS.keys())
def test_every_form_a_spreadsheet_saves(content: bytes) -> None:
    members = read_members(content, "m.csv")
    assert (members.findings, members.seats, members.people) == ((), (SEAT,), {"ms": PERSON})


def test_every_column() -> None:
    row = "ab;oes-med;medlem;A B;ab@kommune.example;2025-06-01;;employees;TR;en;ab"
    row += ";2026-01-01;2026-02-01;HR"
    members = read_members(f"{';'.join(COLUMNS)}\n{row}\n".encode(), "m.csv")
    seat = Seat("ab", "oes-med", "medlem", date(2025, 6, 1), None, Side.EMPLOYEES, "TR", "ab", "HR")
    away = (date(2026, 1, 1), date(2026, 2, 1))
    person = Person("ab", "A B", "ab@kommune.example", "en", *away)
    assert (members.findings, members.seats, members.people) == ((), (seat,), {"ab": person})


def test_a_name_is_told_once_and_may_be_left_out_later() -> None:
    later = "ms;oes-med;sekretaer;;;2026-01-01;"
    members = read_members(f"{HEAD}\n{ROW}\n{later}\n".encode(), "m.csv")
    assert (members.findings, members.people) == ((), {"ms": PERSON})


def test_a_forgotten_person_is_no_fault() -> None:
    members = read_members(f"{HEAD}\nms;oes-med;medlem;;;2025-06-01;\n".encode(), "m.csv")
    assert (members.findings, members.people) == ((), {"ms": Person("ms", "", "")})


FAULTS = [
    ("", [("empty-file", 1, 1, "")]),
    ("person;committee\n", [("column-missing", 1, 1, "")] * 5),
    (f"{HEAD};role\n", [("column-repeated", 1, 45, "")]),
    (f'{HEAD}\nms;"x\n', [("csv-quote", 2, 1, "")]),
    (f"{HEAD}\n{ROW}\n{ROW}\n", [("seat-repeated", 3, 1, "person")]),
    (
        f"{HEAD}\n{ROW.replace('2025-06-01', '2025-06-31')}\n",
        [("value.no-such-date", 2, 44, "from")],
    ),
    (f"{HEAD}\n{ROW.replace('2025-06-01', '')}\n", [("cell-empty", 2, 44, "from")]),
    (f"{HEAD}\n{ROW.replace('2027', '2024')}\n", [("ends-before-it-begins", 2, 55, "until")]),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_faults_have_line_and_column(text: str, expected: list[tuple[str, int, int, str]]) -> None:
    found = read_members(text.encode(), "m.csv").findings
    told = [(finding.code, finding.line, finding.column, finding.field) for finding in found]
    assert told == expected


CELLS = st.sampled_from(["", "ms", "oes-med", "2025-06-01", "31-12-2025", '"', ";", "æ", "\n"])


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(CELLS, max_size=40).map(lambda c: f"{HEAD}\n{';'.join(c)}".encode())
)
def test_any_bytes_give_members_or_findings(content: bytes) -> None:
    members = read_members(content, "m.csv")
    assert members.findings or members.seats or not members.sheet.rows
    assert len({seat.id for seat in members.seats}) == len(members.seats)
    for finding in members.findings:
        assert finding.line >= 1 and finding.column >= 1
