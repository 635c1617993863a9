"""The site's files put in place all or none, whoever is killed in the middle.

New files are first written whole beside those they replace. Then one file under `var/` lists them:
from that moment they hold, and whoever reads the folder next finishes what was begun.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any

from engine.definitions import site_files
from engine.errors import EngineError
from engine.service.site import Site

if sys.platform != "win32":
    import fcntl

BEGUN = "placing.json"
WAIT_SECONDS = 10
"""How long a reader waits for somebody who is putting files in place."""

Contents = Mapping[str, bytes | None]
"""Files by path; None for one that is not to be there."""


def files_of(site: Site) -> dict[str, bytes]:
    """The site's files, once what somebody had begun is finished."""
    finish(site)
    return site_files(site.folder)


def put(site: Site, before: Contents, after: Contents) -> None:
    """Put files in place: all of them, or none where one cannot be written."""
    places = {path: (site.folder / path).resolve() for path in after}
    told = {path: (_mark(before.get(path)), _mark(content)) for path, content in after.items()}
    written: list[str] = []
    try:
        for path, content in after.items():
            _stage(places[path], content)
        # One file is in place in one step by itself.
        begun = _begin(site, told) if len(after) > 1 else None
        try:
            for path, content in after.items():
                _place(places[path], content)
                written.append(path)
        except OSError:
            for path in written:
                _stage(places[path], before.get(path))
                _place(places[path], before.get(path))
            raise
        finally:
            if begun is not None:
                _end(site, begun)
    except OSError:
        for place in places.values():
            with suppress(OSError):
                _beside(place).unlink()
        raise


def finish(site: Site) -> None:
    """Do what somebody who was killed had begun; a file changed since is left as it is."""
    path, until = site.var / BEGUN, monotonic() + WAIT_SECONDS
    while (file := _opened(path)) is not None:
        with file:
            if _is_held(file):
                if monotonic() > until:
                    return
                sleep(1 / 20)
            elif _is_still(path, file):
                try:
                    _finish(site, json.load(file))
                    path.unlink()
                except OSError as error:
                    raise EngineError("service.cannot-write", folder=str(site.folder)) from error


def _finish(site: Site, told: Mapping[str, tuple[str | None, str | None]]) -> None:
    for path, (was, becomes) in told.items():
        place = (site.folder / path).resolve()
        beside = _beside(place)
        if _mark(_content(place)) == was and _mark(_content(beside)) == becomes:
            _place(place, _content(beside))
        else:
            beside.unlink(missing_ok=True)


def _stage(place: Path, content: bytes | None) -> None:
    """A file's new bytes on the disk beside it, with its mode."""
    if content is None:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(place)
    with _private(beside) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if place.exists():
        shutil.copymode(place, beside)
    else:
        beside.chmod(0o644)


def _place(place: Path, content: bytes | None) -> None:
    """One step: whoever reads the file sees the old one or the new one, never a part."""
    if content is None:
        place.unlink(missing_ok=True)
    else:
        _beside(place).replace(place)


def _begin(site: Site, told: Mapping[str, Any]) -> IO[bytes]:
    """List what is to be put in place, in one step; held by us until it is closed."""
    site.var.mkdir(parents=True, exist_ok=True)
    path = site.var / BEGUN
    beside = _beside(path)
    file = _private(beside)
    try:
        file.write(json.dumps(told).encode())
        file.flush()
        os.fsync(file.fileno())
        _is_held(file)
        beside.replace(path)
    except BaseException:
        file.close()
        with suppress(OSError):
            beside.unlink()
        raise
    return file


def _end(site: Site, begun: IO[bytes]) -> None:
    (site.var / BEGUN).unlink(missing_ok=True)
    begun.close()


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name}.new")


def _private(path: Path) -> IO[bytes]:
    """A new file that only its owner reads: some have members' names."""
    with suppress(FileNotFoundError):
        path.unlink()
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b")


def _opened(path: Path) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None


def _is_held(file: IO[bytes]) -> bool:
    """Whether somebody else holds a file; if nobody does, it is ours until it is closed."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            # A file system without locks: what was begun is finished all the same.
            return False
    return False


def _is_still(path: Path, file: IO[bytes]) -> bool:
    """Whether the file that was opened is still the one of that name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _mark(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
