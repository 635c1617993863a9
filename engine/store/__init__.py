"""Everything that must outlive a run: editions, facts, announcements, mails and feeds.

The store reads no clock: moments are handed in, aware, and come back in UTC.
"""

from engine.store.opening import Store, open_store
from engine.store.tables import (
    AnnouncementRow,
    EditionHead,
    EditionRow,
    Fact,
    FactRow,
    Feed,
    FeedRow,
    Message,
    MessageRow,
    SiteRow,
    Told,
)
from engine.store.telling import told_by

__all__ = [
    "AnnouncementRow",
    "EditionHead",
    "EditionRow",
    "Fact",
    "FactRow",
    "Feed",
    "FeedRow",
    "Message",
    "MessageRow",
    "SiteRow",
    "Store",
    "Told",
    "open_store",
    "told_by",
]
