"""Making a site: a new one in a folder, and the shipped one for a look around."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.definitions import shipped_site
from engine.definitions.site import CONFIG, FOLDERS
from engine.errors import Unknown

IGNORED = ".gitignore"
IGNORED_TEXT = "var/\ncalendars/published/\n"


def init(folder: Path) -> list[Path]:
    """Copy the shipped site's files into a folder that has none; nothing is overwritten."""
    shipped = shipped_site()
    wanted = [CONFIG, *FOLDERS]
    if folder.exists() and not folder.is_dir():
        raise Unknown("service.init-not-a-folder", folder=str(folder))
    for name in wanted:
        if (folder / name).exists():
            raise Unknown("service.init-exists", folder=str(folder), name=name)
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in wanted:
            source, target = shipped / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copyfile(source, target)
            made.append(target)
        ignored = folder / IGNORED
        if not ignored.exists():
            ignored.write_text(IGNORED_TEXT, encoding="utf-8")
    except OSError as error:
        raise Unknown("service.cannot-write", folder=str(folder)) from error
    return made
