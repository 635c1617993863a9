from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp, Message

from engine.service.site import Site
from engine.web import application
from engine.web.server import listening, settings

HERE = "http://127.0.0.1:8000"


class Visitor:
    """A browser without a network between, on this machine or another."""

    def __init__(self, door: ASGIApp, address: str = "127.0.0.1", base_url: str = HERE) -> None:
        self._door = door
        self._loop = asyncio.Runner()
        self._near = httpx.AsyncClient(
            transport=httpx.ASGITransport(door, client=(address, 50000)), base_url=base_url
        )

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.request("GET", path, headers)

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return self._loop.run(self._near.request(method, path, headers=headers))

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return self._loop.run(self._near.post(path, data=fields))

    def leave(self) -> None:
        self._loop.run(self._near.aclose())
        self._loop.run(_stop(self._door))
        self._loop.close()


async def _stop(door: ASGIApp) -> None:
    """What a server says when it begins and ends."""
    said = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> Message:
        return {"type": next(said)}

    async def send(_: Message) -> None:
        pass

    await door({"type": "lifespan", "state": {}}, receive, send)


@contextmanager
def visiting(site: Site, address: str = "127.0.0.1", base_url: str = HERE) -> Iterator[Visitor]:
    visitor = Visitor(application(site), address, base_url)
    try:
        yield visitor
    finally:
        visitor.leave()


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """A real server on a free port; gives its address."""
    door = listening("127.0.0.1", 0)
    server = uvicorn.Server(settings(site))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        _wait_for(server)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        door.close()


def _wait_for(server: uvicorn.Server) -> None:
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    assert server.started
