"""What was due before the site came in force: listed, answered, and mailed about only then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine.errors import EngineError, FactRejected
from engine.planning.status import State, state
from engine.service.current import current
from engine.service.lookthrough import Answer, Answering, answer, waiting
from engine.service.planning import Asked, listed
from engine.service.reminding import forecast
from engine.service.site import Site
from engine.service.undoing import undo

WHAT = "retningslinjer/vold/oes-med/2026-1/droeftelse"
ASKED = Asked(date(2025, 1, 1), date(2026, 12, 31))


def keys(site: Site, committee: str = "oes-med") -> list[str]:
    return [row.deadline.key for row in waiting(site, committee).rows]


def reminded(site: Site) -> set[str]:
    return {key for mail in forecast(site).mails for key in mail.keys}


def states(site: Site) -> dict[str, State]:
    found = listed(site, ASKED)
    return {row.deadline.key: state(row.deadline, found.plan, site.today) for row in found.rows}


def test_what_is_open_from_before_waits_for_an_answer_and_is_not_mailed(site: Site) -> None:
    found = waiting(site)
    days = [row.deadline.due_on for row in found.rows]
    assert WHAT in keys(site)
    assert (max(days) < date(2026, 11, 1), min(days) >= date(2025, 11, 1)) == (True, True)
    assert {row.state for row in found.rows} <= {State.OVERDUE, State.BLOCKED, State.OPEN}
    assert {row.deadline.key for row in found.rows} & reminded(site) == set()


def test_three_answers(site: Site, at: Callable[[str], Site]) -> None:
    later = at("2026-11-26T09:00")
    done, taken, left = keys(site)[:3]
    before = len(keys(site))
    answer(later, Answering("done", (done,), on=date(2026, 3, 26), by="hny"))
    answer(later, Answering("taken-over", (taken,), by="hny"))
    answer(later, Answering("not-ours", (left,), why="ligger hos HR"))
    assert len(keys(site)) == before - 3
    found = states(later)
    assert (found[done], found[taken], found[left]) == (State.DONE, State.OVERDUE, State.WAIVED)
    told = reminded(later)
    assert (done in told, taken in told, left in told) == (False, True, False)
    with site.store() as store:
        rows = [(row.key, row.kind, row.on, row.by, row.how) for row in store.fact_rows()]
    assert rows == [
        (done, "done", date(2026, 3, 26), "hny", "lookthrough"),
        (taken, "taken-over", date(2026, 11, 26), "hny", "lookthrough"),
        (left, "not-ours", date(2026, 11, 26), "", "lookthrough"),
    ]


def test_a_whole_committee_is_answered_at_once(site: Site, at: Callable[[str], Site]) -> None:
    dues = {row.deadline.key: row.deadline.due_on for row in waiting(site, "oes-med").rows}
    facts = answer(at("2026-11-26T09:00"), Answering("done", committee="oes-med", as_planned=True))
    assert {fact.key: fact.on for fact in facts} == dues
    assert keys(site) == []
    assert keys(site, "kommune-med") != []


def test_when_it_was_last_discussed_may_be_told_of_an_earlier_year(
    site: Site, at: Callable[[str], Site]
) -> None:
    old = "retningslinjer/vold/oes-med/2025-2/droeftelse"
    assert old not in keys(site)
    answer(at("2026-11-26T09:00"), Answering("done", (old,), on=date(2025, 9, 25)))
    assert [(done.key, done.on) for done in current(site).facts.done] == [(old, date(2025, 9, 25))]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Answering("done", (WHAT,)), "editions.answer-which-day"),
        (Answering("done", (WHAT,), on=date(2026, 11, 27)), "service.done-tomorrow"),
        (Answering("taken-over"), "editions.answer-to-what"),
        (Answering("not-ours", (WHAT,), why="Helle Nyborg ved det"), "case.why-name"),
        (Answering("not-ours", (WHAT,), by="hnx"), "service.unknown-person"),
        (
            Answering("taken-over", ("moeder/afdelings-med/oes-med/2027-01-26/dagsorden",)),
            "service.unknown-deadline",
        ),
    ],
)
def test_an_answer_that_fits_nothing_is_refused(
    site: Site, at: Callable[[str], Site], told: Answering, code: str
) -> None:
    later = at("2026-11-26T09:00")
    with pytest.raises(EngineError) as raised:
        answer(later, told)
    assert raised.value.code == code
    with site.store() as store:
        assert store.fact_rows() == []


def test_nothing_is_answered_twice(site: Site, at: Callable[[str], Site]) -> None:
    later = at("2026-11-26T09:00")
    answer(later, Answering("done", (WHAT,), on=date(2026, 3, 26)))
    with pytest.raises(FactRejected) as raised:
        answer(later, Answering("taken-over", (WHAT,)))
    assert raised.value.code == "editions.answered-already"


@pytest.mark.parametrize("given", ["taken-over", "not-ours"])
def test_an_answer_can_be_undone(site: Site, at: Callable[[str], Site], given: Answer) -> None:
    later = at("2026-11-26T09:00")
    answer(later, Answering(given, (WHAT,)))
    assert WHAT not in keys(later)
    undo(later, WHAT, by="hny")
    assert WHAT in keys(later)
