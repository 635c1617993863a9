"""Templates, and the pages that say what could not be shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from engine.wording.catalogue import Language, has, say

RETRY_AFTER = 60


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("engine.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    template: str,
    language: Language,
    shown: Mapping[str, object],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page in a language; in templates `say` gives the words of a code."""
    words = partial(_say, language)
    text = _templates().get_template(template).render(shown, say=words, language=language)
    return HTMLResponse(text, status, headers)


def refusal(
    status: int, language: Language, headers: Mapping[str, str] | None = None, kind: str = ""
) -> HTMLResponse:
    """A friendly page for what cannot be shown; `kind` names a closer reason than the status."""
    code = f"page.refused-{kind or status}"
    if not has(code, language):
        code = "page.refused-500"
    return page("refused.html", language, {"code": code}, status=status, headers=headers)


def _say(language: Language, code: str, **params: object) -> str:
    return say(code, language, **params)
