"""Files edited in place: what is not edited keeps every byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.editing import Edit, edited, new_plan
from engine.definitions.members import COLUMNS
from engine.definitions.nodes import read_document
from engine.definitions.sheet import read_sheet
from engine.definitions.sheet_editing import NewRow, edited_table
from engine.errors import EngineError

PATH = "calendars/meetings/oes-med-2026.yaml"
PLAN = """\
# Møderne i ØSMED
committee: oes-med
meetings:
  # forår
  - { date: 2026-01-27,  time: '12:00-14:00' }   # januar

  - {date: 2026-06-18,
     place: "Lokale 8"}
# slut
"""
MOVED = {"date": "2026-06-25", "moved from": "2026-06-18"}


def test_only_the_edited_row_changes() -> None:
    made = edited(PLAN.encode(), PATH, [Edit(MOVED, 1)]).decode()
    row = "{date: 2026-06-25, moved from: 2026-06-18,\n     place"
    assert made == PLAN.replace("{date: 2026-06-18,\n     place", row)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_mark_stay(newline: str, mark: str) -> None:
    text = mark + PLAN.replace("\n", newline)
    made = edited(text.encode(), PATH, [Edit({"date": "2026-03-26"})]).decode()
    row = f"   # januar{newline}  - {{date: 2026-03-26}}{newline}"
    assert made == text.replace(f"   # januar{newline}", row)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("committee: a\nmeetings: []\n", "committee: a\nmeetings:\n  - {date: 2026-03-26}\n"),
        ("committee: a\nmeetings:\n", "committee: a\nmeetings:\n  - {date: 2026-03-26}\n"),
        ("committee: a\n", "committee: a\nmeetings:\n  - {date: 2026-03-26}\n"),
        (
            "meetings: [{date: 2026-01-01}]\ncommittee: a",
            "meetings: [{date: 2026-01-01}, {date: 2026-03-26}]\ncommittee: a",
        ),
        (
            "meetings:\n- {date: 2026-01-01}",
            "meetings:\n- {date: 2026-01-01}\n- {date: 2026-03-26}",
        ),
    ],
)
def test_a_first_row_and_other_layouts(before: str, after: str) -> None:
    assert edited(before.encode(), PATH, [Edit({"date": "2026-03-26"})]).decode() == after


def test_a_field_goes_where_another_comes() -> None:
    text = "meetings:\n  - {date: 2026-06-25, moved from: 2026-06-18, place: Kantinen}\n"
    fields = {"date": "2026-06-18", "moved from": None, "time": "09:00", "kind": "extraordinary"}
    row = 'date: 2026-06-18, kind: extraordinary, time: "09:00", place: Kantinen'
    made = edited(text.encode(), PATH, [Edit(fields, 0)]).decode()
    assert made == f"meetings:\n  - {{{row}}}\n"


def test_rows_out_of_order_keep_their_order() -> None:
    text = "meetings:\n  - {date: 2026-06-18}\n  - {date: 2026-01-27}\n"
    made = edited(text.encode(), PATH, [Edit({"date": "2026-03-26"})]).decode()
    assert made == text + "  - {date: 2026-03-26}\n"


def test_what_would_change_another_row_is_refused() -> None:
    text = "meetings:\n  - &a {date: 2026-01-27}\n  - *a\n"
    with pytest.raises(EngineError) as raised:
        edited(text.encode(), PATH, [Edit({"status": "cancelled"}, 0)])
    assert (raised.value.code, raised.value.params) == ("editing.by-hand", {"path": PATH})


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
def test_any_place_is_read_back_as_it_was_given(place: str) -> None:
    content = new_plan("oes-med", [{"date": "2026-03-26", "place": place}])
    rows = [{"date": "2026-03-26", "place": place}]
    read = read_document(content, PATH)
    assert read.content == {"committee": "oes-med", "meetings": rows}
    moved = edited(PLAN.encode(), PATH, [Edit({"place": place}, 1)])
    assert read_document(moved, PATH).content["meetings"][1]["place"] == place  # type: ignore[index]


MEMBERS = """\
person;committee;role;name;email;from;until\r
ab;oes-med;medlem;"Bo; A";ab@kommune.example;2025-06-01;\r
\r
cd;oes-med;medlem;Æ Ø ;cd@kommune.example;2025-06-01\r
ef;bf-med;medlem;E F;ef@kommune.example;2025-06-01;2027-05-31\r
"""
NEW = {"person": "gh", "committee": "oes-med", "role": "medlem", "name": 'G "H"', "from": "x"}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_keeps_its_form(encoding: str, separator: str, mark: str) -> None:
    if mark and encoding == "cp1252":
        mark = ""
    text = mark + MEMBERS.replace(";", separator)
    changed = {4: {"until": "2026-12-31"}, 2: {"name": "Bo A"}}
    made = edited_table(text.encode(encoding), "m", COLUMNS, changed, [NewRow(NEW, 4)])
    lines = text.split("\r\n")
    lines[1] = lines[1].replace('"Bo; A"', "Bo A").replace(f'"Bo{separator} A"', "Bo A")
    lines[3] += f"{separator}2026-12-31"
    row = ["gh", "oes-med", "medlem", '"G ""H"""', "", "x", ""]
    lines.insert(4, separator.join(row))
    assert made.decode(encoding) == "\r\n".join(lines)


def test_a_column_comes_when_it_is_needed() -> None:
    made = edited_table(MEMBERS.encode(), "m", COLUMNS, {5: {"unit": "IT"}}, [])
    lines = MEMBERS.split("\r\n")
    lines[0] += ";unit"
    lines[4] += ";IT"
    assert made.decode() == "\r\n".join(lines)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_empty_last_cell_and_a_column_behind_it(newline: str) -> None:
    text = "sep=,\nperson,name,until\nab,A B,\n"
    changed = {3: {"until": "2026-12-31", "unit": "I,T"}}
    content = text.replace("\n", newline).encode()
    made = edited_table(content, "m", COLUMNS, changed, [NewRow({"person": "cd"}, 3)])
    lines = ["sep=,", "person,name,until,unit", 'ab,A B,2026-12-31,"I,T"', "cd,,,", ""]
    assert made.decode() == newline.join(lines)


def test_a_last_line_without_an_end_gets_a_neighbour() -> None:
    text = MEMBERS.rstrip("\r\n")
    made = edited_table(text.encode(), "m", COLUMNS, {}, [NewRow(NEW)])
    assert made.decode() == text + '\r\ngh;oes-med;medlem;"G ""H""";;x;'


def test_a_letter_outside_the_encoding_is_told_of() -> None:
    with pytest.raises(EngineError) as raised:
        edited_table(MEMBERS.encode("cp1252"), "m", COLUMNS, {2: {"name": "Łukasz"}}, [])
    told = {"path": "m", "letter": "Ł"}
    assert (raised.value.code, raised.value.params) == ("editing.not-in-encoding", told)


CELL = st.text(st.sampled_from('ab;," øŁ'), max_size=6).map(lambda text: " ".join(text.split()))


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4), CELL, st.data())
def test_a_changed_cell_is_read_back_and_the_rest_is_the_same(
    rows: list[list[str]], said: str, drawn: st.DataObject
) -> None:
    rows = [["x", *row] for row in rows]
    told = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\n".join(["person,name,unit,role", *told]) + "\n"
    before = read_sheet(text.encode(), "m", COLUMNS, ())
    row = drawn.draw(st.sampled_from(before.rows))
    made = edited_table(text.encode(), "m", COLUMNS, {row.line: {"unit": said}}, [])
    wanted = [
        {**each.cells, "unit": said} if each is row else dict(each.cells) for each in before.rows
    ]
    assert [dict(each.cells) for each in read_sheet(made, "m", COLUMNS, ()).rows] == wanted
