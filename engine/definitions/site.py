"""Where a site lies, and the files an edition is made of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from engine.definitions import nodes, sheet
from engine.errors import Unknown

CONFIG = "config.toml"
FOLDERS = (
    "organisation",
    "calendars/meetings",
    "calendars/milestones",
    "calendars/working-days",
    "workflows",
)
_LEFT_BEHIND = (".bak", ".orig", ".rej", ".swp", ".swo", ".tmp", "~", ".md")


def find_site(folder: Path | None = None) -> Path:
    """The site a command means: the folder given, or the current one; it has a `config.toml`."""
    site = Path.cwd() if folder is None else folder
    if not site.is_dir():
        raise Unknown("site.no-folder", folder=str(site))
    if not (site / CONFIG).is_file():
        raise Unknown("site.no-config", folder=str(site), file=CONFIG)
    return site


def shipped_site() -> Path:
    """The site that comes with Medfrist: beside the installed package, or in the checkout."""
    package = Path(str(resources.files("engine")))
    for site in (package / "site", package.parent):
        if (site / "organisation").is_dir():
            return site
    raise Unknown("site.none-shipped")


def site_files(folder: Path) -> dict[str, bytes]:
    """The files of a site's three places by their paths, without what editors leave behind."""
    found: dict[str, bytes] = {}
    for place in FOLDERS:
        for path in sorted(_files(folder / place)):
            with path.open("rb") as file:
                # One byte more than is allowed, so that a large file is told of, not read.
                content = file.read(max(nodes.SIZE_LIMIT, _limit(path)) + 1)
            found[path.relative_to(folder).as_posix()] = content
    return found


def _limit(path: Path) -> int:
    return sheet.SIZE_LIMIT if path.suffix == ".csv" else nodes.SIZE_LIMIT


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        for name in names:
            if not name.startswith((".", "#", "~$")) and not name.lower().endswith(_LEFT_BEHIND):
                yield Path(here) / name
