from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from danish_days import table
from site_given import (
    MEETINGS_2026,
    ONCE,
    bodies,
    days,
    edition,
    facts,
    organisation,
    plan,
    window,
    workflow,
)

from engine.errors import Severity
from engine.planning.edition import Milestones
from engine.planning.organisation import Side
from engine.planning.periods import Window
from engine.planning.plan import Plan
from engine.planning.workflow import Workflow

PREFIX = "pligt/oes-med"
CYCLE = workflow(
    "moede",
    {"each": "meeting"},
    {
        "punkter": {"due": "14 days before meeting", "binding": False},
        "dagsorden": {"due": "7 days before meeting"},
        "punkt": {"at": "meeting"},
        "referat": {"due": "7 days after meeting"},
        "referat-godkendes": {"at": "next meeting", "needs": "referat"},
    },
)


def only(step: dict[str, object], **rest: object) -> Workflow:
    return workflow("pligt", {"each": "meeting"}, {"trin": step}, **rest)


def codes(made: Plan) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.path, finding.field) for finding in made.findings]


@pytest.mark.parametrize("row", table("moedeforloeb.csv"), ids=lambda row: row["kilde"])
def test_the_meeting_cycle(row: dict[str, str]) -> None:
    planned = " ".join(sorted({row["møde"], *MEETINGS_2026.split()}))
    on = date.fromisoformat(row["møde"])
    over = Window(date(on.year - 1, 12, 1), date(on.year, 12, 31))
    made = plan(edition(CYCLE, meetings=planned), over=over)
    deadline = made.by_key[f"moede/oes-med/{row['møde']}/{row['skridt']}"]
    assert (str(deadline.nominal_on), str(deadline.due_on)) == (row["nominel"], row["frist"])


@pytest.mark.parametrize("row", table("lukkede-trin.csv"), ids=lambda row: row["kilde"])
def test_where_a_step_goes_that_falls_on_a_closed_day(row: dict[str, str]) -> None:
    step: dict[str, object] = {row["bundet"]: row["regel"]}
    if row["hvis lukket"]:
        step["if closed"] = row["hvis lukket"]
    made = plan(edition(only(step), meetings="2026-05-21"))
    (deadline,) = made.deadlines
    assert (str(deadline.nominal_on), str(deadline.due_on)) == (row["nominel"], row["frist"])


def test_the_roll_says_which_days_were_passed() -> None:
    made = plan(edition(CYCLE, meetings="2026-04-13"))
    links = made.by_key["moede/oes-med/2026-04-13/dagsorden"].derivation
    assert [(link.kind, link.on, dict(link.detail)) for link in links[1:]] == [
        (
            "count",
            date(2026, 4, 6),
            {
                "amounts": [[7, "day"]],
                "direction": "before",
                "from_on": date(2026, 4, 13),
                "skipped": [],
            },
        ),
        (
            "rolled",
            date(2026, 4, 1),
            {
                "from_on": date(2026, 4, 6),
                "roll": "day before",
                "name": "2. påskedag",
                "passed": [
                    [date(2026, 4, 2), "skærtorsdag"],
                    [date(2026, 4, 3), "langfredag"],
                    [date(2026, 4, 5), "påskedag"],
                    [date(2026, 4, 6), "2. påskedag"],
                ],
            },
        ),
    ]


@pytest.mark.parametrize("row", table("udsat.csv"), ids=lambda row: row["kilde"])
def test_a_postponed_item_goes_on_to_a_later_meeting(row: dict[str, str]) -> None:
    given = workflow(
        "pligt",
        {"times": 1, "per": "year", "prefer": "march"},
        {"punkt": {"at": "meeting"}, "foer": {"due": "3 weeks before punkt"}},
    )
    told = row["fortalt"].replace("udsat ", "udsat 2026-1/punkt ")
    made = plan(edition(given, meetings=row["møder"]), facts(told, PREFIX))
    item = made.by_key[f"{PREFIX}/2026-1/punkt"]
    assert (
        str(item.due_on or "–"),
        item.meeting,
        "ja" if item.postponed else "nej",
    ) == (row["forventet"], row["møde"], row["udsat"])
    before = made.by_key[f"{PREFIX}/2026-1/foer"]
    assert before.nominal_on == (item.due_on and date.fromordinal(item.due_on.toordinal() - 21))


def test_the_anchor_stays_when_the_item_is_postponed() -> None:
    steps = {"punkt": {"at": "meeting"}, "efter": {"due": "7 days after meeting"}}
    given = workflow("pligt", {"each": "meeting"}, steps)
    made = plan(edition(given), facts("udsat 2026-01-27/punkt 2026-01-27", PREFIX))
    found = days(made, PREFIX)
    assert (found["2026-01-27/punkt"], found["2026-01-27/efter"]) == ("2026-03-26", "2026-02-03")


def test_an_item_without_a_next_meeting_takes_it_as_soon_as_it_is_planned() -> None:
    told = facts("udsat 2026-11-19/punkt 2026-11-19", "moede/oes-med")
    key = "moede/oes-med/2026-11-19/punkt"
    over = window("2026-01-01..2027-12-31")
    open_item = plan(edition(CYCLE), told, over).by_key[key]
    assert (open_item.due_on, open_item.postponed) == (None, True)
    assert [(each.kind, dict(each.detail)) for each in open_item.missing] == [
        ("next meeting", {"committee": "oes-med", "of_on": date(2026, 11, 19)})
    ]
    planned = edition(CYCLE, meetings=f"{MEETINGS_2026} 2027-01-26")
    assert plan(planned, told, over).by_key[key].due_on == date(2027, 1, 26)


def test_what_was_postponed_time_and_again_is_found_in_a_window_far_away() -> None:
    meetings = "2023-03-23 2024-03-21 2025-03-20 2026-03-26"
    told = facts(
        "udsat 2023-03-23/punkt 2023-03-23, udsat 2023-03-23/punkt 2024-03-21,"
        " udsat 2023-03-23/punkt 2025-03-20",
        "moede/oes-med",
    )
    made = plan(edition(CYCLE, meetings=meetings), told)
    found = made.by_key["moede/oes-med/2023-03-23/punkt"]
    assert (found.due_on, found.meeting) == (date(2026, 3, 26), "2026-03-26")


def test_an_open_item_is_shown_long_after_the_meeting_it_was_last_postponed_from() -> None:
    told = facts(
        "udsat 2026-01-27/punkt 2026-01-27 2026-11-19, udsat 2026-01-27/punkt 2026-11-19",
        "moede/oes-med",
    )
    made = plan(edition(CYCLE), told, window("2027-09-01..2027-12-31"))
    found = made.by_key["moede/oes-med/2026-01-27/punkt"]
    assert [(each.kind, each.detail["of_on"]) for each in found.missing] == [
        ("next meeting", date(2026, 11, 19))
    ]


def test_what_is_counted_from_a_day_long_after_is_found_in_its_window() -> None:
    given = workflow(
        "pligt",
        {"each": "meeting"},
        {"punkt": {"at": "meeting"}, "svar": {"due": "2 weeks after done punkt"}},
    )
    told = facts("udført 2023-03-23/punkt 2026-03-02", PREFIX)
    meetings = "2023-03-23 2023-06-15 2023-08-24 2024-01-25 2026-03-26"
    found = days(plan(edition(given, meetings=meetings), told, window("2026-03-01..2026-03-31")))
    assert found["pligt/oes-med/2023-03-23/svar"] == "2026-03-16"


def test_an_item_at_another_bodys_meeting_stands_and_is_postponed_there() -> None:
    given = workflow(
        "pligt",
        {"each": "year"},
        {"punkt": {"at": "first meeting of kommune-med after 1 february"}},
    )
    planned = bodies("2026-02-11, kommune-med: 2026-02-11 2026-04-29")
    key = f"{PREFIX}/2026/punkt"
    stood = plan(edition(given, meetings=planned)).by_key[key]
    moved = plan(
        edition(given, meetings=planned), facts("udsat 2026/punkt 2026-02-11", PREFIX)
    ).by_key[key]
    assert (stood.due_on, stood.meeting) == (date(2026, 2, 11), "2026-02-11")
    assert (moved.due_on, moved.meeting, moved.postponed) == (
        date(2026, 4, 29),
        "2026-04-29",
        True,
    )


def test_moving_a_meeting_moves_its_days_and_no_key() -> None:
    before = plan(edition(CYCLE))
    moved = plan(edition(CYCLE, meetings=MEETINGS_2026.replace("03-26", "03-26>2026-03-31")))
    assert set(before.by_key) == set(moved.by_key)
    changed = {
        key.removeprefix("moede/oes-med/"): str(moved.by_key[key].due_on)
        for key in before.by_key
        if before.by_key[key].due_on != moved.by_key[key].due_on
    }
    assert changed == {
        "2026-01-27/referat-godkendes": "2026-03-31",
        "2026-03-26/punkter": "2026-03-17",
        "2026-03-26/dagsorden": "2026-03-24",
        "2026-03-26/punkt": "2026-03-31",
        "2026-03-26/referat": "2026-04-07",
    }


FAN = workflow(
    "hoering",
    {"each": "milestones", "kind": "budget"},
    {
        "samlet": {"at": "first meeting on or after frist", "needs": "svar"},
        "svar": {
            "committees": {"level": "afdelings-med"},
            "at": "last meeting before frist",
            "responsible": ["forperson", "sekretaer of kommune-med"],
        },
        "input": {
            "committees": {"level": "afdelings-med"},
            "due": "1 working day after svar",
            "needs": "svar",
        },
        "opsamling": {
            "committees": {"level": "afdelings-med"},
            "due": "1 week after samlet",
            "needs": "samlet",
        },
    },
    committees={"committee": "kommune-med"},
)
SET = Milestones(kind="budget", period="2027", year=2026, dates={"frist": date(2026, 9, 1)})
FAN_MEETINGS = bodies("oes-med: 2026-06-18 2026-08-26, bf-med: 2026-08-25, kommune-med: 2026-09-02")


def test_a_fan_out_dates_each_target_by_its_own_meetings() -> None:
    made = plan(edition(FAN, meetings=FAN_MEETINGS, milestones=(SET,)))
    assert days(made, "hoering/kommune-med/2027") == {
        "svar@bf-med": "2026-08-25",
        "input@bf-med": "2026-08-26",
        "svar@oes-med": "2026-08-26",
        "input@oes-med": "2026-08-27",
        "samlet": "2026-09-02",
        "opsamling@bf-med": "2026-09-09",
        "opsamling@oes-med": "2026-09-09",
    }
    assert {d.key.rpartition("/")[2]: (d.committee, d.owner) for d in made.deadlines} == {
        "svar@bf-med": ("bf-med", "kommune-med"),
        "input@bf-med": ("bf-med", "kommune-med"),
        "svar@oes-med": ("oes-med", "kommune-med"),
        "input@oes-med": ("oes-med", "kommune-med"),
        "samlet": ("kommune-med", "kommune-med"),
        "opsamling@bf-med": ("bf-med", "kommune-med"),
        "opsamling@oes-med": ("oes-med", "kommune-med"),
    }


def test_a_step_needs_all_of_a_fan_out_and_a_fan_out_its_own_part() -> None:
    made = plan(edition(FAN, meetings=FAN_MEETINGS, milestones=(SET,)))
    prefix = "hoering/kommune-med/2027"
    needs = {key: made.by_key[f"{prefix}/{key}"].needs for key in ("samlet", "input@oes-med")}
    assert needs == {
        "samlet": (f"{prefix}/svar@oes-med", f"{prefix}/svar@bf-med"),
        "input@oes-med": (f"{prefix}/svar@oes-med",),
    }
    assert made.by_key[f"{prefix}/opsamling@bf-med"].needs == (f"{prefix}/samlet",)


def test_a_fan_out_names_the_owners_step_as_it_was_postponed() -> None:
    meetings = {**FAN_MEETINGS, "kommune-med": "2026-09-02 2026-10-28"}
    told = facts("udsat 2027/samlet 2026-09-02", "hoering/kommune-med")
    made = plan(edition(FAN, meetings=meetings, milestones=(SET,)), told)
    assert days(made, "hoering/kommune-med/2027")["opsamling@oes-med"] == "2026-11-04"


def test_done_in_a_fan_out_is_the_same_committees_or_the_owners() -> None:
    both = {"level": "afdelings-med"}
    given = workflow(
        "hoering",
        {"each": "year"},
        {
            "udsendt": {"due": "1 february"},
            "svar": {"due": "2 weeks after done udsendt", "committees": both},
            "tak": {"due": "1 week after done svar", "committees": both},
        },
        committees={"committee": "kommune-med"},
    )
    told = facts(
        "udført 2026/udsendt 2026-02-04, udført 2026/svar@bf-med 2026-02-12", "hoering/kommune-med"
    )
    over = window("2026-01-15..2026-12-31")
    found = days(plan(edition(given), told, over), "hoering/kommune-med")
    assert {key: on for key, on in found.items() if key.startswith("2026/")} == {
        "2026/udsendt": "2026-02-01 → 2026-01-30",
        "2026/svar@bf-med": "2026-02-18",
        "2026/svar@oes-med": "2026-02-18",
        "2026/tak@bf-med": "2026-02-19",
        "2026/tak@oes-med": "–",
    }


def test_a_fan_out_leaves_out_committees_that_are_not_yet_or_no_more() -> None:
    body = organisation(
        {
            "kommune-med": {"title": "KommuneMED", "level": "kommune-med"},
            "oes-med": {"title": "ØS", "level": "afdelings-med", "until": "2026-06-30"},
            "bf-med": {"title": "BF", "level": "afdelings-med", "from": "2026-10-01"},
        }
    )
    made = plan(edition(FAN, meetings=FAN_MEETINGS, milestones=(SET,), body=body))
    assert days(made, "hoering/kommune-med/2027") == {"samlet": "2026-09-02"}
    assert made.by_key["hoering/kommune-med/2027/samlet"].needs == ()


def test_below_own_means_the_committees_under_it() -> None:
    steps = {"svar": {"due": "period end", "committees": {"below": "own"}}}
    given = workflow("pligt", {"each": "year"}, steps, committees={"all": True})
    assert sorted(days(plan(edition(given)), "pligt")) == [
        "kommune-med/2026/svar@bf-med",
        "kommune-med/2026/svar@oes-med",
    ]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"all": True}, ["bf-med", "chefforum", "kommune-med", "oes-med"]),
        ({"all": True, "except": {"kind": "forum"}}, ["bf-med", "kommune-med", "oes-med"]),
        ({"level": "afdelings-med", "except": {"committee": "bf-med"}}, ["oes-med"]),
        ({"kind": "forum"}, ["chefforum"]),
        ([{"committee": "bf-med"}, {"level": "kommune-med"}], ["bf-med", "kommune-med"]),
    ],
)
def test_whose_duty_it_is(selector: object, expected: list[str]) -> None:
    given = workflow("pligt", {"each": "year"}, {"t": {"due": "period end"}}, committees=selector)
    assert sorted(deadline.committee for deadline in plan(edition(given)).deadlines) == expected


@pytest.mark.parametrize(
    ("rule", "closed", "expected"),
    [
        ("7 days before meeting", "", "2026-05-15"),
        ("7 days before meeting", "day before", "2026-05-15"),
        ("7 days before meeting", "stay", "2026-05-14"),
        ("2026-05-14", "", "2026-05-14"),
        ("1 week before meeting", "day after", "2026-05-15"),
    ],
)
def test_not_before_never_goes_back(rule: str, closed: str, expected: str) -> None:
    step = {"not before": rule, **({"if closed": closed} if closed else {})}
    (deadline,) = plan(edition(only(step), meetings="2026-05-21")).deadlines
    assert (str(deadline.not_before_on), deadline.due_on) == (expected, None)


def test_the_workflows_if_closed_holds_for_not_before_too() -> None:
    step = {"not before": "7 days before meeting"}
    given = only(step, **{"if closed": "stay"})
    (deadline,) = plan(edition(given, meetings="2026-05-21")).deadlines
    assert deadline.not_before_on == date(2026, 5, 14)


def test_a_day_outside_its_fences_is_a_finding_with_its_sources() -> None:
    steps = {
        "sen": {"at": "meeting", "limit": "1 march"},
        "tidlig": {"at": "meeting", "not before": "1 april"},
        "raad": {"at": "meeting", "limit": "1 march", "binding": False},
        "passer": {"at": "meeting", "limit": "26 march", "not before": "26 march"},
    }
    given = workflow("pligt", {"times": 1, "per": "year", "prefer": "march"}, steps)
    made = plan(edition(given))
    assert [
        (f.code, f.severity, f.field, f.params["on"], f.params["fence_on"]) for f in made.findings
    ] == [
        (
            "plan.after-limit",
            Severity.INFO,
            f"{PREFIX}/2026-1/raad",
            date(2026, 3, 26),
            date(2026, 3, 1),
        ),
        (
            "plan.after-limit",
            Severity.WARNING,
            f"{PREFIX}/2026-1/sen",
            date(2026, 3, 26),
            date(2026, 3, 1),
        ),
        (
            "plan.before-not-before",
            Severity.WARNING,
            f"{PREFIX}/2026-1/tidlig",
            date(2026, 3, 26),
            date(2026, 4, 1),
        ),
    ]
    (source, *_) = made.findings[0].params["sources"]  # type: ignore[misc]  # a list of sources
    assert (source["document"], source["reference"]) == ("Lokal aftale", "§ 1")


def test_what_is_done_is_no_longer_found_outside_its_fences() -> None:
    given = workflow(
        "pligt",
        {"times": 1, "per": "year", "prefer": "march"},
        {"sen": {"at": "meeting", "limit": "1 march"}},
    )
    told = facts("udført 2026-1/sen 2026-03-26", PREFIX)
    assert plan(edition(given), told).findings == ()


def test_an_unknown_milestone_gives_no_day_but_the_earlier_known_one() -> None:
    steps = {
        "tidligste": {"due": "the earlier of hoering and 15 september"},
        "seneste": {"due": "the later of hoering and 15 september"},
        "ellers": {"due": "hoering otherwise 1 october"},
    }
    given = workflow("budget", {"each": "milestones", "kind": "budget"}, steps)
    made = plan(edition(given, milestones=(SET,)))
    found = {d.step: (d.due_on, d.provisional, d.at_earliest_on) for d in made.deadlines}
    assert found == {
        "tidligste": (date(2026, 9, 15), True, None),
        "seneste": (None, False, date(2026, 9, 15)),
        "ellers": (date(2026, 10, 1), False, None),
    }


def test_a_day_that_does_not_exist_is_a_finding_and_the_rest_is_planned() -> None:
    steps = {
        "skud": {"due": "29 february"},
        "uge": {"on": "week 53"},
        "slut": {"due": "period end"},
    }
    given = workflow("pligt", {"each": "year"}, steps)
    made = plan(edition(given), over=window("2027-06-01..2027-12-31"))
    assert codes(made) == [
        ("rule.no-leap-day", "workflows/pligt.yaml", f"{PREFIX}/2027/skud"),
        ("rule.no-such-week-in-year", "workflows/pligt.yaml", f"{PREFIX}/2027/uge"),
    ]
    assert days(made, PREFIX)["2027/slut"] == "2027-12-31 → 2027-12-30"


def test_a_day_set_that_ends_too_early_is_found_once() -> None:
    given = workflow(
        "pligt",
        {"each": "month"},
        {"slut": {"due": "period end"}, "arbejdsdag": {"due": "2 working days after period end"}},
    )
    made = plan(edition(given), over=window("2028-10-01..2029-06-30"))
    assert [(f.code, f.severity, f.path, f.params["on"]) for f in made.findings] == [
        (
            "workdays.not-covered",
            Severity.ERROR,
            "calendars/working-days/kommune.yaml",
            date(2029, 1, 1),
        )
    ]


def test_a_day_set_is_not_missed_outside_the_window() -> None:
    given = workflow(
        "politik",
        {"every": "3 years", "from": "done", "first": "2026-10-01"},
        {"vedtaget": {"due": "round end"}},
    )
    told = facts("udført r1/vedtaget 2026-09-15", "politik/oes-med")
    made = plan(edition(given), told)
    assert (made.findings, days(made, "politik/oes-med")) == ((), {"r1/vedtaget": "2026-10-01"})


def test_meetings_that_run_out_before_the_window_are_found_with_the_day() -> None:
    reader = workflow(
        "aarshjul",
        {"each": "year"},
        {"udkast": {"due": "first meeting of chefforum after 1 november"}},
    )
    made = plan(edition(CYCLE, reader), over=window("2026-01-01..2027-06-30"))
    assert [(f.code, f.field, f.params["on"]) for f in made.findings] == [
        ("plan.no-meetings", "chefforum", None),
        ("plan.meetings-run-out", "oes-med", date(2026, 12, 31)),
    ]


def test_a_body_that_ends_needs_no_more_meetings() -> None:
    body = organisation({"oes-med": {"title": "ØS", "until": "2026-12-31"}})
    made = plan(edition(CYCLE, body=body), over=window("2026-01-01..2027-06-30"))
    assert made.findings == ()


def test_an_open_step_is_shown_with_what_it_belongs_to() -> None:
    given = workflow("pligt", {"each": "year"}, {"a": {"due": "1 march"}, "b": {"needs": "a"}})
    made = plan(edition(given))
    (opened,) = [each for each in made.deadlines if each.step == "b" and each.occurrence == "2026"]
    assert (opened.kind, opened.due_on, opened.missing, opened.needs) == (
        "open",
        None,
        (),
        (f"{PREFIX}/2026/a",),
    )


def test_a_step_overrides_what_the_workflow_says_of_all_steps() -> None:
    steps = {
        "arver": {"due": "1 march"},
        "egen": {
            "due": "1 march",
            "responsible": "office hr",
            "inform": "sekretaer of kommune-med",
            "visible": "employees",
            "binding": True,
            "source": {"document": "Lov"},
            "remind": [],
        },
    }
    shared = {"inform": ["sekretaer"], "binding": False, "remind": "1 week before"}
    given = workflow("pligt", {"each": "year"}, steps, **shared)
    found = {
        d.step: (
            [str(holder) for holder in d.terms.responsible],
            [str(holder) for holder in d.terms.inform],
            d.terms.visible,
            d.terms.binding,
            [source.document for source in d.terms.source],
            d.terms.remind is not None and len(d.terms.remind),
        )
        for d in plan(edition(given)).deadlines
    }
    assert found == {
        "arver": (["forperson"], ["sekretaer"], None, False, ["Lokal aftale"], 1),
        "egen": (["office hr"], ["sekretaer of kommune-med"], Side.EMPLOYEES, True, ["Lov"], 0),
    }


def test_what_a_one_sided_body_does_is_for_that_side() -> None:
    given = workflow(
        "pligt", {"each": "year"}, {"t": {"due": "1 march"}}, committees={"committee": "chefforum"}
    )
    (deadline,) = plan(edition(given)).deadlines
    assert deadline.terms.visible is Side.MANAGEMENT


def test_meetings_of_the_window_are_listed_by_day() -> None:
    planned = bodies(
        "2026-01-27 2026-03-26a 2026-05-07e 2027-01-26, kommune-med: 2026-01-27 2026-02-11"
    )
    made = plan(edition(meetings=planned))
    assert [(m.on.isoformat(), m.committee, m.extraordinary) for m in made.meetings] == [
        ("2026-01-27", "kommune-med", False),
        ("2026-01-27", "oes-med", False),
        ("2026-02-11", "kommune-med", False),
        ("2026-05-07", "oes-med", True),
    ]


def test_deadlines_are_sorted_by_day_and_then_by_key() -> None:
    given = workflow("b", {"each": "year"}, {"y": {"due": "3 march"}, "x": {"due": "3 march"}})
    other = workflow("a", {"each": "year"}, {"z": {"due": "3 march"}, "w": {"needs": "z"}})
    made = plan(edition(given, other), over=window("2026"))
    assert [d.key for d in made.deadlines if d.occurrence == "2026"] == [
        "a/oes-med/2026/z",
        "b/oes-med/2026/x",
        "b/oes-med/2026/y",
        "a/oes-med/2026/w",
    ]


def test_facts_told_under_former_names_still_hold() -> None:
    body = organisation(
        {
            "oes-med": {
                "title": "ØS",
                "level": "afdelings-med",
                "formerly": ["oekonomi-med"],
            }
        }
    )
    steps = {"punkt": {"at": "meeting", "formerly": "droeftelse"}}
    given = workflow("retningslinjer/vold", {"each": "meeting"}, steps, formerly="haandbold")
    told = facts(
        "udført 2026-01-27/droeftelse 2026-01-27, udsat 2026-03-26/droeftelse 2026-03-26",
        "haandbold/oekonomi-med",
    )
    made = plan(edition(given, body=body), told)
    prefix = "retningslinjer/vold/oes-med"
    assert made.register.done == {f"{prefix}/2026-01-27/punkt": [(date(2026, 1, 27), "", "")]}
    assert days(made, prefix)["2026-03-26/punkt"] == "2026-06-18"


@pytest.mark.parametrize("in_use", [True, False])
def test_what_is_switched_off_is_not_planned_and_asks_for_no_meetings(in_use: bool) -> None:
    starts: list[Any] = [
        {"each": "meeting"},
        {"each": "year"},
        {"times": 2, "per": "year"},
        {"every": "3 years", "from": "done", "first": "2026-03-01"},
        ONCE,
    ]
    steps = {"frist": {"due": "2026-05-13"}, "punkt": {"at": "first meeting after 2026-01-01"}}
    own = [
        workflow(f"nr{number}", start, steps, **{"in use": in_use})
        for number, start in enumerate(starts)
    ]
    made = plan(edition(*own, meetings=""))
    assert (bool(made.deadlines or made.beyond), bool(made.findings)) == (in_use, in_use)
