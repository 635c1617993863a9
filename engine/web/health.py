"""Whether the program runs, and whether it can answer; for a supervisor."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse

from engine.errors import EngineError
from engine.web.served import Served


async def live(request: Request) -> JSONResponse:
    """The program runs."""
    return JSONResponse({"status": "live"})


def ready(served: Served) -> Callable[[Request], JSONResponse]:
    """The store can be read and an edition is in force."""

    def answer(_: Request) -> JSONResponse:
        try:
            with served.look() as look:
                return JSONResponse({"status": "ready", "edition": look.view.now.number})
        except EngineError as error:
            return JSONResponse({"status": "not ready", "reason": error.code}, 503)

    return answer
