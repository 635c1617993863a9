"""The command that looks whether everything is in order: doctor."""

from __future__ import annotations

from engine.cli.options import AsJson, Commands, Now, SiteFolder, opened
from engine.cli.showing import show, show_json
from engine.cli.writing import language_of
from engine.errors import EngineError
from engine.service.examining import Check, examined
from engine.service.site import Site
from engine.wording.catalogue import Language
from engine.wording.doctor import check_name, check_words, mark


def doctor(site: SiteFolder = None, as_json: AsJson = False, now: Now = None) -> int:
    """`med doctor`."""
    where = opened(site, now)
    found = examined(where)
    language = _language(where)
    if as_json:
        show_json([_plain(each, language) for each in found])
    else:
        for each in found:
            name = check_name(each.check, language)
            words = check_words(each.code, each.params, language)
            show(f"{mark(each.ok, language)}  {name}: {words}")
    return 0 if all(each.ok for each in found) else 1


def _plain(each: Check, language: Language) -> dict[str, object]:
    detail = check_words(each.code, each.params, language)
    return {"check": each.check, "ok": each.ok, "detail": detail}


def _language(where: Site) -> Language:
    """The site's language; where nothing can be read, Danish."""
    try:
        return language_of(where)
    except EngineError:
        return "da"


COMMANDS: Commands = {"doctor": doctor}
