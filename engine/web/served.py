"""The site that is being served: its store opened once, its plan kept between requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.service.plans import PlanKept, View
from engine.service.site import Site
from engine.store import Store
from engine.wording.catalogue import Language


@dataclass(frozen=True, slots=True)
class Look:
    """What one request sees."""

    view: View
    store: Store
    language: Language


class Served:
    """One site behind the door; `language` is the one its pages were last shown in."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept = PlanKept()
        self.language: Language = "da"

    @contextmanager
    def look(self) -> Iterator[Look]:
        """The edition in force with its plan and the store behind it."""
        with self.kept.store(self.site) as store:
            view = self.kept.view(self.site, store)
            self.language = view.now.edition.organisation.settings.language
            yield Look(view, store, self.language)
