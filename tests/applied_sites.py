"""Sites that are applied once in a test process and copied for each test, database and all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from postgres_server import PostgresServer

from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import Site, open_site


class AppliedSites:
    """Each kept under a name, once for each database."""

    def __init__(self, base: Path, postgres: Callable[[], PostgresServer]) -> None:
        self._base = base
        self._postgres = postgres
        self._made: list[str] = []

    def copy(
        self,
        name: str,
        database: str,
        to: Path,
        make: Callable[[Path], object],
        moment: str,
        then: Callable[[Site], object] | None = None,
    ) -> Path:
        """A copy of the site that `make` writes, applied at a moment on a database of its own.

        What is done with it once, before it is copied, is done by `then`.
        """
        kept = self._base / f"{name}-{database}"
        if not kept.exists():
            make(kept)
            if database == "postgresql":
                url = self._postgres().database()
                use_database(kept, url)
            site = open_site(kept, stopped_at(moment))
            apply(site, demo=True)
            if then is not None:
                then(site)
            if database == "postgresql":
                self._postgres().keep(name, url)
        shutil.copytree(kept, to)
        if database == "postgresql":
            self._made.append(self._postgres().copy(name))
            use_database(to, self._made[-1])
        return to

    def drop(self) -> None:
        """Takes the copies' databases away."""
        while self._made:
            self._postgres().drop(self._made.pop())


def use_database(folder: Path, url: str) -> None:
    """Makes a site keep its store at an address."""
    path = folder / "config.toml"
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("url = ")]
    kept.insert(kept.index("[database]") + 1, f'url = "{url}"')
    path.write_text("\n".join(kept) + "\n", "utf-8")
