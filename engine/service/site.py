"""One site: its folder, its configuration, its store and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from engine.config import Config, read_config
from engine.definitions import find_site
from engine.errors import StoreError
from engine.migrations import upgrade
from engine.service.clock import Clock, local, system_clock
from engine.store import Store, open_store

SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Site:
    """Where a use case works, and the moment it works at."""

    folder: Path
    config: Config
    clock: Clock
    pretended: bool = False

    @property
    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.clock()

    @property
    def today(self) -> date:
        """The day it is in Denmark."""
        return local(self.clock()).date()

    def once(self) -> Site:
        """The same site at one moment: a use case reads the clock once."""
        moment = self.clock()
        return replace(self, clock=lambda: moment)

    @property
    def var(self) -> Path:
        """Where the site keeps what it makes."""
        return self.folder / "var"

    @property
    def url(self) -> str:
        """The database's address; a relative SQLite path is the site's."""
        url = self.config.database.url
        path = url.removeprefix(SQLITE)
        if url.startswith(SQLITE) and path and not Path(path).is_absolute():
            return f"{SQLITE}{(self.folder / path).as_posix()}"
        return url

    @property
    def has_store(self) -> bool:
        """Whether a database has been made."""
        if not self.url.startswith(SQLITE):
            return True
        return Path(self.url.removeprefix(SQLITE)).exists()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, migrated and open."""
        if self.url.startswith(SQLITE):
            Path(self.url.removeprefix(SQLITE)).parent.mkdir(parents=True, exist_ok=True)
        store = open_store(self.url, upgrade)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def writing(self, new_demo: bool = False) -> Iterator[Store]:
        """The store for a use case that writes; a pretended moment needs a demo store."""
        with self.store() as store:
            if self.pretended and not _is_demo(store, new_demo):
                raise StoreError("service.pretended-moment")
            yield store


def _is_demo(store: Store, new_demo: bool) -> bool:
    return store.site().demo if store.current_number() is not None else new_demo


def open_site(folder: Path | None = None, clock: Clock | None = None) -> Site:
    """The site in a folder; without one, the current folder's."""
    found = find_site(folder)
    return Site(found, read_config(found), clock or system_clock, pretended=clock is not None)
