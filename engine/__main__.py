"""The command `med`: the doors of the house, put together."""

from __future__ import annotations

import gc
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from engine.cli.words import language_of, translate_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.service.site import Site


RARELY = 50_000, 20, 50
"""How often garbage is looked for: seldom, since a command keeps most of what it makes."""


def main() -> None:
    """Run a command; the library's own words are set before it is loaded."""
    gc.set_threshold(*RARELY)
    language = language_of(sys.argv[1:])
    translate_library(language)
    from engine.cli.app import run

    sys.exit(run(sys.argv[1:], language, serve, work))


def serve(site: Site, host: str, port: int, clock: bool, ready: Callable[[], None]) -> None:
    """The page and the calendars, with the scheduler beside them; both end together."""
    from engine.scheduler import running
    from engine.web import serve as serve_web

    with ExitStack() as doors:
        if clock:
            doors.enter_context(running(site))
        serve_web(site, host, port, ready)


def work(site: Site, ready: Callable[[], None]) -> None:
    """The scheduler alone, until the process is asked to stop."""
    from engine.scheduler import running, stopping

    with stopping() as ending, running(site, ending):
        ready()
        ending.wait()


if __name__ == "__main__":
    main()
