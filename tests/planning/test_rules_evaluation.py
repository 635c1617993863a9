from __future__ import annotations

from datetime import date

import pytest
from known import LAST_PLANNED_ON, Known

from engine.errors import EngineError
from engine.planning.rules import Link, Meetings, Missing, Value, evaluate, parse

X, Y = date(2026, 5, 21), date(2026, 6, 18)
FROM_X = Link("input", X, {"name": "x"})
FROM_Y = Link("input", Y, {"name": "y"})


class Linked(Known):
    """Knows values as they are, links and all."""

    def __init__(self, **values: Value) -> None:
        super().__init__(base_year=2026, period=(date(2026, 1, 1), date(2026, 6, 30)))
        self.values = values

    def name(self, name: str) -> Value:
        return self.values.get(name, Value(None, missing=(Missing("input", {"name": name}),)))


NO_Z = Missing("input", {"name": "z"})
BOTH = Linked(
    x=Value(X, (FROM_X,), entered=True),
    y=Value(Y, (FROM_Y,)),
    late=Value(None, (), (Missing("input", {"name": "late"}),), at_earliest_on=date(2026, 7, 1)),
)


def valued(text: str, known: Known = BOTH) -> Value:
    return evaluate(parse(text), known)


def test_a_count_keeps_the_links_before_it() -> None:
    detail = {"amounts": [[7, "day"]], "direction": "before", "from_on": X, "skipped": []}
    on = date(2026, 5, 14)
    assert valued("7 days before x") == Value(on, (FROM_X, Link("count", on, detail)))


def test_working_days_name_the_closed_days_passed_over() -> None:
    on = date(2026, 5, 12)
    detail = {
        "amounts": [[1, "week"], [1, "working day"]],
        "direction": "before",
        "from_on": X,
        "skipped": [],
    }
    assert valued("1 week and 1 working day before x") == Value(
        date(2026, 5, 13),
        (FROM_X, Link("count", date(2026, 5, 13), detail)),
    )
    passed = [[date(2026, 5, 14), "Kristi himmelfartsdag"]]
    links = valued("6 working days before x").links
    assert links[1] == Link(
        "count",
        on,
        {**detail, "amounts": [[6, "working day"]], "skipped": passed},
    )


def test_day_zero_is_passed_over_only_when_nothing_is_counted() -> None:
    ascension = date(2026, 5, 14)
    skipped = [
        valued(text).links[-1].detail["skipped"]
        for text in ("1 working day after 2026-05-14", "0 working days after 2026-05-14")
    ]
    assert skipped == [[], [[ascension, "Kristi himmelfartsdag"]]]


def test_days_named_by_their_year() -> None:
    assert valued("15 september the year before") == Value(
        date(2025, 9, 15),
        (Link("year day", date(2025, 9, 15), {"day": 15, "month": 9, "year": 2025}),),
    )
    assert valued("friday of week 20") == Value(
        date(2026, 5, 15),
        (Link("week", date(2026, 5, 15), {"weekday": 4, "week": 20, "year": 2026}),),
    )
    said: dict[str, object] = {"ordinal": -1, "of": "working day", "month": 5, "year": 2026}
    assert valued("last working day of may") == Value(
        date(2026, 5, 29), (Link("ordinal", date(2026, 5, 29), said),)
    )
    said = {"ordinal": 2, "of": "monday", "period": [date(2026, 1, 1), date(2026, 6, 30)]}
    assert valued("second monday of period") == Value(
        date(2026, 1, 12), (Link("ordinal", date(2026, 1, 12), said),)
    )


def test_last_days() -> None:
    assert valued("within 1 year of x") == Value(
        date(2027, 5, 20),
        (FROM_X, Link("within", date(2027, 5, 20), {"years": 1, "from_on": X})),
    )
    assert valued("x to the end of the month") == Value(
        date(2026, 5, 31), (FROM_X, Link("month end", date(2026, 5, 31), {"from_on": X}))
    )


def test_only_a_date_left_as_it_was_entered_counts_as_entered() -> None:
    texts = ("x", "y", "2026-10-13", "7 days after x", "the later of 2026-10-13 and y")
    assert [valued(text).entered for text in texts] == [True, False, True, False, True]
    assert valued("x to the end of the month").entered is False
    assert valued("z otherwise x").entered is True
    assert valued("15 september").entered is False


def test_the_later_of_two_keeps_both_sides() -> None:
    detail = {"a_on": X, "b_on": Y, "chosen": "b", "a": (FROM_X,), "b": (FROM_Y,)}
    assert valued("the later of x and y") == Value(Y, (Link("later", Y, detail),))
    detail = {**detail, "chosen": "a"}
    assert valued("the earlier of x and y") == Value(X, (Link("earlier", X, detail),), entered=True)


def test_the_later_of_a_known_and_an_unknown_date_is_at_the_earliest_the_known() -> None:
    detail = {"a_on": X, "b_on": None, "chosen": None, "a": (FROM_X,), "b": ()}
    expected = Value(None, (Link("later", None, detail),), (NO_Z,), at_earliest_on=X)
    assert valued("the later of x and z") == expected


def test_what_is_at_the_earliest_moves_with_what_is_counted_from_it() -> None:
    texts = {
        "2 weeks after the later of x and z": date(2026, 6, 4),
        "1 working day before the later of x and z": date(2026, 5, 20),
        "within 1 year of the later of x and z": date(2027, 5, 20),
        "the later of x and z to the end of the month": date(2026, 5, 31),
        "the later of late and z": date(2026, 7, 1),
        "the earlier of late and the later of x and z": X,
        "first meeting after the later of x and z": X,
    }
    known = replace_bodies(BOTH, ())
    assert {text: valued(text, known).at_earliest_on for text in texts} == texts
    for text in ("the earlier of late and z", "last meeting before the later of x and z"):
        assert valued(text, known).at_earliest_on is None


def replace_bodies(known: Linked, own: tuple[tuple[date, str], ...]) -> Linked:
    other = Linked(**known.values)
    other.bodies[None] = own
    return other


def test_the_earlier_of_a_known_and_an_unknown_date_is_the_known_for_now() -> None:
    detail = {"a_on": None, "b_on": Y, "chosen": "b", "a": (), "b": (FROM_Y,)}
    expected = Value(Y, (Link("earlier", Y, detail),), (NO_Z,), provisional=True)
    assert valued("the earlier of z and y") == expected
    shifted = valued("1 week after the earlier of z and y")
    assert (shifted.on, shifted.provisional, shifted.missing) == (date(2026, 6, 25), True, (NO_Z,))


def test_an_unknown_date_that_cannot_come_before_the_known_one_changes_nothing() -> None:
    value = valued("the earlier of y and late")
    assert (value.on, value.provisional, value.missing) == (Y, False, ())


def test_otherwise_steps_in_and_says_what_it_stands_for() -> None:
    assert valued("x otherwise y") == BOTH.values["x"]
    stands_in = Link("otherwise", Y, {"missing": (NO_Z,)})
    assert valued("z otherwise y") == Value(Y, (FROM_Y, stands_in))
    both_missing = (NO_Z, Missing("input", {"name": "w"}))
    assert valued("z otherwise w") == Value(
        None, (Link("otherwise", None, {"missing": (NO_Z,)}),), both_missing
    )


def test_a_provisional_date_is_known_before_otherwise() -> None:
    assert valued("the earlier of y and z otherwise x").on == Y


OWN = ((date(2026, 3, 26), "2026-03-26"), (date(2026, 6, 18), "2026-06-11"))


def test_a_chosen_meeting_says_how_it_was_chosen() -> None:
    said = {"which": "first", "relation": "on or after", "body": None, "of_on": X}
    link = Link("meeting", date(2026, 6, 18), {**said, "meeting": "2026-06-11"})
    known = replace_bodies(BOTH, OWN)
    assert valued("first meeting on or after x", known) == Value(date(2026, 6, 18), (FROM_X, link))


def test_a_meeting_of_a_month_or_the_period_says_so() -> None:
    said = {"which": "last", "relation": None, "body": None, "of_on": None}
    known = replace_bodies(BOTH, OWN)
    assert valued("last meeting of june", known).links == (
        Link(
            "meeting",
            date(2026, 6, 18),
            {**said, "month": 6, "year": 2026, "meeting": "2026-06-11"},
        ),
    )
    assert valued("last meeting of period", known).links[0].detail == {
        **said,
        "period": [date(2026, 1, 1), date(2026, 6, 30)],
        "meeting": "2026-06-11",
    }


def test_a_meeting_not_planned_yet_says_how_far_the_plan_reaches() -> None:
    said = {"which": "first", "relation": "after", "body": None, "of_on": Y}
    missing = Missing("meeting", {**said, "known_until": LAST_PLANNED_ON})
    known = replace_bodies(BOTH, OWN)
    assert valued("first meeting after y", known) == Value(None, (FROM_Y,), (missing,))


def test_the_next_meeting_of_a_body_is_counted_from_the_anchor_of_the_occurrence() -> None:
    known = Known(
        counted_from="their meeting",
        dates={"their meeting": date(2026, 2, 11)},
        bodies={"b": OWN},
    )
    said = {"which": "next", "relation": None, "body": "b", "of_on": date(2026, 2, 11)}
    link = Link("meeting", date(2026, 3, 26), {**said, "meeting": "2026-03-26"})
    assert valued("next meeting of b", known) == Value(date(2026, 3, 26), (link,))


class Unplanned(Linked):
    def meetings(self, body: str | None) -> Meetings:
        return Meetings()


@pytest.mark.parametrize("text", ["first meeting after x", "last meeting before x"])
def test_without_a_meeting_plan_no_meeting_is_known(text: str) -> None:
    value = valued(text, Unplanned(x=Value(X)))
    assert (value.on, [missing.kind for missing in value.missing]) == (None, ["meeting"])


class Noticed(Linked):
    def notice(self, table: str, since: date, given: date) -> Value:
        detail = {"table": table, "since_on": since, "given_on": given}
        link = Link("notice", date(2026, 9, 30), detail)
        return Value(date(2026, 9, 30), (link,))


def test_a_notice_keeps_the_links_of_both_dates() -> None:
    detail = {"table": "t", "since_on": X, "given_on": Y, "since": (FROM_X,), "given": (FROM_Y,)}
    link = Link("notice", date(2026, 9, 30), detail)
    known = Noticed(**BOTH.values)
    assert valued("notice by t from x given y", known) == Value(date(2026, 9, 30), (link,))
    assert valued("notice by t from x given z", known) == Value(None, (FROM_X,), (NO_Z,))


def test_a_provisional_date_stays_so_through_every_step() -> None:
    known = Noticed(x=BOTH.values["x"]._replace(provisional=True), y=BOTH.values["y"])
    texts = (
        "7 days after x",
        "within 1 year of x",
        "x to the end of the month",
        "the later of x and y",
        "z otherwise x",
        "notice by t from x given y",
    )
    assert [valued(text, known).provisional for text in texts] == [True] * len(texts)


def test_errors_carry_what_their_messages_need() -> None:
    with pytest.raises(EngineError) as caught:
        valued("week 53", Known(base_year=2027))
    assert (caught.value.code, caught.value.params) == (
        "rule.no-such-week-in-year",
        {"week": 53, "year": 2027},
    )
