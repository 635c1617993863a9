"""The calendars to subscribe to, and from where they can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.service.feeds import open_feeds
from engine.service.site import Site
from engine.web.guard import is_loopback
from engine.web.served import Look


@dataclass(frozen=True, slots=True)
class Address:
    """A calendar: whose, its address, and the same as a link that calendar programs open."""

    title: str
    url: str
    webcal: str


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Every calendar; `only_here` where no other machine can reach the addresses."""

    addresses: tuple[Address, ...]
    only_here: bool


def subscribing(site: Site, look: Look) -> Subscribing:
    """What a person needs to subscribe."""
    addresses = tuple(
        Address(title, url, f"webcal://{url.partition('://')[2]}")
        for title, url in open_feeds(site, look.store, look.view.now)
    )
    return Subscribing(addresses, is_loopback(urlsplit(site.config.web.base_url).hostname or ""))
