from __future__ import annotations

import re
from importlib import resources
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.pofile import read_po

SAID = re.compile(r'"(store\.[a-z-]+)"')


def sources() -> str:
    folders = [resources.files("engine") / name for name in ("store", "migrations")]
    files = [file for folder in folders for file in folder.iterdir() if file.name.endswith(".py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def messages(language: str) -> dict[str, str]:
    file = resources.files("engine.wording") / "catalogue" / language / "store.po"
    return {each.id: each.string for each in read_po(BytesIO(file.read_bytes())) if each.id}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_has_its_words_and_every_word_its_code() -> None:
    assert set(SAID.findall(sources())) == set(messages("da")) == set(messages("en"))


@pytest.mark.parametrize("code", sorted(messages("da")))
def test_both_languages_say_the_same(code: str) -> None:
    danish, english = messages("da")[code], messages("en")[code]
    assert placeholders(danish) == placeholders(english)
    assert danish != english
    # What is wrong, then the next step.
    assert all(
        len(re.findall(r"[.:] ", text)) >= 1 and text.endswith(".") for text in (danish, english)
    )
