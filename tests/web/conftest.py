from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_visits import HERE, Visitor, visiting

from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.feeds import open_feeds
from engine.service.plans import PlanKept, View
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


@pytest.fixture(scope="session")
def reader(applied: Path) -> Iterator[Visitor]:
    """Somebody who only reads, at a site that nobody changes."""
    with visiting(open_site(applied, stopped_at(MORNING))) as reader:
        yield reader


@pytest.fixture(scope="session")
def view(applied: Path) -> Iterator[View]:
    """What the reader's site holds."""
    site, kept = open_site(applied, stopped_at(MORNING)), PlanKept()
    with kept.store(site) as store:
        yield kept.view(site, store)
    kept.close()


@pytest.fixture(scope="session")
def open_address(applied: Path, view: View) -> str:
    """Where the reader's site has the calendar that is open to all."""
    site = open_site(applied, stopped_at(MORNING))
    with site.store() as store:
        address = dict(open_feeds(site, store, view.now))["KommuneMED"]
    return address.removeprefix(HERE)
