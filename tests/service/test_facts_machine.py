"""Decisions in any order against a model of a few lines; nothing told is ever lost."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engine.config import read_config
from engine.errors import FactRejected
from engine.feed import horizon
from engine.planning.diff import diff
from engine.planning.facts import FOLLOW_UP
from engine.planning.status import State, state
from engine.service import followups
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.current import in_store
from engine.service.doing import done
from engine.service.followups import Wanted
from engine.service.postponing import postpone
from engine.service.site import Site
from engine.service.undoing import undo
from engine.service.waiving import waive

MEETINGS = ("2026-01-27", "2026-03-26", "2026-06-18", "2026-08-26", "2026-11-19")
FILES = {
    "organisation/organisation.yaml": """\
name: Prøve Kommune
levels: {afdelings-med: {title: AfdelingsMED, rank: 1}}
roles: {forperson: {title: forperson}, sekretaer: {title: sekretær}}
committees: {oes-med: {title: afdelingsMED, level: afdelings-med}}
""",
    "organisation/members.csv": """\
person;committee;role;name;email;from;until
ckv;oes-med;forperson;Carla Kvist;ckv@kommune.example;2025-06-01;
bjl;oes-med;sekretaer;Bo Jølle;bjl@kommune.example;2025-06-01;
""",
    "calendars/meetings/oes-med-2026.yaml": "committee: oes-med\nmeetings:\n"
    + "".join(f"  - {{date: {on}}}\n" for on in MEETINGS),
    "calendars/working-days/kommune.yaml": """\
title: lørdage og søndage
covers: 2015..2040
weekend: [saturday, sunday]
days: {2026-01-01: nytårsdag}
""",
    "workflows/punkt.yaml": """\
title: Et punkt på hvert møde
source: {document: Aftalen, reference: "§ 1"}
committees: {committee: oes-med}
start: {each: meeting}
responsible: forperson
steps:
  punkt: {title: Punktet drøftes, at: meeting}
""",
    "workflows/frist.yaml": """\
title: En frist hvert kvartal
source: {document: Aftalen, reference: "§ 2"}
committees: {committee: oes-med}
start: {each: quarter}
responsible: sekretaer
steps:
  svar: {title: Svaret er sendt, due: 1 month after period start}
""",
    "config.toml": "[mail]\nsink = true\n",
}
TODAY = date(2026, 1, 5)
ITEMS = tuple(f"punkt/oes-med/{on}/punkt" for on in MEETINGS)
QUARTERS = tuple(f"frist/oes-med/2026-Q{number}/svar" for number in (1, 2, 3, 4))
OWN_DAYS = dict(zip(ITEMS, map(date.fromisoformat, MEETINGS), strict=True)) | dict(
    zip(
        QUARTERS,
        (date(2026, 1, 30), date(2026, 5, 1), date(2026, 7, 31), date(2026, 10, 30)),
        strict=True,
    )
)

Place = Callable[[Path], Site]


def on_sqlite(folder: Path) -> Site:
    """The site with its store in a file of its own."""
    moment = f"{TODAY}T08:00"
    return Site(folder, read_config(folder), stopped_at(moment), pretended=True)


class Decisions(RuleBasedStateMachine):
    """Facts by key, newest last; each is a kind and the day or meeting it leads to."""

    place: Place = staticmethod(on_sqlite)

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        for path, text in FILES.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        self.site = self.place(folder)
        apply(self.site, demo=True)
        self.told: dict[str, list[tuple[str, date | None]]] = {key: [] for key in OWN_DAYS}
        self.own = dict[str, date | None](OWN_DAYS)
        self.rows = 0

    def teardown(self) -> None:
        self.folder.cleanup()

    def settled(self, key: str) -> bool:
        return any(kind in ("done", "waived") for kind, _ in self.told[key])

    def stands_on(self, key: str) -> date | None:
        moved = [on for kind, on in self.told[key] if kind == "postponed"]
        return moved[-1] if moved else self.own[key]

    def expect(self, fits: bool, act: Callable[[], object]) -> bool:
        """Does it where it fits; where it does not it is refused, and nothing is written."""
        if fits:
            act()
            self.rows += 1
            return True
        with pytest.raises(FactRejected):
            act()
        return False

    @rule(data=st.data())
    def report_done(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.told)))
        if self.expect(not self.settled(key), lambda: done(self.site, key, by="bjl")):
            self.told[key].append(("done", None))

    @rule(data=st.data(), reason=st.booleans())
    def report_waived(self, data: st.DataObject, reason: bool) -> None:
        key = data.draw(st.sampled_from(list(self.told)))
        why = "ikke relevant" if reason else ""
        fits = reason and not self.settled(key)
        if self.expect(fits, lambda: waive(self.site, key, "ckv", why)):
            self.told[key].append(("waived", None))

    @rule(key=st.sampled_from(ITEMS))
    def postpone_to_the_next(self, key: str) -> None:
        stands_on = self.stands_on(key)
        later = [date.fromisoformat(on) for on in MEETINGS]
        to_on = next((on for on in later if stands_on and on > stands_on), None)
        fits = not self.settled(key) and stands_on is not None
        if self.expect(fits, lambda: postpone(self.site, key, by="bjl")):
            self.told[key].append(("postponed", to_on))

    @rule(key=st.sampled_from(ITEMS), meeting=st.sampled_from(MEETINGS))
    def postpone_to_a_meeting(self, key: str, meeting: str) -> None:
        stands_on, to_on = self.stands_on(key), date.fromisoformat(meeting)
        # One that waits for a meeting not planned yet went from the last meeting of the plan.
        fits = not self.settled(key) and stands_on is not None and to_on > stands_on
        if self.expect(fits, lambda: postpone(self.site, key, meeting)):
            self.told[key].append(("postponed", to_on))

    @rule(key=st.sampled_from(QUARTERS), days=st.integers(-20, 60))
    def postpone_to_a_day(self, key: str, days: int) -> None:
        stands_on = self.stands_on(key)
        assert stands_on is not None
        to_on = stands_on + timedelta(days=days)
        fits = not self.settled(key) and days > 0
        if self.expect(fits, lambda: postpone(self.site, key, to_on.isoformat())):
            self.told[key].append(("postponed", to_on))

    @rule(data=st.data())
    def undo_the_last(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.told)))
        fits = bool(self.told[key])
        if not self.expect(fits, lambda: undo(self.site, key, by="bjl")):
            return
        kind, _ = self.told[key].pop()
        if kind == "noted":
            del self.told[key]

    @rule(days=st.integers(-5, 400), whose=st.sampled_from(["sekretær", "ckv", "vært"]))
    def note_a_follow_up(self, days: int, whose: str) -> None:
        due_on = TODAY + timedelta(days=days)
        wanted = Wanted("Find et lokale", whose, due=due_on.isoformat())
        keys: list[str] = []

        def add() -> None:
            keys.append(followups.add(self.site, "oes-med", wanted, "bjl").fact.key)

        if self.expect(days >= 0 and whose != "vært", add):
            assert keys[0] not in self.own
            self.told[keys[0]] = [("noted", None)]
            self.own[keys[0]] = due_on

    @invariant()
    def the_plan_says_what_was_told(self) -> None:
        with self.site.store() as store:
            now = in_store(store)
            assert now is not None
            plan = now.plan(horizon(TODAY))
            changes = diff(plan, store.ledger(), store.renames())
            rows = store.fact_rows()
        every = {**plan.beyond, **plan.by_key}
        told = {
            key: (each.due_on, state(each, plan, TODAY))
            for key, each in every.items()
            if key in self.told or each.workflow == FOLLOW_UP
        }
        assert {key: on for key, (on, _) in told.items()} == {
            key: self.stands_on(key) for key in self.told
        }
        assert {key for key, (_, where) in told.items() if where is State.DONE} == {
            key for key, facts in self.told.items() if ("done", None) in facts
        }
        assert {key for key, (_, where) in told.items() if where is State.WAIVED} == {
            key for key, facts in self.told.items() if ("waived", None) in facts
        }
        # What is told is announced with it, and nothing told is ever taken away.
        assert ([each.key for each in changes], len(rows)) == ([], self.rows)


def test_decisions_in_any_order_are_what_the_plan_says() -> None:
    run_state_machine_as_test(
        Decisions,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
