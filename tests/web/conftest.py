from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_visits import Visitor, visiting

from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import Site, open_site
from engine.service.starting import init

MORNING = "2026-03-12T08:00"


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    init(folder)
    apply(open_site(folder, stopped_at(MORNING)), demo=True)
    return folder


@pytest.fixture
def site(applied: Path, tmp_path: Path) -> Site:
    folder = tmp_path / "site"
    shutil.copytree(applied, folder)
    return open_site(folder, stopped_at(MORNING))


@pytest.fixture
def client(site: Site) -> Iterator[Visitor]:
    with visiting(site) as client:
        yield client
