from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config import read_config
from engine.service.clock import stopped_at
from engine.service.site import Site
from engine.service.starting import init

# A Thursday; the reminders of the day go at 7.30.
MORNING = "2026-11-26T08:00"


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the shipped site; with `site` it is applied."""
    if "site" in request.fixturenames:
        found: Path = request.getfixturevalue("applied_site")
        return found
    init(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def at(folder: Path) -> Callable[[str], Site]:
    """The site at a moment."""
    return lambda moment: Site(folder, read_config(folder), stopped_at(moment), pretended=True)


@pytest.fixture
def site(at: Callable[[str], Site], applied_site: Path) -> Site:
    """The site on its first morning, applied, on each database."""
    return at(MORNING)
