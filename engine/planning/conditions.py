"""Whether a step applies: its `when` held against a case's inputs and the site's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.errors import EngineError
from engine.planning.edition import Edition
from engine.planning.inputs import InputValue, inputs_of, read_input, written
from engine.planning.rules import Missing
from engine.planning.starts import CaseInput
from engine.planning.tables import Answer, Decided, DecisionTable, Refused, Undecided, decide
from engine.planning.workflow import Step, Workflow


class Decide(Protocol):
    """How the site's decision tables answer; none for a table that cannot be looked up."""

    def __call__(self, table: str, inputs: Mapping[str, InputValue]) -> Answer | None:
        """What a table answers to the inputs known so far."""


def decider(edition: Edition) -> Decide:
    """The decision tables of an edition: the one place where tables are asked."""

    def ask(table: str, inputs: Mapping[str, InputValue]) -> Answer | None:
        found = edition.tables.get(table)
        return decide(found, inputs) if isinstance(found, DecisionTable) else None

    return ask


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a step applies, and what must be known to tell."""

    applies: bool
    missing: tuple[Missing, ...] = ()


ALWAYS = Condition(True)


def condition(
    workflow: Workflow,
    step: Step,
    inputs: Mapping[str, InputValue],
    case: str,
    decide: Decide,
) -> Condition:
    """Whether everything in `when` holds.

    1. One thing that is known and otherwise is enough: the step does not apply.
    2. Otherwise what is not known is named, and the step stays without a date.

    A step with `when: {grund: andet}` does not apply to a case whose `grund` is `økonomi`, and
    waits while nobody has said.
    """
    missing: list[Missing] = []
    for name, wanted in step.when.items():
        asked = inputs_of(workflow.start).get(name)
        if asked is not None:
            met = _input_met(asked, inputs.get(name), wanted)
            gaps = [input_missing(name, asked, case)] if met is None else []
        else:
            answer = _asked(decide, name, inputs)
            met = _table_met(answer, wanted)
            gaps = list(_table_missing(workflow, name, answer, case)) if met is None else []
        if met is False:
            return Condition(False)
        missing.extend(gaps)
    return Condition(True, tuple(missing)) if missing else ALWAYS


def refusal(workflow: Workflow, inputs: Mapping[str, InputValue], decide: Decide) -> str:
    """Why the tables of a workflow say that a case cannot be so; empty where none does."""
    tables = dict.fromkeys(
        name
        for step in workflow.steps.values()
        for name in step.when
        if name not in inputs_of(workflow.start)
    )
    answers = (_asked(decide, table, inputs) for table in tables)
    return next((each.reason for each in answers if isinstance(each, Refused)), "")


def _asked(decide: Decide, table: str, inputs: Mapping[str, InputValue]) -> Answer | None:
    """What a table answers; one that cannot take the inputs is as good as none."""
    try:
        return decide(table, inputs)
    except EngineError:
        return None


def input_missing(name: str, asked: CaseInput, case: str) -> Missing:
    """An input that nobody has given yet."""
    detail = {"name": name, "title": asked.title, "type": asked.type, "case": case}
    return Missing("input", detail)


def _input_met(asked: CaseInput, value: InputValue | None, wanted: str | bool) -> bool | None:
    if value is None:
        return None
    try:
        return read_input(asked, written(wanted)) == value
    except EngineError:
        return False


def _table_met(answer: Answer | None, wanted: str | bool) -> bool | None:
    if not isinstance(answer, Decided):
        return None
    return _word(answer.result) == _word(written(wanted))


def _word(text: str) -> str:
    word = " ".join(text.casefold().split())
    return {"ja": "yes", "nej": "no"}.get(word, word)


def _table_missing(
    workflow: Workflow, table: str, answer: Answer | None, case: str
) -> Iterator[Missing]:
    asked = inputs_of(workflow.start)
    match answer:
        case Undecided(missing) if missing and all(name in asked for name in missing):
            for name in missing:
                yield input_missing(name, asked[name], case)
        case Refused(reason):
            yield Missing("refused", {"table": table, "reason": reason, "case": case})
        case _:
            yield Missing("decision", {"table": table, "case": case})
