"""Whatever happens to one file of a site, there is an edition that can be planned, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import EDITS, Edit, can_be_read, edited

from engine.definitions import read_site, site_files
from engine.errors import EngineError, Severity
from engine.planning.examples import mismatches
from engine.planning.facts import NOTHING_TOLD
from engine.planning.periods import Window
from engine.planning.plan import make_plan
from engine.planning.reminders import due
from engine.wording.catalogue import LANGUAGES
from engine.wording.errors import error_line
from engine.wording.plan_findings import say_finding

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 20)
YEAR = Window(date(2026, 11, 1), date(2027, 10, 31))
BASE = site_files(ROOT / "tests/sites/base")
FULL = {**BASE, **site_files(ROOT / "tests/sites/every-field")}
SHIPPED = site_files(ROOT)


def read_and_planned(files: Mapping[str, bytes], changed: str) -> None:
    reading = read_site(files, TODAY)
    typed = files[changed].decode("utf-8", "replace") + files[changed].decode("latin-1")
    for finding in reading.findings[:300]:
        can_be_read(finding, typed)
    assert read_site(files, TODAY).findings == reading.findings
    faulty = any(finding.severity is Severity.ERROR for finding in reading.findings)
    assert (reading.edition is None) == faulty
    if reading.edition is None:
        return
    plan = make_plan(reading.edition, NOTHING_TOLD, YEAR)
    for found in plan.findings:
        for language in LANGUAGES:
            assert all(say_finding(found, language, reading.edition.organisation))
    due(plan, {}, {}, TODAY, None)
    for workflow in reading.edition.workflows.values():
        for example in workflow.examples:
            try:
                list(mismatches(reading.edition, workflow, example))
            except EngineError as error:
                assert error_line(error, "da")


@given(st.sampled_from(sorted(FULL)), EDITS)
def test_a_small_site_with_slips_in_one_file(path: str, edits: list[Edit]) -> None:
    read_and_planned({**FULL, path: edited(FULL[path], edits)}, path)


@given(st.sampled_from(sorted(FULL)), st.sampled_from(sorted(FULL)))
def test_a_file_that_holds_what_another_should(path: str, other: str) -> None:
    read_and_planned({**FULL, path: FULL[other]}, path)


@pytest.mark.prove
@settings(max_examples=300)
@given(st.sampled_from(sorted(SHIPPED)), EDITS)
def test_the_shipped_site_with_slips_in_one_file(path: str, edits: list[Edit]) -> None:
    read_and_planned({**SHIPPED, path: edited(SHIPPED[path], edits)}, path)
