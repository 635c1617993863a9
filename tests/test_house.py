"""The house rules that machines can see: import directions, and no clock in planning."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def test_imports_run_one_way() -> None:
    told = subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout
    assert "Contracts: 3 kept, 0 broken." in told.stdout


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\nTODAY = date.today()\n",
        "from datetime import datetime\nNOW = datetime.now()\n",
        "import datetime\nNOW = datetime.datetime.now()\n",
        "import time\nNOW = time.time()\n",
    ],
)
def test_a_clock_in_planning_is_refused(code: str) -> None:
    told = subprocess.run(
        [
            str(BIN / "ruff"),
            "check",
            "--select",
            "TID251",
            "--stdin-filename",
            "engine/planning/clock.py",
            "-",
        ],
        cwd=ROOT,
        check=False,
        input=code,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 1
    assert "Today is an argument" in told.stdout


def test_only_one_place_reads_the_clock() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "engine").rglob("*.py"))
        if re.search(r"\b(date\.today|datetime\.(now|utcnow|today))\(", path.read_text("utf-8"))
    ]
    assert found == ["engine/service/clock.py"]


def test_no_module_is_a_junk_drawer_or_too_long() -> None:
    for path in (ROOT / "engine").rglob("*.py"):
        assert path.stem not in {"utils", "helpers", "common", "core", "manager"}, path
        assert len(path.read_text("utf-8").splitlines()) <= 420, path


def test_pins_name_no_registry() -> None:
    files = [*ROOT.glob("requirements/*.txt"), ROOT / "tests/js/package-lock.json"]
    text = "\n".join(path.read_text("utf-8") for path in files)
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url\S*|\"resolved\"", text) == []
    for path in ROOT.glob("requirements/*.txt"):
        for line in path.read_text("utf-8").splitlines():
            assert re.fullmatch(r"#.*|[A-Za-z0-9_.\[\]-]+==\S+", line), line
