"""Reads the tables of shipped workflows: one situation a row, in the words of a secretary.

| column | what it says |
|---|---|
| arbejdsgang, udvalg, år | the workflow's key, the committee's, the year that is planned |
| møder, ekstraordinære | the committee's own meetings |
| andre møder | `oes-med: 2026-03-26 2026-06-18, chefforum: 2026-06-03` |
| milepæle, oplyst | `katalog 2026-08-18, kommunemed 2026-09-01`; what a case was told |
| tiltrådt, funktionsår | the first day in the seat, and which year of the function period |
| udført | `tre-dage 2025-08-20`, and for a round `r1/handlingsplan 2026-12-30` |
| udsat | `2026-1/droeftelse 2026-06-18`: to that meeting |
| skridt | `2026-1/droeftelse`, `2026/input@oes-med`; for members and cases only the step |
| regnet dato, gældende dato | as the text counts it, and the day to act by |
| kilde | where the duty is written, and why the day is as it is |

A table has the columns it needs; every one is planned the way a workflow's examples are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from danish_days import table
from shipped import shipped

from engine.planning.examples import EXAMPLE_PERSON, Mismatch, mismatches
from engine.planning.starts import EachMember, Start
from engine.planning.workflow import Example, Workflow

TOPICS = (
    "moeder",
    "bagland",
    "hoeringer",
    "uddannelse",
    "arbejdsmiljoe",
    "budget",
    "retningslinjer",
    "opsigelser",
    "sygefravaer",
    "valg",
    "planlaegning",
)
Row = Mapping[str, str]


def rows() -> Iterator[tuple[str, Row]]:
    """Every row of every such table, with the topic it belongs to."""
    for topic in TOPICS:
        for row in table(f"frister-{topic}.csv"):
            yield topic, row


def wrong(row: Row) -> list[Mismatch]:
    """What the shipped workflow gives otherwise than the row says."""
    workflow = shipped().workflows[row["arbejdsgang"]]
    dates = {"nominal": row["regnet dato"], "due": row["gældende dato"]}
    expect = {expected(row, workflow): dates}
    example = Example.model_validate({"given": dict(_given(row, workflow)), "expect": expect})
    return list(mismatches(shipped(), workflow, example))


def expected(row: Row, workflow: Workflow) -> str:
    """The step as an example names it."""
    number = row.get("funktionsår")
    if not number:
        return row["skridt"]
    return f"{_seat(row, workflow.start)}-{number}/{row['skridt']}"


def _given(row: Row, workflow: Workflow) -> Iterator[tuple[str, Any]]:
    words = {"udvalg": "committee", "år": "year", "tiltrådt": "joining"}
    for column, field in words.items():
        if row.get(column):
            yield field, row[column]
    for column, field in (("møder", "meetings"), ("ekstraordinære", "extraordinary meetings")):
        if row.get(column):
            yield field, row[column].split()
    for part in _parts(row, "andre møder"):
        body, days = part.split(":")
        yield f"meetings of {body}", days.split()
    for column, field in (("milepæle", "milestones"), ("oplyst", "inputs"), ("udsat", "postponed")):
        if row.get(column):
            yield field, dict(part.split() for part in _parts(row, column))
    if row.get("udført"):
        told = (part.split() for part in _parts(row, "udført"))
        yield "done", {_full(step, row, workflow): on for step, on in told}


def _parts(row: Row, column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split(",") if part.strip()]


def _full(step: str, row: Row, workflow: Workflow) -> str:
    """A member's step as the example's person has it: its occurrence is the seat."""
    if not isinstance(workflow.start, EachMember):
        return step
    return f"{_seat(row, workflow.start)}/{step}"


def _seat(row: Row, start: Start) -> str:
    assert isinstance(start, EachMember)
    year = date.fromisoformat(row["tiltrådt"]).year
    return f"{EXAMPLE_PERSON}-{row['udvalg']}-{start.roles[0]}-{year}"
