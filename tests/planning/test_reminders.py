from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from danish_days import table
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from site_given import (
    COMMITTEES,
    MEETINGS_2026,
    ONCE,
    WORKING,
    bodies,
    edition,
    facts,
    flow,
    organisation,
    plan,
    seat,
    window,
    workflow,
)

from engine.planning.facts import Done, Facts
from engine.planning.organisation import Seat, Side
from engine.planning.plan import Plan
from engine.planning.reminders import Reminder, ReminderKind, due, next_repeat
from engine.planning.status import State, state
from engine.store import Told

PREFIX = "pligt/oes-med/2026"
SEATS = (
    seat("kho oes-med forperson 2025-01-01", Side.MANAGEMENT),
    seat("bra oes-med naestforperson 2025-01-01", Side.EMPLOYEES),
    seat("hny oes-med sekretaer 2025-01-01"),
    seat("ave kommune-med sekretaer 2025-01-01"),
    seat("aro chefforum forperson 2025-01-01"),
)


def made(
    step: Mapping[str, Any],
    told: str = "",
    seats: tuple[Seat, ...] = SEATS,
    **rest: Any,
) -> Plan:
    third = {"due": "2026-12-01", "binding": False, "remind": []}
    steps = {"trin": step, "andet": {"on": "2026-02-02"}, "tredje": third}
    given = workflow("pligt", ONCE, steps, **rest)
    return plan(edition(given, seats=seats), facts(told, PREFIX), window("2026"))


def asked(
    made_of: Plan, today: str, told: Iterable[Told] = (), moves: Mapping[str, int] | None = None
) -> list[Reminder]:
    known = {each.key: each for each in told}
    return due(made_of, known, moves or {}, date.fromisoformat(today), None)


def kept(reminders: Iterable[Reminder], on: date | None = None) -> tuple[Told, ...]:
    """Reminders as they are kept when they have been told, of their own day or another."""
    return tuple(
        Told(key=each.key, kind=each.kind.value, due_on=on or each.deadline.due_on)
        for each in reminders
    )


def said(reminders: list[Reminder]) -> list[str]:
    return [f"{each.recipient} {each.key.split()[1]}" for each in reminders]


@pytest.mark.parametrize(
    "row", table("paamindelser.csv"), ids=lambda row: f"{row['kilde']} {row['i dag']}"
)
def test_who_is_told_what_on_a_day(row: dict[str, str]) -> None:
    given = made(flow(row["skridt"]), row["fortalt"], inform="sekretaer")
    assert ", ".join(said(asked(given, row["i dag"]))) == row["forventet"]


def test_a_reminder_says_what_it_is_about() -> None:
    given = made({"due": "1 day before 2026-05-15"})
    (reminder,) = asked(given, "2026-05-11")
    assert reminder == Reminder(
        f"{PREFIX}/trin#0 before-3-day person:kho",
        "person:kho",
        given.by_key[f"{PREFIX}/trin"],
        reminder.kind,
        State.OPEN,
        date(2026, 5, 8),
    )
    assert reminder.kind.value == "heads-up"


def test_what_moved_after_it_was_told_is_told_again() -> None:
    given = made({"due": "1 day before 2026-05-15"})
    first = asked(given, "2026-05-11")
    assert asked(given, "2026-05-11", kept(first)) == []
    of_another_day = kept(first, date(2026, 5, 12))
    again = asked(given, "2026-05-11", of_another_day, {f"{PREFIX}/trin": 1})
    assert [each.key for each in again] == [f"{PREFIX}/trin#1 before-3-day person:kho"]


def test_what_has_come_back_to_the_day_that_was_told_is_not_told_again() -> None:
    given = made({"due": "1 day before 2026-05-15"})
    told = kept(asked(given, "2026-05-11"))
    assert asked(given, "2026-05-11", told, {f"{PREFIX}/trin": 2}) == []


@pytest.mark.parametrize("end", ["reassigned", "retired"])
def test_who_was_told_that_it_is_over_and_has_it_back_is_told_anew(end: str) -> None:
    given = made({"due": "1 day before 2026-05-15"})
    first = kept(asked(given, "2026-05-11"))
    over = Told(key=f"{PREFIX}/trin#0 {end}-20260511T120000 person:kho", kind=end)
    again = asked(given, "2026-05-12", (*first, over))
    assert [each.key for each in again] == [f"{PREFIX}/trin#0.1 before-3-day person:kho"]
    assert asked(given, "2026-05-12", (*first, over, *kept(again))) == []


def test_what_waits_for_another_step_is_mentioned_from_the_day_that_step_is_due() -> None:
    steps = {"foerst": {"due": "2026-06-01"}, "trin": {"due": "2 weeks after done foerst"}}
    given = plan(edition(workflow("pligt", ONCE, steps), seats=SEATS), over=window("2026"))

    def mentioned(today: str) -> list[str]:
        return [each.key for each in asked(given, today) if each.deadline.due_on is None]

    assert mentioned("2026-05-29") == []
    assert mentioned("2026-06-01") == [f"{PREFIX}/trin#0 undated-1 person:kho"]
    assert mentioned("2026-07-01") == [f"{PREFIX}/trin#0 undated-2 person:kho"]


@pytest.mark.parametrize(
    ("pace", "today", "expected"),
    [
        ("every week", "2026-06-03", date(2026, 6, 8)),
        ("every week", "2026-06-08", date(2026, 6, 15)),
        ("every 2 working days", "2026-06-03", date(2026, 6, 5)),
    ],
)
def test_the_next_repeat_is_on_the_next_day_that_it_is_told(
    pace: str, today: str, expected: date
) -> None:
    given = made({"due": "2026-05-29", "remind": [], "overdue": pace})
    on = date.fromisoformat(today)
    assert next_repeat(given.by_key[f"{PREFIX}/trin"], given, {}, on) == (expected, ("person:kho",))
    told = kept(asked(given, today))

    def repeated(day: date) -> bool:
        reminders = asked(given, day.isoformat(), told)
        return any(each.kind is ReminderKind.OVERDUE for each in reminders)

    days = [on + timedelta(days=ahead) for ahead in range((expected - on).days + 1)]
    assert [day for day in days if repeated(day)] == [expected]


def test_a_renamed_deadline_is_not_told_again() -> None:
    step = {"trin": {"due": "1 day before 2026-05-15", "formerly": "foer"}}
    given = plan(edition(workflow("pligt", ONCE, step, formerly="gammel"), seats=SEATS))
    key = "gammel/oes-med/2026/foer#1 before-3-day person:kho"
    told = {key: Told(key=key, kind="heads-up", due_on=date(2026, 5, 12))}
    moves = {"gammel/oes-med/2026/foer": 1}
    assert due(given, told, moves, date(2026, 5, 11), None) == []
    assert len(due(given, told, {}, date(2026, 5, 11), None)) == 1


def test_nothing_is_told_about_what_lies_before_the_site_came_in_force() -> None:
    given = made({"due": "1 day before 2026-05-15"})
    today = date(2026, 5, 11)
    assert due(given, {}, {}, today, date(2026, 5, 14)) == []
    assert len(due(given, {}, {}, today, date(2026, 5, 13))) == 1


@pytest.mark.parametrize(
    ("step", "seats", "expected"),
    [
        ({"responsible": "office hr"}, SEATS, ["office:hr"]),
        ({"responsible": ["forperson", "office hr"]}, SEATS, ["office:hr", "person:kho"]),
        ({"responsible": "sekretaer of kommune-med"}, SEATS, ["person:ave"]),
        ({"responsible": "amr", "inform": "naestforperson"}, SEATS, ["person:bra"]),
        ({"responsible": "amr", "inform": "leder"}, SEATS, []),
        ({"responsible": "sekretaer"}, SEATS[3:], ["person:ave"]),
        ({"responsible": "amr", "inform": ["leder", "office hr"]}, SEATS, ["office:hr"]),
        ({"responsible": "amr", "inform": "forperson", "confidential": True}, SEATS, []),
        (
            {"responsible": "amr", "inform": ["forperson", "office hr"], "confidential": True},
            SEATS,
            ["office:hr"],
        ),
        ({"visible": "employees"}, SEATS, []),
        ({"visible": "employees", "inform": "naestforperson"}, SEATS, ["person:bra"]),
        ({"visible": "management"}, SEATS, ["person:kho"]),
        ({"responsible": "forperson of chefforum", "visible": "management"}, SEATS, ["person:aro"]),
        ({"responsible": "office fag", "visible": "employees"}, SEATS, ["office:fag"]),
        (
            {"responsible": ["forperson", "office hr"], "visible": "management"},
            SEATS,
            ["person:kho"],
        ),
        (
            {"responsible": "office hr", "inform": "naestforperson", "visible": "employees"},
            SEATS,
            ["person:bra"],
        ),
        ({"responsible": "office stab", "inform": "office hr", "visible": "employees"}, SEATS, []),
        (
            {"responsible": "office stab", "visible": "management", "confidential": True},
            SEATS,
            ["office:stab"],
        ),
        (
            {
                "responsible": "amr",
                "inform": "office stab",
                "visible": "employees",
                "confidential": True,
            },
            SEATS,
            [],
        ),
    ],
)
def test_who_is_reminded(
    step: dict[str, Any], seats: tuple[Seat, ...], expected: list[str]
) -> None:
    given = made({"due": "1 day before 2026-05-15", **step}, seats=seats)
    assert [each.recipient for each in asked(given, "2026-05-11")] == expected


def test_a_vacant_role_is_said_to_be_vacant() -> None:
    given = made({"due": "1 day before 2026-05-15", "responsible": "amr", "inform": "sekretaer"})
    assert [(each.recipient, each.vacant) for each in asked(given, "2026-05-11")] == [
        ("person:hny", True)
    ]
    filled = made({"due": "1 day before 2026-05-15"})
    assert [(each.recipient, each.vacant) for each in asked(filled, "2026-05-11")] == [
        ("person:kho", False)
    ]


def test_an_office_that_is_not_on_the_side_is_as_a_vacant_role() -> None:
    step = {"responsible": "office hr", "inform": "naestforperson", "visible": "employees"}
    given = made({"due": "1 day before 2026-05-15", **step})
    assert [(each.recipient, each.vacant) for each in asked(given, "2026-05-11")] == [
        ("person:bra", True)
    ]


def test_holders_are_those_of_the_sending_day() -> None:
    seats = (
        seat("gammel oes-med forperson 2025-01-01 2026-05-10"),
        seat("ny oes-med forperson 2026-05-11"),
    )
    given = made({"due": "1 day before 2026-05-15"}, seats=seats)
    found = [each.recipient for on in ("2026-05-08", "2026-05-11") for each in asked(given, on)]
    assert found == ["person:gammel", "person:ny"]


@pytest.mark.parametrize(
    ("escalate", "rest", "expected"),
    [
        ("naestforperson", {}, ["person:bra"]),
        (["sekretaer of kommune-med", "office hr"], {}, ["office:hr", "person:ave"]),
        (["naestforperson", "office stab"], {"visible": "management"}, ["office:stab"]),
        (["naestforperson", "office hr", "office fag"], {"visible": "management"}, []),
        (["naestforperson", "sekretaer"], {"confidential": True}, []),
        (["naestforperson"], {"confidential": True, "inform": "naestforperson"}, ["person:bra"]),
    ],
)
def test_escalation_crosses_no_side_and_opens_nothing_confidential(
    escalate: object, rest: dict[str, Any], expected: list[str]
) -> None:
    step = {"due": "1 day before 2026-05-15", "escalate": {"after": "2 weeks", "to": escalate}}
    given = made({**step, **rest})
    reminders = asked(given, "2026-06-01")
    found = sorted(each.recipient for each in reminders if each.kind.value == "escalated")
    assert found == expected


def test_who_must_act_is_not_also_told_what_the_others_are_told() -> None:
    """The chair is responsible, is the one to be told at last, and is informed as well."""
    step = {
        "due": "1 day before 2026-05-15",
        "inform": ["forperson", "naestforperson"],
        "escalate": {"after": "2 weeks", "to": ["forperson", "naestforperson"]},
    }
    found = asked(made(step), "2026-05-28")
    assert [(each.recipient, each.key.split()[1], each.kind.value) for each in found] == [
        ("person:bra", "escalated", "escalated"),
        ("person:bra", "overdue", "informed"),
        ("person:kho", "overdue-8", "overdue"),
    ]


def test_only_those_who_have_not_answered_are_asked_again() -> None:
    seats = (
        seat("lbn oes-med medlem 2025-06-01", unit="løn"),
        seat("mka oes-med medlem 2025-06-01", unit="løn"),
        seat("pto oes-med medlem 2025-06-01"),
    )
    step = {"due": "1 day before 2026-05-15", "responsible": "medlem", "finish": "each"}
    given = workflow("pligt", ONCE, {"trin": step})
    told = Facts((Done(f"{PREFIX}/trin", date(2026, 5, 4), by="lbn"),))
    found = due(plan(edition(given, seats=seats), told), {}, {}, date(2026, 5, 11), None)
    assert [each.recipient for each in found] == ["person:pto"]


CYCLE = workflow(
    "moede",
    {"each": "meeting"},
    {
        "dagsorden": {"due": "7 days before meeting", "responsible": ["sekretaer", "forperson"]},
        "punkt": {"at": "meeting", "inform": "naestforperson"},
        "referat": {"due": "7 days after meeting", "binding": False},
        "godkendes": {"needs": "referat"},
        "naeste": {"at": "next meeting"},
    },
)
STEPS = ("dagsorden", "punkt", "referat", "godkendes", "naeste")
FACTS = st.lists(
    st.tuples(
        st.sampled_from(MEETINGS_2026.split()),
        st.sampled_from(STEPS),
        st.sampled_from(("udført", "frafaldet")),
    ),
    max_size=8,
    unique_by=lambda told: told[:2],
)
TODAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def cycle(told: list[tuple[str, str, str]]) -> Plan:
    text = ", ".join(f"{kind} {meeting}/{step} {meeting}" for meeting, step, kind in told)
    return plan(edition(CYCLE, seats=SEATS), facts(text, "moede/oes-med"))


@over(FACTS, TODAYS)
@settings(max_examples=60, deadline=None)
def test_nothing_is_told_on_a_closed_day_nor_of_what_is_settled(
    told: list[tuple[str, str, str]], today: date
) -> None:
    given = cycle(told)
    found = due(given, {}, {}, today, None)
    assert WORKING.is_working(today) or found == []
    settled = (State.DONE, State.WAIVED)
    assert [each for each in found if state(each.deadline, given, today) in settled] == []
    assert [each for each in found if each.moment_on > today] == []


@over(FACTS, TODAYS)
@settings(max_examples=60, deadline=None)
def test_asked_again_once_everything_is_told_there_is_nothing_to_tell(
    told: list[tuple[str, str, str]], today: date
) -> None:
    given = cycle(told)
    first = due(given, {}, {}, today, None)
    known = {each.key: each for each in kept(first)}
    assert len(known) == len(first)
    assert due(given, known, {}, today, None) == []


@over(FACTS, st.dates(date(2026, 1, 1), date(2026, 9, 1)), st.integers(10, 60))
@settings(max_examples=20, deadline=None)
def test_told_day_by_day_nothing_is_told_twice_and_one_channel_at_a_time(
    told: list[tuple[str, str, str]], first_on: date, length: int
) -> None:
    given, known = cycle(told), dict[str, Told]()
    for number in range(length):
        found = due(given, known, {}, first_on + timedelta(days=number), None)
        keys = [each.key for each in found]
        assert len(set(keys)) == len(keys)
        assert known.keys().isdisjoint(keys)
        known.update({each.key: each for each in kept(found)})


def test_site_defaults_hold_where_a_step_says_nothing() -> None:
    reminders = {"remind": "1 week before", "overdue": "every day"}
    given = workflow("pligt", ONCE, {"trin": {"due": "1 day before 2026-05-15"}})
    site = edition(given, seats=SEATS, body=organisation(COMMITTEES, reminders=reminders))
    found = due(plan(site), {}, {}, date(2026, 5, 18), None)
    assert said(found) == ["person:kho overdue-4"]


def test_an_open_fan_out_reminds_each_committees_own_chair() -> None:
    given = workflow(
        "pligt",
        ONCE,
        {"svar": {"due": "2026-05-18", "committees": {"level": "afdelings-med"}}},
        committees={"committee": "kommune-med"},
    )
    seats = (*SEATS, seat("tso bf-med forperson 2025-01-01"))
    site = edition(given, meetings=bodies(""), seats=seats)
    found = due(plan(site, over=window("2026")), {}, {}, date(2026, 5, 15), None)
    assert [(each.deadline.committee, each.recipient) for each in found] == [
        ("oes-med", "person:kho"),
        ("bf-med", "person:tso"),
    ]


def test_what_waits_for_something_in_force_is_in_force_itself() -> None:
    """A step of a year that began earlier is told when what it needs lies after the first day."""
    told = [Done(f"{PREFIX}/andet", date(2026, 2, 2))]
    given = made({"needs": "tredje"}, inform="sekretaer")
    done = plan(
        given.register.edition,
        Facts(done=(*told, Done(f"{PREFIX}/tredje", date(2026, 12, 1)))),
        window("2026"),
    )
    today = date(2026, 12, 3)
    from_november = due(done, {}, {}, today, date(2026, 11, 1))
    from_january = due(done, {}, {}, today, date(2026, 12, 2))

    assert said(from_november) == ["person:kho undated-1"]
    assert from_january == []


@pytest.mark.parametrize(
    "far",
    [
        {"escalate": {"after": "900 years", "to": ["forperson"]}},
        {"escalate": {"after": "900 working days", "to": ["forperson"]}},
        {"overdue": "every 900 years"},
        {"overdue": "every 900 working days"},
        {"remind": ["900 years before", "on the day"]},
        {"remind": ["900 working days before", "on the day"]},
    ],
    ids=str,
)
def test_a_moment_beyond_the_known_years_does_not_stop_the_others(far: dict[str, Any]) -> None:
    given = made({"due": "2026-05-12", **far})
    assert "person:kho overdue-1" in said(asked(given, "2026-05-13"))


def test_a_members_own_matter_is_told_to_no_other_member() -> None:
    step = {"trin": {"due": "within 1 year of joining", "responsible": "sekretaer"}}
    start = {"each": "member", "roles": "medlem"}
    given = workflow("oplaering", start, step, inform="medlem")
    seats = (*SEATS, seat("abc oes-med medlem 2025-05-15"), seat("def oes-med medlem 2020-01-01"))
    found = asked(plan(edition(given, seats=seats), over=window("2026")), "2026-05-29")
    informed = [each for each in found if each.kind is ReminderKind.INFORMED]
    assert [each.recipient for each in informed] == ["person:abc"]


def test_a_pace_that_is_made_slower_goes_on_all_the_same() -> None:
    """Said 21 times by then, which at the new pace it would be years later."""
    step = {"due": "1 day before 2026-05-15", "overdue": "every week"}
    slower = step | {"overdue": "every week for 3 weeks, then every month"}
    first_on, changed_on = date(2026, 5, 15), date(2026, 10, 3)
    told: dict[str, Told] = {}
    days: list[str] = []
    for number in range(230):
        today = first_on + timedelta(days=number)
        found = due(made(step if today < changed_on else slower), told, {}, today, None)
        told |= {
            each.key: Told(key=each.key, kind=each.kind.value, due_on=each.deadline.due_on)
            for each in found
        }
        days += [today.isoformat()] if found and today >= changed_on else []
    assert (len(told), days) == (24, ["2026-10-05", "2026-11-05", "2026-12-07"])


def test_what_is_said_every_day_never_ends_by_itself() -> None:
    step = {"due": "1 day before 2026-01-15", "overdue": "every day"}
    assert said(asked(made(step), "2027-12-30"))[-1] == "person:kho overdue-715"
