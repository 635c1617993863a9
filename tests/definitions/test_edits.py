"""What differs between two versions of a file, as a person would say it, with its line."""

from __future__ import annotations

import pytest

from engine.definitions import Edit, edits
from engine.definitions.members import COLUMNS

MEETINGS = "calendars/meetings/oes-med-2026.yaml"
WORKFLOW = "workflows/a.yaml"
MEMBERS = "organisation/members.csv"
HEAD = "committee: oes-med\nmeetings:\n"


def meetings(*rows: str) -> bytes:
    return (HEAD + "".join(f"  - {{{row}}}\n" for row in rows)).encode()


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        (
            ["date: 2026-01-27", "date: 2026-03-26"],
            ["date: 2026-01-27", "date: 2026-03-31, moved from: 2026-03-26"],
            ("meeting-moved", 4, "2026-03-26", "2026-03-26", "2026-03-31"),
        ),
        (
            ["date: 2026-03-26"],
            ["date: 2026-03-26, status: cancelled"],
            ("meeting-cancelled", 3, "2026-03-26", "2026-03-26", "2026-03-26"),
        ),
        (
            ["date: 2026-03-26, status: cancelled"],
            ["date: 2026-03-26"],
            ("meeting-planned", 3, "2026-03-26", "2026-03-26", "2026-03-26"),
        ),
        (
            ["date: 2026-01-27"],
            ["date: 2026-01-27", "date: 2026-05-05"],
            ("meeting-new", 4, "2026-05-05", "", "2026-05-05"),
        ),
        (
            ["date: 2026-01-27", "date: 2026-03-26"],
            ["date: 2026-03-26"],
            ("meeting-gone", 0, "2026-01-27", "2026-01-27", ""),
        ),
        (
            ["date: 2026-03-26, place: 823"],
            ['date: 2026-03-26, place: Kantinen, time: "12:00-14:00"'],
            ("meeting-changed", 3, "2026-03-26", "823, –", "Kantinen, 12:00-14:00"),
        ),
    ],
)
def test_a_meeting(
    before: list[str], after: list[str], edit: tuple[str, int, str, str, str]
) -> None:
    found = edits(MEETINGS, meetings(*before), meetings(*after))
    assert [(e.kind, e.line, e.name, e.before, e.after) for e in found] == [edit]
    assert [e.committee for e in found] == ["oes-med"]


def test_fields_of_a_workflow() -> None:
    before = b"title: A\nsteps:\n  a: {title: A, due: 5 days before meeting}\n  b: {title: B}\n"
    after = (
        b"title: A\nsteps:\n  a:\n    title: A\n    due: 7 days before meeting\n  c: {title: C}\n"
    )
    assert edits(WORKFLOW, before, after) == (
        Edit(
            WORKFLOW,
            "changed",
            5,
            ("steps", "a", "due"),
            "steps.a.due",
            "5 days before meeting",
            "7 days before meeting",
        ),
        Edit(WORKFLOW, "added", 6, ("steps", "c"), "steps.c", "", "title: C"),
        Edit(WORKFLOW, "removed", 0, ("steps", "b"), "steps.b", "title: B", ""),
    )


def test_what_only_looks_different_is_no_edit() -> None:
    assert edits(WORKFLOW, b"title: A\nsteps: {}\n", b"# ny\nsteps: {}\ntitle: 'A'\n") == ()


def test_seats_without_names_and_addresses() -> None:
    head = ";".join(COLUMNS)
    before = f"{head}\nhny;oes-med;sekretaer;;;2024-01-01;;;;;;;;\n"
    before += "kbo;oes-med;medlem;;;2025-06-01;;;;;;;;\n"
    after = (
        f"{head}\nhny;oes-med;sekretaer;Helle Nyborg;hny@kommune.example;"
        "2024-01-01;2027-06-30;;;;;;;\n"
        "ahe;oes-med;sekretaer;Asta Hede;ahe@kommune.example;2027-07-01;;;;;;;;\n"
    )
    found = edits(MEMBERS, before.encode(), after.encode())
    assert [(e.kind, e.line, e.name, e.before, e.after) for e in found] == [
        ("seat-changed", 2, "hny", "until –", "until 2027-06-30"),
        ("seat-new", 3, "ahe", "", "sekretaer"),
        ("seat-gone", 0, "kbo", "", "medlem"),
    ]


def test_files_that_come_and_go() -> None:
    assert edits(WORKFLOW, None, b"title: A\n") == (Edit(WORKFLOW, "file-new"),)
    assert edits(WORKFLOW, b"title: A\n", None) == (Edit(WORKFLOW, "file-gone"),)
