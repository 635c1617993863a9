"""Proof of a year: what was due, when it was done, and where that can be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.documents import Cell, Document, Heading, Paragraph, Table
from engine.documents.model import Block
from engine.planning.facts import Done, Postponed, Waived
from engine.planning.status import State
from engine.service.current import Current, current
from engine.service.planning import Asked, known
from engine.service.reports.by_role import by_role
from engine.service.reports.mails import mail_table, sent_in
from engine.service.reports.report import Report
from engine.service.reports.settled import Decision, Settled, YearSettled, settled_year
from engine.service.reports.small import about_members
from engine.service.site import Site
from engine.wording.cases import with_case
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.holders import responsible_words
from engine.wording.sources import sources_words
from engine.wording.states import postponed_word, state_word
from engine.wording.told import told_sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline of the report, in words."""

    settled: Settled
    committee: str
    title: str
    workflow: str
    responsible: str
    status: str
    told: tuple[str, ...]
    source: str

    @property
    def due_on(self) -> date | None:
        """The day to act by."""
        return self.settled.deadline.due_on


def year_report(site: Site, year: int | None = None, committee: str = "") -> Report:
    """What became of the deadlines of a year, of one committee or of all."""
    site = site.once()
    now = current(site)
    known(now, Asked(committee=committee))
    year = year or site.today.year
    settled = settled_year(now, year, committee, site.today)
    mails = sent_in(site, now, year, committee)
    language = now.edition.organisation.settings.language
    lines = [_line(each, settled, language) for each in settled.open_to_all]
    title = say("report.year.title", language, year=year)
    if committee:
        body = now.edition.organisation.committees[committee].title
        title = say("report.year.title-of", language, year=year, committee=body)
    blocks = _blocks(now, site.today, lines, settled, language)
    counted = mail_table(mails, language)
    none = Paragraph(say("report.no-mails", language))
    blocks += [Heading(say("report.mails", language)), counted if counted.rows else none]
    document = Document(
        title,
        language,
        now.edition.organisation.name,
        site.today,
        tuple(blocks),
        (_sheet(lines, language), _summary(lines, now, language), counted),
    )
    return Report(document, tuple(_row(line) for line in lines))


def _line(settled: Settled, found: YearSettled, language: Language) -> Line:
    deadline = settled.deadline
    organisation = found.plan.register.edition.organisation
    body = organisation.committees.get(deadline.committee)
    told = sorted(settled.told, key=lambda each: _told_on(each) or date.min)
    sentences = [_evidence(each, settled, found, language) for each in told]
    return Line(
        settled,
        body.title if body else say("report.no-committee", language),
        with_case(deadline.title, deadline.case, language),
        deadline.workflow_title or say("followup.title", language),
        responsible_words(deadline, organisation, language),
        _status(settled, found.today, language),
        tuple(sentences),
        sources_words(deadline.terms.source, language),
    )


def _told_on(told: Decision) -> date | None:
    return told.told_on if isinstance(told, Postponed) else told.on


def _evidence(told: Decision, settled: Settled, found: YearSettled, language: Language) -> str:
    """What was told, with its meeting, its item and who told it, by role."""
    committee = settled.deadline.committee
    by = "" if isinstance(told, Postponed) else told.by
    who = by_role(by, committee, _told_on(told) or date.min, found.plan, language)
    if isinstance(told, Waived):
        told = replace(told, by=who)
    if not isinstance(told, Waived) and told.via:
        told = replace(told, via=_mailed_to(told, committee, found, language))
    said = told_sentence(told, committee, found.plan, language)
    if isinstance(told, Done) and not told.via and who and not told.unit:
        said += " " + say("report.told-by", language, who=who)
    return said


def _mailed_to(
    told: Done | Postponed, committee: str, found: YearSettled, language: Language
) -> str:
    """Whom the link was mailed to, by role as everything in a report."""
    name = told.via.rpartition(":")[2]
    on = _told_on(told) or date.min
    return by_role(name, committee, on, found.plan, language)


def _status(settled: Settled, today: date, language: Language) -> str:
    if settled.before_start:
        return say("report.before-start", language)
    if settled.by_itself:
        return say("report.by-itself", language)
    if settled.late:
        return say("report.late", language)
    due_on = settled.deadline.due_on
    word = state_word(settled.state, language)
    is_open = settled.state not in (State.DONE, State.WAIVED)
    if is_open and due_on is not None and due_on < today and not settled.deadline.terms.binding:
        word = say("report.advice", language)
    if settled.deadline.postponed and is_open:
        return f"{postponed_word(language)}, {word}"
    return word


def _blocks(
    now: Current, today: date, lines: list[Line], settled: YearSettled, language: Language
) -> list[Block]:
    day = long_day(today, language)
    blocks: list[Block] = [
        Paragraph(say("report.year.about", language, name=now.edition.organisation.name, day=day))
    ]
    if any(line.settled.before_start for line in lines) and now.in_force_on is not None:
        on = long_day(now.in_force_on, language)
        blocks.append(Paragraph(say("report.year.before", language, day=on)))
    blocks.append(Heading(say("report.overview", language)))
    blocks.append(_summary(lines, now, language))
    if settled.confidential:
        count = settled.confidential
        blocks.append(Paragraph(say("report.confidential", language, count=count)))
    for title, own in _by_committee(lines, now, language):
        blocks += [Heading(title), _reading_table(title, own, language)]
    if settled.about_members:
        blocks.append(Heading(say("report.members", language)))
        blocks.append(Paragraph(say("report.members.about", language)))
        blocks.append(about_members(settled.about_members, language))
    if not lines:
        blocks.append(Paragraph(say("report.nothing", language)))
    return blocks


def _by_committee(
    lines: Sequence[Line], now: Current, language: Language
) -> Iterator[tuple[str, list[Line]]]:
    """The lines of each committee, in the order of the organisation; what has none comes last."""
    bodies = now.edition.organisation.committees
    order = {key: number for number, key in enumerate(bodies)}
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.settled.deadline.committee, []).append(line)
    for key in sorted(found, key=lambda key: order.get(key, len(order))):
        yield found[key][0].committee, found[key]


def _reading_table(title: str, lines: list[Line], language: Language) -> Table:
    heads = ("due", "what", "status", "done", "evidence", "source")
    rows = tuple(
        (
            line.due_on,
            line.title if line.title == line.workflow else f"{line.title}\n{line.workflow}",
            line.status,
            line.settled.done_on,
            "\n".join(line.told),
            line.source,
        )
        for line in lines
    )
    return Table(title, _heads(heads, language), rows, (9, 18, 8, 9, 20, 18))


def _sheet(lines: list[Line], language: Language) -> Table:
    heads = (
        *("committee", "workflow", "step", "responsible", "nominal", "due"),
        *("status", "done", "evidence", "source", "key"),
    )
    rows = tuple(
        (
            line.committee,
            line.workflow,
            line.title,
            line.responsible,
            line.settled.deadline.nominal_on,
            line.due_on,
            line.status,
            line.settled.done_on,
            " ".join(line.told),
            line.source,
            line.settled.deadline.key,
        )
        for line in lines
    )
    name, widths = say("report.deadlines", language), (7, 9, 10, 8, 3, 3, 4, 3, 12, 12, 10)
    return Table(name, _heads(heads, language), rows, widths)


def _summary(lines: list[Line], now: Current, language: Language) -> Table:
    heads: tuple[str, ...]
    heads = ("committee", "due-count", "done", "of-which-late", "waived", "overdue", "not-yet")
    heads = (*heads, "by-itself")
    rows: list[tuple[Cell, ...]]
    rows = [(title, *_counts(own)) for title, own in _by_committee(lines, now, language)]
    if len(rows) > 1:
        rows.append((say("report.all", language), *_counts(lines)))
    any_before = any(line.settled.before_start for line in lines)
    shown = len(heads) + 1 if any_before else len(heads)
    heads = (*heads, "before-start")[:shown]
    cut = tuple(row[:shown] for row in rows)
    widths = (24, *(8 for _ in heads[1:]))
    return Table(say("report.overview", language), _heads(heads, language), cut, widths)


def _counts(lines: Sequence[Line]) -> tuple[int, ...]:
    """How many: all, done, late, waived, overdue, to come, by themselves, before the start."""
    every = [line.settled for line in lines]
    by_itself = sum(each.by_itself for each in every)
    done = sum(each.state is State.DONE for each in every) - by_itself
    late = sum(each.late for each in every)
    waived = sum(each.state is State.WAIVED for each in every)
    before = sum(each.before_start for each in every)
    overdue = sum(each.state is State.OVERDUE and not each.before_start for each in every)
    rest = len(every) - done - waived - overdue - by_itself - before
    return len(every), done, late, waived, overdue, rest, by_itself, before


def _heads(names: tuple[str, ...], language: Language) -> tuple[str, ...]:
    return tuple(say(f"report.head.{name}", language) for name in names)


def _row(line: Line) -> Mapping[str, object]:
    deadline = line.settled.deadline
    return {
        "key": deadline.key,
        "committee": deadline.committee,
        "workflow": deadline.workflow,
        "title": deadline.title,
        "responsible": line.responsible,
        "nominal_on": deadline.nominal_on,
        "due_on": deadline.due_on,
        "state": line.settled.state,
        "postponed": deadline.postponed,
        "late": line.settled.late,
        "before_start": line.settled.before_start,
        "by_itself": line.settled.by_itself,
        "done_on": line.settled.done_on,
        "told": line.told,
        "source": [source.model_dump() for source in deadline.terms.source],
    }
