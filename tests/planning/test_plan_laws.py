from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from site_given import edition, organisation, plan, seat, workflow

from engine.planning.edition import Edition, Milestones
from engine.planning.facts import Done, Facts, Meeting, Postponed, Waived
from engine.planning.organisation import Seat
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.planning.workflow import Selector, Valid, Workflow

LEVEL = {"level": "afdelings-med"}
WORKFLOWS = (
    workflow(
        "moede",
        {"each": "meeting"},
        {
            "dagsorden": {"due": "7 days before meeting"},
            "punkt": {"at": "meeting"},
            "naeste": {"at": "next meeting", "needs": "punkt"},
            "forrige": {"due": "1 week after previous meeting"},
        },
        committees=LEVEL,
    ),
    workflow(
        "sager",
        {"each": "meeting", "of": "kommune-med"},
        {
            "punkt": {
                "at": "first meeting after their meeting",
                "limit": "12 weeks after their meeting",
            }
        },
        committees=LEVEL,
    ),
    workflow(
        "vold",
        {"times": 2, "per": "year", "prefer": "march", "apart": "4 months"},
        {
            "enheder": {"due": "3 weeks before punkt"},
            "punkt": {"at": "meeting", "limit": "part end"},
            "opfoelgning": {"due": "20 working days after punkt"},
        },
        committees=LEVEL,
        valid={"until": "2026-09-01"},
    ),
    workflow(
        "status",
        {"each": "quarter"},
        {
            "tal": {"due": "6 weeks after period end"},
            "punkt": {"at": "first meeting after tal", "committees": LEVEL},
        },
        committees={"committee": "kommune-med"},
    ),
    workflow(
        "kursus",
        {"each": "member", "new members only": True},
        {"bevis": {"due": "within 1 year of joining"}, "noegle": {"due": "1 week after leaving"}},
        committees={"all": True},
    ),
    workflow(
        "politik",
        {"every": "9 months", "from": "done vedtaget", "first": "2025-10-01"},
        {"forslag": {"due": "2 months before round end"}, "vedtaget": {"due": "round end"}},
    ),
    workflow(
        "budget",
        {"each": "milestones", "kind": "budget"},
        {"svar": {"at": "last meeting before frist"}, "tak": {"due": "15 september"}},
    ),
)
KEYS = {each.key: each for each in WORKFLOWS}
BODY = organisation(
    {
        "kommune-med": {"title": "KommuneMED", "level": "kommune-med"},
        "oes-med": {"title": "ØS", "level": "afdelings-med", "from": "2025-03-01"},
        "bf-med": {"title": "BF", "level": "afdelings-med", "until": "2026-10-31"},
    }
)
DAYS = st.dates(date(2024, 6, 1), date(2027, 6, 30))


def meetings_of(body: str) -> st.SearchStrategy[tuple[Meeting, ...]]:
    meeting = st.builds(
        lambda on, extraordinary, cancelled: Meeting(
            body, on.isoformat(), on, extraordinary=extraordinary, cancelled=cancelled
        ),
        DAYS,
        st.sampled_from((False, False, False, True)),
        st.sampled_from((False, False, False, True)),
    )
    return st.lists(meeting, max_size=14, unique_by=lambda each: each.id).map(tuple)


MEETINGS = st.fixed_dictionaries(
    {body: meetings_of(body) for body in ("kommune-med", "oes-med", "bf-med")}
)
SEATS = st.lists(
    st.builds(
        lambda person, body, on, length: seat(
            f"{person} {body} medlem {on} {on + timedelta(days=length)}"
        ),
        st.sampled_from(("abc", "def", "ghi")),
        st.sampled_from(("oes-med", "bf-med")),
        DAYS,
        st.integers(30, 900),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
).map(tuple)
SETS = st.lists(
    st.tuples(st.integers(2024, 2027), DAYS), max_size=3, unique_by=lambda each: each[0]
)


def site(
    meetings: Mapping[str, tuple[Meeting, ...]],
    seats: tuple[Seat, ...],
    sets: list[tuple[int, date]],
) -> Edition:
    milestones = tuple(
        Milestones(kind="budget", period=str(year + 1), year=year, dates={"frist": on})
        for year, on in sets
    )
    return replace(
        edition(*WORKFLOWS, body=BODY, seats=seats, milestones=milestones), meetings=meetings
    )


SITES = st.builds(site, MEETINGS, SEATS, SETS)
WINDOWS = st.builds(
    lambda on, length: Window(on, on + timedelta(days=length)),
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    st.integers(0, 500),
)
EVERYTHING = Window(date(2024, 1, 1), date(2027, 12, 31))


def told_of(given: Edition, drawn: st.DataObject) -> Facts:
    """Facts about deadlines that the edition yields."""
    known = plan(given, over=EVERYTHING).deadlines
    if not known:
        return Facts()
    chosen = drawn.draw(st.lists(st.sampled_from(known), max_size=6, unique_by=lambda d: d.key))
    done: list[Done] = []
    waived: list[Waived] = []
    postponed: list[Postponed] = []
    for deadline in chosen:
        on = deadline.due_on or deadline.about_on
        match drawn.draw(st.sampled_from(("done", "waived", "postponed"))):
            case "done":
                done.append(Done(deadline.key, on))
            case "waived":
                waived.append(Waived(deadline.key, on))
            case _ if deadline.meeting:
                others = [m.id for m in given.meetings[deadline.committee]]
                to_meeting = drawn.draw(st.sampled_from(["", *others]))
                postponed.append(Postponed(deadline.key, deadline.meeting, to_meeting))
    return Facts(tuple(done), tuple(postponed), tuple(waived))


def inside(made: Plan, narrow: Window) -> dict[str, Deadline]:
    return {d.key: d for d in made.deadlines if d.due_on is not None and narrow.holds(d.due_on)}


@over(SITES, WINDOWS, st.integers(0, 700), st.integers(0, 700), st.data())
@settings(max_examples=100, deadline=None)
def test_a_wider_window_contains_the_narrower(
    given: Edition, narrow: Window, before: int, after: int, drawn: st.DataObject
) -> None:
    told = told_of(given, drawn)
    wide = Window(
        max(narrow.from_on - timedelta(days=before), date(2023, 6, 1)),
        min(narrow.until_on + timedelta(days=after), date(2028, 6, 30)),
    )
    small, large = plan(given, told, narrow), plan(given, told, wide)
    assert inside(small, narrow) == inside(large, narrow)
    undated = {key: d for key, d in small.by_key.items() if d.due_on is None}
    assert {key: large.by_key.get(key) for key in undated} == undated
    assert set(small.meetings) == {m for m in large.meetings if narrow.holds(m.on)}


@over(SITES, WINDOWS, st.data())
@settings(max_examples=40, deadline=None)
def test_a_plan_is_a_pure_function(given: Edition, narrow: Window, drawn: st.DataObject) -> None:
    told = told_of(given, drawn)
    first, second = plan(given, told, narrow), plan(given, told, narrow)
    assert (first.deadlines, first.beyond, first.findings, first.meetings) == (
        second.deadlines,
        second.beyond,
        second.findings,
        second.meetings,
    )


@over(SITES, WINDOWS, st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_left_until_somebody_asks_lies_outside(
    given: Edition, narrow: Window, drawn: st.DataObject
) -> None:
    made = plan(given, told_of(given, drawn), narrow)
    held = {d.key: d.due_on for d in made.beyond.values() if d.due_on and narrow.holds(d.due_on)}
    assert held == {}
    assert made.beyond.keys().isdisjoint(made.by_key)
    assert {key: made.beyond.get(key) for key in made.beyond} == dict(made.beyond)
    unknown = ("", "nej", "sager", "sager/oes-med/1999-01-01/punkt", "nej/oes-med/r1/punkt")
    assert [made.beyond.get(key) for key in unknown] == [None] * 5


@over(SITES, st.data())
@settings(max_examples=60, deadline=None)
def test_keys_hold_no_computed_day(given: Edition, drawn: st.DataObject) -> None:
    """Moving meetings within their quarter leaves every key; the days may change."""
    moved = {
        body: tuple(
            replace(each, on=each.on + timedelta(days=drawn.draw(st.integers(-3, 3))))
            if 5 < each.on.day < 25
            else each
            for each in meetings
        )
        for body, meetings in given.meetings.items()
    }
    unbounded = KEYS["vold"].model_copy(
        update={"valid": Valid(), "committees": (Selector(committee="kommune-med"),)}
    )
    still = replace(given, workflows={**KEYS, "vold": unbounded})
    before, after = (
        plan(still, over=EVERYTHING),
        plan(replace(still, meetings=moved), over=EVERYTHING),
    )
    assert {**before.by_key, **before.beyond}.keys() == {**after.by_key, **after.beyond}.keys()


@over(SITES, st.data())
@settings(max_examples=60, deadline=None)
def test_every_key_is_one_deadline_and_every_part_has_its_choice(
    given: Edition, drawn: st.DataObject
) -> None:
    made = plan(given, told_of(given, drawn), EVERYTHING)
    keys = [deadline.key for deadline in made.deadlines]
    assert len(set(keys)) == len(keys)
    assert set(keys).isdisjoint(made.beyond)
    assert [d.key for d in made.deadlines] == [
        d.key for d in sorted(made.deadlines, key=lambda d: d.order)
    ]


@over(SITES, WINDOWS)
@settings(max_examples=40, deadline=None)
def test_a_day_to_act_by_is_never_after_the_day_the_text_gives(
    given: Edition, narrow: Window
) -> None:
    made = plan(given, over=narrow)
    late = [d.key for d in made.deadlines if d.due_on and d.nominal_on and d.due_on > d.nominal_on]
    assert late == []


CHANGED = st.sampled_from(("meetings", "seats", "milestones", "workflow", "facts", "everything"))


@over(SITES, SITES, CHANGED, st.data())
@settings(max_examples=150, deadline=None)
def test_a_plan_from_the_one_before_is_the_whole_plan(
    old: Edition, other: Edition, changed: str, drawn: st.DataObject
) -> None:
    """Whatever was edited or told, taking over what still stands changes nothing."""
    edited = {
        "meetings": replace(old, meetings={**old.meetings, "bf-med": other.meetings["bf-med"]}),
        "seats": replace(old, seats=other.seats),
        "milestones": replace(old, milestones=other.milestones),
        "workflow": replace(old, workflows={**old.workflows, "vold": _renamed(KEYS["vold"])}),
        "facts": old,
        "everything": other,
    }[changed]
    told = told_of(old, drawn)
    told_later = told_of(old, drawn) if changed == "facts" else told
    window = drawn.draw(WINDOWS)
    before = make_plan(old, told, window)
    taken_over = make_plan(edited, told_later, window, before)
    whole = make_plan(edited, told_later, window)
    assert _compared(taken_over) == _compared(whole)


@over(SITES, WINDOWS, st.data())
@settings(max_examples=40, deadline=None)
def test_what_nothing_has_changed_for_is_taken_over(
    given: Edition, narrow: Window, drawn: st.DataObject
) -> None:
    told = told_of(given, drawn)
    before = make_plan(given, told, narrow)
    again = make_plan(replace(given), told, narrow, before)
    of_files = [key for key in before.parts if key[0] in given.workflows]
    assert [key for key in of_files if again.parts[key] is not before.parts[key]] == []


def _renamed(workflow: Workflow) -> Workflow:
    return workflow.model_copy(update={"title": "Et andet navn"})


def _compared(made: Plan) -> tuple[object, ...]:
    return (made.deadlines, made.beyond, made.by_key, made.findings, made.meetings)


@over(SITES, st.data())
@settings(max_examples=60, deadline=None)
def test_postponing_moves_no_other_committees_deadlines(
    given: Edition, drawn: st.DataObject
) -> None:
    before = plan(given, over=EVERYTHING)
    items = [deadline for deadline in before.deadlines if deadline.meeting]
    if not items:
        return
    item = drawn.draw(st.sampled_from(items))
    others = [meeting.id for meeting in given.meetings[item.committee]]
    told = Postponed(item.key, item.meeting, drawn.draw(st.sampled_from(["", *others])))
    after = plan(given, Facts(postponed=(told,)), EVERYTHING)
    assert of_others(after, item) == of_others(before, item)


def of_others(made: Plan, item: Deadline) -> dict[str, Deadline]:
    """What belongs to other committees; steps that fan out from the item follow it."""
    known = {**made.beyond, **made.by_key}
    return {
        key: deadline
        for key, deadline in known.items()
        if deadline.committee != item.committee
        and (deadline.workflow, deadline.owner, deadline.occurrence)
        != (item.workflow, item.owner, item.occurrence)
    }
