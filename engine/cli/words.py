"""The few words that the command-line library says itself, in the user's language."""

from __future__ import annotations

import gettext
import re
import sys
from pathlib import Path

from engine.wording.catalogue import Language, catalogue

_LANGUAGE = re.compile(rb"^\s+language:\s*['\"]?(da|en)\b", re.MULTILINE)
_ORGANISATION = Path("organisation/organisation.yaml")
_PREFIX = "cli.library."


def language_of(arguments: list[str]) -> Language:
    """The language of the site that the arguments name, before anything else is read of it."""
    folder = Path()
    for index, word in enumerate(arguments):
        if word == "--site" and index + 1 < len(arguments):
            folder = Path(arguments[index + 1])
        elif word.startswith("--site="):
            folder = Path(word.removeprefix("--site="))
    try:
        found = _LANGUAGE.search((folder / _ORGANISATION).read_bytes())
    except OSError:
        return "da"
    return "en" if found and found[1] == b"en" else "da"


def translate_library(language: Language) -> None:
    """Give the library our words where it asks gettext; must run before it is imported."""
    english = catalogue("en")
    words = {
        str(english[code]): str(text)
        for code, text in catalogue(language).items()
        if code.startswith(_PREFIX)
    }

    def translated(message: str) -> str:
        return words.get(message, message)

    assert "typer" not in sys.modules, "the library has fixed its words already"
    gettext.gettext = translated
