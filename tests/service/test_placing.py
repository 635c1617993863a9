"""Several files put in place: what is begun is finished by whoever reads next, and only that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.service.placing import BEGUN, files_of, put
from engine.service.site import Site, open_site

ONE, OTHER, GONE = "workflows/one.yaml", "workflows/other.yaml", "workflows/gone.yaml"
BEFORE = {ONE: b"one: 1\n", GONE: b"gone: 1\n"}
AFTER = {ONE: b"one: 2\n", OTHER: b"other: 2\n", GONE: None}
HOLDING = """
import os, signal, sys
from pathlib import Path
from engine.service.placing import put
from engine.service.site import open_site

replace = Path.replace
def stop(path, target):
    done = replace(path, target)
    if target.name == "one.yaml":
        print("half", flush=True)
        sys.stdin.readline()
    return done
Path.replace = stop
before = {"workflows/one.yaml": b"one: 1\\n", "workflows/gone.yaml": b"gone: 1\\n"}
put(open_site(Path(sys.argv[1])), before, {
    "workflows/one.yaml": b"one: 2\\n",
    "workflows/other.yaml": b"other: 2\\n",
    "workflows/gone.yaml": None,
})
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "config.toml").write_text("", "utf-8")
    for path, content in BEFORE.items():
        (tmp_path / path).write_bytes(content)
    return open_site(tmp_path)


def half_done(site: Site) -> subprocess.Popen[str]:
    """A process that has put the first of three files in place."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(site.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    return process


def left_over(site: Site) -> list[str]:
    return sorted(path.name for path in site.folder.rglob(".*.new"))


def test_all_are_put_in_place_and_nothing_is_left_over(site: Site) -> None:
    put(site, BEFORE, AFTER)
    assert files_of(site) == {ONE: b"one: 2\n", OTHER: b"other: 2\n"}
    assert (left_over(site), (site.var / BEGUN).exists()) == ([], False)


def test_what_a_killed_process_began_is_finished(site: Site) -> None:
    with half_done(site) as process:
        process.send_signal(signal.SIGKILL)
    assert (site.var / BEGUN).exists()
    assert files_of(site) == {ONE: b"one: 2\n", OTHER: b"other: 2\n"}
    assert (left_over(site), (site.var / BEGUN).exists()) == ([], False)


def test_a_file_that_somebody_changed_since_is_left_to_them(site: Site) -> None:
    with half_done(site) as process:
        process.send_signal(signal.SIGKILL)
    (site.folder / ONE).write_bytes(b"one: 3\n")
    (site.folder / OTHER).write_bytes(b"other: 3\n")
    assert files_of(site) == {ONE: b"one: 3\n", OTHER: b"other: 3\n"}
    assert left_over(site) == []


@pytest.mark.skipif(os.name != "posix", reason="locks are POSIX")
def test_a_reader_waits_for_whoever_is_half_way(site: Site) -> None:
    reading = "from pathlib import Path; import sys; from engine.service.placing import files_of;"
    reading += "from engine.service.site import open_site; print('ready', flush=True);"
    reading += "print(sorted(files_of(open_site(Path(sys.argv[1]))).items()))"
    with (
        half_done(site) as process,
        subprocess.Popen(
            [sys.executable, "-c", reading, str(site.folder)], stdout=subprocess.PIPE, text=True
        ) as reader,
    ):
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            reader.wait(timeout=0.2)
        process.communicate("go on\n")
        told = [(ONE, AFTER[ONE]), (OTHER, AFTER[OTHER])]
        assert reader.communicate()[0] == f"{told}\n"


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(site: Site) -> None:
    with pytest.raises(OSError, match=r"one\.yaml"):
        put(site, BEFORE, {**AFTER, f"{ONE}/below.yaml": b""})
    assert files_of(site) == BEFORE
    assert (left_over(site), (site.var / BEGUN).exists()) == ([], False)
