"""Those who look after the site must be found without asking which committee."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions import read_site, site_files
from engine.errors import Severity

BASE = Path(__file__).parents[1] / "sites" / "base"
PATH = "organisation/organisation.yaml"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("office hr", []),
        ("[office hr, sekretaer of kommune-med]", []),
        ("sekretaer", ["administrator-of-what"]),
        ("[office hr, office hrr]", ["unknown-office"]),
        ("sekretaer of kommune-mød", ["unknown-committee"]),
        ("sekretaer i kommune-med", ["value.not-a-holder"]),
    ],
)
def test_administrators(written: str, codes: list[str]) -> None:
    files = site_files(BASE)
    text = files[PATH].decode().replace("  language: da\n", f"  administrators: {written}\n")
    found = read_site({**files, PATH: text.encode()}).findings
    errors = [each for each in found if each.severity is Severity.ERROR]
    assert [(each.code, each.line) for each in errors] == [(code, 3) for code in codes]
