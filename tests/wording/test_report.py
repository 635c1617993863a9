"""Findings as people read them: what many share is told once, with the places."""

from __future__ import annotations

import pytest

from engine.errors import Finding, Severity
from engine.wording.catalogue import Language
from engine.wording.report import FEWEST, report_lines


def source(path: str, line: int, document: str = "Lokal planlægning") -> Finding:
    params = {"document": document}
    return Finding("source-unchecked", Severity.WARNING, path, line, 9, "source[1]", "", params)


def ends(committee: str, on: str) -> Finding:
    params = {"committee": committee, "on": on}
    return Finding(
        "plan.meetings-run-out",
        Severity.WARNING,
        path="calendars/meetings",
        field=committee,
        params=params,
    )


def test_fewer_than_four_are_told_one_by_one() -> None:
    few = [source("workflows/a.yaml", line) for line in range(1, FEWEST)]
    assert [line.split(": ")[0] for line in report_lines(few, "da")] == [
        "workflows/a.yaml:1:9",
        "workflows/a.yaml:2:9",
        "workflows/a.yaml:3:9",
    ]


@pytest.mark.parametrize(
    ("language", "head", "last"),
    [
        (
            "da",
            "4 kilder er ikke sikre, og ingen har noteret, at de er kontrolleret. Kontrollér dem, "
            "og tilføj »checked: {by: initialer, on: dato}«:",
            "  workflows/a.yaml:3, 7, 9: Lokal planlægning og Loven",
        ),
        (
            "en",
            "4 sources are not certain, and nobody has noted that they were checked. Check them, "
            "and add “checked: {by: initials, on: date}”:",
            "  workflows/a.yaml:3, 7, 9: Lokal planlægning and Loven",
        ),
    ],
)
def test_many_are_told_once_with_their_lines_after_the_rest(
    language: Language, head: str, last: str
) -> None:
    many = [
        source("workflows/a.yaml", 3),
        source("workflows/a.yaml", 7, "Loven"),
        source("workflows/a.yaml", 9),
        Finding("empty-file", path="workflows/b.yaml", line=1, column=1),
        source("workflows/c.yaml", 2),
    ]
    lines = list(report_lines(many, language))
    assert lines[0].startswith("workflows/b.yaml:1:1: ")
    assert lines[1:] == [head, last, "  workflows/c.yaml:2: Lokal planlægning"]


def test_plans_that_end_on_one_day_are_told_as_one_and_others_by_themselves() -> None:
    day, later = "fredag den 31. december 2027", "søndag den 31. december 2028"
    findings = [ends(body, day) for body in ("ØS", "BF", "MT", "KFE")] + [ends("ÆSS", later)]
    lines = list(report_lines(findings, "da"))
    assert lines == [
        f"calendars/meetings: ÆSS — Mødeplanen for ÆSS går kun til og med {later}. Læg de næste "
        "møder ind i en fil i calendars/meetings, så der kan regnes længere frem.",
        f"calendars/meetings — Mødeplanen går kun til og med {day} for ØS, BF, MT og KFE. Læg de "
        "næste møder ind, så der kan regnes længere frem.",
    ]
