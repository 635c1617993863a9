"""An edition that took effect once goes on, though a newer program would refuse its files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import DefinitionError, Finding, Severity
from engine.feed import horizon
from engine.service.applying import apply
from engine.service.checking import check
from engine.service.current import current
from engine.service.instep import remember
from engine.service.reminding import forecast
from engine.service.site import Site
from engine.wording.errors import error_line

VOLD = "workflows/retningslinjer/vold.yaml"
MEETINGS = "calendars/meetings/oes-med-2027.yaml"


def stored(site: Site, *edits: tuple[str, str, str]) -> None:
    """Puts an edition in force that no check has seen, as an older program would have."""
    with site.store() as store, store.writing():
        texts = dict(store.edition(1).texts)
        for path, old, new in edits:
            assert old in texts[path], path
            texts[path] = texts[path].replace(old, new, 1)
        store.append_edition(texts, "of an older program", parent=1, by="", note="", at=site.now)


def test_what_a_newer_check_refuses_stays_in_force(site: Site) -> None:
    before = current(site)
    stored(
        site,
        (VOLD, "inform: [", "inform: [bisidder, "),
        (MEETINGS, "meetings:\n", 'meetings:\n  - {date: 2027-05-10, time: "14:00-12:00"}\n'),
    )
    now = current(site)
    assert now.number == 2
    assert {(each.path, each.code) for each in now.faults} == {
        (VOLD, "unknown-role"),
        (MEETINGS, "ends-before-it-begins-time"),
    }
    # Nothing is left out: the meeting stands, and every deadline there was.
    held = {meeting.id for meeting in now.edition.meetings["oes-med"]}
    assert held - {m.id for m in before.edition.meetings["oes-med"]} == {"2027-05-10"}
    window = horizon(site.today)
    keys = {each for each in before.plan(window).by_key if each.startswith("retningslinjer/vold/")}
    assert keys <= now.plan(window).by_key.keys()
    assert forecast(site).held is False


def test_a_check_says_so_and_files_that_are_right_take_effect(
    site: Site, at: Callable[[str], Site]
) -> None:
    assert "edition-checked-before" not in {each.code for each in check(site).findings}
    stored(site, (VOLD, "inform: [", "inform: [bisidder, "))
    assert [each for each in check(site).findings if each.code == "edition-checked-before"] == [
        Finding(
            "edition-checked-before",
            Severity.WARNING,
            params={"number": 2, "count": 1, "first": VOLD},
        )
    ]
    with site.store() as store:
        remember(site, store, 2)
    assert apply(at("2026-11-27T09:00")).edition == 3
    assert current(site).faults == ()


def test_what_cannot_be_understood_is_a_fault_with_its_next_step(site: Site) -> None:
    stored(site, (VOLD, "start:", "strat:"))
    with pytest.raises(DefinitionError) as raised:
        current(site)
    assert {each.path for each in raised.value.findings} == {VOLD}
    assert error_line(raised.value, "da") == (
        "Udgave 2, der er i kraft, kan ikke læses af denne version af Medfrist. Sæt den forrige"
        " version i gang igen, ret filerne dér, og kør »med apply«. Opgradér så."
    )
