"""The pages: the coming deadlines, and one deadline with everything about it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from engine.errors import EngineError
from engine.service.autoapplying import stopped
from engine.web.coming import coming
from engine.web.deadline import about
from engine.web.postbox import postbox
from engine.web.rendering import RETRY_AFTER, page, refusal
from engine.web.served import Look, Served
from engine.web.subscribing import subscribing
from engine.web.visible import open_deadline
from engine.wording.catalogue import say
from engine.wording.dates import moment

STYLE = Path(__file__).parent / "static" / "medfrist.css"

_log = logging.getLogger("medfrist.web")


def _answered(make: Callable[[Pages, Request], Response]) -> Callable[[Pages, Request], Response]:
    """A page that never shows a fault of the program, only that there is one."""

    @functools.wraps(make)
    def answer(pages: Pages, request: Request) -> Response:
        language = pages.served.language
        try:
            return make(pages, request)
        except EngineError as error:
            _log.warning("a page could not be shown: %s", error.code)
            kind = "no-edition" if error.code == "service.no-edition" else ""
            return refusal(503, language, {"Retry-After": str(RETRY_AFTER)}, kind)
        except Exception as error:
            _log.error("a page could not be shown: %s", type(error).__name__)
            _log.debug("the fault", exc_info=error)
            return refusal(500, language)

    return answer


class Pages:
    """The pages of a site, each made anew from what holds now."""

    def __init__(self, served: Served) -> None:
        self.served = served

    @_answered
    def front(self, request: Request) -> Response:
        """What is coming, where to subscribe, and the mails of the sink."""
        site, chosen = self.served.site, request.query_params.get("committee", "")
        with self.served.look() as look:
            shown = {
                "coming": coming(look.view, site.today, look.language, chosen),
                "feeds": subscribing(site, look),
                "postbox": postbox(site, look),
            }
            return page("front.html", look.language, self._around(look) | shown)

    @_answered
    def deadline(self, request: Request) -> Response:
        """One deadline; one that is not open to all looks as if it did not exist."""
        today = self.served.site.today
        with self.served.look() as look:
            found = open_deadline(look.view, request.path_params["uid"], today)
            if found is None:
                return refusal(404, look.language, kind="deadline")
            told = about(found, look.view, today, look.language)
            return page("deadline.html", look.language, self._around(look) | {"told": told})

    def _around(self, look: Look) -> dict[str, object]:
        return {
            "stopped": self._stopped(look),
            "organisation": look.view.now.edition.organisation.name,
            "edition": look.view.now.number,
            "made_at": moment(self.served.site.now, look.language),
        }

    def _stopped(self, look: Look) -> str:
        """Why the files do not take effect by themselves; nothing of what stands in them."""
        found = stopped(look.store) if self.served.site.config.editions.auto_apply else None
        return say(f"editions.auto.{found.outcome.value}", look.language) if found else ""
