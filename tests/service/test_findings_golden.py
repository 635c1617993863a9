"""Everything that is found in the shipped site, as a secretary reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from engine.errors import Finding
from engine.planning.organisation import Organisation
from engine.planning.periods import Window
from engine.planning.vacancies import vacancies
from engine.service.checking import check
from engine.service.current import current
from engine.service.site import Site
from engine.wording.faults import finding_line
from engine.wording.plan_findings import in_words
from engine.wording.report import report_lines

GOLDEN = Path(__file__).parents[1] / "golden" / "findings" / "eksempel-kommune.txt"
NOW = "2026-11-23T08:00"
# What a server plans for on that day: twelve months back and twenty-four ahead.
HORIZON = Window(date(2025, 11, 1), date(2028, 11, 30))


def worded(findings: Iterable[Finding], organisation: Organisation) -> list[Finding]:
    return [in_words(finding, "da", organisation) for finding in findings]


def listed(found: list[Finding]) -> Iterator[str]:
    for finding in found:
        yield f"{finding.severity} {finding.code}: {finding_line(finding, 'da')}"


def test_everything_found_in_the_shipped_site(at: Callable[[str], Site], rewriting: bool) -> None:
    site = at(NOW)
    checked = check(site)
    edition = checked.reading.edition
    assert edition is not None
    plan = current(site).plan(HORIZON)
    coming = worded((*plan.findings, *vacancies(plan)), edition.organisation)
    here = worded(checked.findings, edition.organisation)
    text = "\n".join(
        (
            f"# Det, filerne og det kommende år giver anledning til ({NOW})",
            *listed(here),
            "",
            f"# Det, planen fra {HORIZON.from_on} til {HORIZON.until_on} giver anledning til",
            *listed(coming),
            "",
            "# Det samme, som det vises for mennesker",
            *report_lines(here, "da"),
            *report_lines(coming, "da"),
            "",
        )
    )
    if rewriting:
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
