from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.planning.edition import Edition
from engine.planning.facts import Meeting
from engine.planning.organisation import Committee, Organisation
from engine.planning.vanished import removed_meetings, vanished_meetings


def edition(*meetings: str) -> Edition:
    """Meetings as `2026-03-31` or, moved, `2026-03-31<2026-03-26`."""
    held = []
    for text in meetings:
        on, _, first = text.partition("<")
        held.append(Meeting("oes-med", first or on, date.fromisoformat(on)))
    return Edition(Organisation(name="Eksempel"), meetings={"oes-med": tuple(held)})


JANUARY, MARCH, JUNE = "2026-01-27", "2026-03-26", "2026-06-18"


@pytest.mark.parametrize(
    ("after", "suspected"),
    [
        ((JANUARY, MARCH, JUNE), []),
        ((JANUARY, "2026-03-31", JUNE), [("2026-03-26", date(2026, 3, 31))]),
        ((JANUARY, "2026-03-31<2026-03-26", JUNE), []),
        ((JANUARY, JUNE), []),
        ((JANUARY, MARCH, "2026-05-07", JUNE), []),
        ((JANUARY, MARCH, "2026-06-25"), [("2026-06-18", date(2026, 6, 25))]),
        ((JANUARY, "2026-03-31", "2026-04-20", JUNE), []),
        ((JANUARY, JUNE, "2026-08-26"), []),
    ],
)
def test_one_gone_and_one_new_between_the_same_neighbours_was_moved(
    after: tuple[str, ...], suspected: list[tuple[str, date]]
) -> None:
    found = vanished_meetings(edition(JANUARY, MARCH, JUNE), edition(*after))
    assert [(each.params["old"], each.params["new_on"]) for each in found] == suspected


@pytest.mark.parametrize(
    ("after", "gone"),
    [
        ((JANUARY, MARCH, JUNE), []),
        ((JANUARY, MARCH), [(1, JUNE, JUNE)]),
        ((), [(2, MARCH, JUNE)]),
        ((MARCH, JUNE), []),
        ((JANUARY, MARCH, "2026-06-25<2026-06-18"), []),
        ((JANUARY, MARCH, "2026-06-25"), []),
        (("2026-02-02", "2026-02-03"), [(2, MARCH, JUNE)]),
    ],
)
def test_later_meetings_that_are_gone_are_told_of_once_a_body(
    after: tuple[str, ...], gone: list[tuple[int, str, str]]
) -> None:
    """January lies before the day that counts; one gone and one new was moved."""
    found = removed_meetings(edition(JANUARY, MARCH, JUNE), edition(*after), date(2026, 2, 1))
    assert [
        (each.params["number"], str(each.params["first_on"]), str(each.params["last_on"]))
        for each in found
    ] == gone


def test_a_body_under_a_new_name_has_kept_its_meetings() -> None:
    before = edition(JANUARY, MARCH)
    body = Committee(title="Økonomi", formerly="oes-med")
    held = tuple(replace(each, committee="oek-med") for each in before.meetings["oes-med"])
    after = Edition(
        Organisation(name="Eksempel", committees={"oek-med": body}), meetings={"oek-med": held[1:]}
    )
    (found,) = removed_meetings(before, after, date(2026, 1, 1))
    assert (found.field, found.params["number"]) == ("oek-med", 1)


def test_what_was_called_off_may_go() -> None:
    before = edition(JANUARY, MARCH)
    off = tuple(replace(each, cancelled=True) for each in before.meetings["oes-med"])
    assert (
        list(removed_meetings(replace(before, meetings={"oes-med": off}), edition(), date.min))
        == []
    )
