"""What every sentence of either language must keep to, whatever it says."""

from __future__ import annotations

import re

from engine.wording.catalogue import Language

ENGLISH = """the of before after deadline meeting meetings day days weeks which is that and or date
    until not yet item agenda working closed entered known fixed period"""
DANISH = """er den det mødet fristen før efter dag dage uger som ikke og eller dato dagsordenen
    punktet derfor altså møde mangler endnu lagt ind fra"""
FOREIGN: dict[Language, frozenset[str]] = {
    "da": frozenset(ENGLISH.split()),
    "en": frozenset(DANISH.split()),
}


def check(said: str, ours: str, language: Language) -> None:
    assert re.fullmatch(r"[A-ZÆØÅ0-9»“].*\.", said), said
    assert not re.search(r"[{}]|  |None|\.\.| [.,:;]|[a-zæøå]\.[A-ZÆØÅ]", said), said
    words = set(re.findall(r"[a-zæøå]+", ours.casefold()))
    assert not words & FOREIGN[language], said
    assert not re.search(r"([^\d\s]|\d{4})\. [a-zæøå]", said), said
