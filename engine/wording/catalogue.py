"""Message catalogues: every word a user reads, one folder a language, one file a subject."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")


@cache
def catalogue(language: Language) -> dict[str, str | tuple[str, ...]]:
    """Every message of a language by its code; a tuple holds singular and plural."""
    messages: dict[str, str | tuple[str, ...]] = {}
    folder = resources.files("engine.wording") / "catalogue" / language
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".po"):
            messages.update(_read(file.read_bytes(), language))
    return messages


def _read(text: bytes, language: Language) -> dict[str, str | tuple[str, ...]]:
    catalog: Catalog = read_po(BytesIO(text), locale=language, abort_invalid=True)
    found: dict[str, str | tuple[str, ...]] = {}
    for message in catalog:
        if not message.id:
            continue
        if isinstance(message.id, str):
            found[message.id] = str(message.string)
        else:
            found[message.id[0]] = tuple(str(form) for form in message.string or ())
    return found


def has(code: str, language: Language = "da") -> bool:
    """Whether the catalogue knows the code."""
    return code in catalogue(language)


def say(code: str, language: Language, /, **params: object) -> str:
    """The message of a code, its placeholders filled; `count` chooses between one and many."""
    text = catalogue(language)[code]
    if isinstance(text, tuple):
        text = text[0] if params.get("count") == 1 else text[-1]
    return text.format_map(params)
