from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import time

import pytest

from engine.errors import EngineError
from engine.service.site import Site
from engine.web import serve
from engine.web.guard import is_loopback
from engine.web.server import listening
from engine.wording.errors import error_line

SERVER = """
import sys
from pathlib import Path
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.web import serve

serve(open_site(Path(sys.argv[1]), stopped_at("2026-03-12T08:00")), "127.0.0.1", int(sys.argv[2]))
print("ended")
"""


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("128.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
        ("2130706433", False),
        ("", False),
    ],
)
def test_what_counts_as_this_machine(host: str, near: bool) -> None:
    assert is_loopback(host) == near


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "medfrist.example", ""])
def test_only_this_machine_is_served(site: Site, host: str) -> None:
    with pytest.raises(EngineError) as refused:
        serve(site, host, 8000)
    assert (refused.value.code, refused.value.params) == (
        "web.not-loopback",
        {"host": host, "port": 8000},
    )


def test_a_refused_address_says_how_to_do_it_instead() -> None:
    error = EngineError("web.not-loopback", host="0.0.0.0", port=8000)
    assert [error_line(error, "da"), error_line(error, "en")] == [
        "--host: 0.0.0.0 — siderne kan kun ses fra maskinen selv, så længe man ikke kan logge "
        "ind. Brug 127.0.0.1. Fra en anden maskine: Kør »ssh -L 8000:127.0.0.1:8000« mod denne, "
        "og åbn http://127.0.0.1:8000.",
        "--host: 0.0.0.0 — until there is sign-in, the pages can be seen from this machine only. "
        "Use 127.0.0.1. From another machine: run “ssh -L 8000:127.0.0.1:8000” to this one and "
        "open http://127.0.0.1:8000.",
    ]


def test_a_port_in_use_is_said_plainly(site: Site) -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineError) as refused:
            serve(site, "localhost", port)
    assert error_line(refused.value, "da") == (
        f"--port: {port} — porten bruges af et andet program. "
        f"Stop det, eller vælg en anden port, f.eks. --port {port + 1}."
    )


@pytest.mark.parametrize("port", [-1, 65536, 70000])
def test_a_port_that_is_none_is_said_plainly(site: Site, port: int) -> None:
    with pytest.raises(EngineError) as refused:
        serve(site, "127.0.0.1", port)
    assert error_line(refused.value, "da") == (
        f"--port: {port} — der er ingen port med det nummer. "
        "Vælg et tal fra 1024 til 65535, f.eks. --port 8000."
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_and_cleanly(site: Site, ending: signal.Signals) -> None:
    with listening("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(site.folder), str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as server:
        waiting = _connected(port)
        asked_at = time.monotonic()
        server.send_signal(ending)
        out, err = server.communicate(timeout=20)
        waiting.close()
    assert (server.returncode, out, err) == (0, "ended\n", "")
    assert time.monotonic() - asked_at < 4


def _connected(port: int) -> http.client.HTTPConnection:
    """A connection that is kept open after its answer, as browsers do."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(ConnectionRefusedError):
            connection.request("GET", "/health/live")
            assert connection.getresponse().read() == b'{"status":"live"}'
            return connection
        time.sleep(0.05)
    raise TimeoutError(port)


def test_the_other_loopback_is_served_too() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        with listening("::1", 0) as door:
            assert door.getsockname()[0] == "::1"
    except EngineError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error.code}")
