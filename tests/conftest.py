from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import disk_usage

import pytest
from applied_sites import AppliedSites
from hypothesis import settings
from postgres_server import PostgresServer, missing

from engine.service.starting import init

DATABASES = ("sqlite", "postgresql")

MORNING = "2026-11-26T08:00"
"""A Thursday; the reminders of the day go at 7.30."""

ApplySite = Callable[[str, Callable[[Path], object]], Path]

USUAL, PROVING = 100, 5_000

RARELY = 100_000, 20, 100
"""How often garbage is looked for: by itself Python does so again and again while a plan grows."""
MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3
"""A folder that lies in memory, on Linux, and the bytes that must be free there."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the expected outputs anew")
    parser.addoption("--prove", action="store_true", help="run the long tests, and laws for longer")


def pytest_configure(config: pytest.Config) -> None:
    """How many examples a law is tried on where it does not say so itself, and where files lie."""
    gc.set_threshold(*RARELY)
    _work_in_memory()
    # The programs that tests start would otherwise compile the engine again every time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    count = PROVING if config.getoption("--prove") else USUAL
    settings.register_profile("medfrist", max_examples=count, deadline=None)
    settings.load_profile("medfrist")


def _work_in_memory() -> None:
    """Sites and databases lie in memory where there is room: no test is about a power cut."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What belongs to `make prove` alone is left out of the ordinary run, not skipped in it."""
    if config.getoption("--prove"):
        return
    left_out = [item for item in items if item.get_closest_marker("prove")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--golden"))


@pytest.fixture
def proving(request: pytest.FixtureRequest) -> bool:
    """Whether there is time for every case of what is tried on a few in the ordinary run."""
    return bool(request.config.getoption("--prove"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for each test process, started by the first test that needs it."""
    if reason := missing():
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Each database the store runs on, one after the other."""
    return str(request.param)


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own; with `store` its tables are there."""
    if database == "sqlite":
        yield f"sqlite:///{(tmp_path / 'var' / 'medfrist.db').as_posix()}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made = server.migrated() if "store" in request.fixturenames else server.database()
    yield made
    server.drop(made)


@pytest.fixture(scope="session")
def applied_sites(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AppliedSites:
    """Sites applied once."""
    return AppliedSites(
        tmp_path_factory.mktemp("applied"), lambda: request.getfixturevalue("postgres")
    )


@pytest.fixture
def apply_site(applied_sites: AppliedSites, database: str, tmp_path: Path) -> Iterator[ApplySite]:
    """Makes a named site's copy, applied on the morning, on the test's database."""
    yield lambda name, make: applied_sites.copy(name, database, tmp_path / "site", make, MORNING)
    applied_sites.drop()


@pytest.fixture
def applied_site(apply_site: ApplySite) -> Path:
    """A copy of the shipped site, applied on the morning."""
    return apply_site("shipped", init)


@pytest.fixture
def shipped_copy(applied_sites: AppliedSites, tmp_path: Path) -> Path:
    """The same with its store in a file, for a test that is about no database."""
    return applied_sites.copy("shipped", "sqlite", tmp_path / "site", init, MORNING)
