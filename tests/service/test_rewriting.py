"""Files are written all or none, and never over somebody else's edit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import DefinitionError, EngineError
from engine.service.rewriting import Lines, Rewriting, rewriting, standing, write
from engine.service.site import open_site

BASE = Path(__file__).parents[1] / "sites" / "base"
FIRST, SECOND = "calendars/meetings/kommune-med-2026.yaml", "calendars/meetings/oes-med-2026.yaml"
NEW = b"committee: kommune-med\nmeetings:\n  - {date: 2026-02-03}\n"
OTHER = b"committee: oes-med\nmeetings:\n  - {date: 2026-02-05}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "site")
    (tmp_path / "site/config.toml").write_text("[mail]\nsink = true\n", "utf-8")
    return tmp_path / "site"


def made(folder: Path) -> Rewriting:
    site = open_site(folder)
    return rewriting(site, standing(site), {FIRST: NEW, SECOND: OTHER})


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in sorted((folder / "calendars/meetings").iterdir())
    }


def test_both_are_written_and_keep_their_rights(folder: Path) -> None:
    (folder / SECOND).chmod(0o640)
    write(open_site(folder), made(folder))
    assert files(folder) == {"kommune-med-2026.yaml": NEW, "oes-med-2026.yaml": OTHER}
    rights = [(folder / path).stat().st_mode & 0o777 for path in (FIRST, SECOND)]
    assert rights == [0o644, 0o640]


def test_the_lines_that_differ_are_told(folder: Path) -> None:
    old = (folder / SECOND).read_text("utf-8").splitlines()[2:]
    told = list(made(folder).lines())
    assert told == [
        Lines(FIRST, 1, (), tuple(NEW.decode().splitlines())),
        Lines(SECOND, 3, tuple(old), ("  - {date: 2026-02-05}",)),
    ]


def test_an_edit_made_meanwhile_is_kept(folder: Path) -> None:
    planned = made(folder)
    (folder / SECOND).write_bytes(OTHER + b"# mine\n")
    with pytest.raises(EngineError) as raised:
        write(open_site(folder), planned)
    assert raised.value.code == "editing.changed-meanwhile"
    assert files(folder) == {"oes-med-2026.yaml": OTHER + b"# mine\n"}


def test_a_file_that_cannot_be_written_puts_the_others_back(folder: Path) -> None:
    before, planned = files(folder), made(folder)
    # No file can lie below another one.
    impossible = {**planned.after, f"{SECOND}/below.yaml": OTHER}
    with pytest.raises(OSError, match="oes-med"):
        write(open_site(folder), replace(planned, after=impossible))
    assert files(folder) == before


def test_a_change_that_brings_an_error_is_refused(folder: Path) -> None:
    site = open_site(folder)
    with pytest.raises(DefinitionError) as raised:
        rewriting(site, standing(site), {FIRST: NEW.replace(b"kommune-med", b"nowhere")})
    assert [finding.code for finding in raised.value.findings] == ["unknown-committee"]
