"""The plan that a running server keeps, and makes anew when something has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from engine.errors import Unknown
from engine.feed import EventCache
from engine.planning.diff import Announced
from engine.planning.plan import Plan
from engine.service.current import Current, horizon, in_store
from engine.service.site import Site
from engine.store import Store


@dataclass(frozen=True, slots=True)
class View:
    """What holds at a moment: the edition, its plan, and what has been announced."""

    now: Current
    plan: Plan
    ledger: Mapping[str, Announced]


class PlanKept:
    """One process's plan; made again for a new edition, fact, announcement, person or month."""

    def __init__(self) -> None:
        self.events = EventCache()
        self._open = ExitStack()
        self._store: Store | None = None
        self._lock = threading.Lock()
        self._mark: tuple[object, ...] = ()
        self._view: View | None = None

    @contextmanager
    def store(self, site: Site) -> Iterator[Store]:
        """The process's store, opened once; `close` gives it back."""
        with self._lock:
            if self._store is None:
                self._store = self._open.enter_context(site.store())
        yield self._store

    def close(self) -> None:
        """Close the store that was opened."""
        with self._lock:
            self._store = None
            self._open.close()

    def view(self, site: Site, store: Store) -> View:
        """The view of this moment, all of it read in one snapshot."""
        window = horizon(site.today)
        with self._lock, store.reading():
            mark = (*store.mark(), window.from_on)
            if self._view is None or mark != self._mark:
                now = in_store(store)
                if now is None:
                    raise Unknown("service.no-edition")
                self._view = View(now, now.plan(window), store.ledger())
                self._mark = mark
            return self._view
