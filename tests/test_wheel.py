"""The wheel carries the shipped site and nothing that the engine made of it."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Files that git knows, and new ones that it does not ignore.
LISTED = ("--cached", "--others", "--exclude-standard")
SHIPPED = ("config.toml", "organisation", "workflows", "calendars")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(out),
            str(ROOT),
        ],
        check=True,
        capture_output=True,
    )
    return next(out.glob("medfrist-*.whl"))


def test_the_wheel_has_every_input_of_the_site_and_no_published_calendar(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    carried = {
        name.removeprefix("engine/site/") for name in names if name.startswith("engine/site/")
    }
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", *LISTED, *SHIPPED],
        check=True,
        capture_output=True,
        text=True,
    )

    assert carried == set(tracked.stdout.split())
    assert not any("published" in name for name in names)
    assert {name for name in names if name.endswith(".po")} == {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "engine").rglob("*.po")
    }
    assert not any(name.startswith(("tests/", "docs/", "var/")) for name in names)


def test_an_empty_environment_with_the_wheel_makes_and_shows_a_site(
    wheel: Path, tmp_path: Path
) -> None:
    """Dependencies are borrowed from this environment; the engine is the wheel's own."""
    place = tmp_path / "empty"
    venv.create(place, with_pip=False)
    library = next(place.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(library)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MEDFRIST")},
        "PYTHONPATH": os.pathsep.join(site.getsitepackages()),
    }

    def med(*arguments: str, cwd: Path) -> str:
        told = subprocess.run(
            [str(place / "bin" / "python"), "-m", "engine", *arguments],
            cwd=cwd,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert told.returncode == 0, told.stderr
        return told.stdout

    med("init", "mit-site", cwd=tmp_path)
    assert "0 fejl" in med("check", cwd=tmp_path / "mit-site")
    assert "Udgave 1 er taget i brug" in med("demo", cwd=tmp_path)
    assert (tmp_path / "medfrist-demo" / "calendars" / "published" / "alle.ics").is_file()
