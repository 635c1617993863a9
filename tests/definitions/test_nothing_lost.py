"""What a reader might take for a small thing, and what would then be lost without a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.definitions import read_site, site_files
from engine.definitions.chains import MOST_PARTS
from engine.errors import Finding, Severity
from engine.planning.facts import NOTHING_TOLD
from engine.planning.periods import Window
from engine.planning.plan import make_plan

BASE = site_files(Path(__file__).parents[1] / "sites" / "base")
TODAY = date(2026, 11, 21)
PLAN = "calendars/meetings/oes-med-2026.yaml"
MEMBERS = "organisation/members.csv"
HEAD = "person;committee;role;name;email;from;until;side\n"


def codes(files: dict[str, str]) -> list[tuple[Severity, str]]:
    changed = {path: text.encode() for path, text in files.items()}
    return [(one.severity, one.code) for one in read_site({**BASE, **changed}, TODAY).findings]


def test_a_meeting_that_is_only_warned_of_stays_in_the_plan() -> None:
    text = "committee: oes-med\nmeetings:\n  - {date: 2026-06-21}\n  - {date: 2026-05-14}\n"
    reading = read_site({**BASE, PLAN: text.encode()}, TODAY)
    assert [one.code for one in reading.findings] == [
        "meeting-on-weekend",
        "meeting-on-closed-day",
    ]
    assert reading.edition is not None
    held = [meeting.on for meeting in reading.edition.meetings["oes-med"]]
    assert held == [date(2026, 5, 14), date(2026, 6, 21)]


def test_a_place_in_a_list_is_the_one_in_the_file() -> None:
    text = "committee: oes-med\nmeetings:\n  - {date: i dag}\n  - {date: 2026-06-21}\n"
    findings = read_site({**BASE, PLAN: text.encode()}, TODAY).findings
    assert [(one.line, one.field) for one in findings] == [
        (3, "meetings[1].date"),
        (4, "meetings[2].date"),
    ]


def test_milestones_that_no_file_has() -> None:
    workflow = """title: Valg
source: {document: Lokal praksis}
start: {each: milestones, kind: valg}
responsible: office hr
steps:
  valg: {title: Valget holdes, due: valgdag}
"""
    files = {path: text for path, text in BASE.items() if "milestones" not in path}
    findings = read_site({**files, "workflows/valg.yaml": workflow.encode()}, TODAY).findings
    assert [(one.severity, one.code, one.line) for one in findings] == [
        (Severity.WARNING, "milestones-none", 3),
    ]


ROWS = [
    # A row that leaves out what the person's first row says is sound.
    ("a;oes-med;forperson;A;a@k.example;2025-06-01;;\na;oes-med;medlem;;;2025-06-01;;\n", []),
    # The next term may begin on the day the last one ends.
    (
        "a;oes-med;medlem;A;a@k.example;2025-06-01;2026-06-01;\n"
        "a;oes-med;medlem;A;a@k.example;2026-06-01;;\n",
        [],
    ),
    (
        "a;oes-med;medlem;A;a@k.example;2025-06-01;;\n"
        "a;oes-med;medlem;A;a@k.example;2026-06-01;;\n",
        [(Severity.WARNING, "seat-overlaps")],
    ),
    # A stored file has neither names nor addresses, and nothing is to be said of that.
    ("a;oes-med;medlem;;;2025-06-01;;\nb;oes-med;medlem;;;2025-06-01;;\n", []),
    (
        "a;oes-med;medlem;A;a@k.example;2025-06-01;;\nb;oes-med;medlem;;;2025-06-01;;\n",
        [(Severity.WARNING, "person-without-email")],
    ),
    # A line break typed in a cell is no part of the name.
    ('a;oes-med;medlem;"A\nB";a@k.example;2025-06-01;;\n', []),
]


@pytest.mark.parametrize(("rows", "expected"), ROWS)
def test_rows_of_members(rows: str, expected: list[tuple[Severity, str]]) -> None:
    assert codes({MEMBERS: HEAD + rows}) == expected


def test_a_name_over_two_lines_is_one_name() -> None:
    row = 'a;oes-med;medlem;"Asta\r\n  Sparre";a@k.example;2025-06-01;;\n'
    people = read_site({**BASE, MEMBERS: (HEAD + row).encode()}).people
    assert people["a"].name == "Asta Sparre"


YEARS = [
    ("2015..2040", date(2026, 11, 21), []),
    ("2015..2027", date(2026, 12, 31), []),
    ("2015..2027", date(2027, 1, 1), ["day-set-ends"]),
    ("2015..2026", date(2026, 1, 1), ["day-set-ends"]),
    ("2026..2040", date(2028, 1, 1), ["years-without-days"]),
]


@pytest.mark.parametrize(("covers", "today", "expected"), YEARS)
def test_a_day_set_ends_with_notice(covers: str, today: date, expected: list[str]) -> None:
    days = "{2026-01-01: nytårsdag, 2027-01-01: nytårsdag, 2028-04-13: skærtorsdag}"
    text = f"title: dage\ncovers: {covers}\nweekend: [saturday, sunday]\n"
    first, last = (int(year) for year in covers.split(".."))
    kept = [one for one in days[1:-1].split(", ") if first <= int(one[:4]) <= last]
    text += "days: {" + ", ".join(kept) + "}\n"
    files = {**BASE, "calendars/working-days/kommune.yaml": text.encode()}
    found = read_site(files, today).findings
    assert [one.code for one in found if "working-days" in one.path] == expected


def chained(count: int) -> bytes:
    named = ["meeting", *(f"s{number}" for number in range(count - 1))]
    steps = [
        f"  s{number}: {{title: Skridt, due: 1 day after {before}}}"
        for number, before in enumerate(named)
    ]
    return (BASE["workflows/moeder.yaml"].decode().partition("steps:")[0] + "steps:\n").encode() + (
        "\n".join(steps).encode()
    )


def test_the_longest_chain_that_is_read_can_be_planned() -> None:
    longest = MOST_PARTS // 2
    reading = read_site({**BASE, "workflows/moeder.yaml": chained(longest)}, TODAY)
    assert reading.findings == ()
    assert reading.edition is not None
    plan = make_plan(reading.edition, NOTHING_TOLD, Window(date(2026, 1, 1), date(2026, 12, 31)))
    last = plan.by_key[f"moeder/oes-med/2026-01-27/s{longest - 1}"]
    assert last.nominal_on == date(2026, 4, 12)
    longer = read_site({**BASE, "workflows/moeder.yaml": chained(longest + 1)}, TODAY)
    assert [one.code for one in longer.findings] == ["steps-in-long-chain"]


def test_a_rule_that_cannot_count_anything_closer_is_told_of_once() -> None:
    found = read_site({**BASE, "workflows/moeder.yaml": chained(400)}, TODAY).findings
    longest = MOST_PARTS // 2
    assert found == (
        Finding(
            "steps-in-long-chain",
            path="workflows/moeder.yaml",
            line=8 + longest,
            column=3,
            field=f"steps.s{longest}",
            params={"most": MOST_PARTS},
        ),
    )


def test_very_many_warnings_are_no_error() -> None:
    rows = "".join(f"p{number};oes-med;medlem;P;;2025-06-01;;\n" for number in range(300))
    row = "p0;oes-med;forperson;P;p@k.example;2025-06-01;;\n"
    reading = read_site({**BASE, MEMBERS: (HEAD + rows + row).encode()}, TODAY)
    assert reading.edition is not None
    assert [one.severity for one in reading.findings] == [Severity.WARNING] * 201
    assert (reading.findings[-1].code, reading.findings[-1].params) == (
        "more-faults",
        {"count": 99},
    )


def test_an_error_is_told_before_very_many_warnings() -> None:
    rows = "".join(f"p{number};oes-med;medlem;P;;2025-06-01;;\n" for number in range(300))
    row = "q;oes-medd;forperson;Q;q@k.example;2025-06-01;;\n"
    reading = read_site({**BASE, MEMBERS: (HEAD + rows + row).encode()}, TODAY)
    assert reading.edition is None
    assert [one.line for one in reading.findings if one.code == "unknown-committee"] == [302]


def test_a_long_row_of_day_sets_that_extend_one_another() -> None:
    first = "covers: 2026..2027\nweekend: [sunday]\n"
    files = {
        f"calendars/working-days/s{number}.yaml": (
            "title: dage\n" + (f"extends: s{number - 1}\n" if number else first)
        ).encode()
        for number in range(600)
    }
    reading = read_site({**BASE, **files}, TODAY)
    assert reading.findings == ()
    assert reading.edition is not None
    assert reading.edition.working("s599").is_working(date(2026, 12, 26))
