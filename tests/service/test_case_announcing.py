"""Cases and what the world is told of them; what names a person is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FactRejected
from engine.planning.mentions import names_person
from engine.planning.organisation import Person
from engine.service.applying import apply
from engine.service.cases import close_case, list_cases, open_case, set_case
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site

KEY = "proeve/aftale"
AGREEMENT = """\
title: En lokal aftale er opsagt
source: {document: Aftalen, reference: "§ 9"}
committees: {committee: oes-med}
start: {each: case, inputs: {opsagt: {type: date, title: Opsagt, required: yes}}}
responsible: sekretaer
remind: [2 weeks before]
steps:
  forhandling: {title: Der er forhandlet, due: 3 months after opsagt}
"""
DEADLINE = f"{KEY}/oes-med/2026-001/forhandling"


@pytest.fixture
def with_cases(folder: Path, at: Callable[[str], Site]) -> Site:
    path = folder / f"workflows/{KEY}.yaml"
    path.parent.mkdir()
    path.write_text(AGREEMENT, "utf-8")
    site = at("2026-11-26T08:00")
    apply(site, demo=True)
    return site


def told_of(site: Site) -> list[tuple[str, str, str]]:
    """What was announced of the case: which revision, by which verb, and the day."""
    with site.store() as store:
        ledger = store.ledger()
    return [
        (key.rsplit("/", 2)[1], each.snapshot.due_on, "bortfaldet" if each.retired_at else "gælder")
        for key, each in sorted(ledger.items())
        if key.startswith(KEY)
    ]


def test_opening_setting_and_closing_are_announced(with_cases: Site) -> None:
    open_case(with_cases, KEY, "oes-med", ["opsagt=2026-11-02"], by="hny")
    open_case(with_cases, KEY, "oes-med", ["opsagt=2026-11-03"])
    assert told_of(with_cases) == [
        ("2026-001", "2027-02-02", "gælder"),
        ("2026-002", "2027-02-03", "gælder"),
    ]
    set_case(with_cases, "2026-001", ["opsagt=2026-11-04"])
    close_case(with_cases, "2026-002", why="trukket tilbage")
    assert told_of(with_cases) == [
        ("2026-001", "2027-02-04", "gælder"),
        ("2026-002", "2027-02-03", "bortfaldet"),
    ]
    with with_cases.store() as store:
        kinds = [(row.kind, row.case_number, row.by, row.why) for row in store.fact_rows()]
    assert kinds == [
        ("case-opened", "2026-001", "hny", ""),
        ("case-opened", "2026-002", "", ""),
        ("case-set", "2026-001", "", ""),
        ("case-closed", "2026-002", "", "trukket tilbage"),
    ]


def test_a_new_year_begins_its_own_row_of_numbers(
    with_cases: Site, at: Callable[[str], Site]
) -> None:
    open_case(with_cases, KEY, "oes-med", ["opsagt=2026-11-02"])
    open_case(at("2027-01-04T08:00"), KEY, "oes-med", ["opsagt=2027-01-04"])
    assert [each.case.number for each in list_cases(with_cases)] == ["2026-001", "2027-001"]


def test_what_is_refused_leaves_no_fact(with_cases: Site) -> None:
    with pytest.raises(FactRejected):
        open_case(with_cases, KEY, "oes-med", ["opsagt=2026-11-02"], why="Hanne sagde det")
    with pytest.raises(FactRejected):
        open_case(with_cases, KEY, "oes-med", [])
    with with_cases.store() as store:
        assert store.fact_rows() == []


def test_mails_tell_two_cases_apart(with_cases: Site, at: Callable[[str], Site]) -> None:
    open_case(with_cases, KEY, "oes-med", ["opsagt=2026-09-02"])
    open_case(with_cases, KEY, "oes-med", ["opsagt=2026-09-03"])
    remind(at("2026-11-26T08:05"))
    texts = []
    for file in (mail_folder(with_cases) / "new").iterdir():
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        body = message.get_body(("plain",))
        if message["Delivered-To"] == "hny@kommune.example" and body is not None:
            texts.append(" ".join(body.get_content().split()))
    (text,) = texts
    assert text.count("Der er forhandlet (forløb 2026-001)") == 1
    assert text.count("Der er forhandlet (forløb 2026-002)") == 1


PEOPLE = [
    Person("bra", "Bodil Ravnsborg", "bra@kommune.example"),
    Person("bs", "Bo Skov", "bo.skov@kommune.example"),
    Person("ahj", "Anne-Marie Højgård Jensen", ""),
]


def rows() -> list[dict[str, str]]:
    path = Path(__file__).parents[1] / "tables" / "forloeb-navne.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["tekst"])
def test_a_text_names_a_person_or_not(row: dict[str, str]) -> None:
    assert names_person(row["tekst"], PEOPLE) is (row["nævner nogen"] == "ja")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(PEOPLE),
    st.sampled_from(["{}", "{}s brev", "vedr. {}.", "({})", "brev/{}"]),
    st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_a_whole_name_is_seen_however_it_is_written(
    person: Person, around: str, spelled: Callable[[str], str]
) -> None:
    assert names_person(around.format(spelled(person.name)), PEOPLE)
