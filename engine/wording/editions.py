"""Words for what an edition changes and why: one place, one edit, one day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from engine.wording.catalogue import Language, has, say
from engine.wording.dates import long_day

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Edited(Protocol):
    """An edit of a file, as reading finds it."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> str: ...  # noqa: D102
    @property
    def after(self) -> str: ...  # noqa: D102


def reason_words(kind: str, edits: Sequence[Edited], language: Language) -> str:
    """Why something changes: the edits of the files, or what happened without any."""
    if not edits:
        return say(f"editions.reason.{kind}", language)
    return "; ".join(edit_words(edit, language) for edit in edits)


def edit_words(edit: Edited, language: Language) -> str:
    """`calendars/meetings/oes-med-2026.yaml, linje 5: mødet … er flyttet til …`."""
    place = edit.path
    if edit.line:
        place = say("editions.place", language, path=edit.path, line=edit.line)
    code = f"editions.edit.{edit.kind}"
    if edit.kind in {"added", "changed", "removed"} and not edit.name:
        code = "editions.edit.file-changed"
    told = say(
        code,
        language,
        name=_said(edit.name, language),
        before=_said(edit.before, language),
        after=_said(edit.after, language),
    )
    return f"{place}: {told}"


def verb_heading(verb: str, count: int, language: Language) -> str:
    """`34 flyttes`: what would happen to how many."""
    code = f"editions.verb.{verb}"
    assert has(code, language)
    return say(code, language, count=count)


class Lost(Protocol):
    """Somebody or something that an edition no longer has."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def committee(self) -> str: ...  # noqa: D102


def loss_words(lost: Lost, language: Language) -> str:
    """`mødet torsdag den 18. marts 2027 i oes-med`: what would disappear."""
    name = _said(lost.name, language)
    return say(f"editions.lost.{lost.kind}", language, name=name, committee=lost.committee)


def _said(text: str, language: Language) -> str:
    """A day as people say it; everything else as it is written."""
    if not _DAY.fullmatch(text):
        return text
    try:
        return long_day(date.fromisoformat(text), language)
    except ValueError:
        return text
