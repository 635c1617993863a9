"""Commands about cases: open, list, show, set, close."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from engine.cli.options import AsJson, By, Commands, Committee, Now, SiteFolder, Workflow, opened
from engine.cli.reading import row_json
from engine.cli.showing import day_column, show, show_json
from engine.cli.writing import language_of
from engine.planning.inputs import InputValue, choices_of, inputs_of, typed
from engine.planning.starts import CaseInput
from engine.service import cases
from engine.service.cases import Shown
from engine.service.planning import Row
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.explain import missing_sentence
from engine.wording.gate import Sight, title
from engine.wording.plan_findings import say_finding
from engine.wording.states import missing_word, state_word

_FENCES = ("plan.after-limit", "plan.before-not-before")
Number = Annotated[str, typer.Argument(metavar="NUMBER")]
Inputs = Annotated[list[str] | None, typer.Option("--input", metavar="NAME=VALUE")]
Why = Annotated[str, typer.Option("--why", metavar="T")]


def open_case(
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW")],
    committee: Committee = "",
    inputs: Inputs = None,
    by: By = "",
    why: Why = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med case open WORKFLOW`."""
    made = cases.open_case(opened(site, now), workflow, committee, inputs or (), by, why)
    return _told(made, "case.opened", as_json)


def list_cases(
    committee: Committee = "",
    workflow: Workflow = "",
    closed_too: Annotated[bool, typer.Option("--all")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med case list`."""
    where = opened(site, now)
    found = cases.list_cases(where, workflow, committee, closed_too)
    if as_json:
        show_json([case_json(each) for each in found])
        return 0
    for each in found:
        show(case_line(each, _language(each)))
    if not found:
        show(say("case.none", language_of(where)))
    return 0


def show_case(
    number: Number, site: SiteFolder = None, as_json: AsJson = False, now: Now = None
) -> int:
    """`med case show NUMBER`."""
    return _told(cases.show_case(opened(site, now), number), "", as_json)


def set_case(
    number: Number,
    inputs: Inputs = None,
    by: By = "",
    why: Why = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med case set NUMBER`."""
    made = cases.set_case(opened(site, now), number, inputs or (), by, why)
    return _told(made, "case.set", as_json)


def close_case(
    number: Number,
    by: By = "",
    why: Why = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med case close NUMBER`."""
    return _told(cases.close_case(opened(site, now), number, by, why), "case.closed", as_json)


def _language(shown: Shown) -> Language:
    return shown.found.now.edition.organisation.settings.language


def _told(shown: Shown, code: str, as_json: bool) -> int:
    if as_json:
        show_json(case_json(shown))
        return 0
    language = _language(shown)
    if code:
        show(say(code, language, number=shown.case.number))
    for line in case_lines(shown, language):
        show(line)
    return 0


def case_json(shown: Shown) -> dict[str, Any]:
    """A case with its deadlines; of a confidential one its number and days, and no more."""
    case, closed = shown.case, shown.confidential
    workflow = shown.workflow
    return {
        "case": case.number,
        "workflow": None if closed else case.workflow,
        "committee": None if closed else case.committee,
        "title": None if closed or workflow is None else workflow.title,
        "inputs": None if closed else _inputs_json(shown),
        "opened_on": case.opened_on,
        "closed_on": case.closed_on,
        "confidential": closed,
        "deadlines": [_deadline_json(row, shown) for row in shown.found.rows],
    }


def _inputs_json(shown: Shown) -> dict[str, InputValue | None]:
    """Every input that is asked for; one that nobody has given is null."""
    if shown.workflow is None:
        return {}
    known = typed(shown.workflow.start, shown.case.inputs)
    return {name: known.get(name) for name in inputs_of(shown.workflow.start)}


def _deadline_json(row: Row, shown: Shown) -> dict[str, Any]:
    outside = _outside(row, shown, _language(shown))
    warned = {"warning": outside} if outside else {}
    if not _masked(row, shown):
        return {**row_json(row, shown.found), **warned}
    return {
        "key": shown.uids.get(row.deadline.key),
        "title": title(row.deadline, Sight.MASKED, _language(shown)),
        "due_on": row.deadline.due_on,
        "state": row.state,
        "confidential": True,
        **warned,
    }


def _outside(row: Row, shown: Shown, language: Language) -> str:
    """What is wrong with a day before the earliest or after the last that the step allows."""
    for finding in shown.found.plan.findings:
        if finding.field == row.deadline.key and finding.code in _FENCES:
            if _masked(row, shown):
                return say("case.outside", language)
            organisation = shown.found.now.edition.organisation
            return say_finding(finding, language, organisation)[0]
    return ""


def _masked(row: Row, shown: Shown) -> bool:
    return shown.confidential or row.deadline.terms.confidential


def case_line(shown: Shown, language: Language) -> str:
    """A case on one line: its number, what it is, which committee it is about, and since when."""
    case = shown.case
    on, code = (
        (case.closed_on, "case.ended") if case.closed_on else (case.opened_on, "case.running")
    )
    state = say(code, language, day=long_day(on, language))
    if shown.confidential or shown.workflow is None:
        return say("case.line-closed", language, number=case.number, state=state)
    body = shown.found.now.edition.organisation.committees.get(case.committee)
    return say(
        "case.line",
        language,
        number=case.number,
        title=shown.workflow.title,
        committee=body.title if body else case.committee,
        state=state,
    )


def case_lines(shown: Shown, language: Language) -> list[str]:
    """A case for people: what it is, what it was told, and its deadlines."""
    lines = [case_line(shown, language), *_input_lines(shown, language)]
    lines.extend(_deadline_line(row, shown, language) for row in shown.found.rows)
    if not shown.found.rows:
        lines.append(say("case.no-deadlines", language))
    return lines


def _input_lines(shown: Shown, language: Language) -> list[str]:
    if shown.confidential or shown.workflow is None:
        return []
    known = typed(shown.workflow.start, shown.case.inputs)
    return [
        "  "
        + say(
            "case.input",
            language,
            title=asked.title,
            value=_said(asked, known.get(name), language),
        )
        for name, asked in inputs_of(shown.workflow.start).items()
    ]


def _said(asked: CaseInput, value: InputValue | None, language: Language) -> str:
    match value:
        case None:
            return say("case.no-input", language)
        case bool():
            return say("case.yes" if value else "case.no", language)
        case int():
            return str(value)
        case str():
            return choices_of(asked).get(value, value)
    return long_day(value, language)


def _deadline_line(row: Row, shown: Shown, language: Language) -> str:
    deadline = row.deadline
    state = state_word(row.state, language)
    if deadline.due_on is None and deadline.missing:
        state = f"{state}, {missing_word(language)}"
    head = f"{day_column(deadline.due_on, language)}  {state:<12}  "
    outside = _outside(row, shown, language)
    if _masked(row, shown):
        told = [title(deadline, Sight.MASKED, language), outside]
    else:
        gap = "" if deadline.due_on else missing_sentence(deadline, shown.found.plan, language)
        told = [deadline.title, outside, gap, deadline.key]
    return head + f"\n{'':15}".join(part for part in told if part)


CASE_COMMANDS: Commands = {
    "open": open_case,
    "list": list_cases,
    "show": show_case,
    "set": set_case,
    "close": close_case,
}
