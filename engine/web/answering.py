"""The pages behind the buttons of mails: GET shows, POST answers; open to whoever has the link.

No address ever reaches a log, and nothing else of the site can be reached from these pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from engine.errors import EngineError, FactRejected
from engine.service.answering import Given, Pressed, Standing, Taken, answer, pressed_in
from engine.service.deciding import Ground
from engine.web.answer_words import about_of, form_of, notice_of, receipt_of, title_of
from engine.web.guard import may_answer
from engine.web.pages import STYLE
from engine.web.rendering import RETRY_AFTER, page
from engine.web.served import Served
from engine.wording.catalogue import Language

PREFIX = "/do/"
STYLE_PATH = "/do/medfrist.css"
METHODS = ("GET", "HEAD", "POST")
MOST_BYTES = 8192

STATUS = {
    Standing.OPEN: 200,
    Standing.UNKNOWN: 404,
    Standing.USED: 410,
    Standing.EXPIRED: 410,
    Standing.GONE: 410,
    Standing.NOT_YOURS: 403,
    Standing.DONE: 409,
    Standing.WAIVED: 409,
    Standing.ANSWERED: 409,
}

_log = logging.getLogger("medfrist.web")


class Answers:
    """The ASGI application below `/do/`."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; HEAD gets the headers of GET and nothing more."""
        answered = await self._answered(Request(scope, receive))
        if scope["method"] == "HEAD":
            answered.body = b""
        await answered(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        scope = request.scope
        language = self._served.language
        if not may_answer(scope, self._served.site.config.web.base_url):
            return refused("not-here", 403, language)
        if scope["method"] not in METHODS:
            return refused("method", 405, language, {"Allow": ", ".join(METHODS)})
        if scope["path"] == STYLE_PATH:
            return _style()
        token = scope["path"].removeprefix(PREFIX)
        if scope["method"] != "POST":
            return await self._safely(lambda: self._shown(token))
        given = await _given(request)
        if given is None:
            return refused("too-much", 413, language)
        return await self._safely(lambda: self._taken(token, given))

    async def _safely(self, make: Callable[[], Response]) -> Response:
        """A page that never shows a fault of the program, only that there is one."""
        language = self._served.language
        try:
            return await run_in_threadpool(make)
        except EngineError as error:
            _log.warning("the page of a button could not be shown: %s", error.code)
            return refused("away", 503, language, {"Retry-After": str(RETRY_AFTER)})
        except Exception as error:
            _log.error("the page of a button could not be shown: %s", type(error).__name__)
            _log.debug("the fault", exc_info=error)
            return refused("fault", 500, language)

    def _shown(
        self, token: str, given: Given | None = None, error: FactRejected | None = None
    ) -> Response:
        """What may be answered, or why nothing may; with what was wrong with an answer."""
        pressed = self._pressed(token)
        if pressed.standing is not Standing.OPEN:
            return _noticed(pressed)
        shown = {
            "heading": title_of(pressed),
            "told": about_of(pressed),
            "form": form_of(pressed, given or Given(), error),
        }
        return page("answer.html", pressed.language, shown, status=422 if error else 200)

    def _pressed(self, token: str) -> Pressed:
        site = self._served.site
        with self._served.look() as look:
            ground = Ground(look.view.now, look.view.plan, site.today, site.now)
            return pressed_in(look.store, ground, token)

    def _taken(self, token: str, given: Given) -> Response:
        # What leads nowhere is answered without planning anew and without holding up anybody.
        pressed = self._pressed(token)
        if pressed.standing is not Standing.OPEN:
            return _noticed(pressed)
        try:
            taken: Taken = answer(self._served.site, token, given)
        except FactRejected as error:
            return self._shown(token, given, error)
        if not taken.choice:
            return _noticed(taken.pressed)
        return page("receipt.html", taken.pressed.language, {"receipt": receipt_of(taken)})


def _noticed(pressed: Pressed) -> Response:
    shown = {"notice": notice_of(pressed)}
    return page("notice.html", pressed.language, shown, status=STATUS[pressed.standing])


def refused(
    kind: str, status: int, language: Language, headers: dict[str, str] | None = None
) -> Response:
    """A calm page for what cannot be shown at all."""
    shown = {"code": f"answer.refused-{kind}"}
    return page("answer-refused.html", language, shown, status=status, headers=headers)


async def _given(request: Request) -> Given | None:
    """What the form says; none where more was sent than a form can hold."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    text = " ".join(fields.get("text", "").split())
    return Given(fields.get("choice", ""), fields.get("to", "").strip(), text)


def _style() -> Response:
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(_style_bytes(), media_type="text/css", headers=headers)


@cache
def _style_bytes() -> bytes:
    return STYLE.read_bytes()
