"""The files of `workflows/tables/`, held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.circles import circles
from engine.definitions.likeness import listed, nearest
from engine.definitions.names import Names, unknown
from engine.definitions.part import Part, placed
from engine.errors import Finding
from engine.planning.rules import reserved
from engine.planning.tables import AnyTable, DecisionTable, Fault, NoticeTable, faults


def table_model(content: object) -> type[AnyTable] | None:
    """The kind of table a file says it holds."""
    kind = content.get("table") if isinstance(content, dict) else None
    if kind == "notice":
        return NoticeTable
    return DecisionTable if kind == "decision" else None


def table_findings(part: Part[AnyTable], names: Names) -> Iterator[Finding]:
    """What is wrong with one table, and whether it extends one that exists."""
    table = part.model
    if part.stem in reserved():
        yield part.finding((), "name-reserved", name=part.stem)
    if isinstance(table, NoticeTable):
        yield from unknown(part, ("extends",), "table", table.extends, names.tables)
        if table.extends in names.decisions:
            yield part.finding(("extends",), "table-not-notice", name=table.extends)
    for fault in faults(table):
        params = dict(fault.params)
        if fault.code == "unknown-input":
            known = _askable(table, fault)
            near = nearest(str(params["name"]), known)
            params |= {"nearest": near, "known": listed(known)}
        found = Finding(fault.code, params=params)
        yield placed(part.path, part.document, fault.at, found, fault.at_key)


def _askable(table: AnyTable, fault: Fault) -> list[str]:
    """What a row may ask for; what is counted is counted from inputs."""
    if isinstance(table, NoticeTable):
        return []
    return list(table.inputs if fault.at[0] == "counts" else {**table.inputs, **table.counts})


def extending_findings(tables: Mapping[str, Part[AnyTable]]) -> Iterator[Finding]:
    """Scales that extend each other in a circle."""
    scales = {key: part.model for key, part in tables.items()}
    leads = {
        key: [scale.extends]
        for key, scale in scales.items()
        if isinstance(scale, NoticeTable) and scale.extends is not None and scale.extends in scales
    }
    for circle in circles(leads):
        around = " → ".join((*circle, circle[0]))
        yield tables[circle[0]].finding(("extends",), "tables-in-circle", circle=around)
