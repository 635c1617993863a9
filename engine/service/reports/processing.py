"""A draft record of processing and impact assessment, filled from the site's own files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.documents import Document, Heading, Paragraph, Table
from engine.documents.model import Block
from engine.planning.inputs import inputs_of
from engine.planning.organisation import Retention
from engine.planning.spans import Span
from engine.planning.starts import EachCase, EachMember
from engine.planning.workflow import Workflow, terms
from engine.service.current import Current, current
from engine.service.reports.report import Report
from engine.service.retention import SEATS
from engine.service.site import Site
from engine.wording.catalogue import Language, say
from engine.wording.lengths import length, listing

_ACTIVITIES = ("members", "reports", "mails", "buttons", "feeds", "cases", "trail")
_RISKS = ("names", "special", "monitoring", "one-side", "calendars", "texts", "login", "loss")
_OPEN = ("basis", "monitoring", "processor", "backups", "archive", "information")


@dataclass(frozen=True, slots=True)
class _About:
    """What one workflow in use has to do with people."""

    workflow: Workflow
    persons: str
    """`member` or `case` where it is about single people, or nothing."""
    inputs: tuple[str, ...]
    confidential: bool
    sides: tuple[str, ...]


def processing_report(site: Site) -> Report:
    """Which personal data the site processes, why, how long, and what might go wrong."""
    site = site.once()
    now = current(site)
    language = now.edition.organisation.settings.language
    workflows = [_about(each) for each in now.edition.workflows.values() if each.in_use]
    workflows.sort(key=lambda each: each.workflow.key)
    tables = _workflows(workflows, language), _activities(now, language)
    document = Document(
        say("processing.title", language),
        language,
        now.edition.organisation.name,
        site.today,
        tuple(_blocks(now, site, workflows, tables, language)),
        tables,
    )
    return Report(document, tuple(_row(each) for each in workflows))


def _about(workflow: Workflow) -> _About:
    told = [terms(workflow, step) for step in workflow.steps.values()]
    start = workflow.start
    persons = "case" if isinstance(start, EachCase) else ""
    return _About(
        workflow,
        "member" if isinstance(start, EachMember) else persons,
        tuple(asked.title for asked in inputs_of(start).values()),
        any(each.confidential for each in told),
        tuple(sorted({each.visible.value for each in told if each.visible is not None})),
    )


def _blocks(
    now: Current,
    site: Site,
    workflows: list[_About],
    tables: tuple[Table, Table],
    language: Language,
) -> Iterator[Block]:
    yield Paragraph(say("processing.draft", language), strong=True)
    yield Heading(say("processing.record", language))
    yield Paragraph(say("processing.controller", language, name=now.edition.organisation.name))
    people = sum(bool(person.name) for person in now.people.values())
    held = sum(seat.held(site.today) for seat in now.edition.seats)
    yield Paragraph(say("processing.scope", language, people=people, seats=held))
    yield tables[1]
    yield Heading(say("processing.workflows", language), 2)
    counts = Counter(each.persons for each in workflows)
    off = sum(not each.in_use for each in now.edition.workflows.values())
    yield Paragraph(
        say(
            "processing.counts",
            language,
            all=len(workflows),
            member=counts["member"],
            case=counts["case"],
            confidential=sum(each.confidential for each in workflows),
            off=off,
        )
    )
    yield tables[0]
    yield Heading(say("processing.assessment", language))
    yield Paragraph(say("processing.assessment-why", language))
    yield _risks(language)
    yield Heading(say("processing.open", language), 2)
    for name in _OPEN:
        yield Paragraph(say(f"processing.open.{name}", language))


def _activities(now: Current, language: Language) -> Table:
    periods = now.edition.organisation.settings.retention
    heads = ("activity", "data", "purpose", "recipients", "kept")
    rows = tuple(
        (
            *(say(f"processing.{name}.{head}", language) for head in heads[:4]),
            _kept(name, periods, language),
        )
        for name in _ACTIVITIES
    )
    return Table(
        say("processing.activities", language),
        tuple(say(f"processing.head.{head}", language) for head in heads),
        rows,
        (16, 26, 22, 20, 16),
    )


def _kept(activity: str, periods: Retention, language: Language) -> str:
    spans: dict[str, Span | None] = {
        "members": periods.seats or SEATS,
        "mails": periods.mails,
        "cases": periods.cases,
    }
    if activity not in spans:
        return say(f"processing.{activity}.kept", language)
    span = spans[activity]
    if span is None:
        return say("processing.no-period", language)
    return say(f"processing.{activity}.kept", language, period=length(span, language))


def _workflows(workflows: list[_About], language: Language) -> Table:
    heads = ("workflow", "persons", "inputs", "closed")
    rows = tuple(
        (
            each.workflow.title,
            say(f"processing.persons.{each.persons or 'none'}", language),
            listing(each.inputs, language) if each.inputs else "",
            _closed(each, language),
        )
        for each in workflows
    )
    return Table(
        say("processing.workflows", language),
        tuple(say(f"processing.head.{head}", language) for head in heads),
        rows,
        (28, 20, 32, 20),
    )


def _closed(about: _About, language: Language) -> str:
    words = [say(f"processing.side.{side}", language) for side in about.sides]
    if about.confidential:
        words.insert(0, say("processing.confidential", language))
    return ", ".join(words)


def _risks(language: Language) -> Table:
    heads = ("risk", "measure", "left")
    rows = tuple(
        tuple(say(f"processing.risk.{name}.{head}", language) for head in heads) for name in _RISKS
    )
    return Table(
        say("processing.risks", language),
        tuple(say(f"processing.head.{head}", language) for head in heads),
        rows,
        (28, 40, 32),
    )


def _row(about: _About) -> Mapping[str, object]:
    return {
        "workflow": about.workflow.key,
        "persons": about.persons or None,
        "inputs": list(about.inputs),
        "confidential": about.confidential,
        "visible": list(about.sides),
    }
