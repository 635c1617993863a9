"""The bytes of entries, kept from one fetch to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.feed.entries import FEED_REVISION
from engine.planning.diff import Announced, Snapshot
from engine.planning.edition import Edition
from engine.planning.plan import Deadline
from engine.wording.catalogue import Language
from engine.wording.gate import Sight

# Far above what a municipality has; only there so that memory has a bound.
MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom an entry was written."""

    sight: Sight
    language: Language
    base_url: str


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    changed_at: datetime
    retired_at: datetime | None
    feed_revision: int
    told: Deadline | Snapshot
    edition: Edition
    content: bytes

    def holds(self, announced: Announced, told: Deadline | Snapshot, edition: Edition) -> bool:
        """Whether the bytes still say what there is to say."""
        return (
            self.revision == announced.revision
            and self.changed_at == announced.changed_at
            and self.retired_at == announced.retired_at
            and self.feed_revision == FEED_REVISION
            and self.edition is edition
            and self.told == told
        )


class EventCache:
    """The bytes of each entry for each audience; the newest revision takes the older one's place.

    What was told is kept beside the bytes and compared, so that a plan that is ahead of the
    announcements never leaves its text under a revision that says something else.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Audience], _Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def content(
        self,
        audience: Audience,
        announced: Announced,
        told: Deadline | Snapshot,
        edition: Edition,
        write: Callable[[], bytes],
    ) -> bytes:
        """The kept bytes, or new ones where anything they rest on has changed."""
        place = (announced.key, audience)
        kept = self._kept.get(place)
        if kept is not None and kept.holds(announced, told, edition):
            return kept.content
        content = write()
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[place] = _Kept(
            announced.revision,
            announced.changed_at,
            announced.retired_at,
            FEED_REVISION,
            told,
            edition,
            content,
        )
        return content
