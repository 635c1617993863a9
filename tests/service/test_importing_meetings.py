"""Lists of meetings from spreadsheets and calendars, matched with the plan."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engine.cli.app import run
from engine.definitions.calendar_file import Appointment, read_calendar
from engine.definitions.meeting_list import read_meeting_list
from engine.errors import DefinitionError, EngineError
from engine.planning.organisation import Committee
from engine.service.clock import stopped_at
from engine.service.importing_meetings import MeetingChange, MeetingImport, read
from engine.service.meeting_rows import with_edits
from engine.service.site import open_site

HERE = Path(__file__).parents[1]
PATH = "calendars/meetings/oes-med-2026.yaml"
HEAD = "committee: oes-med\nmeetings:\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists") / "site"
    shutil.copytree(HERE / "sites" / "base", folder)
    (folder / "config.toml").write_text("[mail]\nsink = true\n", "utf-8")
    return folder


def taken_in(
    folder: Path, content: bytes, name: str = "moeder.csv", committee: str = "", today: str = ""
) -> MeetingImport:
    site = open_site(folder, stopped_at(f"{today or '2026-01-05'}T08:00"))
    return read(site, content, name, committee)


def rows() -> list[dict[str, str]]:
    with (HERE / "tables" / "moedelister.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


def plan_of(days: str) -> str:
    marks = {"!": ", status: cancelled", "+": ", kind: extraordinary"}
    lines = [f"  - {{date: 2026-{day[:5]}{marks.get(day[5:], '')}}}" for day in days.split()]
    return HEAD + "\n".join(lines) + "\n"


def list_of(days: str) -> bytes:
    marks = {"!": ";aflyst;", "+": ";;ekstraordinært"}
    lines = [f"2026-{day[:5]}{marks.get(day[5:], ';;')}" for day in days.split()]
    return "\n".join(["Dato;Status;Art", *lines]).encode()


def told(change: MeetingChange) -> str:
    before = f"{change.before:%m-%d}>" if change.before else ""
    return f"{change.verb} {before}{change.on:%m-%d}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["kilde"])
def test_a_list_is_matched_with_the_plan(row: dict[str, str], folder: Path) -> None:
    (folder / PATH).write_text(plan_of(row["plan"]), "utf-8")
    made = taken_in(
        folder, list_of(row["liste"]), committee="oes-med", today=f"2026-{row['i dag']}"
    )
    found = (sorted(map(told, made.changes)), made.unchanged)
    wanted = sorted(filter(None, row["udfald"].split(", ")))
    assert found == (wanted, int(row["uændrede"]))


def test_a_list_is_the_same_the_second_time(folder: Path) -> None:
    (folder / PATH).write_text(plan_of("01-27 03-26 06-18"), "utf-8")
    listed = list_of("01-27 03-31 05-07+ 06-18!")
    first = taken_in(folder, listed, committee="oes-med")
    (folder / PATH).write_bytes(first.made.after[PATH])
    again = taken_in(folder, listed, committee="oes-med")
    assert (again.made.paths, again.changes, again.unchanged) == ((), (), 4)


BEFORE = """\
# ØSMEDs møder i 2026
committee: oes-med
meetings:
  - {date: 2026-01-27, time: "12:00-14:00", place: Mødelokale 823}   # årets første
  # Byrådet har ferie i uge 12.
  - {date: 2026-03-26, time: "12:00-14:00"}

  - {date: 2026-06-18, place: Kantinen}
"""
AFTER = """\
# ØSMEDs møder i 2026
committee: oes-med
meetings:
  - {date: 2026-01-27, time: "12:00-15:00", place: Mødelokale 823}   # årets første
  # Byrådet har ferie i uge 12.
  - {date: 2026-04-07, moved from: 2026-03-26, time: "12:00-14:00", place: "Lokale 8, øst"}
  - {date: 2026-05-07, kind: extraordinary, time: "09:00"}

  - {date: 2026-06-18, place: Kantinen}
"""
SHEET = [
    ["MED-udvalg", "Dato", "Tidspunkt", "Sted", "Art", "Bemærkning"],
    ["afdelingsMED Økonomi & Stab", date(2026, 1, 27), "kl. 12-15", None, "Ordinært", "x"],
    ["oes-med", "7. april 2026", "12.00–14.00", "Lokale 8, øst", None, None],
    [None, None, None, None, None, None],
    ["OES-MED", "07-05-2026", time(9), None, "Ekstraordinært møde", None],
    ["oes-med", "18.6.2026", None, "Kantinen", None, None],
]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_changes_what_differs_and_keeps_comments(folder: Path) -> None:
    (folder / PATH).write_text(BEFORE, "utf-8")
    made = taken_in(folder, workbook(SHEET), "moeder.xlsx")
    assert [told(change) for change in made.changes] == [
        "changed 01-27",
        "moved 03-26>04-07",
        "new 05-07",
    ]
    assert made.made.after[PATH].decode() == AFTER
    remarks = [(finding.code, finding.value, finding.line) for finding in made.remarks]
    assert (made.unchanged, remarks) == (1, [("import.column-unused", "bemærkning", 1)])


def test_several_committees_and_years_each_get_their_file(folder: Path) -> None:
    (folder / PATH).write_text(plan_of("01-27"), "utf-8")
    text = "udvalg;dato\noes-med;2027-01-26\nKommuneMED;2026-02-03\noes-med;2026-01-27\n"
    made = taken_in(folder, text.encode()).made
    new = {
        "calendars/meetings/kommune-med-2026.yaml": "committee: kommune-med\nmeetings:\n"
        "  - {date: 2026-02-03}\n",
        "calendars/meetings/oes-med-2027.yaml": "committee: oes-med\nmeetings:\n"
        "  - {date: 2027-01-26}\n",
    }
    assert {path: made.after[path].decode() for path in made.paths} == new


def test_a_meeting_on_a_closed_day_is_warned_about(folder: Path) -> None:
    (folder / PATH).write_text(plan_of("01-27"), "utf-8")
    made = taken_in(folder, b"dato\n2026-05-14\n", committee="oes-med").made
    assert [(found.code, found.line) for found in made.findings] == [("meeting-on-closed-day", 4)]


FAULTS = [
    ("dato\n2026-02-30\n", "oes-med", [("value.not-a-date", 2)]),
    ("dato;tid\n2026-02-03;frokost\n", "oes-med", [("import.not-times", 2)]),
    ("dato;tid\n2026-02-03;\n;12-14\n", "oes-med", [("cell-empty", 3)]),
    ("dato;art\n2026-02-03;hybrid\n", "oes-med", [("import.kind-unknown", 2)]),
    ("dato;status\n2026-02-03;måske\n", "oes-med", [("import.status-unknown", 2)]),
    ("dato\n2026-02-03\n", "", [("import.which-committee", 2)]),
    ("dato;udvalg\n2026-02-03;ØSMED\n", "", [("unknown-committee", 2)]),
    ("tid\n12-14\n", "oes-med", [("heads-missing", 1)]),
    ("", "oes-med", [("empty-file", 1)]),
    ("PK not a workbook", "oes-med", [("import.not-a-workbook", 1)]),
    ("BEGIN:VCALENDAR\nnonsense\n", "oes-med", [("import.not-a-calendar", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "committee", "wanted"), FAULTS, ids=[row[0] for row in FAULTS])
def test_what_cannot_be_understood_stops_it_and_names_the_row(
    text: str, committee: str, wanted: list[tuple[str, int]], folder: Path
) -> None:
    (folder / PATH).write_text(plan_of("01-27"), "utf-8")
    with pytest.raises(DefinitionError) as raised:
        taken_in(folder, text.encode(), committee=committee)
    assert [(finding.code, finding.line) for finding in raised.value.findings] == wanted


def test_a_calendar_without_meetings_of_a_committee_is_refused(folder: Path) -> None:
    (folder / PATH).write_text(plan_of("01-27"), "utf-8")
    with pytest.raises(EngineError) as raised:
        taken_in(folder, outlook("DTSTART;VALUE=DATE:20260203\nSUMMARY:Tandlæge"), "k.ics")
    assert raised.value.code == "import.no-meetings"


ZONES = """\
BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
EVENT = "BEGIN:VEVENT\nCLASS:PUBLIC\nUID:{uid}\n{text}\nPRIORITY:5\nTRANSP:OPAQUE\n" + (
    "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-IMPORTANCE:1\nX-MICROSOFT-DISALLOW-COUNTER:"
    "FALSE\nBEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nDESCRIPTION:Reminder\nEND:VALARM\n"
    "END:VEVENT\n"
)


def outlook(*events: str, mark: str = "\ufeff") -> bytes:
    head = "BEGIN:VCALENDAR\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\n"
    head += "VERSION:2.0\nMETHOD:PUBLISH\nX-CALSTART:20260101T000000Z\nX-WR-RELCALID:{00000}\n"
    told = "".join(EVENT.format(uid=number, text=text) for number, text in enumerate(events))
    return (mark + head + ZONES + told + "END:VCALENDAR\n").replace("\n", "\r\n").encode()


ROMANCE = ';TZID="Romance Standard Time":'
NOON, TWO = time(12), time(14)
WEEKLY = (
    f"DTSTART{ROMANCE}20260316T120000\nDTEND{ROMANCE}20260316T140000\n"
    "RRULE:FREQ=WEEKLY;INTERVAL=1;UNTIL=20260406T100000Z;BYDAY=MO\n"
    f"EXDATE{ROMANCE}20260323T120000\nSUMMARY:m"
)
CALENDARS = {
    "a zone of Outlook's own": (
        f"DTSTART{ROMANCE}20260326T120000\nDTEND{ROMANCE}20260326T140000\n"
        "LOCATION:Mødelokale 823\\, stuen\nSUMMARY;LANGUAGE=da:m",
        [(date(2026, 3, 26), NOON, TWO, "Mødelokale 823, stuen", "m", False)],
    ),
    "Greenwich in winter and summer": (
        "DTSTART:20260127T110000Z\nDTEND:20260127T130000Z\nSUMMARY:m",
        [(date(2026, 1, 27), NOON, TWO, "", "m", False)],
    ),
    "Greenwich late in the evening": (
        "DTSTART:20260617T220000Z\nDURATION:PT1H\nSUMMARY:m",
        [(date(2026, 6, 18), time(), time(1), "", "m", False)],
    ),
    "no zone at all": (
        "DTSTART:20260326T120000\nSUMMARY:m",
        [(date(2026, 3, 26), NOON, None, "", "m", False)],
    ),
    "a whole day": (
        "DTSTART;VALUE=DATE:20260326\nDTEND;VALUE=DATE:20260327\nSUMMARY:m",
        [(date(2026, 3, 26), None, None, "", "m", False)],
    ),
    "a whole day from midnight to midnight": (
        f"DTSTART{ROMANCE}20260326T000000\nDTEND{ROMANCE}20260327T000000\nSUMMARY:m",
        [(date(2026, 3, 26), None, None, "", "m", False)],
    ),
    "called off": (
        "DTSTART;VALUE=DATE:20260326\nSTATUS:CANCELLED\nSUMMARY:Aflyst: m",
        [(date(2026, 3, 26), None, None, "", "m", True)],
    ),
    "a folded line in the middle of a letter's word": (
        "DTSTART;VALUE=DATE:20260326\nSUMMARY:Møde i afdelingsMED Økono\n mi & Stab",
        [(date(2026, 3, 26), None, None, "", "Møde i afdelingsMED Økonomi & Stab", False)],
    ),
    "every week over the change to summer time, one left out": (
        WEEKLY,
        [
            (date(2026, 3, 16), NOON, TWO, "", "m", False),
            (date(2026, 3, 30), NOON, TWO, "", "m", False),
            (date(2026, 4, 6), NOON, TWO, "", "m", False),
        ],
    ),
    "every year for two years ahead": (
        "DTSTART;VALUE=DATE:20240201\nRRULE:FREQ=YEARLY\nSUMMARY:m",
        [(date(year, 2, 1), None, None, "", "m", False) for year in (2026, 2027)],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), CALENDARS.values(), ids=CALENDARS.keys())
def test_an_appointment_of_outlook(text: str, wanted: list[tuple[object, ...]]) -> None:
    read = read_calendar(outlook(text), "k.ics", date(2026, 1, 5))
    assert read.findings == []
    found = [(a.on, a.starts, a.ends, a.place, a.title, a.cancelled) for a in read.found]
    assert found == wanted


def test_one_of_a_series_that_was_moved_stands_for_itself() -> None:
    moved = (
        f"RECURRENCE-ID{ROMANCE}20260330T120000\nDTSTART{ROMANCE}20260331T090000\nSUMMARY:m\nUID:0"
    )
    content = outlook(WEEKLY, moved).replace(b"UID:1\r\n", b"")
    read = read_calendar(content, "k.ics", date(2026, 1, 5))
    days = [date(2026, 3, 16), date(2026, 4, 6), date(2026, 3, 31)]
    assert [each.on for each in read.found] == days


def test_an_appointment_that_cannot_be_read_is_named_by_its_line() -> None:
    content = outlook("DTSTART;VALUE=DATE:20260326\nSUMMARY:m", "SUMMARY:uden dag")
    read = read_calendar(content, "k.ics", date(2026, 1, 5))
    line = content.decode().splitlines().index("SUMMARY:uden dag") - 2
    told = [(each.code, each.line, each.params) for each in read.findings]
    assert told == [("import.event-unreadable", line, {"title": "uden dag"})]
    assert [each.on for each in read.found] == [date(2026, 3, 26)]


def test_of_a_calendar_only_the_committees_meetings_are_used(folder: Path) -> None:
    (folder / PATH).write_text(plan_of("01-27"), "utf-8")
    content = outlook(
        "DTSTART;VALUE=DATE:20260326\nSUMMARY:Ekstraordinært møde i afdelingsMED Økonomi & Stab",
        "DTSTART;VALUE=DATE:20260327\nSUMMARY:Møde i KommuneMED",
        "DTSTART;VALUE=DATE:20260328\nSUMMARY:Tandlæge",
    )
    named = taken_in(folder, content, "k.ics")
    assert {(each.committee, told(each)) for each in named.changes} == {
        ("oes-med", "new 03-26"),
        ("kommune-med", "new 03-27"),
    }
    assert named.others == (Appointment(named.others[0].line, date(2026, 3, 28), title="Tandlæge"),)
    one = taken_in(folder, content, "k.ics", "oes-med")
    assert [told(each) for each in one.changes] == ["new 03-26", "new 03-28"]
    row = "  - {date: 2026-03-26, kind: extraordinary}\n  - {date: 2026-03-28}\n"
    assert one.made.after[PATH].decode() == plan_of("01-27") + row


SHOWN = f"""\
Står flere gange i listen: afdelingsMED Økonomi & Stab tirsdag den 31. marts 2026. \
Kun det ene er brugt, for et udvalg holder ét møde om dagen.
Flyttet: afdelingsMED Økonomi & Stab fra torsdag den 26. marts 2026 til tirsdag den 31. marts 2026.
Står ikke i listen: afdelingsMED Økonomi & Stab torsdag den 18. juni 2026. Mødet bliver stående.
  Er det aflyst, så skriv: med meetings cancel oes-med 2026-06-18. \
Er det flyttet, så skriv: med meetings move oes-med 2026-06-18 og den nye dag.
2 rækker er uændrede.
liste.csv:1:6: »lokle« — Kolonnen bruges ikke. Mente du »lokale«?
{PATH}:4
-   - {{date: 2026-03-26}}
+   - {{date: 2026-03-31, moved from: 2026-03-26}}
Intet er skrevet. Kør kommandoen igen med --write, hvis det er rigtigt.
"""


def test_what_a_person_sees(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / PATH).write_text(plan_of("01-27 03-26 06-18 11-19"), "utf-8")
    monkeypatch.chdir(tmp_path)
    text = "dato;lokle\n2026-01-27;8\n2026-03-31;8\n2026-03-31;9\n2026-11-19;8\n"
    Path("liste.csv").write_text(text, "utf-8")
    command = ["meetings", "import", "liste.csv", "--committee", "oes-med"]
    where = ["--site", str(folder), "--now", "2026-01-05T08:00"]
    assert (run([*command, *where], "da"), capsys.readouterr().out) == (0, SHOWN)
    assert (folder / PATH).read_text("utf-8") == plan_of("01-27 03-26 06-18 11-19")
    # Nobody may write at a pretended moment where nothing is a demo.
    refused = run([*command, *where, "--write"], "da")
    assert (refused, (folder / PATH).read_text("utf-8")) == (
        2,
        plan_of("01-27 03-26 06-18 11-19"),
    )


SOUND = [list_of("01-27 03-31 06-18!"), outlook(WEEKLY), workbook(SHEET)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SOUND), st.integers(0, 5000), st.binary(max_size=6), st.integers(0, 40))
def test_whatever_the_file_holds_it_is_read_or_told_of(
    content: bytes, at: int, put: bytes, taken: int
) -> None:
    at %= len(content)
    broken = content[:at] + put + content[at + taken :]
    committees = {"oes-med": Committee(title="afdelingsMED Økonomi & Stab")}
    read = read_meeting_list(broken, "liste", "oes-med", committees, date(2026, 1, 5))
    assert all(isinstance(each.appointment.on, date) for each in read.meetings)
    assert read.meetings or read.findings or read.others == ()


def test_edits_of_no_rows_change_no_file(folder: Path) -> None:
    assert with_edits({PATH: plan_of("01-27").encode()}, "oes-med", []) == {}
