"""What has been kept long enough is erased at night, and nothing a day too early."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from engine.config import read_config
from engine.definitions import shipped_site
from engine.feed import horizon
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.current import current
from engine.service.keeping import nightly
from engine.service.retention import listed, retain
from engine.service.site import Site
from engine.store import Fact, Message
from engine.store.tables import MessageRow

MEMBERS = "organisation/members.csv"
HEADS = "person;committee;role;name;email;from;until"
PEOPLE = (
    "abc;x-med;forperson;Alma Bech;abc@a.example;2020-01-01;",
    "def;x-med;sekretaer;David Falk;def@a.example;2020-01-01;2024-03-12",
    "ghi;x-med;sekretaer;Gerda Holm;ghi@a.example;2020-01-01;2022-01-01",
    "ghi;x-med;medlem;Gerda Holm;ghi@a.example;2023-01-01;2024-03-13",
    "jkl;x-med;medlem;Jens Krag;jkl@a.example;2024-01-01;2028-01-01",
)
AFTER = "2026-03-13T04:15"
"""Two years and a day after the last day of the first."""

CASE = """\
title: Sag
committees: {committee: x-med}
start: {each: case, inputs: {
  begyndt: {type: date, title: Begyndt}, antal: {type: whole number, title: Antal},
  hvad: {type: short text, title: Hvad}}}
steps:
  svar: {title: Svar gives, due: 2 weeks after begyndt, responsible: forperson}
source: {document: Aftale, confidence: certain}
"""


def written(folder: Path, periods: str, people: tuple[str, ...] = PEOPLE) -> None:
    text = (
        "name: Eksempel\n"
        f"settings: {{in force from: 2026-01-01, retention: {periods}}}\n"
        "roles:\n"
        "  forperson: {title: forperson}\n"
        "  sekretaer: {title: sekretær}\n"
        "  medlem: {title: medlem}\n"
        "committees:\n"
        "  x-med: {title: X-MED}\n"
    )
    (folder / "organisation").mkdir(parents=True, exist_ok=True)
    (folder / "workflows").mkdir(exist_ok=True)
    days = "calendars/working-days"
    shutil.copytree(shipped_site() / days, folder / days, dirs_exist_ok=True)
    (folder / "organisation/organisation.yaml").write_text(text, "utf-8")
    (folder / MEMBERS).write_text("\n".join([HEADS, *people, ""]), "utf-8")
    (folder / "workflows/sag.yaml").write_text(CASE, "utf-8")
    (folder / "config.toml").write_text("[mail]\nsink = true\n", "utf-8")


@pytest.fixture
def at(tmp_path: Path) -> Callable[[str], Site]:
    return lambda moment: Site(tmp_path, read_config(tmp_path), stopped_at(moment), pretended=True)


@pytest.fixture
def make(tmp_path: Path, at: Callable[[str], Site]) -> Callable[[str], Site]:
    """A small site with its periods, applied in January."""

    def made(periods: str) -> Site:
        written(tmp_path, periods)
        apply(at("2026-01-05T09:00"), demo=True)
        return at(AFTER)

    return made


def names(site: Site) -> dict[str, str]:
    return {person.id: person.name for person in current(site).people.values()}


def test_people_go_when_their_last_seat_ended_two_years_ago(
    make: Callable[[str], Site], at: Callable[[str], Site], caplog: pytest.LogCaptureFixture
) -> None:
    site = make("{}")
    assert listed(at("2026-03-12T04:15")).people == ()
    assert listed(site).people == ("def",)
    assert names(site)["def"] == "David Falk"
    with caplog.at_level(logging.INFO, "medfrist"):
        nightly(site)
    assert [record.getMessage() for record in caplog.records] == [
        "erased: people 1, mails 0, mails received 0, cases 0"
    ]
    assert names(site) == {
        "abc": "Alma Bech",
        "def": "",
        "ghi": "Gerda Holm",
        "jkl": "Jens Krag",
    }
    rows = [row for row in (site.folder / MEMBERS).read_text("utf-8").splitlines() if "def" in row]
    assert rows == ["def;x-med;sekretaer;;;2020-01-01;2024-03-12"]
    assert listed(site).people == ()
    assert apply(site).is_new is False


def test_a_longer_period_keeps_them_and_a_shorter_one_does_not(
    make: Callable[[str], Site],
) -> None:
    assert listed(make("{seats: 25 months}")).people == ()
    assert listed(make("{seats: 2 weeks}")).people == ("def", "ghi")


def test_somebody_taken_out_of_the_files_left_on_that_day(
    make: Callable[[str], Site], at: Callable[[str], Site], tmp_path: Path
) -> None:
    make("{seats: 1 year}")
    without = tuple(row for row in PEOPLE if not row.startswith("jkl"))
    written(tmp_path, "{seats: 1 year}", without)
    apply(at("2026-02-02T09:00"))
    assert "jkl" not in listed(at("2027-02-02T04:15")).people
    assert "jkl" in listed(at("2027-02-03T04:15")).people


def test_a_members_file_that_cannot_be_changed_does_not_keep_a_name_in_the_database(
    make: Callable[[str], Site], caplog: pytest.LogCaptureFixture
) -> None:
    site = make("{}")
    with (site.folder / MEMBERS).open("a", encoding="utf-8") as file:
        file.write('xyz;x-med;medlem;"Åben;x@a.example;2026-01-01;\n')
    with caplog.at_level(logging.WARNING, "medfrist"):
        done = retain(site)
    assert (done.people, done.left_in_file, names(site)["def"]) == (("def",), True, "")
    assert not any("Falk" in record.getMessage() for record in caplog.records)


def test_mails_keep_key_and_time_only(make: Callable[[str], Site]) -> None:
    site = make("{mails: 6 months}")
    contents = {"letter": {"subject": "Svar gives"}, "keys": ["sag/x-med/2026-001/svar"]}
    days = [date(2025, 9, 12), date(2025, 9, 13), date(2025, 9, 12)]
    mails = [
        Message(
            recipient="person:abc",
            kind="single",
            local_day=on,
            message_id=f"{number}@a.example",
            contents=contents,
            due_at=site.now,
            created_at=site.now,
        )
        for number, on in enumerate(days)
    ]
    with site.store() as store, store.writing() as connection:
        store.queue([(each, []) for each in mails])
        sent = col(MessageRow.message_id) != "2@a.example"
        connection.execute(update(MessageRow).where(sent).values(state="sent"))
    assert listed(site).mails == 1
    assert (retain(site).mails, retain(site).mails) == (1, 0)
    with site.store() as store:
        left = {row.message_id: row.contents for row in store.messages()}
    assert left == {
        "0@a.example": {"letter": {"subject": ""}, "keys": ["sag/x-med/2026-001/svar"]},
        "1@a.example": contents,
        # What has not been sent is not emptied.
        "2@a.example": contents,
    }


def case(site: Site, closed_on: date) -> None:
    def fact(kind: str, on: date, **more: object) -> Fact:
        plain: dict[str, object] = {"by": "abc", "how": "command", "recorded_at": site.now}
        given = {**plain, "key": "sag/x-med/2025-001", "on": on, "kind": kind, **more}
        return Fact(**given, case_number="2025-001")  # type: ignore[arg-type]

    inputs = {"begyndt": "2025-06-02", "antal": 3, "hvad": "Flytning"}
    with site.store() as store, store.writing():
        store.add_fact(fact("case-opened", date(2025, 6, 1), inputs=inputs, why="aftalt"))
        done = fact("done", date(2025, 6, 10), evidence="journal 1")
        key = "sag/x-med/2025-001/svar"
        store.add_fact(done.model_copy(update={"key": key, "case_number": None}))
        store.add_fact(fact("case-closed", closed_on, why="slut"))


def told(site: Site) -> list[tuple[str, object, str, str]]:
    with site.store() as store:
        return [(row.kind, row.inputs, row.why, row.evidence) for row in store.fact_rows()]


def test_a_closed_case_is_emptied_and_its_deadlines_stay(make: Callable[[str], Site]) -> None:
    site = make("{cases: 6 months}")
    case(site, date(2025, 9, 12))
    apply(site)
    with site.store() as store:
        before = {key: each for key, each in store.ledger().items() if key.startswith("sag/")}
    dates = {each.snapshot.due_on for each in before.values()}
    assert listed(site).cases == ("2025-001",)
    assert told(site)[0] == (
        "case-opened",
        {"begyndt": "2025-06-02", "antal": 3, "hvad": "Flytning"},
        "aftalt",
        "",
    )
    nightly(site)
    assert told(site) == [
        ("case-opened", {"begyndt": "2025-06-02", "antal": 3}, "", ""),
        ("done", None, "", ""),
        ("case-closed", None, "", ""),
    ]
    nightly(site)
    assert apply(site).is_new is False
    with site.store() as store:
        after = {key: each for key, each in store.ledger().items() if key.startswith("sag/")}
    assert (dates, after) == ({"2025-06-16"}, before)
    assert listed(site).cases == ()


def test_a_case_keeps_what_dates_come_from_until_no_calendar_reaches_it(
    make: Callable[[str], Site], at: Callable[[str], Site]
) -> None:
    site = make("{cases: 6 months}")
    case(site, date(2025, 9, 13))
    apply(site)
    assert listed(site).cases == ()
    later = at("2026-10-01T04:15")
    assert date(2025, 9, 13) == horizon(later.today).from_on - timedelta(days=18)
    with later.store() as store:
        before = store.ledger()
    nightly(later)
    nightly(later)
    assert told(later)[0] == ("case-opened", {}, "", "")
    with later.store() as store:
        assert {key: store.ledger()[key] for key in before} == before


def test_nothing_is_erased_of_mails_and_cases_where_the_site_says_no_period(
    make: Callable[[str], Site], at: Callable[[str], Site]
) -> None:
    site = make("{seats: 90 years}")
    case(site, date(2025, 9, 12))
    late = at("2027-12-01T04:15")
    assert (listed(late).people, listed(late).mails, listed(late).cases) == ((), 0, ())


def received(site: Site, *days: str) -> None:
    folder = site.var / "mail" / "new"
    folder.mkdir(parents=True)
    for number, day in enumerate(days):
        head = f"Date: {day}\r\n" if day else ""
        mail = f"{head}Delivered-To: abc@a.example\r\n\r\nKære Alma Bech\r\n"
        # Where a mail has no date, its file's name has the moment: 1 January 2020.
        (folder / f"1577880000000000000.P1Q{number}.medfrist").write_text(mail, "utf-8")


def left(site: Site) -> list[str]:
    return sorted(file.name[-10] for file in (site.var / "mail" / "new").iterdir())


def test_mails_in_the_sink_are_deleted_after_the_same_period(make: Callable[[str], Site]) -> None:
    site = make("{mails: 6 months}")
    received(site, "Fri, 12 Sep 2025 07:30:00 +0200", "Sat, 13 Sep 2025 07:30:00 +0200", "")
    assert (listed(site).received, left(site)) == (2, ["0", "1", "2"])
    assert (retain(site).received, left(site), retain(site).received) == (2, ["1"], 0)


def test_mails_in_the_sink_stay_where_the_site_says_no_period(make: Callable[[str], Site]) -> None:
    site = make("{}")
    received(site, "Fri, 12 Sep 2025 07:30:00 +0200")
    assert (retain(site).received, left(site)) == (0, ["0"])
