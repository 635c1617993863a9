"""The server: one loopback socket, quiet logs, and an end as soon as it is asked for."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from engine.errors import EngineError
from engine.service.site import Site
from engine.web.application import application
from engine.web.guard import LOCALHOST, is_loopback

LOOPBACK = "127.0.0.1"
PORTS = range(65_536)
# How long a calendar that is being sent may take once the server has been asked to stop.
LAST_SECONDS = 2

_REASONS = {errno.EADDRINUSE: "web.port-in-use", errno.EACCES: "web.port-not-allowed"}


def serve(site: Site, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve a site to this machine until SIGINT or SIGTERM; `ready` is told when it listens."""
    with listening(host, port) as door:
        ready()
        server = uvicorn.Server(settings(site))
        with _ending(server):
            server.run(sockets=[door])


def settings(site: Site) -> uvicorn.Config:
    """How the server runs; without an access log, which would keep the secret of every feed."""
    return uvicorn.Config(
        application(site),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_SECONDS,
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket at a loopback address; any other is refused until there is sign-in."""
    if not is_loopback(host):
        raise EngineError("web.not-loopback", host=host, port=port)
    if port not in PORTS:
        raise EngineError("web.no-such-port", port=port)
    address = LOOPBACK if host.casefold() == LOCALHOST else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        code = _REASONS.get(error.errno or 0, "web.cannot-listen")
        reason = error.strerror or type(error).__name__
        raise EngineError(code, host=host, port=port, next=port + 1, reason=reason) from error


@contextmanager
def _ending(server: uvicorn.Server) -> Iterator[None]:
    """Stops the server on a signal and returns, where uvicorn would let the signal kill it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, server.handle_exit) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
