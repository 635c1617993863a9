from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.migrations import upgrade
from engine.store import Store, open_store


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, upgrade) as opened:
        yield opened
