from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.migrations import upgrade
from engine.store import Store, open_store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'var' / 'medfrist.db').as_posix()}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, upgrade) as opened:
        yield opened
