from __future__ import annotations

from datetime import date

import pytest

from engine.planning.edition import Edition
from engine.planning.facts import Meeting
from engine.planning.organisation import Organisation
from engine.planning.vanished import vanished_meetings


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
