"""The dates of the shipped workflows, each reckoned by hand from the text it rests on."""

from __future__ import annotations

import pytest
from shipped import shipped
from workflow_tables import Row, expected, rows, wrong

from engine.planning.starts import EachCase

EVERY = list(rows())
ROWS = [
    pytest.param(row, id=f"{topic} {row['arbejdsgang']} {row['skridt']} {row['gældende dato']}")
    for topic, row in EVERY
]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_tables_is_what_the_workflow_gives(row: Row) -> None:
    assert wrong(row) == []


def test_a_row_that_says_another_day_is_told_of() -> None:
    _, row = EVERY[0]
    (told,) = wrong({**row, "gældende dato": "1999-01-01"})
    step = expected(row, shipped().workflows[row["arbejdsgang"]])
    assert (told.expected, str(told.due_on)) == (step, row["gældende dato"])


def test_every_row_says_where_it_comes_from() -> None:
    assert [row for _, row in EVERY if not row["kilde"].strip()] == []


def test_no_row_stands_twice() -> None:
    said = [tuple(row.items()) for _, row in EVERY]
    assert [row for row in said if said.count(row) > 1] == []


def test_every_workflow_of_these_topics_has_rows() -> None:
    tried = {row["arbejdsgang"] for _, row in EVERY}
    folders = {key.split("/")[0] for key in tried}
    lacking = [
        key
        for key, workflow in shipped().workflows.items()
        if key not in tried
        and key.split("/")[0] in folders
        and not isinstance(workflow.start, EachCase)
    ]
    assert lacking == []
