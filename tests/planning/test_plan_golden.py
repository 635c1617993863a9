from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from site_given import bodies, edition, facts, plan, seat, window, workflow

from engine.planning.edition import Edition, Milestones
from engine.planning.facts import Facts
from engine.planning.organisation import Side
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import due
from engine.planning.status import responsible_seats, state

GOLDEN = Path(__file__).parents[1] / "golden" / "plan"
TODAY = date(2026, 3, 30)
LEVEL = {"level": "afdelings-med"}


def small_site() -> Edition:
    """A year of two committees and KommuneMED: a meeting cycle, a guideline, a budget, a course."""
    return edition(
        workflow(
            "moeder/afdelings-med",
            {"each": "meeting"},
            {
                "dagsorden": {"due": "7 days before meeting", "responsible": "sekretaer"},
                "referat": {
                    "due": "7 days after meeting",
                    "responsible": "sekretaer",
                    "binding": False,
                },
                "referat-godkendes": {"at": "next meeting", "needs": "referat"},
            },
            committees=LEVEL,
        ),
        workflow(
            "retningslinjer/vold",
            {"times": 2, "per": "year", "prefer": ["march", "september"], "apart": "4 months"},
            {
                "enheder": {
                    "due": "3 weeks before droeftelse",
                    "responsible": "medlem",
                    "finish": "each",
                },
                "droeftelse": {"at": "meeting", "limit": "part end"},
            },
            committees=LEVEL,
        ),
        workflow(
            "budget/hoering",
            {"each": "milestones", "kind": "budget"},
            {
                "katalog": {"on": "udsendt", "responsible": "office hr"},
                "afdelinger": {
                    "at": "last meeting before kommunemed",
                    "committees": LEVEL,
                    "not before": "udsendt",
                },
                "input": {
                    "due": "1 working day after afdelinger",
                    "committees": LEVEL,
                    "needs": "afdelinger",
                },
                "hoering": {"at": "first meeting on or after kommunemed", "needs": "input"},
                "vedtaget": {"on": "vedtages"},
            },
            committees={"committee": "kommune-med"},
        ),
        workflow(
            "uddannelse/kursus",
            {"each": "member", "roles": ["medlem", "forperson"], "new members only": True},
            {"kursus": {"due": "within 1 year of joining", "responsible": "office hr"}},
            committees={"all": True, "except": {"kind": "forum"}},
        ),
        meetings=bodies(
            "oes-med: 2026-01-27 2026-03-26 2026-06-18>2026-06-23 2026-08-26 2026-11-19,"
            " bf-med: 2026-02-10 2026-05-21 2026-08-25 2026-09-17a,"
            " kommune-med: 2026-02-11 2026-06-24 2026-09-01 2026-12-09"
        ),
        milestones=(
            Milestones(
                kind="budget",
                period="2027",
                year=2026,
                dates={"udsendt": date(2026, 8, 18), "kommunemed": date(2026, 9, 1)},
            ),
        ),
        seats=(
            seat("mka oes-med forperson 2025-01-01", Side.MANAGEMENT),
            seat("hny oes-med sekretaer 2025-01-01"),
            seat("lbn oes-med medlem 2025-06-01", Side.EMPLOYEES, unit="løn"),
            seat("pto oes-med medlem 2024-06-01", Side.EMPLOYEES),
            seat("sfo bf-med forperson 2025-10-01", Side.MANAGEMENT),
            seat("kho kommune-med forperson 2024-01-01", Side.MANAGEMENT),
        ),
    )


def told() -> Facts:
    return Facts(
        done=facts("udført 2026-03-26/dagsorden 2026-03-18", "moeder/afdelings-med/oes-med").done,
        postponed=facts(
            "udsat 2026-1/droeftelse 2026-03-26", "retningslinjer/vold/oes-med"
        ).postponed,
        waived=facts("frafaldet 2026-1/enheder 2026-03-02", "retningslinjer/vold/bf-med").waived,
    )


def lines(made: Plan) -> Iterator[str]:
    """The plan as a person would write it down: a day, a state, a key and why."""
    for deadline in made.deadlines:
        yield " ".join(filter(None, _words(deadline, made)))
        yield f"           {' > '.join(_trace(deadline)) or 'uden udledning'}"
    yield ""
    yield from (f"møde {each.on} {each.committee} ({each.id})" for each in made.meetings)
    yield ""
    for finding in made.findings:
        yield f"{finding.severity.value} {finding.code} {finding.field}"
    yield ""
    for reminder in due(made, {}, {}, TODAY, date(2026, 3, 1)):
        yield f"mail {TODAY} {reminder.key}"


def _words(deadline: Deadline, made: Plan) -> Iterator[str]:
    yield str(deadline.due_on or "uden dato ")
    yield state(deadline, made, TODAY).value
    yield deadline.key
    if deadline.nominal_on != deadline.due_on:
        yield f"regnet {deadline.nominal_on}"
    for name, on in (("tidligst", deadline.not_before_on), ("senest", deadline.limit_on)):
        if on is not None:
            yield f"{name} {on}"
    yield from (["udsat"] if deadline.postponed else [])
    seats = responsible_seats(deadline, made.register, deadline.due_on or deadline.about_on)
    people = [held.person for held in seats]
    offices = [holder.office for holder in deadline.terms.responsible if holder.office]
    yield f"({', '.join([*people, *offices]) or 'ledig'})"


def _trace(deadline: Deadline) -> Iterator[str]:
    for link in deadline.derivation:
        yield f"{link.kind} {link.on}"
    for missing in deadline.missing:
        yield f"mangler {missing.kind}"


def test_the_plan_of_a_small_site(rewriting: bool) -> None:
    text = "\n".join(lines(plan(small_site(), told(), window("2026")))) + "\n"
    path = GOLDEN / "lille-kommune.txt"
    if rewriting:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
