"""The door itself: calendars straight through, pages past the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.service.site import Site
from engine.web import answering, feeds, health
from engine.web.guard import may_see_pages
from engine.web.metrics import metrics
from engine.web.pages import STYLE, Pages
from engine.web.rendering import refusal
from engine.web.served import Served

_SAFE = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex"),
)


class Door:
    """The ASGI application of a site."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._feeds = feeds.Feeds(served)
        self._answers = answering.Answers(served)
        self._pages = _routes(served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends each request to where it is answered."""
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
        elif scope["path"].startswith(feeds.PREFIX):
            await self._feeds(scope, receive, send)
        elif scope["path"].startswith(answering.PREFIX):
            await self._answers(scope, receive, _safely(send))
        elif may_see_pages(scope):
            await self._pages(scope, receive, _safely(send))
        else:
            answer = refusal(403, self._served.language)
            await answer(scope, receive, _safely(send))


def application(site: Site) -> ASGIApp:
    """What a server runs for a site."""
    return Door(Served(site))


def _routes(served: Served) -> Starlette:
    pages = Pages(served)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(served.kept.close)

    def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refusal(error.status_code, served.language, error.headers)

    return Starlette(
        routes=[
            Route("/", pages.front),
            Route("/deadlines/{uid}", pages.deadline),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready(served)),
            Route("/metrics", metrics(served)),
            Mount("/static", StaticFiles(directory=STYLE.parent)),
        ],
        exception_handlers={HTTPException: refused},
        lifespan=lifespan,
    )


def _safely(send: Send) -> Send:
    """The sender of a page, with the headers that every page has."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *_SAFE]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        await send(message)

    return guarded
