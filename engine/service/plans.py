"""The plan that a running server keeps, and makes anew when something has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from engine.errors import Unknown
from engine.feed import EventCache, horizon
from engine.planning.diff import Announced
from engine.planning.plan import Plan
from engine.service.current import Current, in_store
from engine.service.site import Site
from engine.store import Store

# Some megabytes of calendars at the most.
MOST_KEPT = 64

Made = TypeVar("Made")


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
        self._made: OrderedDict[Hashable, tuple[View, Any]] = OrderedDict()

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
                before = self._view.plan if self._view is not None else None
                whole = replace(window, open_since_on=now.in_force_on)
                self._view = View(now, now.plan(whole, before), store.ledger())
                self._mark = mark
            return self._view

    def made(self, view: View, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made from a view, kept while that view holds; the least used gives way."""
        with self._lock:
            found = self._made.get(key)
            if found is not None and found[0] is view:
                self._made.move_to_end(key)
                kept: Made = found[1]
                return kept
        made = make()
        with self._lock:
            self._made[key] = (view, made)
            self._made.move_to_end(key)
            if len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        return made
