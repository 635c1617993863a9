"""A site's files: all faults of all files at once, and an edition where there is no error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.definitions.bodies import member_findings, organisation_findings
from engine.definitions.chains import chain_findings
from engine.definitions.courses import course_findings
from engine.definitions.dates import DEFAULT_DAYS, MeetingPlans, milestone_findings
from engine.definitions.daysets import day_sets
from engine.definitions.duties import workflow_findings
from engine.definitions.faults import as_key, findings_of
from engine.definitions.horizon import day_set_remarks, force_remarks
from engine.definitions.likeness import nearest
from engine.definitions.members import Members, read_members
from engine.definitions.names import Names
from engine.definitions.nodes import Document, read_document
from engine.definitions.nodes import Path as Steps
from engine.definitions.part import Part
from engine.definitions.remainder import sound_part
from engine.definitions.remarks import (
    effect_findings,
    source_findings,
    table_remarks,
    use_remarks,
)
from engine.definitions.renamed import renamed_findings
from engine.definitions.rulenames import rule_findings
from engine.definitions.sides import Sides
from engine.definitions.sourcelist import list_findings
from engine.definitions.tables import extending_findings, table_findings, table_model
from engine.definitions.timetables import timetable_findings
from engine.definitions.unused import milestone_remarks
from engine.definitions.whose import Whose
from engine.errors import Finding, Severity
from engine.planning.edition import DaySetFile, Edition, MeetingPlan, Milestones
from engine.planning.facts import FOLLOW_UP
from engine.planning.fields import KEY
from engine.planning.organisation import Organisation, Person
from engine.planning.planned_courses import COURSES, PlannedCourses
from engine.planning.sources import SourceList
from engine.planning.tables import AnyTable, DecisionTable
from engine.planning.timetables import Timetables
from engine.planning.workdays import WorkingCalendar
from engine.planning.workflow import Workflow

ORGANISATION = "organisation/organisation.yaml"
MEMBERS = "organisation/members.csv"
TIMETABLES = "organisation/timetables.yaml"
MEETINGS = "calendars/meetings/"
MILESTONES = "calendars/milestones/"
WORKING_DAYS = "calendars/working-days/"
TABLES = "workflows/tables/"
WORKFLOWS = "workflows/"
SOURCES = "workflows/sources.yaml"
FINDINGS_A_FILE = 200
FILES_KEPT = 400
KEPT_SIZE = 32 * 1024
"""How many files are kept as they were read, and the largest of them in bytes."""
_SEVERITIES = tuple(Severity)

M = TypeVar("M", bound=BaseModel)
_File = tuple[Document, Part[Any] | None, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a site gave: an edition unless there are errors, its people, all findings."""

    edition: Edition | None
    people: Mapping[str, Person]
    findings: tuple[Finding, ...]
    documents: Mapping[str, Document] = field(default_factory=dict)

    def place(self, path: str, steps: Steps) -> tuple[int, int]:
        """Line and column of a value in a workflow or the list of sources, or of what is around."""
        document = self.documents.get(path)
        if document is None:
            return (0, 0)
        spot = document.key_spot(steps)
        return (spot.line, spot.column)

    @property
    def sound(self) -> bool:
        """Whether the files can take effect."""
        return self.edition is not None


def read_site(files: Mapping[str, bytes], today: date | None = None) -> Reading:
    """Reads and checks all files of a site, by their paths; `today` tells the age of checks."""
    return _read(_Site(), files, today)


def read_stored(files: Mapping[str, bytes]) -> Reading:
    """Reads files that were checked and took effect once, perhaps by an older program.

    What holds the files against each other may find errors that were none then; the edition
    stands all the same, since a site must not stop because a program has learnt to look closer.
    There is none where a file cannot be understood: what is left out would seem to be gone.
    """
    return _read(_Site(stored=True), files, None)


def _read(site: _Site, files: Mapping[str, bytes], today: date | None) -> Reading:
    for path in sorted(files):
        site.read(path, files[path])
    site.missing(files)
    edition = site.checked(today)
    findings = tuple(_fewer(sorted(site.findings, key=lambda finding: finding.order)))
    faulty = _faulty(site.not_understood if site.stored else findings)
    people = site.members.people if site.members else {}
    parts: list[Part[Any]] = [*site.workflows.values(), *_some(site.sources)]
    documents = {part.path: part.document for part in parts}
    return Reading(None if faulty else edition, people, findings, documents)


def _faulty(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _fewer(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, and for a file with very many of them one that says how many more."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    left: list[Finding] = []
    for path, found in by_path.items():
        worst_first = sorted(found, key=lambda finding: _SEVERITIES.index(finding.severity))
        kept, more = worst_first[:FINDINGS_A_FILE], worst_first[FINDINGS_A_FILE:]
        yield from sorted(kept, key=lambda finding: finding.order)
        if more:
            at, told = found[-1], {"count": len(more)}
            left.append(
                Finding("more-faults", more[0].severity, path, at.line, at.column, params=told)
            )
    yield from left


@dataclass(slots=True)
class _Site:
    """The files read so far, each by the name the others use for it."""

    organisation: Part[Organisation] | None = None
    organised: Document | None = None
    members: Members | None = None
    timetables: Part[Timetables] | None = None
    courses: Part[PlannedCourses] | None = None
    plans: list[Part[MeetingPlan]] = field(default_factory=list)
    milestones: list[Part[Milestones]] = field(default_factory=list)
    day_sets: dict[str, Part[DaySetFile]] = field(default_factory=dict)
    tables: dict[str, Part[AnyTable]] = field(default_factory=dict)
    workflows: dict[str, Part[Workflow]] = field(default_factory=dict)
    sources: Part[SourceList] | None = None
    known: dict[str, list[str]] = field(default_factory=dict)
    """The names of files by folder, also of those with faults."""
    findings: list[Finding] = field(default_factory=list)
    stored: bool = False
    """Whether the files took effect once."""
    not_understood: tuple[Finding, ...] = ()
    """What was found before the files were held against each other."""

    def read(self, path: str, content: bytes) -> None:
        """Takes one file in, according to where it lies."""
        if path == MEMBERS:
            self.members = read_members(content, path)
            self.findings += self.members.findings
        elif path == ORGANISATION:
            self.organisation = self._part(path, content, Organisation)
        elif path == TIMETABLES:
            self.timetables = self._part(path, content, Timetables)
        elif path == COURSES:
            self.courses = self._part(path, content, PlannedCourses)
        elif not path.endswith(".yaml"):
            self._strange(path)
        elif _directly(path, MEETINGS):
            self.plans += _some(self._part(path, content, MeetingPlan))
        elif _directly(path, MILESTONES):
            self.milestones += _some(self._part(path, content, Milestones))
        elif _directly(path, WORKING_DAYS):
            self._named(self.day_sets, WORKING_DAYS, path, self._part(path, content, DaySetFile))
        elif _directly(path, TABLES):
            self._named(self.tables, TABLES, path, self._table(path, content))
        elif path == SOURCES:
            self.sources = self._part(path, content, SourceList)
        elif path.startswith(WORKFLOWS):
            self._named(self.workflows, WORKFLOWS, path, self._part(path, content, Workflow))
        else:
            self._strange(path)

    def _strange(self, path: str) -> None:
        """A file that nothing reads, perhaps for its ending or its folder."""
        name = path.removesuffix(".yml") + ".yaml" if path.endswith(".yml") else ""
        known = [] if path.endswith(".yml") else [ORGANISATION, MEMBERS, TIMETABLES, COURSES]
        near = name or nearest(path, known)
        found = Finding("file-unknown", Severity.WARNING, path, 1, 1, params={"nearest": near})
        self.findings.append(found)

    def _named(self, parts: dict[str, Any], folder: str, path: str, part: Part[Any] | None) -> None:
        key = path.removeprefix(folder).removesuffix(".yaml")
        if not all(KEY.fullmatch(name) for name in key.split("/")):
            near = "/".join(as_key(name) for name in key.split("/")) + ".yaml"
            params = {"nearest": folder + near}
            self.findings.append(Finding("file-name", path=path, line=1, column=1, params=params))
        if folder == WORKFLOWS and key == FOLLOW_UP:
            # Follow-ups have this name in their keys, and a workflow's would be taken for theirs.
            self.findings.append(Finding("file-reserved", path=path, line=1, column=1))
        self.known.setdefault(folder, []).append(key)
        if part is not None:
            parts[key] = part

    def _part(self, path: str, content: bytes, model: type[M]) -> Part[M] | None:
        document, part, findings = _one_file(path, content, model)
        self.findings += findings
        if path == ORGANISATION and document.content is not None:
            self.organised = document
        return part

    def _table(self, path: str, content: bytes) -> Part[AnyTable] | None:
        _, part, findings = _one_file(path, content, None)
        self.findings += findings
        return part

    def missing(self, files: Mapping[str, bytes]) -> None:
        """A site cannot do without an organisation and the working days rules count in."""
        for path in (ORGANISATION, MEMBERS, f"{WORKING_DAYS}{DEFAULT_DAYS}.yaml"):
            if path not in files:
                self.findings.append(Finding("file-missing", Severity.ERROR, path, 1, 1))

    def checked(self, today: date | None) -> Edition | None:
        """Holds the files against each other, and puts them together."""
        calendars, faults = day_sets(self.day_sets)
        self.findings += faults
        self.not_understood = tuple(self.findings)
        names = self._names(calendars)
        working = calendars.get(DEFAULT_DAYS)
        plans = MeetingPlans(working, names, keeps_all=self.stored)
        for plan in self.plans:
            plans.add(plan)
        self.findings += plans.findings
        self.findings += day_set_remarks(self.day_sets, calendars, today)
        self.findings += milestone_findings(self.milestones, working)
        if self.organisation is not None:
            self.findings += organisation_findings(self.organisation, names)
            self.findings += force_remarks(self.organisation, today)
        if self.members is not None:
            self.findings += member_findings(self.members, names)
        whose = Whose(names)
        sides = Sides(names, whose.roster)
        if self.organisation is not None:
            self.findings += sides.default_findings(self.organisation, self.workflows.values())
        for part in self.workflows.values():
            self.findings += workflow_findings(part, names)
            self.findings += whose.findings(part)
            self.findings += sides.findings(part)
            self.findings += rule_findings(part, names)
            self.findings += chain_findings(part)
            self.findings += source_findings(part, today)
            self.findings += effect_findings(part)
        self.findings += use_remarks(self.workflows)
        self.findings += renamed_findings(self.workflows, self.known.get(WORKFLOWS, ()))
        self.findings += milestone_remarks(self.milestones, self.workflows.values())
        for table in self.tables.values():
            self.findings += table_findings(table, names)
            self.findings += table_remarks(table, today)
        self.findings += extending_findings(self.tables)
        if self.sources is not None:
            self.findings += list_findings(self.sources)
        if self.timetables is not None:
            self.findings += timetable_findings(self.timetables, self.workflows, names)
        if self.courses is not None:
            self.findings += course_findings(self.courses, self.workflows, names, working)
        if self.organisation is None or self.members is None:
            return None
        return Edition(
            organisation=self.organisation.model,
            seats=self.members.seats,
            meetings=plans.by_committee(),
            milestones=tuple(part.model for part in self.milestones),
            day_sets=calendars,
            workflows={
                key: part.model.model_copy(update={"key": key})
                for key, part in self.workflows.items()
            },
            tables={key: part.model for key, part in self.tables.items()},
            sources=self.sources.model if self.sources else None,
            timetables=self.timetables.model.timetables if self.timetables else {},
            courses=self.courses.model.courses if self.courses else (),
        )

    def _names(self, calendars: Mapping[str, WorkingCalendar]) -> Names:
        milestones: dict[str, tuple[str, ...]] = {}
        for part in self.milestones:
            before = milestones.get(part.model.kind, ())
            named = dict.fromkeys((*before, *part.whole.names("dates")))
            milestones[part.model.kind] = tuple(named)

        def organised(section: str) -> tuple[str, ...] | None:
            if self.organised is None:
                return None
            # A name in the wrong letters is told of where it stands, not wherever it is meant.
            written = self.organised.names(section)
            return tuple(name if KEY.fullmatch(name) else as_key(name) for name in written)

        offices = self.organisation.model.offices if self.organisation else {}
        return Names(
            bodies=organised("committees"),
            committees=self.organisation.model.committees if self.organisation else {},
            levels=organised("levels"),
            roles=organised("roles"),
            offices=organised("offices"),
            sides={key: office.side for key, office in offices.items()},
            day_sets=self.known.get(WORKING_DAYS, ()),
            tables=self.known.get(TABLES, ()),
            table_inputs={key: part.whole.names("inputs") for key, part in self.tables.items()},
            decisions={
                key: part.model
                for key, part in self.tables.items()
                if isinstance(part.model, DecisionTable)
            },
            calendars=calendars,
            milestones=milestones,
        )


def _one_file(path: str, content: bytes, model: type[BaseModel] | None) -> _File:
    """A file by itself; those of an ordinary size are not read again while they stay the same."""
    return (_kept_file if len(content) <= KEPT_SIZE else _file)(path, content, model)


def _file(path: str, content: bytes, model: type[BaseModel] | None) -> _File:
    """A file with what is wrong in it; without a model it is the kind of table it says it is."""
    document = read_document(content, path)
    if document.content is None:
        return document, None, document.findings
    chosen = model or table_model(document.content)
    if chosen is None:
        fault = Part(path, document, None, document).finding(("table",), "table.kind-unknown")
        return document, None, (*document.findings, fault)
    try:
        made = chosen.model_validate(document.content)
    except ValidationError as error:
        found = findings_of(error, chosen, path, document)
        return document, sound_part(error, path, document, chosen), (*document.findings, *found)
    return document, Part(path, document, made, document), document.findings


_kept_file = lru_cache(FILES_KEPT)(_file)


def _directly(path: str, folder: str) -> bool:
    return path.startswith(folder) and "/" not in path.removeprefix(folder)


def _some(part: Part[M] | None) -> list[Part[M]]:
    return [] if part is None else [part]
