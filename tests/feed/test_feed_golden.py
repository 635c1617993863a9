from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from feed_site import BASE_URL, TODAY, ledger_of, planned, retired

from engine.feed import Scope, render
from engine.planning.plan import Plan
from engine.wording.catalogue import Language
from engine.wording.gate import NOBODY, viewer

LAPSED = (
    "meeting/oes-med/2026-05-21",
    "moeder/afdelings-med/oes-med/2026-05-21/dagsorden",
    "personale/fortrolig/oes-med/2026-H2/parthoering",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned()


@pytest.mark.parametrize(
    ("name", "person", "language", "scope", "called"),
    [
        (
            "oes-med",
            "",
            "da",
            Scope(committee="oes-med", meetings=True),
            "Frister og møder: afdelingsMED Økonomi & Stab",
        ),
        ("alle-en", "", "en", Scope(meetings=True), "Deadlines and meetings: Eksempel Kommune"),
        ("sekretaer", "abc", "da", Scope(person="abc", meetings=True), "Mine frister og møder"),
        ("fortrolig", "def", "da", Scope(person="def"), "Mine frister"),
    ],
)
def test_whole_calendars(
    golden: Callable[[str, bytes], bytes],
    plan: Plan,
    name: str,
    person: str,
    language: Language,
    scope: Scope,
    called: str,
) -> None:
    ledger = retired(ledger_of(plan), LAPSED, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    content = render(
        plan,
        ledger,
        viewer(plan.register, person, TODAY) if person else NOBODY,
        calendar_name=called,
        language=language,
        scope=scope,
        today=TODAY,
        base_url=BASE_URL,
    )

    assert content == golden(name, content)
