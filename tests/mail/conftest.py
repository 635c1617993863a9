from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "mail"


@pytest.fixture
def golden_mail(request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """The text that a mail must have; rewritten with --golden or MEDFRIST_GOLDEN=1."""
    rewrite = request.config.getoption("--golden", default=False) or os.environ.get(
        "MEDFRIST_GOLDEN"
    )

    def kept(name: str, text: str) -> str:
        path = GOLDEN / name
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        return path.read_text(encoding="utf-8")

    return kept
