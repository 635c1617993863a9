"""Inputs of cases as files give them: in examples, and in what a step applies to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.definitions.likeness import listed
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import EngineError, Finding
from engine.planning.inputs import read_input
from engine.planning.starts import CaseInput


def unreadable(part: Part[Any], at: Path, asked: CaseInput, text: str) -> Iterator[Finding]:
    """A finding if the text is not what the input asks for."""
    if asked.type == "choice" and not asked.choices:
        return
    try:
        read_input(asked, text)
    except EngineError as error:
        params: dict[str, Any] = {
            name: listed(value) if isinstance(value, list) else value
            for name, value in error.params.items()
        }
        yield part.finding(at, error.code, **params)
