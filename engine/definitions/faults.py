"""What a model refused, as findings: place, field, value and a code of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.definitions.likeness import listed, nearest
from engine.definitions.nodes import Document, Path
from engine.definitions.part import placed
from engine.errors import Finding

_CODES: Mapping[str, str] = {
    "missing": "value.missing",
    "extra_forbidden": "key-unknown",
    "invalid_key": "key-unknown",
    "model_type": "value.not-a-group",
    "model_attributes_type": "value.not-a-group",
    "dict_type": "value.not-a-group",
    "list_type": "value.not-a-list",
    "tuple_type": "value.not-a-list",
    "string_type": "value.not-text",
    "string_pattern_mismatch": "value.wrong-form",
    "int_type": "value.not-a-number",
    "int_parsing": "value.not-a-number",
    "int_parsing_size": "value.not-a-number",
    "int_from_float": "value.not-a-number",
    "float_type": "value.not-a-number",
    "float_parsing": "value.not-a-number",
    "finite_number": "value.not-a-number",
    "bool_type": "value.not-yes-or-no",
    "bool_parsing": "value.not-yes-or-no",
    "greater_than_equal": "value.too-small",
    "less_than_equal": "value.too-large",
    "literal_error": "value.not-one-of",
    "enum": "value.not-one-of",
    "too_short": "value.empty",
}
_FORMS: Mapping[str, str] = {
    "email": "value.not-an-email",
    "url": "value.not-a-url",
    "time": "value.not-a-time",
    "covers": "value.not-years",
    "employees": "value.not-a-limit",
    "each": "start.each-unknown",
    "from": "start.from-unknown",
}
_GROUPS = frozenset({"model_type", "model_attributes_type", "dict_type", "list_type", "tuple_type"})
_FORM_TYPES = frozenset({*_GROUPS, "string_type", "bool_type", "too_short"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUOTED = re.compile(r"'([^']*)'")
_AS_KEY = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "-", "_": "-"})


@dataclass(frozen=True, slots=True)
class _Fault:
    details: ErrorDetails
    at: Path
    """The path as the file writes it; the model's own marks are left out."""

    @property
    def type(self) -> str:
        return self.details["type"]

    @property
    def of_key(self) -> bool:
        return self.details["loc"][-1:] == ("[key]",)


def findings_of(
    error: ValidationError, model: type[BaseModel], path: str, document: Document
) -> list[Finding]:
    """Every fault of one file, in the words of our own catalogue."""
    told = _told_once(_faults(error, document))
    found = [_finding(fault, model, path, document) for fault in told]
    empty = {told.field for told in document.findings if told.code == "field-empty"}
    groups = {field.rpartition(".")[0] for field in empty}
    return [
        one
        for one in found
        if one.field not in empty and not (one.code == "step.no-rule" and one.field in groups)
    ]


def refused(error: ValidationError, document: Document) -> set[Path]:
    """The places without which the file may do: a group that lacks something goes as a whole."""
    return {
        fault.at[:-1] if fault.type == "missing" else fault.at for fault in _faults(error, document)
    }


def _faults(error: ValidationError, document: Document) -> list[_Fault]:
    every = error.errors(include_url=False, include_input=False)
    return [_Fault(details, _written(details, document)) for details in every]


def _written(details: ErrorDetails, document: Document) -> Path:
    """The steps of a location that stand in the file, and a last one that is missing there."""
    at: Path = ()
    location = details["loc"]
    for index, step in enumerate(location):
        longer = (
            f"{str(step).replace('_', ' ')} {location[index + 1]}" if location[index + 1 :] else ""
        )
        if document.reach((*at, step)) > len(at):
            at = (*at, step)
        elif longer and document.reach((*at, longer)) > len(at):
            at = (*at, longer)
    return (*at, location[-1]) if details["type"] == "missing" else at


def _told_once(faults: list[_Fault]) -> Iterator[_Fault]:
    """One fault for each place: a value that fits none of several forms is told of once."""
    by_place: dict[tuple[Path, bool], list[_Fault]] = {}
    for fault in faults:
        by_place.setdefault((fault.at, fault.of_key), []).append(fault)
    above = {at[:length] for at, _ in by_place for length in range(len(at))}
    for (at, _), here in by_place.items():
        if at in above and all(_is_form(fault) for fault in here):
            continue
        yield min(here, key=_vagueness)


def _vagueness(fault: _Fault) -> int:
    """What to tell first of one place: its own fault, then its form, then that it counts none."""
    return 2 if fault.type == "too_short" else int(fault.type in _GROUPS)


def _is_form(fault: _Fault) -> bool:
    """Whether the fault says that the value should have been of another form altogether."""
    code = str(fault.details.get("ctx", {}).get("code", ""))
    return fault.type in {*_GROUPS, "string_type", "bool_type", "too_short"} or code.startswith(
        "value.not-"
    )


def _finding(fault: _Fault, model: type[BaseModel], path: str, document: Document) -> Finding:
    code, params = _code(fault, model, document)
    key = fault.of_key or fault.type == "extra_forbidden"
    offset, row = params.get("column"), params.get("row")
    at = (*fault.at, "rows", row - 1) if isinstance(row, int) else fault.at
    found = Finding(code, params=params)
    return placed(path, document, at, found, key, offset if isinstance(offset, int) else 0)


def _code(
    fault: _Fault, model: type[BaseModel], document: Document
) -> tuple[str, dict[str, object]]:
    context: dict[str, Any] = dict(fault.details.get("ctx", {}))
    last = str(fault.at[-1]) if fault.at else ""
    if fault.type == "medfrist":
        return _own(fault, context, last)
    code = _CODES.get(fault.type, "value.refused")
    match code:
        case "key-unknown":
            known = sorted(_keys(model, fault.details["loc"][:-1]))
            return code, {"nearest": nearest(last, known), "known": listed(known)}
        case "value.not-one-of":
            known = _QUOTED.findall(str(context.get("expected", "")))
            near = nearest(document.spot(fault.at).text, known)
            return code, {"nearest": near, "known": listed(known)}
        case "value.wrong-form":
            return _FORMS.get(last, code), {}
        case "value.missing":
            return code, {"name": last}
        case _:
            limit = context.get("ge", context.get("le"))
            return code, {} if limit is None else {"limit": limit}


def _own(fault: _Fault, context: dict[str, Any], last: str) -> tuple[str, dict[str, object]]:
    code = str(context.pop("code", "value.refused"))
    params = _shown(context)
    if code == "value.not-a-date" and _DATE.fullmatch(str(context.get("value", ""))):
        code = "value.no-such-date"
    if code == "value.not-a-key":
        params["nearest"] = as_key(last if fault.of_key else str(context.get("value", "")))
    return code, params


def _shown(context: Mapping[str, Any]) -> dict[str, object]:
    """The parameters a message may speak of: plain values, and no whole parts of the file."""
    return {
        name: value
        for name, value in context.items()
        if name != "value" and not isinstance(value, dict | list)
    }


def as_key(text: str) -> str:
    """A name in the letters that keys are written in.

    >>> as_key("Drøftelse af budget")
    'droeftelse-af-budget'
    """
    plain = text.casefold().translate(_AS_KEY)
    return re.sub(r"[^a-z0-9-]", "", plain).strip("-")


def _keys(model: type[BaseModel], location: Iterable[str | int]) -> set[str]:
    """The keys that are known where a location leads in a model."""
    kinds: list[Any] = [model]
    for step in location:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)] or kinds
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return {
        field.alias or name
        for known in models
        for name, field in known.model_fields.items()
        if name not in {"key", "meetings_of"}
    }


def _inside(kind: Any, step: str | int) -> Iterator[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if step == kind.__name__:
            yield kind
        for name, field in kind.model_fields.items():
            if step in {field.alias, name}:
                yield from _forms(field.annotation)
    elif get_origin(kind) is dict:
        yield from _forms(get_args(kind)[1])
    elif get_origin(kind) is tuple and isinstance(step, int):
        yield from _forms(get_args(kind)[0])


def _forms(annotation: Any) -> Iterator[Any]:
    """The forms a value may take: a union's members, without what is annotated on them."""
    if get_origin(annotation) is Annotated:
        yield from _forms(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, UnionType}:
        for member in get_args(annotation):
            yield from _forms(member)
    else:
        yield annotation
