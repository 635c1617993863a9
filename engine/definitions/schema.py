"""The form of a site's files as JSON Schema, for editors that complete and check while writing."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)
from pydantic_core import core_schema

from engine.planning import fields
from engine.planning.edition import DaySetFile, MeetingPlan, Milestones
from engine.planning.organisation import Organisation
from engine.planning.planned_courses import PlannedCourses
from engine.planning.sources import SourceList
from engine.planning.tables import DecisionTable, NoticeTable
from engine.planning.timetables import Timetables
from engine.planning.workflow import Workflow, parse_holder
from engine.wording.catalogue import Language, has, say

FILES: dict[str, type[BaseModel]] = {
    "workflows/**/*.yaml": Workflow,
    "workflows/tables/*.yaml (table: notice)": NoticeTable,
    "workflows/tables/*.yaml (table: decision)": DecisionTable,
    "workflows/sources.yaml": SourceList,
    "organisation/organisation.yaml": Organisation,
    "organisation/timetables.yaml": Timetables,
    "organisation/courses.yaml": PlannedCourses,
    "calendars/meetings/*.yaml": MeetingPlan,
    "calendars/milestones/*.yaml": Milestones,
    "calendars/working-days/*.yaml": DaySetFile,
}

_ONE_OR_MORE = fields.OneOrMore.func
_TEXT = fields.Text.__metadata__[0].func  # type: ignore[attr-defined]  # typing hides it


class _ForEditors(GenerateJsonSchema):
    """Describes what a person may write, which is a little more than what the models keep."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        reader: Any = schema["function"]["function"]
        if reader is _ONE_OR_MORE:
            return {"anyOf": [inner["items"], inner]}
        return {"type": ["string", "integer"]} if reader is _TEXT else inner

    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        reader: Any = schema["function"]["function"]
        if reader is parse_holder:
            return {"type": "string"}
        return super().function_plain_schema(schema)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema(language: Language = "en") -> dict[str, Any]:
    """One schema that every file of a site fits; each kind of file is also a part of `$defs`."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (model, "validation") for model in FILES.values()
    ]
    _, whole = models_json_schema(models, schema_generator=_ForEditors, title="Medfrist")
    parts: dict[str, Any] = whole["$defs"]
    for name, part in parts.items():
        _described(name, part, language)
    parts["Workflow"]["properties"].pop("key")
    given = parts["Given"]
    bodies = given["properties"].pop("meetings_of")
    given["patternProperties"] = {"^meetings of ": next(iter(bodies["patternProperties"].values()))}
    whole["$defs"] = _used(parts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "anyOf": [{"$ref": f"#/$defs/{model.__name__}"} for model in FILES.values()],
        "x-files": {path: f"#/$defs/{model.__name__}" for path, model in FILES.items()},
    }


def _described(name: str, part: dict[str, Any], language: Language) -> None:
    """What each field is for, by its own name or by the part it stands in."""
    for key, value in part.get("properties", {}).items():
        for code in (f"field.{name}.{key}", f"field.{key}"):
            if has(code, language):
                value["description"] = say(code, language)
                break


def _used(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts that a file is made of; what values are read into is left out."""
    files = {model.__name__ for model in FILES.values()}
    while True:
        text = json.dumps(parts)
        used = {
            name: part
            for name, part in parts.items()
            if name in files or f'"#/$defs/{name}"' in text
        }
        if used.keys() == parts.keys():
            return used
        parts = used
