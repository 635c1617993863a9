"""Checking a site: its files, the examples they carry, and what planning a year ahead finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.definitions import Reading, read_site, site_files
from engine.errors import EngineError, Finding, Severity
from engine.planning.edition import Edition
from engine.planning.examples import Mismatch, mismatches
from engine.planning.facts import NOTHING_TOLD
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
    files: Mapping[str, bytes]
    """The files that were read: what was checked is what takes effect."""

    @property
    def sound(self) -> bool:
        """Whether the files may take effect."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def check(site: Site) -> Checked:
    """Read and validate the files, run the examples, and plan the coming year."""
    files = site_files(site.folder)
    checked = check_files(files, site.today)
    if checked.reading.edition is None:
        return checked
    findings = (*checked.findings, *_vanished(site, checked.reading.edition))
    return replace(checked, findings=_ordered(findings))


def check_files(files: Mapping[str, bytes], today: date) -> Checked:
    """Read and validate files wherever they come from, and plan the coming year."""
    reading = read_site(files, today)
    findings = list(reading.findings)
    if reading.edition is not None:
        findings.extend(_examples(reading))
        window = Window(today, today + timedelta(days=AHEAD_DAYS))
        findings.extend(make_plan(reading.edition, NOTHING_TOLD, window).findings)
    return Checked(reading, _ordered(findings), files)


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.order))


def _vanished(site: Site, edition: Edition) -> list[Finding]:
    """Meetings that look moved since the edition in force, if there is one."""
    if not site.has_store:
        return []
    with site.store() as store:
        now = in_store(store)
    return list(vanished_meetings(now.edition, edition)) if now else []


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
    field = f"examples[{number}].expect.{mismatch.expected}"
    if not mismatch.found:
        return Finding("example.unknown-step", field=field, params=params)
    if mismatch.due_on is None:
        return Finding("example.no-date", field=field, params=params)
    if isinstance(wanted, Expected):
        params["wanted_nominal"] = wanted.nominal
        return Finding("example.other-dates", field=field, params=params)
    return Finding("example.other-date", field=field, params=params)
