"""Decisions and edits in any order against a model of a few lines; nothing told is ever lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from applied_sites import use_database
from decided_files import (
    COMING,
    HELD,
    ITEMS,
    MEETINGS,
    QUARTERS,
    STEPS,
    TODAY,
    Says,
    site_of_files,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from postgres_server import PostgresServer

from engine.config import read_config
from engine.errors import EngineError
from engine.feed import horizon
from engine.planning.diff import diff
from engine.planning.facts import FOLLOW_UP
from engine.planning.plan import Plan
from engine.planning.status import State, state
from engine.service import followups
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.closing import Outcome, Verdict, close
from engine.service.current import in_store
from engine.service.doing import done
from engine.service.followups import Wanted
from engine.service.history import then
from engine.service.postponing import postpone
from engine.service.rolling_back import rollback
from engine.service.site import Site
from engine.service.undoing import undo
from engine.service.waiving import waive

START = datetime(2026, 3, 27, 8, tzinfo=UTC)
LASTS = "a meeting that nobody has planned yet"
SETTLED = {"done": State.DONE, "waived": State.WAIVED}
OUTCOMES = {
    Outcome.TREATED: "done",
    Outcome.POSTPONED: "postponed",
    Outcome.NOT_REACHED: "postponed",
    Outcome.NOT_RELEVANT: "waived",
}

Place = Callable[[Path], None]
Shown = dict[str, tuple[date | None, State]]


class Decisions(RuleBasedStateMachine):
    """Facts by key, newest last; each is a kind and the day or meeting it leads to."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.made = tempfile.TemporaryDirectory()
        self.folder = Path(self.made.name) / "site"
        type(self).place(self.folder)
        self.minutes = 0
        self.files = Says()
        self.editions = [Says()]
        self.told: dict[str, list[tuple[str, date | str | None]]] = {
            key: [] for key in (*ITEMS, *QUARTERS)
        }
        self.noted: dict[str, date] = {}
        self.rows = 0
        self.shown: dict[datetime, Shown] = {}

    def teardown(self) -> None:
        self.made.cleanup()

    @property
    def says(self) -> Says:
        """What the edition in force says."""
        return self.editions[-1]

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=self.minutes)

    def site(self, moment: datetime) -> Site:
        return Site(self.folder, read_config(self.folder), stopped_at(moment.isoformat()), True)

    def later(self) -> Site:
        """The site a minute after all that has been told of."""
        self.minutes += 1
        return self.site(self.now)

    def kinds(self, key: str) -> set[str]:
        return {kind for kind, _ in self.told[key]}

    def open(self, key: str) -> bool:
        there = self.says.in_use or key not in QUARTERS
        return there and not self.kinds(key) & set(SETTLED)

    def meeting_of(self, key: str) -> str:
        """The meeting that an item stands at, by its name."""
        moved = [to for kind, to in self.told[key] if kind == "postponed"]
        return str(moved[-1]) if moved else key.split("/")[2]

    def stands_on(self, key: str) -> date | None:
        if key in self.noted:
            return self.noted[key]
        if key in QUARTERS:
            moved = [to for kind, to in self.told[key] if kind == "postponed"]
            # A day by decision holds until the rule gives a later one.
            days = [date.fromisoformat(str(to)) for to in moved[-1:]]
            return max(self.says.own_day(key), *days) if days else self.says.own_day(key)
        meeting = self.meeting_of(key)
        return None if meeting == LASTS else self.says.held_on(meeting)

    def next_meeting(self, key: str) -> str:
        stands_on = self.stands_on(key)
        assert stands_on is not None
        after = max(stands_on, TODAY - timedelta(days=1))
        return next((each for each in MEETINGS if self.says.held_on(each) > after), LASTS)

    def expect(self, fits: bool, act: Callable[[Site], object], facts: int = 1) -> bool:
        """Does it where it fits; where it does not it is refused, and nothing is written."""
        site = self.later()
        if fits:
            act(site)
            self.rows += facts
            return True
        with pytest.raises(EngineError):
            act(site)
        return False

    def name(self, key: str, data: st.DataObject) -> str:
        """One of the names that a deadline has or had."""
        return data.draw(st.sampled_from(sorted({key, self.says.called(key)})))

    @rule(data=st.data())
    def report_done(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.told)))
        named = self.name(key, data)
        if self.expect(self.open(key), lambda site: done(site, named, by="bjl")):
            self.told[key].append(("done", None))

    @rule(data=st.data(), reason=st.booleans())
    def report_waived(self, data: st.DataObject, reason: bool) -> None:
        key = data.draw(st.sampled_from(list(self.told)))
        named, why = self.name(key, data), "ikke relevant" if reason else ""
        fits = reason and self.open(key)
        if self.expect(fits, lambda site: waive(site, named, "ckv", why)):
            self.told[key].append(("waived", None))

    @rule(key=st.sampled_from(ITEMS), data=st.data())
    def postpone_to_the_next(self, key: str, data: st.DataObject) -> None:
        named = self.name(key, data)
        fits = self.open(key) and self.stands_on(key) is not None
        to = self.next_meeting(key) if fits else ""
        if self.expect(fits, lambda site: postpone(site, named, by="bjl")):
            self.told[key].append(("postponed", to))

    @rule(key=st.sampled_from(ITEMS), meeting=st.sampled_from(MEETINGS))
    def postpone_to_a_meeting(self, key: str, meeting: str) -> None:
        stands_on, named = self.stands_on(key), self.says.called(key)
        # One that waits for a meeting not planned yet went from the last meeting of the plan.
        on = self.says.held_on(meeting)
        fits = self.open(key) and stands_on is not None and on > stands_on and on >= TODAY
        if self.expect(fits, lambda site: postpone(site, named, meeting)):
            self.told[key].append(("postponed", meeting))

    @rule(key=st.sampled_from(QUARTERS), days=st.integers(-20, 90))
    def postpone_to_a_day(self, key: str, days: int) -> None:
        stands_on = self.stands_on(key)
        assert stands_on is not None
        to_on = stands_on + timedelta(days=days)
        fits = self.open(key) and days > 0 and to_on >= TODAY
        if self.expect(fits, lambda site: postpone(site, key, to_on.isoformat())):
            self.told[key].append(("postponed", to_on.isoformat()))

    @rule(meeting=st.sampled_from(HELD), data=st.data())
    def close_a_meeting(self, meeting: str, data: st.DataObject) -> None:
        keys = [f"punkt/oes-med/{meeting}/{step}" for step in STEPS]
        here = [key for key in keys if self.open(key) and self.meeting_of(key) == meeting]
        said = [(key, data.draw(st.sampled_from(Outcome))) for key in here]
        lacking = data.draw(st.sampled_from(here)) if here and data.draw(st.booleans()) else ""
        verdicts = [
            Verdict(self.says.called(key), outcome, why="besluttet på mødet")
            for key, outcome in said
            if key != lacking
        ]
        nexts = {key: self.next_meeting(key) for key in here}

        def act(site: Site) -> object:
            return close(site, "oes-med", meeting, verdicts, "ckv")

        if self.expect(not lacking, act, len(said)):
            for key, outcome in said:
                kind = OUTCOMES[outcome]
                self.told[key].append((kind, nexts[key] if kind == "postponed" else None))

    @rule(data=st.data())
    def undo_the_last(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.told)))
        named = self.name(key, data)
        if not self.expect(bool(self.told[key]), lambda site: undo(site, named, by="bjl")):
            return
        kind, _ = self.told[key].pop()
        if kind == "noted":
            del self.told[key]
            del self.noted[key]

    @rule(days=st.integers(-5, 400), whose=st.sampled_from(["sekretær", "ckv", "vært"]))
    def note_a_follow_up(self, days: int, whose: str) -> None:
        due_on = TODAY + timedelta(days=days)
        wanted = Wanted("Find et lokale", whose, due=due_on.isoformat())
        keys: list[str] = []

        def add(site: Site) -> None:
            keys.append(followups.add(site, "oes-med", wanted, "bjl").fact.key)

        if self.expect(days >= 0 and whose != "vært", add):
            assert keys[0] not in self.noted
            self.told[keys[0]] = [("noted", None)]
            self.noted[keys[0]] = due_on

    @rule(which=st.sampled_from(range(len(COMING))), weeks=st.sampled_from([-2, -1, 0, 1, 3]))
    def move_a_meeting(self, which: int, weeks: int) -> None:
        self.edit(self.files.move(which, weeks))

    @rule(months=st.sampled_from([1, 2]))
    def change_a_rule(self, months: int) -> None:
        self.edit(replace(self.files, months=months))

    @rule()
    def rename_a_workflow(self) -> None:
        self.edit(replace(self.files, renamed=True))

    @rule(in_use=st.booleans())
    def switch_a_workflow(self, in_use: bool) -> None:
        self.edit(replace(self.files, in_use=in_use))

    def edit(self, files: Says) -> None:
        """The files are edited; nothing of it holds until it is applied."""
        self.files = files
        files.write(self.folder)

    @rule()
    def apply_the_files(self) -> None:
        applied = apply(self.later(), by="bjl")
        if self.files != self.says:
            self.editions.append(self.files)
        assert applied.edition == len(self.editions)

    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.editions)))
        old = self.editions[number - 1]
        if self.expect(old != self.says, lambda site: rollback(site, number, by="bjl"), 0):
            self.editions.append(old)

    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        """What held at an earlier moment is what was shown at that moment."""
        if self.shown:
            moment = data.draw(st.sampled_from(sorted(self.shown)))
            assert (
                self.as_shown(then(self.site(moment)).now.plan(horizon(TODAY)))
                == (self.shown[moment])
            )

    def as_shown(self, plan: Plan) -> Shown:
        every = {**plan.beyond, **plan.by_key}
        return {
            key: (each.due_on, state(each, plan, TODAY))
            for key, each in every.items()
            if each.workflow == FOLLOW_UP or "/2026" in key
        }

    @invariant()
    def the_plan_says_what_was_told(self) -> None:
        with self.site(self.now).store() as store:
            now = in_store(store)
            assert now is not None
            plan = now.plan(horizon(TODAY))
            changes = diff(plan, store.ledger(), store.renames())
            rows = store.fact_rows()
        found = self.as_shown(plan)
        there = [key for key in self.told if self.says.in_use or key not in QUARTERS]
        assert {key: on for key, (on, _) in found.items()} == {
            self.says.called(key): self.stands_on(key) for key in there
        }
        for kind, settled in SETTLED.items():
            assert {key for key, (_, where) in found.items() if where is settled} == {
                self.says.called(key) for key in there if kind in self.kinds(key)
            }
        # What is told is announced with it, and nothing told is ever taken away.
        assert ([each.key for each in changes], len(rows)) == ([], self.rows)
        self.shown[self.now] = found


@pytest.fixture
def place(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """Makes a copy of the site as it was applied first, database and all."""
    kept = tmp_path / "kept"
    site_of_files(kept)
    server: PostgresServer | None = None
    if database == "postgresql":
        server = request.getfixturevalue("postgres")
        use_database(kept, url := server.database())
    clock = stopped_at(START.isoformat())
    apply(Site(kept, read_config(kept), clock, pretended=True), demo=True)
    if server is not None:
        server.keep("decided", url)

    def copied(folder: Path) -> None:
        shutil.copytree(kept, folder)
        if server is not None:
            use_database(folder, copy := server.copy("decided"))
            request.addfinalizer(lambda: server.drop(copy))

    return copied


def test_decisions_and_edits_in_any_order_are_what_the_plan_says(
    place: Place, proving: bool
) -> None:
    class Placed(Decisions):
        pass

    Placed.place = staticmethod(place)
    run_state_machine_as_test(
        Placed,
        settings=settings(
            max_examples=200 if proving else 8,
            stateful_step_count=40 if proving else 16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
