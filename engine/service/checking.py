"""Checking a site: its files, the examples they carry, and what planning a year ahead finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from engine.definitions import Reading, read_site, site_files
from engine.errors import EngineError, Finding, Severity
from engine.planning.edition import FormerNames
from engine.planning.examples import Mismatch, mismatches
from engine.planning.facts import NOTHING_TOLD, Facts
from engine.planning.periods import Window
from engine.planning.plan import make_plan
from engine.planning.vanished import vanished_meetings
from engine.planning.workflow import Expected
from engine.service.current import in_store
from engine.service.site import Site

AHEAD_DAYS = 365


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read and everything found in it."""

    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether the files may take effect."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def check(site: Site) -> Checked:
    """Read and validate the files, run the examples, and plan the coming year."""
    reading = read_site(site_files(site.folder), site.today)
    findings = list(reading.findings)
    if reading.edition is not None:
        findings.extend(_examples(reading))
        findings.extend(_against_store(site, reading))
        window = Window(site.today, site.today + timedelta(days=AHEAD_DAYS))
        findings.extend(make_plan(reading.edition, NOTHING_TOLD, window).findings)
    return Checked(reading, tuple(sorted(findings, key=lambda finding: finding.order)))


def _against_store(site: Site, reading: Reading) -> list[Finding]:
    """What would be lost of the edition in force, if there is one."""
    if not site.has_store or reading.edition is None:
        return []
    with site.store() as store:
        now = in_store(store)
    if now is None:
        return []
    return [*vanished_meetings(now.edition, reading.edition), *left_open(reading, now.facts)]


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
