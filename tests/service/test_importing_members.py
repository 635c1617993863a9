"""Lists of members, held against members.csv by person, committee and role."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engine.cli.app import run
from engine.definitions.member_list import read_member_list
from engine.definitions.members import read_members
from engine.errors import DefinitionError, EngineError
from engine.planning.organisation import Committee, Organisation, Role
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.importing_members import (
    NO_TERMS,
    MemberImport,
    SeatChange,
    Terms,
    read,
)
from engine.service.site import open_site

HERE = Path(__file__).parents[1]
PATH = "organisation/members.csv"
HEAD = "person;committee;role;name;email;from;until\n"
NOW = "2026-01-05T08:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("members") / "site"
    shutil.copytree(HERE / "sites" / "base", folder)
    (folder / "config.toml").write_text("[mail]\nsink = true\n", "utf-8")
    return folder


def taken_in(folder: Path, content: bytes, terms: Terms = NO_TERMS) -> MemberImport:
    return read(open_site(folder, stopped_at(NOW)), content, "liste.csv", terms)


def rows(table: str) -> list[dict[str, str]]:
    with (HERE / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))


def table_of(text: str) -> str:
    lines = []
    for seat in text.split(" / "):
        person, role, *days = seat.split()
        from_on, _, until_on = (days or [""])[0].partition("..")
        mail = f"{person}@kommune.example"
        lines.append(f"{person};oes-med;{role};{person.upper()};{mail};{from_on};{until_on}")
    return HEAD + "\n".join(lines) + "\n"


def told(change: SeatChange) -> str:
    return f"{change.verb} {change.person} {change.on or ''}".strip()


@pytest.mark.parametrize("row", rows("medlemslister"), ids=lambda row: row["kilde"])
def test_a_list_is_merged_by_seat(row: dict[str, str], folder: Path) -> None:
    (folder / PATH).write_text(table_of(row["medlemmer"]), "utf-8")
    terms = Terms(("oes-med",), date.fromisoformat(row["valg"])) if row["valg"] else Terms()
    content = table_of(row["liste"]).encode()
    made = taken_in(folder, content, terms)
    assert [told(change) for change in made.changes] == list(
        filter(None, row["udfald"].split(", "))
    )
    kept = {seat.id for seat in read_members((folder / PATH).read_bytes(), PATH).seats}
    after = made.made.after[PATH]
    assert kept <= {seat.id for seat in read_members(after, PATH).seats}
    (folder / PATH).write_bytes(after)
    again = taken_in(folder, content, terms)
    still = {"not-listed", "later", "kept-from"}
    assert (again.made.paths, {each.verb for each in again.changes} - still) == ((), set())


BEFORE = """\
person;committee;role;name;email;from;until;side
asp;kommune-med;forperson;Åsta Sparre;asp@kommune.example;01-06-2025;31-05-2027;ledelse
dmo;oes-med;medlem;"Dan Molin";dmo@kommune.example;01-06-2025;31-05-2027;medarbejdere

dmo;kommune-med;medlem;;;01-06-2025;31-05-2027;medarbejdere
""".replace("\n", "\r\n")
AFTER = """\
person;committee;role;name;email;from;until;side;unit
asp;kommune-med;forperson;Åsta Sparre;asp@kommune.example;01-06-2025;31-12-2026;ledelse
dmo;oes-med;medlem;Dan Møller;dmo@kommune.example;01-06-2025;31-05-2027;medarbejdere

dmo;kommune-med;medlem;;;01-06-2025;31-05-2027;medarbejdere;IT
nyx;kommune-med;medlem;Nynne Yx;nyx@kommune.example;01-04-2026;;medarbejdere;HR & Løn
""".replace("\n", "\r\n")
SHEET = """\
Brugernavn|Udvalg|Rolle|Fornavn|Efternavn|E-mail|Fra|Til|Side|Enhed|Lønnr.
ASP|KommuneMED|Forperson|Åsta|Sparre|||2026-12-31|Ledelse||17
|afdelingsmed økonomi & stab|medlem|Dan|Møller|dmo@kommune.example|||||18
dmo|kommune-med|medlem||||1.6.2025|31/05/2027|Medarbejdere|IT|18
||||||||||
nyx|kommune-med|medlem|Nynne|Yx|nyx@kommune.example|2026-04-01|9999-12-31|medarbejder|HR & Løn|19
"""


def workbook(text: str) -> bytes:
    """The text as a spreadsheet would hold it: days as moments, numbers as numbers."""
    book = Workbook()
    assert book.active is not None
    for line in text.splitlines():
        book.active.append([cell_of(cell) for cell in line.split("|")])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cell_of(text: str) -> object:
    if text.isdigit():
        return float(text)
    if text[4:5] == "-":
        return datetime.combine(date.fromisoformat(text), time())
    return text or None


def test_a_workbook_of_another_system_keeps_the_form_of_the_file(folder: Path) -> None:
    for encoding in ("utf-8-sig", "cp1252"):
        (folder / PATH).write_bytes(BEFORE.encode(encoding))
        made = taken_in(folder, workbook(SHEET))
        assert made.made.after[PATH].decode(encoding) == AFTER
        assert made.changes == (
            SeatChange("ended", "asp", "kommune-med", "forperson", date(2026, 12, 31)),
            SeatChange("changed", "dmo", columns=("name",)),
            SeatChange("changed", "dmo", "kommune-med", "medlem", None, ("unit",)),
            SeatChange("new", "nyx", "kommune-med", "medlem", date(2026, 4, 1)),
        )
        unused = [(each.code, each.value) for each in made.remarks]
        assert unused == [("import.column-unused", "lønnr.")]


@pytest.mark.parametrize("row", rows("medlemslister-afvist"), ids=lambda row: row["liste"])
def test_a_row_that_cannot_be_understood_stops_it(row: dict[str, str], folder: Path) -> None:
    (folder / PATH).write_text(table_of("ab medlem 2025-06-01.. / cd medlem 2025-06-01.."), "utf-8")
    with pytest.raises(DefinitionError) as raised:
        taken_in(folder, row["liste"].replace(" / ", "\n").encode())
    found = sorted(f"{finding.code} {finding.line}" for finding in raised.value.findings)
    assert found == sorted(row["fejl"].split(", "))


def test_a_whole_committee_is_never_emptied(folder: Path) -> None:
    (folder / PATH).write_text(table_of("ab medlem 2025-06-01.."), "utf-8")
    content = b"initialer;udvalg;rolle;fra\nab;kommune-med;medlem;2026-02-01\n"
    for terms, code in (
        (Terms(("oes-med",), date(2027, 6, 1)), "import.nobody-listed"),
        (Terms(("oes-med",)), "import.replace-from"),
        (Terms(("oes-mde",), date(2027, 6, 1)), "service.unknown-committee"),
    ):
        with pytest.raises(EngineError) as raised:
            taken_in(folder, content, terms)
        assert raised.value.code == code
    with pytest.raises(EngineError) as raised:
        taken_in(folder, b"initialer;udvalg;rolle\n")
    assert raised.value.code == "import.no-rows"


SOUND = [table_of("ab medlem 2025-06-01.. / ef medlem 2026-04-01..").encode(), workbook(SHEET)]
BODIES = Organisation(
    name="Prøve Kommune",
    committees={"oes-med": Committee(title="afdelingsMED Økonomi & Stab")},
    roles={"medlem": Role(title="medlem")},
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SOUND), st.integers(0, 5000), st.binary(max_size=6), st.integers(0, 40))
def test_whatever_the_file_holds_it_is_read_or_told_of(
    content: bytes, at: int, put: bytes, taken: int
) -> None:
    at %= len(content)
    broken = content[:at] + put + content[at + taken :]
    told = read_member_list(broken, "liste", BODIES, {})
    assert told.rows or told.findings or b"\n" not in broken.strip()


TRAINING = """\
title: MED-grunduddannelse
source: {document: Protokollat, reference: "§ 1"}
committees: {level: afdelings-med}
start: {each: member, roles: [medlem], new members only: yes}
responsible: sekretaer
steps:
  kursus: {title: Uddannelsen er taget, due: within 1 year of joining}
"""


def test_trainings_are_recorded_or_left_to_be_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    shutil.copytree(folder, site)
    (site / PATH).write_text(table_of("ab medlem 2025-06-01.. / cd medlem 2025-06-01.."), "utf-8")
    (site / "workflows/uddannelse").mkdir()
    (site / "workflows/uddannelse/med.yaml").write_text(TRAINING, "utf-8")
    apply(open_site(site, stopped_at(NOW)), demo=True)
    listed = tmp_path / "liste.csv"
    listed.write_text(
        "initialer;udvalg;rolle;navn;mail;fra;uddannet;uddannet førstehjælp\n"
        "ab;oes-med;medlem;;;;01-12-2025;\n"
        "cd;oes-med;medlem;;;;;01-12-2025\n"
        "ef;oes-med;medlem;EF;ef@kommune.example;01-01-2026;02-01-2026;\n",
        "utf-8",
    )
    where = ["--site", str(site), "--now", NOW, "--json"]
    assert run(["members", "import", str(listed), "--record", *where], "da") == 0
    assert json.loads(capsys.readouterr().out)["written"] is False
    assert run(["members", "import", str(listed), "--write", "--record", *where], "da") == 0
    made = json.loads(capsys.readouterr().out)
    key = "uddannelse/med/oes-med/{}-oes-med-medlem-{}/kursus"
    blank = {"training": "", "recorded": False}
    assert (made["written"], made["trainings"]) == (
        True,
        [
            blank
            | {"person": "ab", "on": "2025-12-01", "key": key.format("ab", 2025), "recorded": True},
            {
                "person": "cd",
                "training": "førstehjælp",
                "on": "2025-12-01",
                "key": None,
                "recorded": False,
            },
            blank | {"person": "ef", "on": "2026-01-02", "key": key.format("ef", 2026)},
        ],
    )
    apply(open_site(site, stopped_at(NOW)))
    assert run(["members", "import", str(listed), *where], "da") == 0
    again = json.loads(capsys.readouterr().out)
    left = [(each["person"], each["key"] is None) for each in again["trainings"]]
    assert (again["files"], left) == ([], [("cd", True), ("ef", False)])


SHOWN = """\
Ny: ef som medlem i afdelingsMED Økonomi & Stab fra onsdag den 1. april 2026.
afdelingsMED Økonomi & Stab: 1 plads står ikke i listen og er ikke rørt: cd.
Er nogen af dem holdt op, så skriv sidste dag i kolonnen »til«, eller brug --replace.
1 række er uændret.
organisation/members.csv:4
+ ef;oes-med;medlem;EF;ef@kommune.example;2026-04-01;
Intet er skrevet. Kør kommandoen igen med --write, hvis det er rigtigt.
"""


def test_what_a_person_sees(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = table_of("ab medlem 2025-06-01.. / cd medlem 2025-06-01..")
    (folder / PATH).write_text(before, "utf-8")
    listed = tmp_path / "liste.csv"
    listed.write_text(table_of("ab medlem / ef medlem 2026-04-01.."), "utf-8")
    command = ["members", "import", str(listed), "--site", str(folder)]
    assert (run(command, "da"), capsys.readouterr().out) == (0, SHOWN)
    assert (folder / PATH).read_text("utf-8") == before
    last = "Filerne er skrevet. De gælder, når du har kørt »med apply«."
    wanted = "\n".join([*SHOWN.splitlines()[:-1], last, ""])
    assert (run([*command, "--yes"], "da"), capsys.readouterr().out) == (0, wanted)
    row = "ef;oes-med;medlem;EF;ef@kommune.example;2026-04-01;\n"
    assert (folder / PATH).read_text("utf-8") == before + row
