"""Calendars by their secret addresses, answered without the framework between."""

from __future__ import annotations

import logging
import re

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from engine.errors import EngineError
from engine.service.feeds import Content, fetched
from engine.web.guard import may_fetch_feeds
from engine.web.served import Served

PREFIX = "/feeds/"
METHODS = ("GET", "HEAD")
MAX_AGE = 300
RETRY_AFTER = 60

_ADDRESS = re.compile(r"/feeds/([A-Za-z0-9_-]{20,128})\.ics")
_TAG = re.compile(r'(?:W/)?("[^"]*")')
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
)
_WORDS = {
    403: b"Forbidden\n",
    404: b"Not found\n",
    405: b"Method not allowed\n",
    500: b"Internal error\n",
    503: b"Unavailable\n",
}

_Headers = tuple[tuple[bytes, bytes], ...]
_log = logging.getLogger("medfrist.web")


class Feeds:
    """The ASGI application below `/feeds/`; no address ever reaches a log."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if not may_fetch_feeds(scope, self._served.site.config.web.base_url):
            await _refuse(scope, send, 403)
            return
        if scope["method"] not in METHODS:
            await _refuse(scope, send, 405, ((b"allow", b", ".join(map(str.encode, METHODS))),))
            return
        address = _ADDRESS.fullmatch(scope["path"])
        if address is None:
            await _refuse(scope, send, 404)
            return
        await self._answer(scope, send, address.group(1))

    async def _answer(self, scope: Scope, send: Send, token: str) -> None:
        served = self._served
        try:
            content = await run_in_threadpool(fetched, served.site, served.kept, token)
        except EngineError as error:
            _log.warning("a calendar could not be made: %s", error.code)
            await _refuse(scope, send, 503, ((b"retry-after", str(RETRY_AFTER).encode()),))
        except Exception as error:
            _log.error("a calendar could not be made: %s", type(error).__name__)
            _log.debug("the fault", exc_info=error)
            await _refuse(scope, send, 500)
        else:
            if content is None:
                await _refuse(scope, send, 404)
            else:
                await _give(scope, send, content)


def unchanged(scope: Scope, etag: str) -> bool:
    """Whether `If-None-Match` names the tag, by the weak comparison that RFC 9110 asks for."""
    asked = ",".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"
    )
    return asked.strip() == "*" or etag in _TAG.findall(asked)


async def _give(scope: Scope, send: Send, content: Content) -> None:
    kept: _Headers = (
        (b"etag", content.etag.encode()),
        (b"cache-control", f"private, max-age={MAX_AGE}".encode()),
    )
    if unchanged(scope, content.etag):
        await _send(scope, send, 304, kept, b"")
        return
    told: _Headers = (
        (b"content-type", b"text/calendar; charset=utf-8"),
        (b"content-length", str(len(content.body)).encode()),
    )
    await _send(scope, send, 200, kept + told, content.body)


async def _refuse(scope: Scope, send: Send, status: int, extra: _Headers = ()) -> None:
    body = _WORDS[status]
    told: _Headers = (
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    )
    await _send(scope, send, status, told + extra, body)


async def _send(scope: Scope, send: Send, status: int, headers: _Headers, body: bytes) -> None:
    """A whole answer; HEAD gets the headers of GET and nothing more."""
    shown = b"" if scope["method"] == "HEAD" else body
    start = {"type": "http.response.start", "status": status, "headers": [*headers, *_ALWAYS]}
    await send(start)
    await send({"type": "http.response.body", "body": shown})
