"""Everything that must outlive a run: editions, facts, announcements, mails and feeds.

The store reads no clock: moments are handed in, aware, and come back in UTC.
"""

from engine.store.backup import Restored, back_up, restore
from engine.store.opening import Store, open_store
from engine.store.outbox import Sent
from engine.store.rehearsing import rehearsal
from engine.store.scrubbing import Erased
from engine.store.tables import (
    AnnouncementRow,
    AutoApplyRow,
    EditionHead,
    EditionRow,
    Fact,
    FactRow,
    Feed,
    FeedRow,
    Link,
    LinkRow,
    Message,
    MessageRow,
    SiteRow,
    Told,
)
from engine.store.telling import VIA_LINK, told_by

__all__ = [
    "VIA_LINK",
    "AnnouncementRow",
    "AutoApplyRow",
    "EditionHead",
    "EditionRow",
    "Erased",
    "Fact",
    "FactRow",
    "Feed",
    "FeedRow",
    "Link",
    "LinkRow",
    "Message",
    "MessageRow",
    "Restored",
    "Sent",
    "SiteRow",
    "Store",
    "Told",
    "back_up",
    "open_store",
    "rehearsal",
    "restore",
    "told_by",
]
