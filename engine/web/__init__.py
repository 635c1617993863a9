"""The web door: calendars by their secret addresses, and plain pages for this machine only."""

from engine.web.application import application
from engine.web.server import serve

__all__ = ["application", "serve"]
