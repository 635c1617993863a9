"""Steps that count from steps: how many dates must be known before one is."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from engine.definitions.part import Part
from engine.errors import Finding
from engine.planning.rules import Name, Notice, Rule
from engine.planning.rules.mentions import parts
from engine.planning.workflow import Step, Workflow

MOST_PARTS = 150
"""A date that takes more than this to explain can be followed by nobody."""


def chain_findings(part: Part[Workflow]) -> Iterator[Finding]:
    """Steps whose dates are counted through very many others; told of the first only."""
    steps = part.model.steps
    leads = {key: [name for name in _named(step) if name in steps] for key, step in steps.items()}
    try:
        in_turn = tuple(TopologicalSorter(leads).static_order())
    except CycleError:
        # Circles are told of by themselves.
        return
    size: dict[str, int] = {}
    for key in in_turn:
        size[key] = len(_parts(steps[key])) + sum(size[name] for name in leads[key])
    for key in steps:
        if size[key] > MOST_PARTS:
            yield part.finding(("steps", key), "steps-in-long-chain", key=True, most=MOST_PARTS)
            return


def _parts(step: Step) -> tuple[Rule, ...]:
    return tuple(parts(step.rule)) if step.rule is not None else ()


def _named(step: Step) -> Iterator[str]:
    """Every date that a step's rule counts from, as often as it does."""
    for one in _parts(step):
        if isinstance(one, Name):
            yield one.name
        elif isinstance(one, Notice):
            yield from (one.since, one.given)
