"""A timetable: days and weeks down, and a column for each of those the steps fall to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from engine.documents import Cell, Document, Paragraph, Table
from engine.documents.model import Block
from engine.errors import Unknown
from engine.planning.edition import Edition, Milestones
from engine.planning.periods import Window, add_months
from engine.planning.plan import Deadline, Plan
from engine.planning.starts import EachMilestones
from engine.planning.timetables import Timetable
from engine.service.current import Current, current
from engine.service.reports.report import Report
from engine.service.site import Site
from engine.wording.cases import with_case
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day, week
from engine.wording.explain import missing_sentence
from engine.wording.gate import NOBODY, Sight, seen
from engine.wording.lengths import listing

OTHER = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A step of the timetable, its column, and the committees it is asked of on that day."""

    deadline: Deadline
    column: str
    title: str


@dataclass(frozen=True, slots=True)
class Span:
    """The period a timetable is about, and the days that belong to it."""

    period: str
    from_on: date
    until_on: date
    of_case: bool = False


def timetable_report(
    site: Site, name: str, period: str = "", *, confidential: bool = False
) -> Report:
    """The steps of a timetable's workflows in one period, or of one case by its number.

    What is confidential is only counted, unless it is asked for; the document then says so.
    """
    site = site.once()
    now = current(site)
    timetable = _named(name, now.edition)
    known = _periods(timetable, now)
    if period and period not in known:
        raise Unknown("report.no-period", name=period, known=", ".join(known) or "–")
    span = _span(timetable, period, now, site.today)
    # A case that is opened in the year may go on into the next.
    plan = now.plan(Window(span.from_on, add_months(span.until_on, 12)))
    wanted = [each for each in plan.deadlines if _is_of(each, timetable, span, plan)]
    open_to_all = [each for each in wanted if _shown(each, plan, site.today, confidential)]
    closed = sum(each.terms.confidential and each.terms.visible is None for each in wanted)
    language = now.edition.organisation.settings.language
    placed = [_placed(each, timetable, language) for each in open_to_all]
    table = _table(timetable, placed, plan, language)
    blocks: list[Block] = []
    if closed and confidential:
        blocks.append(Paragraph(say("report.closed", language), strong=True))
    day = long_day(site.today, language)
    blocks.append(Paragraph(say("report.timetable.about", language, day=day)))
    blocks.append(table)
    if closed and not confidential:
        blocks.append(Paragraph(say("report.confidential", language, count=closed)))
    title = f"{timetable.title} {span.period}".strip()
    if span.of_case:
        title = with_case(timetable.title, span.period, language)
    author = now.edition.organisation.name
    document = Document(title, language, author, site.today, tuple(blocks), (table,))
    return Report(document, tuple(_row(each) for each in placed))


def _named(name: str, edition: Edition) -> Timetable:
    found = edition.timetables.get(name)
    if found is None:
        known = sorted(edition.timetables)
        near = get_close_matches(name, known, n=1)
        raise Unknown(
            "report.no-timetable",
            name=name,
            near=near[0] if near else "",
            known=", ".join(known) or "–",
        )
    return found


def _kinds(timetable: Timetable, edition: Edition) -> set[str]:
    starts = [edition.workflows[key].start for key in timetable.shows(edition.workflows)]
    return {start.kind for start in starts if isinstance(start, EachMilestones)}


def _sets(timetable: Timetable, edition: Edition) -> list[Milestones]:
    """The milestones that the timetable's workflows begin with, in the order of their days."""
    kinds = _kinds(timetable, edition)
    own = [each for each in edition.milestones if each.kind in kinds and each.dates]
    return sorted(own, key=lambda each: min(each.dates.values()))


def _periods(timetable: Timetable, now: Current) -> list[str]:
    """What can be asked for: the periods of the milestones, and the numbers of cases."""
    shown = timetable.shows(now.edition.workflows)
    cases = [each.number for each in now.facts.cases if each.workflow in shown]
    return [*dict.fromkeys(each.period for each in _sets(timetable, now.edition)), *cases]


def _span(timetable: Timetable, period: str, now: Current, today: date) -> Span:
    """The calendar year of the milestones asked for, otherwise of those that are not over yet."""
    if any(case.number == period for case in now.facts.cases):
        # A case may go on for years, and its days may be known long before.
        from_on, until_on = date(today.year - 2, 1, 1), date(today.year + 2, 12, 31)
        return Span(period, from_on, until_on, of_case=True)
    sets = _sets(timetable, now.edition)
    if period:
        chosen = next((each for each in sets if each.period == period), None)
    else:
        coming = (each for each in sets if max(each.dates.values()) >= today)
        chosen = next(coming, sets[-1] if sets else None)
    year = chosen.year if chosen else today.year
    return Span(chosen.period if chosen else period, date(year, 1, 1), date(year, 12, 31))


def _is_of(deadline: Deadline, timetable: Timetable, span: Span, plan: Plan) -> bool:
    """Whether a deadline is of the period: its milestones', or of a case opened that year."""
    if deadline.workflow not in timetable.shows(plan.register.edition.workflows):
        return False
    if span.of_case:
        return deadline.case == span.period
    if deadline.case:
        return span.from_on <= deadline.about_on <= span.until_on
    return deadline.occurrence == span.period


def _shown(deadline: Deadline, plan: Plan, today: date, confidential: bool) -> bool:
    if deadline.terms.visible is not None:
        return False
    if deadline.terms.confidential:
        return confidential
    return seen(deadline, NOBODY, plan.register, today) is Sight.FULL


def _placed(deadline: Deadline, timetable: Timetable, language: Language) -> Placed:
    title = deadline.title
    column = timetable.column(deadline.step, title, deadline.kind, deadline.terms.responsible)
    begins, colon, rest = title.partition(":")
    if column and colon and begins.strip().casefold() == timetable.columns[column].title.casefold():
        title = rest.strip()[:1].upper() + rest.strip()[1:]
    return Placed(deadline, column or OTHER, with_case(title, deadline.case, language))


def _table(timetable: Timetable, placed: list[Placed], plan: Plan, language: Language) -> Table:
    columns = {key: column.title for key, column in timetable.columns.items()}
    if any(each.column == OTHER for each in placed):
        columns[OTHER] = say("report.other", language)
    days: dict[tuple[date, str], list[Placed]] = {}
    for each in placed:
        days.setdefault(_place(each.deadline), []).append(each)
    rows: list[tuple[Cell, ...]] = []
    for (on, undated), own in sorted(days.items(), key=lambda row: row[0]):
        cells = (
            _cell((each for each in own if each.column == key), plan, language) for key in columns
        )
        when: tuple[Cell, Cell]
        when = ("", say(undated, language)) if undated else (week(on, language), on)
        rows.append((*when, *cells))
    heads = (*(say(f"report.head.{name}", language) for name in ("week", "day")), *columns.values())
    widths = (6, 9, *(16 for _ in columns))
    return Table(timetable.title, heads, tuple(rows), widths)


def _place(deadline: Deadline) -> tuple[date, str]:
    """Where a step stands, and what stands in place of its day: what has none comes last."""
    if deadline.due_on is not None:
        return deadline.due_on, ""
    return date.max, "report.undated" if deadline.missing else "report.soon"


def _cell(placed: Iterable[Placed], plan: Plan, language: Language) -> str:
    """What stands in one cell: a step once, with the committees it is asked of."""
    found: dict[tuple[str, str], list[Placed]] = {}
    for each in placed:
        found.setdefault((each.deadline.step, each.title), []).append(each)
    lines = []
    for (_, title), own in found.items():
        first = own[0].deadline
        targets = _targets([each.deadline for each in own], plan, language)
        line = f"{title} ({targets})" if targets else title
        missing = "" if first.due_on else missing_sentence(first, plan, language)
        lines.append(f"{line}. {missing}" if missing else line)
    return "\n".join(lines)


def _targets(asked: list[Deadline], plan: Plan, language: Language) -> str:
    """The committees that a step fans out to on a day, or that it is all of them."""
    line, owner = asked[0].line, asked[0].owner
    if not line.step.committees:
        return ""
    every = plan.register.targets(line, owner)
    if len(asked) > 1 and len(asked) == len(every):
        return say("report.all-targets", language, count=len(every))
    bodies = plan.register.edition.organisation.committees
    order = {key: number for number, key in enumerate(bodies)}
    keys = sorted((each.committee for each in asked), key=order.__getitem__)
    return listing([bodies[key].title for key in keys], language)


def _row(placed: Placed) -> Mapping[str, object]:
    deadline = placed.deadline
    return {
        "key": deadline.key,
        "due_on": deadline.due_on,
        "column": placed.column or None,
        "title": placed.title,
        "committee": deadline.committee,
    }
