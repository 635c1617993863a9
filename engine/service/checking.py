"""Checking a site: its files, the examples they carry, and what planning a year ahead finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.definitions import Reading, read_site
from engine.errors import EngineError, Finding, Severity
from engine.feed import horizon
from engine.planning.edition import Edition, FormerNames
from engine.planning.examples import Mismatch, mismatches
from engine.planning.facts import NOTHING_TOLD, Facts
from engine.planning.lacks import trainings_of, unreached
from engine.planning.periods import Window
from engine.planning.plan import make_plan
from engine.planning.vacancies import vacancies
from engine.planning.vanished import removed_meetings, vanished_meetings
from engine.planning.workflow import Expected
from engine.service.current import Current, in_store
from engine.service.placing import files_of
from engine.service.site import Site

AHEAD_DAYS = 365


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read and everything found in it."""

    reading: Reading
    findings: tuple[Finding, ...]
    files: Mapping[str, bytes]
    """The files that were read: what was checked is what takes effect."""

    @property
    def sound(self) -> bool:
        """Whether the files may take effect."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def check(site: Site) -> Checked:
    """Read and validate the files, run the examples, and plan the coming year."""
    return check_files(files_of(site), site.today, _in_force(site))


def check_files(files: Mapping[str, bytes], today: date, now: Current | None = None) -> Checked:
    """Read and validate files wherever they come from, and plan the coming year.

    What the edition in force has and the files have not is found where that edition is given.
    """
    reading = read_site(files, today)
    findings = list(reading.findings)
    findings.extend(_in_force_faulty(now))
    if reading.edition is not None:
        findings.extend(_examples(reading))
        findings.extend(_gone(now, reading, today))
        findings.extend(_planned(now, reading.edition, today))
        findings.extend(_unreached(now, reading.edition, today))
    return Checked(reading, _ordered(findings), files)


def _in_force_faulty(now: Current | None) -> Iterator[Finding]:
    """That the edition in force, checked by an older program, would be refused today."""
    if now is not None and now.faults:
        first = now.faults[0]
        params = {"number": now.number, "count": len(now.faults), "first": first.path}
        yield Finding("edition-checked-before", Severity.WARNING, params=params)


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.order))


def _in_force(site: Site) -> Current | None:
    """The edition in force with its facts, if there is one."""
    if not site.has_store:
        return None
    with site.store() as store:
        return in_store(store)


def _gone(now: Current | None, reading: Reading, today: date) -> Iterator[Finding]:
    """What would be lost of the edition in force: meetings, and cases that go on."""
    if now is None or reading.edition is None:
        return
    yield from vanished_meetings(now.edition, reading.edition)
    yield from removed_meetings(now.edition, reading.edition, horizon(today).from_on)
    yield from left_open(reading, now.facts)


def left_open(reading: Reading, facts: Facts) -> Iterator[Finding]:
    """Workflows that are switched off while cases of theirs go on: nobody would be reminded."""
    edition = reading.edition
    assert edition is not None
    names = FormerNames(edition)
    open_cases: dict[str, list[str]] = {}
    for case in facts.cases:
        if case.closed_on is None:
            key = names.present(f"{case.key}/-").rsplit("/", 3)[0]
            open_cases.setdefault(key, []).append(case.number)
    for workflow in edition.workflows.values():
        numbers = open_cases.get(workflow.key)
        if numbers and not workflow.in_use:
            path = f"workflows/{workflow.key}.yaml"
            params = {"numbers": ", ".join(numbers), "count": len(numbers)}
            found = Finding("case-left-open", field="in use", value="no", params=params)
            yield found.at(path, *reading.place(path, ("in use",)))


def _planned(now: Current | None, edition: Edition, today: date) -> Iterator[Finding]:
    """What planning a year ahead finds.

    What keeps the files from taking effect is theirs alone; what people have told counts where a
    date only lies badly: what is done lies well, and what was postponed may not. Of a
    confidential case nothing is said here.
    """
    window = Window(today, today + timedelta(days=AHEAD_DAYS))
    plan = make_plan(edition, NOTHING_TOLD, window)
    yield from vacancies(plan)
    if now is None or now.facts == NOTHING_TOLD:
        yield from plan.findings
        return
    yield from (each for each in plan.findings if each.severity is Severity.ERROR)
    told = make_plan(edition, _open_facts(now.facts, edition), window)
    yield from (each for each in told.findings if each.severity is not Severity.ERROR)


def _unreached(now: Current | None, edition: Edition, today: date) -> Iterator[Finding]:
    """The members whom no planned course reaches; those who are late already need a seat too."""
    in_force_on = edition.organisation.settings.in_force_from_on or (now and now.in_force_on)
    from_on = min(in_force_on or today, today)
    window = Window(from_on, today + timedelta(days=AHEAD_DAYS))
    facts = now.facts if now else NOTHING_TOLD
    yield from unreached(make_plan(trainings_of(edition), facts, window), today)


def _open_facts(facts: Facts, edition: Edition) -> Facts:
    """The facts without the cases that few may know of."""
    open_cases = tuple(
        case
        for case in facts.cases
        if (workflow := edition.workflows.get(case.workflow)) is not None
        and not workflow.confidential
        and not any(step.confidential for step in workflow.steps.values())
    )
    return replace(facts, cases=open_cases)


def _examples(reading: Reading) -> Iterator[Finding]:
    edition = reading.edition
    assert edition is not None
    for workflow in edition.workflows.values():
        path = f"workflows/{workflow.key}.yaml"
        for number, example in enumerate(workflow.examples):
            line, column = reading.place(path, ("examples", number, "expect"))
            try:
                wrong = list(mismatches(edition, workflow, example))
            except EngineError as error:
                yield Finding(
                    error.code, path=path, line=line, column=column, params=dict(error.params)
                )
                continue
            for mismatch in wrong:
                place = reading.place(path, ("examples", number, "expect", mismatch.expected))
                yield _mismatch(mismatch, number).at(path, *place)


def _mismatch(mismatch: Mismatch, number: int) -> Finding:
    wanted = mismatch.wanted
    params: dict[str, object] = {
        "name": mismatch.expected,
        "wanted": wanted.due if isinstance(wanted, Expected) else wanted,
        "due_on": mismatch.due_on,
        "nominal_on": mismatch.nominal_on,
    }
    field = f"examples[{number + 1}].expect.{mismatch.expected}"
    if not mismatch.found:
        return Finding("example.unknown-step", field=field, params=params)
    if mismatch.due_on is None:
        return Finding("example.no-date", field=field, params=params)
    if isinstance(wanted, Expected):
        params["wanted_nominal"] = wanted.nominal
        return Finding("example.other-dates", field=field, params=params)
    return Finding("example.other-date", field=field, params=params)
