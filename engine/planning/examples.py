"""The examples a workflow carries: the situation each describes, planned, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import EngineError
from engine.planning.edition import Edition, Milestones
from engine.planning.facts import Case, Done, Facts, Meeting, Postponed
from engine.planning.inputs import InputValue, plain, read_input
from engine.planning.occurrences import NOBODY
from engine.planning.organisation import Seat, Settings
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.planning.roster import Roster
from engine.planning.starts import EachCase, EachMember, EachMilestones
from engine.planning.workflow import Example, Expected, Given, Selector, Workflow

EXAMPLE_PERSON = "eks"
EXAMPLE_CASE = "eksempel"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that did not come true."""

    expected: str
    nominal_on: date | None
    due_on: date | None
    wanted: Expected | date
    found: bool


def mismatches(edition: Edition, workflow: Workflow, example: Example) -> Iterator[Mismatch]:
    """What the example expects and the plan does not give; what is not listed is not compared."""
    plan = planned(edition, workflow, example)
    known = {**plan.beyond, **plan.by_key}
    for name, wanted in example.expect.items():
        deadline = _named(known, workflow, example.given, name)
        if deadline is None:
            yield Mismatch(name, None, None, wanted, found=False)
        elif not _as_wanted(deadline, wanted):
            yield Mismatch(name, deadline.nominal_on, deadline.due_on, wanted, found=True)


def _as_wanted(deadline: Deadline, wanted: Expected | date) -> bool:
    if isinstance(wanted, Expected):
        return (deadline.nominal_on, deadline.due_on) == (wanted.nominal, wanted.due)
    return deadline.due_on == wanted


def _named(
    known: dict[str, Deadline], workflow: Workflow, given: Given, name: str
) -> Deadline | None:
    committee = given.committee or NOBODY
    if "/" in name:
        return known.get(f"{workflow.key}/{committee}/{name}")
    ending = f"/{name}"
    return next((known[key] for key in sorted(known) if key.endswith(ending)), None)


def planned(edition: Edition, workflow: Workflow, example: Example) -> Plan:
    """The plan of the situation that the example describes."""
    situation = _situation(edition, workflow, example)
    window = _window(workflow, example)
    facts = Facts(
        done=tuple(_done(edition, workflow, example.given)),
        cases=tuple(_cases(edition, workflow, example.given, window.from_on)),
    )
    plan = make_plan(situation, facts, window)
    if not example.given.postponed:
        return plan
    known = {**plan.beyond, **plan.by_key}
    told = []
    for name, to_on in example.given.postponed.items():
        deadline = _named(known, workflow, example.given, name)
        if deadline is not None:
            told.append(Postponed(deadline.key, deadline.meeting, to_on.isoformat()))
    return make_plan(situation, replace(facts, postponed=tuple(told)), window)


def _done(edition: Edition, workflow: Workflow, given: Given) -> Iterator[Done]:
    is_case = isinstance(workflow.start, EachCase)
    committee = _asked(edition, workflow, given) if is_case else given.committee or NOBODY
    for name, on in given.done.items():
        run = f"{EXAMPLE_CASE}/" if is_case and "/" not in name else ""
        yield Done(f"{workflow.key}/{committee}/{run}{name}", on)


def _cases(edition: Edition, workflow: Workflow, given: Given, opened_on: date) -> Iterator[Case]:
    """The example's case, with the inputs that it gives."""
    if isinstance(workflow.start, EachCase):
        committee = _asked(edition, workflow, given)
        told = {name: plain(value) for name, value in _inputs(workflow, given).items()}
        yield Case(EXAMPLE_CASE, workflow.key, committee, opened_on, told)


def _inputs(workflow: Workflow, given: Given) -> dict[str, InputValue]:
    """The inputs that can be read; the others are told of where the file is checked."""
    found: dict[str, InputValue] = {}
    if isinstance(workflow.start, EachCase):
        for name, asked in workflow.start.inputs.items():
            with suppress(EngineError):
                if name in given.inputs:
                    found[name] = read_input(asked, given.inputs[name])
    return found


def _situation(edition: Edition, workflow: Workflow, example: Example) -> Edition:
    """The edition reduced to what the example says: its committee, meetings, dates, member.

    What is switched off is planned here too: its examples must be true on the day it is used.
    """
    given = example.given
    changed: dict[str, object] = {"in_use": True}
    if given.committee:
        changed["committees"] = (Selector(committee=given.committee),)
    own = workflow.model_copy(update=changed)
    organisation = edition.organisation.model_copy(
        update={
            "settings": Settings(),
            "committees": {
                key: committee.model_copy(update={"from_on": None, "until_on": None})
                for key, committee in edition.organisation.committees.items()
            },
        }
    )
    return Edition(
        organisation=organisation,
        seats=_seats(edition, workflow, given),
        meetings=_meetings(given),
        milestones=_milestones(workflow, example),
        day_sets=edition.day_sets,
        tables=edition.tables,
        workflows={workflow.key: own},
    )


def _meetings(given: Given) -> dict[str, tuple[Meeting, ...]]:
    """The meetings of the example's committee, of every kind, and those of other bodies."""
    planned = {
        body: tuple(Meeting(body, on.isoformat(), on) for on in sorted(days))
        for body, days in given.meetings_of.items()
        if days
    }
    own = given.committee
    if own:
        held = [
            *(Meeting(own, on.isoformat(), on) for on in given.meetings),
            *(
                Meeting(own, on.isoformat(), on, extraordinary=True)
                for on in given.extraordinary_meetings
            ),
            *(Meeting(own, on.isoformat(), on, cancelled=True) for on in given.cancelled_meetings),
        ]
        planned[own] = tuple(sorted(held, key=lambda meeting: meeting.on))
    return planned


def _seats(edition: Edition, workflow: Workflow, given: Given) -> tuple[Seat, ...]:
    start = workflow.start
    if not isinstance(start, EachMember) or given.joining is None:
        return ()
    committee = _asked(edition, workflow, given)
    role = next(iter(start.roles or edition.organisation.roles), "")
    return (Seat(EXAMPLE_PERSON, committee, role, given.joining, given.leaving),)


def _asked(edition: Edition, workflow: Workflow, given: Given) -> str:
    """The example's committee, or the first of those whose duty it is."""
    return given.committee or next(iter(Roster(edition).chosen(workflow.committees)), NOBODY)


def _milestones(workflow: Workflow, example: Example) -> tuple[Milestones, ...]:
    """The example's set; its period is the one that the expectations name."""
    start, given = workflow.start, example.given
    if not isinstance(start, EachMilestones) or not given.milestones:
        return ()
    year = given.year or min(given.milestones.values()).year
    period = next((name.split("/")[0] for name in example.expect if "/" in name), str(year))
    return (Milestones(kind=start.kind, period=period, year=year, dates=given.milestones),)


def _window(workflow: Workflow, example: Example) -> Window:
    given = example.given
    days = [
        *given.meetings,
        *given.extraordinary_meetings,
        *given.cancelled_meetings,
        *(on for body in given.meetings_of.values() for on in body),
        *given.milestones.values(),
        *given.done.values(),
        *(wanted if isinstance(wanted, date) else wanted.due for wanted in example.expect.values()),
    ]
    days.extend(on for on in _inputs(workflow, given).values() if isinstance(on, date))
    days.extend(on for on in (given.joining, given.leaving) if on)
    if given.year:
        days.extend((date(given.year, 1, 1), date(given.year, 12, 31)))
    return Window(date(min(days).year, 1, 1), date(max(days).year, 12, 31))
