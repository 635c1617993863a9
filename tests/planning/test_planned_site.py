"""Every process of the catalogue, planned for five years on a site that lacks nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import planned_site
from planned_site import ASKED, YEARS, edition, facts, meeting_days, plan, reading

from engine.errors import Severity
from engine.planning.facts import Done
from engine.planning.inputs import inputs_of
from engine.planning.occurrences import NOBODY
from engine.planning.periods import Window
from engine.planning.plan import make_plan
from engine.planning.roster import Roster
from engine.planning.starts import (
    EachCase,
    EachMeeting,
    EachMilestones,
    EachPeriod,
    EveryRound,
    TimesPerPeriod,
)
from engine.planning.workflow import Workflow

GOLDEN = Path(__file__).parents[1] / "golden" / "plan" / "fuldt-planlagt.csv"
Series = tuple[str, str, str]
# Steps to do as soon as possible: they have no day and wait for something.
WITHOUT_A_DAY = {
    "moeder/kommune-med/forpersonskabet": "Når referatet er klar",
    "planlaegning/aarshjul/udmelding": "Når KommuneMED har aftalt årshjulet",
    "afsked/individuel/godtgoerelse": "Når opsigelsen er kommet frem",
    "afsked/individuel/paragraf-18-forhandling": "Når organisationen har fået meddelelse",
    "afsked/masseafskedigelse/forhandlet": "Når der er informeret og forhandlet",
    "afsked/masseafskedigelse/resultat": "Snarest efter meddelelsen til RAR",
    "budget/personalereduktioner-forloeb/masseloven": "Når budgettet er vedtaget",
    "sygefravaer/samtale/personalejurist": "Før der indkaldes til den alvorlige samtale",
    "uddannelse/nye-ledere/introduktion": "Når den nye leder er begyndt",
    "uddannelse/nye-medarbejdere/gennemgang": "Når medarbejderen er begyndt",
    "uddannelse/nye-medarbejdere/voldsplan": "Ved de første samtaler med lederen",
    "valg/amr-fravaer/nyt-valg-senere": "Når fraværet har varet i fire måneder",
}
# Processes that are meant to end, and the last day they are agreed for.
AGREED_UNTIL = {"oevrigt/skrivekursus": date(2027, 12, 31)}
# Kinds of milestones that do not come every year.
NOT_EVERY_YEAR = {"valgperiode"}


def test_only_sources_and_fields_without_effect_are_remarked_on() -> None:
    told = {finding.code for finding in reading().findings}
    assert told <= {"source-unchecked", "source-checked-long-ago", "no-effect-yet"}
    assert Severity.ERROR not in {finding.severity for finding in reading().findings}


def test_the_same_files_come_out_every_time() -> None:
    assert planned_site.files() == planned_site.files()


def test_every_body_has_meetings_and_every_kind_its_milestones() -> None:
    given = edition()
    for committee, body in given.organisation.committees.items():
        days = {(on, kind) for year in YEARS for on, kind in meeting_days(committee, body, year)}
        assert {(each.on, each.extraordinary) for each in given.meetings[committee]} == days
        assert len({on.year for on, _ in days}) == len(YEARS)
    starts = [flow.start for flow in given.workflows.values()]
    kinds = {start.kind for start in starts if isinstance(start, EachMilestones)}
    years = {
        kind: [each.year for each in given.milestones if each.kind == kind]
        for kind in sorted(kinds)
    }
    assert years == {
        kind: [y for y in YEARS if y % 2 or kind not in NOT_EVERY_YEAR] for kind in sorted(kinds)
    }


def test_every_seat_is_held_on_every_day() -> None:
    given, roles = edition(), edition().organisation.roles
    vacant = [
        (committee, role, on)
        for committee in given.organisation.committees
        for role in roles
        for on in (date(year, month, 1) for year in YEARS for month in range(1, 13))
        if on >= date(YEARS[0], 2, 1)
        and not any(
            seat.committee == committee and seat.role == role and seat.held(on)
            for seat in given.seats
        )
    ]
    assert vacant == []


def test_every_input_of_every_case_workflow_is_told() -> None:
    told = {case.workflow: set(case.inputs) for case in facts(edition()).cases}
    flows = edition().workflows.values()
    asked = {flow.key: set(inputs_of(flow.start)) for flow in flows}
    assert told == {key: asked[key] for key in told}
    assert set(told) == {flow.key for flow in flows if isinstance(flow.start, EachCase)}


def test_planning_has_nothing_to_remark_on() -> None:
    assert plan().findings == ()


def test_every_deadline_has_a_day_but_those_to_do_as_soon_as_possible() -> None:
    undated = {
        (f"{deadline.workflow}/{deadline.step}", deadline.kind)
        for deadline in plan().deadlines
        if deadline.due_on is None
    }
    assert undated == {(step, "open") for step in WITHOUT_A_DAY}


def test_every_period_has_its_deadlines_in_every_year() -> None:
    """The exact number of each step of each committee for each year, reckoned from the files."""
    assert _counted() == _expected()


def test_no_series_ends_at_a_new_year() -> None:
    """What comes back at least once a year does so to the end, unless it is agreed to end."""
    last: dict[Series, int] = {}
    for series, year in _counted():
        last[series] = max(year, last.get(series, 0))
    flows = edition().workflows
    ended = {
        series[0]: year
        for series, year in last.items()
        if year < ASKED[-1] and not _in_longer_cycles(flows[series[0]])
    }
    assert ended == {key: until_on.year for key, until_on in AGREED_UNTIL.items()}
    assert {
        key: flow.valid.until_on for key, flow in flows.items() if flow.valid.until_on
    } == AGREED_UNTIL


def test_a_round_that_is_done_is_followed_by_the_next() -> None:
    flows = [flow for flow in edition().workflows.values() if isinstance(flow.start, EveryRound)]
    given, told = edition(), facts(edition())
    for number in range(1, 4):
        made = make_plan(given, told, Window(date(2020, 1, 1), date(2038, 12, 31)))
        for flow in flows:
            runs = {each.occurrence for each in made.deadlines if each.workflow == flow.key}
            assert runs == {f"r{each}" for each in range(1, number + 1)}
        last = {
            each.key: each.due_on
            for each in made.deadlines
            if each.occurrence == f"r{number}" and each.due_on is not None
        }
        done = tuple(Done(key, on) for key, on in last.items())
        told = replace(told, done=(*told.done, *done))


def test_the_number_of_deadlines_of_every_step_and_year(rewriting: bool) -> None:
    table = _table()
    if rewriting:
        GOLDEN.write_text(table, encoding="utf-8")
    assert table == GOLDEN.read_text(encoding="utf-8")


def _counted() -> dict[tuple[Series, int], int]:
    """How many deadlines each step has for each committee, by the year that its run is of.

    A day to act by may lie in the year before or after, so those years are planned as well.
    """
    window = Window(date(YEARS[0], 1, 1), date(YEARS[-1] + 1, 12, 31))
    returning = {key for key, flow in edition().workflows.items() if _comes_back(flow)}
    return dict(
        Counter(
            ((each.workflow, each.step, each.committee), each.about_on.year)
            for each in make_plan(edition(), facts(edition()), window).deadlines
            if each.workflow in returning and each.about_on.year in ASKED
        )
    )


def _comes_back(flow: Workflow) -> bool:
    """Whether it begins by itself, time and again, whoever holds which seat."""
    if isinstance(flow.start, EachMilestones):
        return flow.start.kind not in NOT_EVERY_YEAR
    return isinstance(flow.start, EachMeeting | TimesPerPeriod | EachPeriod)


def _in_longer_cycles(flow: Workflow) -> bool:
    return isinstance(flow.start, EachPeriod) and flow.start.months > 12


def _expected() -> dict[tuple[Series, int], int]:
    """What each step of each committee must come to in a year, whatever the engine says."""
    found: Counter[tuple[Series, int]] = Counter()
    for flow in filter(_comes_back, edition().workflows.values()):
        for committee, year in product(_owners(flow), ASKED):
            number = sum(_valid(flow, on) for on in _beginnings(flow, committee, year))
            for name, target in _targets(flow, committee):
                found[(flow.key, name, target), year] += number
    return {each: number for each, number in found.items() if number}


def _owners(flow: Workflow) -> tuple[str, ...]:
    return Roster(edition()).chosen(flow.committees) or (NOBODY,)


def _targets(flow: Workflow, committee: str) -> Iterator[tuple[str, str]]:
    for name, step in flow.steps.items():
        for target in Roster(edition()).chosen(step.committees, committee) or (committee,):
            yield name, target


def _valid(flow: Workflow, on: date) -> bool:
    from_on, until_on = flow.valid.from_on or date.min, flow.valid.until_on or date.max
    return from_on <= on <= until_on


def _beginnings(flow: Workflow, committee: str, year: int) -> list[date]:
    """The days that the flow's runs of a year begin, by what its file and the tables say."""
    match flow.start:
        case EachPeriod(months=months) as start if months > 12:
            is_turn = (year - (start.from_year or year)) % (months // 12) == 0
            return [date(year, 1, 1)] * (is_turn and year >= (start.from_year or year))
        case EachPeriod(months=months):
            return [date(year, month, 1) for month in range(1, 13, months)]
        case TimesPerPeriod() as start:
            number = start.times * {"year": 1, "half-year": 2, "quarter": 4}[start.per]
            return [date(year, 12 * part // number + 1, 1) for part in range(number)]
        case EachMeeting() as start:
            body = start.of or committee
            days = meeting_days(body, edition().organisation.committees[body], year)
            kinds = {None: {False}, "only": {True}, "too": {True, False}}[start.extraordinary]
            return [on for on, extraordinary in days if extraordinary in kinds]
        case _:
            return [date(year, 12, 31)]


def _table() -> str:
    """One row a step: how many deadlines it has in each year, all committees together."""
    counts: Counter[tuple[str, int | None]] = Counter(
        (f"{each.workflow}/{each.step}", each.due_on.year if each.due_on else None)
        for each in plan().deadlines
    )
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow(["skridt", *ASKED, "uden dato"])
    for flow in sorted(edition().workflows.values(), key=lambda each: each.key):
        for name in flow.steps:
            step = f"{flow.key}/{name}"
            writer.writerow([step, *(counts[step, year] for year in (*ASKED, None))])
    return file.getvalue()
