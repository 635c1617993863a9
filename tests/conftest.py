from __future__ import annotations

import pytest
from hypothesis import settings

USUAL, PROVING = 100, 5_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the expected outputs anew")
    parser.addoption("--prove", action="store_true", help="run the long tests, and laws for longer")


def pytest_configure(config: pytest.Config) -> None:
    """How many examples a law is tried on where it does not say so itself."""
    count = PROVING if config.getoption("--prove") else USUAL
    settings.register_profile("medfrist", max_examples=count, deadline=None)
    settings.load_profile("medfrist")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--prove"):
        return
    for item in items:
        if item.get_closest_marker("prove"):
            item.add_marker(pytest.mark.skip(reason="runs under make prove"))


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--golden"))
