from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "feed"


@pytest.fixture
def golden(rewriting: bool) -> Callable[[str, bytes], bytes]:
    """The bytes that a calendar must have."""

    def kept(name: str, content: bytes) -> bytes:
        path = GOLDEN / f"{name}.ics"
        if rewriting:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return path.read_bytes()

    return kept
