"""Who lacks which training by when, and how many courses that takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from engine.documents import Cell, Document, Heading, Paragraph, Table
from engine.documents.model import Block
from engine.errors import Unknown
from engine.planning.courses import fewest_courses
from engine.planning.facts import Facts
from engine.planning.lacks import Lack, by_training, lacks_on
from engine.planning.periods import Window, add_months
from engine.planning.plan import Plan
from engine.service.current import Current, current
from engine.service.reports.planned import Places, days, places, planned_table
from engine.service.reports.report import Report
from engine.service.reports.small import few, is_small, unshown
from engine.service.site import Site
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.holders import role_title

AHEAD_MONTHS = 12
# Nobody is asked to be trained for a seat taken longer ago than this, if no start is known.
BACK_MONTHS = 36


Lacks = Sequence[Lack]


def training_report(
    site: Site, on: date | None = None, seats: int = 20, *, names: bool = False
) -> Report:
    """What members lack on a day and must have within a year of it; by name only when asked."""
    if seats < 1:
        raise Unknown("report.seats", seats=seats)
    site = site.once()
    now = current(site)
    on = on or site.today
    made, found = lacking(now, on)
    language = now.edition.organisation.settings.language
    trainings = by_training(found)
    given = places(trainings, made, on)
    blocks = _blocks(trainings, given, now, made, on, seats, language, names=names)
    sheets = [
        _people(found, given, now, language) if names else _groups(trainings, now, language),
        _courses(trainings, given, on, seats, language, names=names),
    ]
    if given.courses:
        sheets.insert(1, planned_table(trainings, given, language, names=names))
    title = say("report.training.title", language)
    author = now.edition.organisation.name
    document = Document(title, language, author, on, tuple(blocks), tuple(sheets))
    return Report(document, tuple(_rows(trainings, given, now, names=names)))


def lacking(now: Current, on: date) -> tuple[Plan, list[Lack]]:
    """The plan of a day as far as it was told of by then, and what members lack on it."""
    told = replace(now, facts=_by_then(now.facts, on))
    from_on = min(now.in_force_on, on) if now.in_force_on else add_months(on, -BACK_MONTHS)
    plan = told.plan(Window(from_on, add_months(on, AHEAD_MONTHS)))
    return plan, lacks_on(plan, on)


def _by_then(facts: Facts, on: date) -> Facts:
    return replace(
        facts,
        done=tuple(each for each in facts.done if each.on <= on),
        waived=tuple(each for each in facts.waived if each.on <= on),
    )


def _blocks(
    trainings: Mapping[str, Lacks],
    given: Places,
    now: Current,
    plan: Plan,
    on: date,
    seats: int,
    language: Language,
    *,
    names: bool,
) -> list[Block]:
    told = {"day": long_day(on, language), "until": long_day(plan.window.until_on, language)}
    blocks: list[Block] = []
    if names:
        blocks.append(Paragraph(say("report.names", language), strong=True))
    blocks.append(Paragraph(say("report.training.about", language, **told)))
    if not names:
        blocks.append(Paragraph(say("report.training.few", language, count=5)))
    if not trainings:
        return [*blocks, Paragraph(say("report.training.none", language))]
    if names:
        blocks.append(Heading(say("report.training.lacks", language)))
        for lacks in trainings.values():
            blocks += [Heading(lacks[0].training, 2), _of_one_training(lacks, given, now, language)]
    else:
        blocks.append(Heading(say("report.training.lacks", language)))
        blocks.append(_groups(trainings, now, language))
    blocks += _course_blocks(trainings, given, on, seats, language, names=names)
    return blocks


def _course_blocks(
    trainings: Mapping[str, Lacks],
    given: Places,
    on: date,
    seats: int,
    language: Language,
    *,
    names: bool,
) -> Iterator[Block]:
    """The planned courses, and those that it takes for whoever has no seat on one."""
    yield Heading(say("report.planned", language))
    if not given.courses:
        yield Paragraph(say("report.planned.none", language))
    else:
        yield Paragraph(say("report.planned.about", language))
        yield planned_table(trainings, given, language, names=names)
    table = _courses(trainings, given, on, seats, language, names=names)
    yield Heading(table.name)
    if table.rows:
        yield Paragraph(say("report.courses.about", language, count=seats))
        yield table
    else:
        yield Paragraph(say("report.courses.none", language))


def _by_committee(lacks: Lacks, now: Current) -> dict[str, list[Lack]]:
    """The lacks of each committee, in the order of the organisation."""
    found: dict[str, list[Lack]] = {key: [] for key in now.edition.organisation.committees}
    for lack in lacks:
        found.setdefault(lack.seat.committee, []).append(lack)
    return {key: own for key, own in found.items() if own}


def _groups(trainings: Mapping[str, Lacks], now: Current, language: Language) -> Table:
    heads = ("training", "committee", "lacks", "of-which-overdue", "first")
    rows = [row for lacks in trainings.values() for row in _group_rows(lacks, now, language)]
    name = say("report.training.lacks", language)
    return Table(name, _heads(heads, language), tuple(rows), (30, 26, 10, 12, 14))


def _group_rows(lacks: Lacks, now: Current, language: Language) -> Iterator[tuple[Cell, ...]]:
    groups = _by_committee(lacks, now)
    hidden = unshown({key: len(own) for key, own in groups.items()})
    for key, own in groups.items():
        shown = (
            (_unshown_word(len(own), language), "", None)
            if key in hidden
            else (len(own), few(sum(lack.overdue for lack in own), language), _first(own))
        )
        yield (own[0].training, now.edition.organisation.committees[key].title, *shown)
    overdue = sum(lack.overdue for lack in lacks)
    total = few(len(lacks), language)
    known = not is_small(len(lacks))
    rest = (few(overdue, language), _first(lacks)) if known else ("", None)
    yield (lacks[0].training, say("report.all", language), total, *rest)


def _unshown_word(count: int, language: Language) -> str:
    return str(few(count, language)) if is_small(count) else say("report.unshown", language)


def _first(lacks: Lacks) -> date | None:
    days = [lack.deadline.due_on for lack in lacks if lack.deadline.due_on is not None]
    return min(days, default=None)


def _people(lacks: Lacks, given: Places, now: Current, language: Language) -> Table:
    organisation = now.edition.organisation
    heads = ["committee", "name", "role", "training", "due", "status"]
    if given.courses:
        heads.append("course")
    rows = tuple(
        (
            organisation.committees[lack.seat.committee].title,
            _name(lack, now, language),
            role_title(lack.seat.role, organisation, language),
            lack.training,
            lack.deadline.due_on,
            say("report.overdue" if lack.overdue else "report.in-time", language),
            *([days(given.of(lack), language)] if given.courses else []),
        )
        for own in _by_committee(lacks, now).values()
        for lack in own
    )
    name = say("report.training.lacks", language)
    return Table(
        name, _heads(tuple(heads), language), rows, (22, 16, 14, 26, 12, 10, 22)[: len(heads)]
    )


def _of_one_training(lacks: Lacks, given: Places, now: Current, language: Language) -> Table:
    """The people who lack one training, which stands in the heading already."""
    table = _people(lacks, given, now, language)
    kept = [index for index in range(len(table.heads)) if index != 3]
    return Table(
        lacks[0].training,
        tuple(table.heads[index] for index in kept),
        tuple(tuple(row[index] for index in kept) for row in table.rows),
        tuple(table.widths[index] for index in kept),
    )


def _name(lack: Lack, now: Current, language: Language) -> str:
    person = now.people.get(lack.seat.person)
    if person is None or person.name:
        return person.name if person else lack.seat.person
    return say("people.former", language, person=person.id)


def _courses(
    trainings: Mapping[str, Lacks],
    given: Places,
    on: date,
    seats: int,
    language: Language,
    *,
    names: bool,
) -> Table:
    heads = ("training", "number", "over-by", "people")
    rows: list[tuple[Cell, ...]] = []
    for lacks in trainings.values():
        left = [lack.deadline.due_on for lack in lacks if given.of(lack) is None]
        due = [on for on in left if on is not None]
        for number, course in enumerate(fewest_courses(due, seats), start=1):
            past = course.by_on < on
            by_on = say("report.at-once", language) if past else course.by_on
            people = course.people if names else few(course.people, language)
            rows.append((lacks[0].training, number, by_on, people))
    name = say("report.courses-more" if given.courses else "report.courses", language)
    return Table(name, _heads(heads, language), tuple(rows), (34, 8, 20, 14))


def _heads(names: tuple[str, ...], language: Language) -> tuple[str, ...]:
    return tuple(say(f"report.head.{name}", language) for name in names)


def _rows(
    trainings: Mapping[str, Lacks], given: Places, now: Current, *, names: bool
) -> Iterator[Mapping[str, object]]:
    """By name: one a person. Otherwise one a committee; a number that is not shown is null."""
    for lacks in trainings.values():
        groups = _by_committee(lacks, now)
        hidden = unshown({key: len(own) for key, own in groups.items()})
        for key, own in groups.items():
            line = own[0].deadline
            about = {"workflow": line.workflow, "step": line.step, "committee": key}
            if not names:
                yield {**about, "lacking": None if key in hidden else len(own)}
                continue
            for lack in own:
                due_on = lack.deadline.due_on
                person = now.people.get(lack.seat.person)
                name = (person and person.name) or lack.seat.person
                course = given.of(lack)
                starts_on = course.starts_on if course else None
                yield {
                    **about,
                    "name": name,
                    "due_on": due_on,
                    "overdue": lack.overdue,
                    "course": starts_on,
                }
