"""Deadlines and meetings as calendars to subscribe to: one state, one sequence of bytes."""

from engine.feed.entries import FEED_REVISION
from engine.feed.kept import EventCache
from engine.feed.rendering import EVERYTHING, etag, published, render
from engine.feed.scope import Scope, horizon

__all__ = [
    "EVERYTHING",
    "FEED_REVISION",
    "EventCache",
    "Scope",
    "etag",
    "horizon",
    "published",
    "render",
]
