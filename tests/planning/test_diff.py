from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from site_given import (
    COMMITTEES,
    MEETINGS_2026,
    bodies,
    edition,
    facts,
    organisation,
    plan,
    seat,
    window,
    workflow,
)

from engine.planning.diff import (
    Announced,
    Change,
    Snapshot,
    Verb,
    counted,
    diff,
    renames,
    snapshots,
)
from engine.planning.edition import Edition
from engine.planning.facts import Facts
from engine.planning.organisation import Seat
from engine.planning.plan import Plan

MOMENT = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
SEATS = (
    seat("hny oes-med sekretaer 2025-01-01"),
    seat("kho oes-med forperson 2025-01-01 2026-05-31"),
    seat("mka oes-med forperson 2026-06-01"),
)
STEPS = {
    "dagsorden": {"due": "7 days before meeting", "responsible": "sekretaer"},
    "punkt": {"at": "meeting"},
    "naeste": {"at": "next meeting"},
}


def cycle(steps: dict[str, dict[str, object]] | None = None, **rest: object) -> Edition:
    given = workflow("moede", {"each": "meeting"}, steps or STEPS, **rest)
    return edition(given, seats=SEATS)


def announced(made: Plan) -> dict[str, Announced]:
    return ledger(snapshots(made).items())


def ledger(told: Iterable[tuple[str, Snapshot]]) -> dict[str, Announced]:
    return {key: Announced(key, f"uid {key}", 0, MOMENT, None, each) for key, each in told}


def verbs(changes: Iterable[Change]) -> dict[str, str]:
    return {change.key.removeprefix("moede/oes-med/"): change.verb.value for change in changes}


def with_meetings(given: Edition, text: str) -> Edition:
    return replace(given, meetings=edition(meetings=text).meetings)


def test_everything_is_new_at_first_and_nothing_once_it_is_told() -> None:
    made = plan(edition(workflow("moede", {"each": "meeting"}, STEPS), meetings="2026-03-26"))
    changes = diff(made, {}, {})
    assert [(change.verb.value, change.key) for change in changes] == [
        ("new", "meeting/oes-med/2026-03-26"),
        ("new", "moede/oes-med/2026-03-26/dagsorden"),
        ("new", "moede/oes-med/2026-03-26/naeste"),
        ("new", "moede/oes-med/2026-03-26/punkt"),
    ]
    assert diff(made, announced(made), {}) == []


def test_a_snapshot_says_everything_that_is_announced() -> None:
    made = plan(cycle(), over=window("2026-05-01..2026-05-10"))
    told = snapshots(plan(cycle(), over=window("2026-06-11..2026-06-18")))
    assert snapshots(made) == {}
    assert told["moede/oes-med/2026-06-18/dagsorden"] == Snapshot(
        kind="due",
        title="Dagsorden",
        workflow_title="Moede",
        committee="oes-med",
        nominal_on="2026-06-11",
        due_on="2026-06-11",
        limit_on="",
        hours="",
        place="",
        meeting="",
        holders=("sekretaer",),
        people=("hny",),
        visible="",
        confidential=False,
        sources=("Lokal aftale|§ 1",),
        derivation="anchor:2026-06-18 count:2026-06-11",
        about_on="",
        informed=(),
        committee_title="afdelingsMED Økonomi & Stab",
        member="",
    )
    assert told["meeting/oes-med/2026-06-18"] == Snapshot(
        kind="meeting",
        title="afdelingsMED Økonomi & Stab",
        workflow_title="",
        committee="oes-med",
        nominal_on="2026-06-18",
        due_on="2026-06-18",
        limit_on="",
        hours="12:00-14:00",
        place="",
        meeting="2026-06-18",
        holders=(),
        people=(),
        visible="",
        confidential=False,
        sources=(),
        derivation="ordinary",
    )


def test_a_moved_meeting_moves_what_is_counted_from_it() -> None:
    before = plan(cycle())
    after = plan(with_meetings(cycle(), MEETINGS_2026.replace("03-26", "03-26>2026-03-31")))
    changes = diff(after, announced(before), {})
    assert verbs(changes) == {
        "meeting/oes-med/2026-03-26": "moved",
        "2026-01-27/naeste": "moved",
        "2026-03-26/dagsorden": "moved",
        "2026-03-26/punkt": "moved",
    }
    moved = {
        change.key: (change.before and change.before.due_on, change.after and change.after.due_on)
        for change in changes
    }
    assert moved["moede/oes-med/2026-03-26/punkt"] == ("2026-03-26", "2026-03-31")


def test_a_cancelled_meeting_retires_its_occurrence() -> None:
    before = plan(cycle())
    after = plan(with_meetings(cycle(), MEETINGS_2026.replace("03-26", "03-26a")))
    assert verbs(diff(after, announced(before), {})) == {
        "meeting/oes-med/2026-03-26": "retired",
        "2026-01-27/naeste": "moved",
        "2026-03-26/dagsorden": "retired",
        "2026-03-26/naeste": "retired",
        "2026-03-26/punkt": "retired",
    }


def test_a_cancelled_meeting_retires_what_was_done_for_it_and_keeps_the_fact() -> None:
    told = facts("udført 2026-03-26/dagsorden 2026-03-19", "moede/oes-med")
    before = announced(plan(cycle(), told))
    after = plan(with_meetings(cycle(), MEETINGS_2026.replace("03-26", "03-26a")), told)
    changes = verbs(diff(after, before, {}))
    assert changes["2026-03-26/dagsorden"] == "retired"
    assert after.register.done == {
        "moede/oes-med/2026-03-26/dagsorden": [(date(2026, 3, 19), "", "")]
    }


def test_another_holder_is_reassigned_and_another_title_reworded() -> None:
    before = announced(plan(cycle(), over=window("2026-06-01..2026-06-30")))
    seats = (*SEATS[:2], seat("tso oes-med forperson 2026-06-01"))
    titled = {**STEPS, "dagsorden": {**STEPS["dagsorden"], "title": "Dagsordenen sendes"}}
    given = replace(cycle(titled), seats=seats)
    assert verbs(diff(plan(given, over=window("2026-06-01..2026-06-30")), before, {})) == {
        "2026-03-26/naeste": "reassigned",
        "2026-06-18/dagsorden": "reworded",
        "2026-06-18/punkt": "reassigned",
    }


def test_another_place_is_reworded_and_other_hours_are_moved() -> None:
    made = plan(edition(meetings="2026-03-26 2026-06-18"))
    told = announced(made)
    moved, placed = sorted(told)
    told[moved] = replace(told[moved], snapshot=replace(told[moved].snapshot, hours="10:00-12:00"))
    told[placed] = replace(told[placed], snapshot=replace(told[placed].snapshot, place="Lokale 1"))
    assert [change.verb for change in diff(made, told, {})] == [Verb.MOVED, Verb.REWORDED]


def test_a_step_or_workflow_that_is_gone_is_retired() -> None:
    before = announced(plan(cycle()))
    fewer = {name: step for name, step in STEPS.items() if name != "dagsorden"}
    gone = diff(plan(cycle(fewer)), before, {})
    assert {change.verb for change in gone} == {Verb.RETIRED}
    assert sorted(change.key.rpartition("/")[2] for change in gone) == ["dagsorden"] * 5
    everything = diff(plan(edition()), before, {})
    assert {change.verb.value for change in everything} == {"retired"}
    assert len(everything) == 15


def test_leaving_the_window_retires_nothing() -> None:
    before = announced(plan(cycle()))
    later = plan(with_meetings(cycle(), f"{MEETINGS_2026} 2027-01-26"), over=window("2027"))
    found = verbs(diff(later, before, {}))
    assert found == {
        "meeting/oes-med/2027-01-26": "new",
        "2026-11-19/naeste": "moved",
        "2027-01-26/dagsorden": "new",
        "2027-01-26/naeste": "new",
        "2027-01-26/punkt": "new",
    }


def test_an_undated_deadline_is_not_retired_by_time_but_by_the_edition() -> None:
    before = announced(plan(cycle()))
    assert before["moede/oes-med/2026-11-19/naeste"].snapshot.about_on == "2026-11-19"
    much_later = plan(cycle(), over=window("2030"))
    assert diff(much_later, before, {}) == []
    assert diff(plan(cycle(), over=window("2036")), before, {}) == []
    assert diff(plan(replace(cycle(), workflows={}), over=window("2030")), before, {}) == []
    fewer = {name: step for name, step in STEPS.items() if name != "naeste"}
    gone = diff(plan(cycle(fewer)), before, {})
    assert "moede/oes-med/2026-11-19/naeste" in {change.key for change in gone}


def test_what_is_closed_keeps_what_was_announced_when_old_meetings_are_removed() -> None:
    start = {"times": 2, "per": "year"}
    given = edition(workflow("moede", start, {"punkt": {"at": "meeting"}}), seats=SEATS)
    told = facts("udført 2026-1/punkt 2026-03-26", "moede/oes-med")
    before = announced(plan(given, told))
    pruned = with_meetings(given, "2026-06-18 2026-08-26 2026-11-19")
    after = {
        key: verb
        for key, verb in verbs(diff(plan(pruned, told), before, {})).items()
        if not key.startswith("meeting/")
    }
    assert after == {}
    assert verbs(diff(plan(pruned), before, {}))["2026-1/punkt"] == "moved"
    without = diff(plan(replace(pruned, workflows={}), told), before, {})
    assert verbs(without) == {
        "meeting/oes-med/2026-01-27": "retired",
        "meeting/oes-med/2026-03-26": "retired",
        "2026-2/punkt": "retired",
    }


def test_what_comes_back_is_new_again() -> None:
    made = plan(cycle())
    told = announced(made)
    key = "moede/oes-med/2026-03-26/punkt"
    told[key] = replace(told[key], retired_at=MOMENT)
    assert verbs(diff(made, told, {})) == {"2026-03-26/punkt": "new"}


RENAMED = organisation(
    {
        **{key: given for key, given in COMMITTEES.items() if key != "oes-med"},
        "stab-med": {**COMMITTEES["oes-med"], "formerly": ["oes-med"]},
    }
)


def renamed() -> Edition:
    given = workflow(
        "moeder/afdelings-med",
        {"each": "meeting"},
        {
            "udsendelse": {**STEPS["dagsorden"], "title": "Dagsorden", "formerly": "dagsorden"},
            "punkt": STEPS["punkt"],
            "naeste": STEPS["naeste"],
        },
        title="Moede",
        formerly="moede",
        committees={"committee": "stab-med"},
    )
    kursus = workflow(
        "kursus",
        {"each": "member"},
        {"bevis": {"due": "6 months after joining"}},
        committees={"committee": "stab-med"},
    )
    seats = tuple(replace(each, committee="stab-med") for each in SEATS)
    return edition(given, kursus, body=RENAMED, seats=seats, meetings={"stab-med": MEETINGS_2026})


def original() -> Edition:
    kursus = workflow("kursus", {"each": "member"}, {"bevis": {"due": "6 months after joining"}})
    return replace(cycle(), workflows={**cycle().workflows, "kursus": kursus})


def test_a_rename_goes_on_from_what_was_announced() -> None:
    before = announced(plan(original()))
    found = renames(renamed(), before)
    assert {
        new: found.get(new)
        for new in (
            "moeder/afdelings-med/stab-med/2026-03-26/udsendelse",
            "moeder/afdelings-med/stab-med/2026-03-26/punkt",
            "kursus/stab-med/mka-stab-med-forperson-2026/bevis",
            "meeting/stab-med/2026-03-26",
        )
    } == {
        "moeder/afdelings-med/stab-med/2026-03-26/udsendelse": (
            "moede/oes-med/2026-03-26/dagsorden"
        ),
        "moeder/afdelings-med/stab-med/2026-03-26/punkt": "moede/oes-med/2026-03-26/punkt",
        "kursus/stab-med/mka-stab-med-forperson-2026/bevis": (
            "kursus/oes-med/mka-oes-med-forperson-2026/bevis"
        ),
        "meeting/stab-med/2026-03-26": "meeting/oes-med/2026-03-26",
    }
    changes = diff(plan(renamed()), before, found)
    assert {change.verb for change in changes} == {Verb.REWORDED}
    assert len(changes) == len(found) == len(before)


def test_once_announced_under_its_new_name_nothing_is_left_to_tell() -> None:
    before = announced(plan(original()))
    found = renames(renamed(), before)
    made = plan(renamed())
    after = announced(made)
    assert diff(made, after, found) == []
    assert diff(made, {**before, **after}, found) == []
    assert renames(renamed(), {**before, **after}) == {}


def test_a_former_name_in_use_again_is_no_rename() -> None:
    taken = workflow("moede", {"each": "meeting"}, STEPS)
    newer = workflow("ny", {"each": "meeting"}, STEPS, formerly="moede")
    before = announced(plan(cycle()))
    assert renames(edition(taken, newer), before) == {}


def test_the_target_of_a_fan_out_is_renamed_too() -> None:
    step = {"due": "1 march", "committees": {"level": "afdelings-med"}}
    given = workflow("pligt", {"each": "year"}, {"svar": step}, committees={"all": True})
    known = renames(edition(given, body=RENAMED), ["pligt/kommune-med/2026/svar@oes-med"])
    assert known == {"pligt/kommune-med/2026/svar@stab-med": "pligt/kommune-med/2026/svar@oes-med"}


def test_changes_are_counted_by_verb() -> None:
    before = plan(cycle())
    after = plan(with_meetings(cycle(), MEETINGS_2026.replace("03-26", "03-26a")))
    total = len(after.deadlines) + len(after.meetings)
    assert counted(diff(after, announced(before), {}), total) == {
        "new": 0,
        "moved": 1,
        "reassigned": 0,
        "reworded": 0,
        "retired": 4,
        "unchanged": total - 1,
    }


DAYS = st.lists(
    st.dates(date(2026, 1, 2), date(2026, 12, 30)), min_size=1, max_size=6, unique=True
).map(sorted)


def site_of(days: list[date], seats: tuple[Seat, ...] = SEATS) -> Edition:
    guideline = workflow(
        "vold",
        {"times": 2, "per": "year", "apart": "3 months"},
        {"punkt": {"at": "meeting"}, "enheder": {"due": "3 weeks before punkt"}},
    )
    given = workflow("moede", {"each": "meeting"}, STEPS)
    return edition(
        given, guideline, seats=seats, meetings=bodies(" ".join(on.isoformat() for on in days))
    )


@over(DAYS, DAYS)
@settings(max_examples=50, deadline=None)
def test_announcing_every_change_leaves_none(first: list[date], second: list[date]) -> None:
    told = announced(plan(site_of(first)))
    made = plan(site_of(second))
    for change in diff(made, told, {}):
        snapshot = change.after or change.before
        assert snapshot is not None
        retired_at = MOMENT if change.verb is Verb.RETIRED else None
        told[change.key] = Announced(change.key, "uid", 1, MOMENT, retired_at, snapshot)
    assert diff(made, told, {}) == []


@over(DAYS, st.data())
@settings(max_examples=50, deadline=None)
def test_what_is_done_or_waived_changes_no_announcement_of_its_own(
    days: list[date], drawn: st.DataObject
) -> None:
    given = site_of(days)
    before = plan(given)
    keys = [deadline.key for deadline in before.deadlines if deadline.workflow == "moede"]
    chosen = drawn.draw(st.sets(st.sampled_from(keys)))
    kind = drawn.draw(st.sampled_from(("udført", "frafaldet")))
    text = ", ".join(f"{kind} {key.removeprefix('moede/')} 2026-05-05" for key in sorted(chosen))
    after = plan(given, facts(text, "moede"))
    assert diff(after, announced(before), {}) == []
    assert after.deadlines == before.deadlines


@over(DAYS, st.integers(0, 400), st.integers(0, 700))
@settings(max_examples=50, deadline=None)
def test_sliding_the_window_retires_nothing(days: list[date], start: int, length: int) -> None:
    given = site_of(days)
    told = announced(plan(given))
    first_on = date(2026, 1, 1) + timedelta(days=start)
    made = plan(given, Facts(), window(f"{first_on}..{first_on + timedelta(days=length)}"))
    assert [each.key for each in diff(made, told, {}) if each.verb is not Verb.NEW] == []
