"""Broken sites laid over a sound one, each with the lines a secretary reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from engine.definitions import Reading, read_site, site_files
from engine.errors import Severity
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.faults import finding_line

SITES = Path(__file__).parents[1] / "sites"
TODAY = date(2026, 11, 21)
SOUND = {
    "base",
    "every-field",
    "windows-csv",
    "no-effect-yet",
    "cut-by-comment",
    "sources-old",
    "in-use",
    "meetings-copied",
    "members-nobody",
    "milestones-misspelt",
    "employees-of-a-level",
}

_WORKFLOW = "workflows/moeder.yaml"


def _deep() -> bytes:
    return b"steps: " + b"[" * 50_000 + b"]" * 50_000


def _bomb() -> bytes:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines).encode()


def _large() -> bytes:
    return b"title: " + b"m" * (256 * 1024)


def _chain() -> bytes:
    """Steps that each count from the one before, as in a workflow made by a program."""
    named = ["meeting", *(f"s{number}" for number in range(119))]
    return _steps(
        f"  s{number}: {{title: Skridt, due: 1 day after {before}}}"
        for number, before in enumerate(named)
    )


def _doubling() -> bytes:
    """Every step counts from the two before it, so that the ways double and double."""
    rules = ["1 day after meeting", "2 days after meeting"]
    rules += [f"the later of s{two} and 1 day after s{two + 1}" for two in range(58)]
    return _steps(
        f"  s{number}: {{title: Skridt, due: {rule}}}" for number, rule in enumerate(rules)
    )


def _steps(steps: Iterable[str]) -> bytes:
    base = (SITES / "base" / _WORKFLOW).read_text("utf-8")
    return (base.partition("steps:")[0] + "steps:\n" + "\n".join(steps)).encode()


GENERATED: Mapping[str, Callable[[], bytes]] = {
    "deep-nesting": _deep,
    "alias-bomb": _bomb,
    "large-file": _large,
    "steps-in-a-chain": _chain,
    "steps-doubling": _doubling,
}
CASES = sorted({path.name for path in SITES.iterdir()} | GENERATED.keys())


def _reading(case: str) -> Reading:
    files = {**site_files(SITES / "base"), **site_files(SITES / case)}
    if case in GENERATED:
        files[_WORKFLOW] = GENERATED[case]()
    return read_site(files, TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_lines(case: str, language: Language, rewriting: bool) -> None:
    lines = "".join(
        f"{finding.severity}: {finding_line(finding, language)}\n"
        for finding in _reading(case).findings
    )
    expected = SITES / case / f"expected.{language}.txt"
    if rewriting:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(lines, "utf-8")
    assert lines == expected.read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_edition_only_without_errors(case: str) -> None:
    reading = _reading(case)
    faulty = any(finding.severity is Severity.ERROR for finding in reading.findings)
    assert (reading.edition is None, faulty) == (case not in SOUND, case not in SOUND)


def test_windows_csv_reads_like_any_other() -> None:
    people = _reading("windows-csv").people
    assert people["dmo"].name == "Søren Æbelø"
    windows, base = _reading("windows-csv").edition, _reading("base").edition
    assert windows is not None and base is not None
    assert windows.seats == base.seats
