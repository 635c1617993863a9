"""Who may ask: until there is sign-in, pages answer this machine and nobody else.

Calendars and the buttons of mails are for whoever has their address.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

LOCALHOST = "localhost"

_Headers = Iterable[tuple[bytes, bytes]]


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine.

    >>> [is_loopback(host) for host in ("localhost", "127.8.0.1", "::1", "10.0.0.1", "a.dk")]
    [True, True, True, False, False]
    """
    if host.casefold() == LOCALHOST:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def may_see_pages(scope: Scope) -> bool:
    """Whether a request comes from this machine, asks for it by name, and was not passed on.

    The name in `Host` counts because a foreign page can point a name of its own at 127.0.0.1.
    """
    return _is_near(scope) and _asks_for(scope, own="") and not _is_passed_on(scope["headers"])


def may_fetch_feeds(scope: Scope, base_url: str) -> bool:
    """Whether a request asks for this machine or for the site's own address.

    A proxy may stand before the calendars: whoever has the address of one may read it.
    """
    return _is_near(scope) and _asks_for(scope, own=urlsplit(base_url).hostname or "")


def may_answer(scope: Scope, base_url: str) -> bool:
    """Whether a request asks for the site's own address or this machine, wherever it comes from.

    Whoever has the link of a mail may use it.
    """
    return _asks_for(scope, own=urlsplit(base_url).hostname or "")


def _is_near(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and is_loopback(client[0])


def _asks_for(scope: Scope, own: str) -> bool:
    hosts = [_host_of(value) for value in _values(scope["headers"], b"host")]
    return len(hosts) == 1 and (is_loopback(hosts[0]) or (own != "" and hosts[0] == own))


def _host_of(value: str) -> str:
    """The name in a `Host` header, without its port; empty where there is none to read."""
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""


def _is_passed_on(headers: _Headers) -> bool:
    """Whether a proxy says that it asks for somebody on another machine."""
    headers = list(headers)
    asked_for = [*_values(headers, b"x-forwarded-for"), *_values(headers, b"x-real-ip")]
    addresses = [part.strip() for value in asked_for for part in value.split(",")]
    return bool(_values(headers, b"forwarded")) or not all(map(is_loopback, addresses))


def _values(headers: _Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == name]
