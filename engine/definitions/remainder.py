"""What is sound of a faulty file, so that the rest of it is held against the other files too."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from engine.definitions.faults import refused
from engine.definitions.nodes import Document
from engine.definitions.part import Part

M = TypeVar("M", bound=BaseModel)

_ROUNDS = 6
"""A value goes first, then the group that lacks it, then the group around that."""

_STAND_INS = {"title": "–", "name": "–", "source": {"document": "–"}}


def sound_part(
    error: ValidationError, path: str, document: Document, model: type[M]
) -> Part[M] | None:
    """The file without what the model refused, or nothing where too little is left."""
    left = document
    for _ in range(_ROUNDS):
        places, lacking = refused(error, left), _lacking(error)
        if not lacking <= _STAND_INS.keys() or (() in places and not lacking):
            return None
        left = left.without(places - {()})
        if isinstance(left.content, dict):
            left.content.update({key: _STAND_INS[key] for key in lacking})
        try:
            return Part(path, left, model.model_validate(left.content), document)
        except ValidationError as again:
            error = again
    return None


def _lacking(error: ValidationError) -> set[str]:
    """The fields that the file itself lacks."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return {
        str(fault["loc"][0])
        for fault in faults
        if fault["type"] == "missing" and len(fault["loc"]) == 1
    }
