from __future__ import annotations

from pathlib import Path

from engine.definitions.nodes import read_document
from engine.definitions.tables import table_model
from engine.planning.tables import AnyTable, DecisionTable

FOLDER = Path(__file__).parents[2] / "workflows" / "tables"


def read(text: str) -> AnyTable:
    content = read_document(text.encode(), "").content
    model = table_model(content)
    assert model is not None
    return model.model_validate(content)


TABLES = {path.stem: read(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def deciding(name: str) -> DecisionTable:
    table = TABLES[name]
    assert isinstance(table, DecisionTable)
    return table
