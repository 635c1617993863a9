"""Single cells of a members file are written; every other byte stays."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionError
from engine.service.members_file import with_cells

HEADS = "person;committee;role;name;email;from;until;side;away_from"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_other_bytes_stay(encoding: str, ends: str) -> None:
    lines = [
        HEADS,
        'abc;x-med;leder;"Søren ""Sø"" Å; senior";s@a.example;2024-01-01;;;2026-01-01',
        "",
        "def;x-med; leder ;Ærø Bo;b@a.example;01-01-2024;;medarbejdere;",
        "",
    ]
    wanted = list(lines)
    wanted[1] = "abc;x-med;leder;;;2024-01-01;;;"
    changes = {2: {"name": "", "email": "", "away_from": "", "language": ""}}
    made = with_cells(ends.join(lines).encode(encoding), changes)
    assert made == ends.join(wanted).encode(encoding)


def test_a_column_that_is_not_there_comes_last_and_short_rows_are_filled_up_to_it() -> None:
    text = (
        "sep=,\nperson,committee,role,name,email,from,until,side\na,x,l,A,a@a.example,2024-01-01,\n"
    )
    made = with_cells(text.encode(), {3: {"away_from": "2026-07-06"}})
    assert made.decode() == (
        "sep=,\nperson,committee,role,name,email,from,until,side,away_from\n"
        "a,x,l,A,a@a.example,2024-01-01,,,2026-07-06\n"
    )


def test_a_cell_over_several_lines_is_one_cell() -> None:
    text = f'{HEADS}\na;x;l;"A\nB";a@a.example;2024-01-01;;;\nb;x;l;B;b@a.example;2024-01-01;;;\n'
    made = with_cells(text.encode(), {4: {"name": ""}, 2: {"name": ""}})
    assert made.decode() == (
        f"{HEADS}\na;x;l;;a@a.example;2024-01-01;;;\nb;x;l;;b@a.example;2024-01-01;;;\n"
    )


def test_a_file_whose_cells_cannot_be_told_apart_is_left_alone() -> None:
    with pytest.raises(DefinitionError):
        with_cells(f'{HEADS}\na;x;l;"A;a@a.example;2024-01-01;;;\n'.encode(), {2: {"name": ""}})
