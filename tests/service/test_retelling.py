"""Whoever acts on a moved deadline can answer it from the mail about it, as from a reminder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from email import policy
from email.parser import BytesParser
from pathlib import Path

import icalendar
import pytest
from answer_site import AFTALE, MORNING, SVAR, answer_site, mailed
from applied_sites import AppliedSites
from sqlalchemy import select
from sqlmodel import col

from engine.config import read_config
from engine.service import feeds
from engine.service.answering import Given, Standing, answer, pressed_in
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.deciding import ground_of
from engine.service.doing import done
from engine.service.plans import PlanKept
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.sink import letters
from engine.store import LinkRow

KVITTERING = "frist/oes-med/2026/kvittering"
FRIST, ENHEDER = Path("workflows/frist.yaml"), Path("workflows/enheder.yaml")
GIVEN = """\
  svar: {title: Svaret er sendt, due: 16 march, limit: 15 april}
  kvittering: {title: Kvitteringen er kommet, due: 2 weeks after done svar}"""
sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
At = Callable[[str], Site]


@pytest.fixture
def folder(applied_sites: AppliedSites, database: str, tmp_path: Path) -> Iterator[Path]:
    yield applied_sites.copy("answers", database, tmp_path / "site", answer_site, MORNING)
    applied_sites.drop()


@pytest.fixture
def at(folder: Path) -> At:
    return lambda moment: Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def edited(site: Site, file: Path, before: str, after: str) -> None:
    """Puts something else in a file, and applies it."""
    path = site.folder / file
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
    apply(site, by="asp")


def told(site: Site) -> dict[str, str]:
    """The text of each mail about changes in the sink, by whom it is for."""
    with site.store() as store:
        subjects = {
            row.contents["letter"]["subject"] for row in store.mails() if row.kind == "change"
        }
    return {
        letter.to.partition("@")[0]: " ".join(letter.text.split())
        for letter in letters(mail_folder(site))
        if letter.subject in subjects
    }


def standing(site: Site, token: str) -> Standing:
    with site.store() as store:
        return pressed_in(store, ground_of(store, site), token).standing


def kept(site: Site) -> set[tuple[str, str, str]]:
    """Every button that is kept, with the state of the mail it is in."""
    with site.store() as store, store.reading() as connection:
        rows = connection.execute(select(col(LinkRow.message_id), col(LinkRow.key))).all()
        states = {row.message_id: row.state for row in store.mails() if row.kind == "change"}
    return {(name, key, states[name]) for name, key in rows if name in states}


def moved(site: Site, to: str = "20 march") -> None:
    edited(site, FRIST, "due: 16 march", f"due: {to}")


def test_the_button_of_a_moved_deadline_is_answered_once(at: At) -> None:
    remind(at(MORNING))
    moved(at("2026-03-12T09:00"))
    remind(at("2026-03-12T09:05"))
    site = at("2026-03-12T10:00")
    text = told(site)["bjl"]
    assert "Meld færdig eller udsæt: https://med.kommune.example/do/" in text
    assert (
        "Svaret er sendt Det skal du gøre: Sørg for det senest fredag den 20. marts, og giv "
        "derefter besked herunder. Er det allerede gjort, så giv bare besked nu. "
        "Før: mandag den 16. marts 2026 Nu: fredag den 20. marts 2026" in text
    )
    assert (
        "Abonnerer du på kalenderen, flytter fristen sig af sig selv. Det kan tage op til et døgn."
        in text
    )
    token = mailed(site)["person:bjl", SVAR]
    assert token in text
    assert standing(site, token) is Standing.OPEN
    assert len(answer(site, token, Given("done")).facts) == 1
    assert standing(site, token) is Standing.USED
    with site.store() as store:
        [fact] = store.fact_rows()
    assert (fact.kind, fact.key, fact.by, fact.how) == ("done", SVAR, "bjl", "link:person:bjl")


@sqlite
def test_it_lasts_as_long_as_the_button_of_a_reminder(at: At) -> None:
    remind(at(MORNING))
    moved(at("2026-03-12T09:00"))
    remind(at("2026-03-12T09:05"))
    token = mailed(at("2026-03-12T10:00"))["person:bjl", SVAR]
    assert standing(at("2026-04-03T10:00"), token) is Standing.OPEN
    assert standing(at("2026-04-04T10:00"), token) is Standing.EXPIRED


@sqlite
def test_each_of_several_reads_what_they_must_do_and_how_many_are_asked(at: At) -> None:
    remind(at(MORNING))
    edited(at("2026-03-12T09:00"), ENHEDER, "due: 18 march", "due: 25 march")
    remind(at("2026-03-12T09:05"))
    text = told(at("2026-03-12T10:00"))["efa"]
    assert "Det skal I gøre: Sørg for det senest onsdag den 25. marts, og giv" in text
    assert "Andre, der er spurgt: 2 (0 af 3 har svaret)." in text
    assert "Svar: Den er dækkende · Vi når det ikke: https://med.kommune.example/do/" in text
    assert mailed(at("2026-03-12T10:00"))["person:efa", AFTALE] in text


@sqlite
def test_what_is_confidential_over_or_anothers_has_no_button(at: At) -> None:
    remind(at(MORNING))
    edited(
        at("2026-03-12T09:00"), FRIST, "due: 17 march, confidential", "due: 24 march, confidential"
    )
    edited(at("2026-03-12T09:01"), FRIST, "responsible: office hr", "responsible: forperson")
    edited(at("2026-03-12T09:02"), FRIST, f"{GIVEN}\n", "")
    remind(at("2026-03-12T09:05"))
    texts = told(at("2026-03-12T10:00"))
    assert sorted(texts) == ["bjl", "hr"]
    assert "/do/" not in "".join(texts.values())
    assert "hemmelig" not in texts["bjl"]
    assert kept(at("2026-03-12T10:00")) == set()


@sqlite
def test_to_whom_it_was_escalated_it_is_told_without_a_button(at: At) -> None:
    remind(at(MORNING))
    remind(at("2026-03-30T08:00"))
    moved(at("2026-03-30T09:00"), "14 april")
    remind(at("2026-03-30T09:05"))
    texts = told(at("2026-03-30T10:00"))
    assert sorted(texts) == ["bjl", "ckv"]
    assert ("/do/" in texts["bjl"], "/do/" in texts["ckv"]) == (True, False)


def test_mails_that_are_joined_leave_one_button_behind(at: At) -> None:
    remind(at(MORNING))
    moved(at("2026-03-12T18:00"))
    moved_on = at("2026-03-12T19:00")
    edited(moved_on, FRIST, "due: 20 march", "due: 23 march")
    [(name, key, state)] = kept(at("2026-03-12T19:05"))
    assert (key, state) == (SVAR, "due")
    remind(at("2026-03-13T08:00"))
    token = mailed(at("2026-03-13T09:00"))["person:bjl", SVAR]
    assert standing(at("2026-03-13T09:00"), token) is Standing.OPEN
    assert kept(at("2026-03-13T09:00")) == {(name, SVAR, "sent")}


def test_what_comes_back_before_it_is_told_leaves_no_button(at: At) -> None:
    remind(at(MORNING))
    moved(at("2026-03-12T18:00"))
    edited(at("2026-03-12T19:00"), FRIST, "due: 20 march", "due: 16 march")
    assert kept(at("2026-03-12T19:05")) == set()


@sqlite
def test_what_waits_is_said_anew_when_more_is_joined_with_it(at: At) -> None:
    """Done since, it needs no answer, unlike what follows it; confidential since, no title."""
    remind(at("2026-03-16T08:00"))
    moved(at("2026-03-16T18:00"))
    done(at("2026-03-16T18:30"), SVAR, "ckv")
    edited(
        at("2026-03-16T19:00"), FRIST, "due: 17 march, confidential", "due: 24 march, confidential"
    )
    assert {key for _, key, _ in kept(at("2026-03-16T19:05"))} == {KVITTERING}
    edited(at("2026-03-16T20:00"), FRIST, "due: 20 march,", "due: 23 march, confidential: yes,")
    remind(at("2026-03-17T08:00"))
    text = told(at("2026-03-17T09:00"))["bjl"]
    assert "Svaret er sendt" not in text
    assert text.count("Frist – log ind") == 2


def entries(site: Site, to: str) -> list[tuple[str, date, int]]:
    """What the calendar entries in the newest mail about changes say: what, when, which edition."""
    found = []
    for file in (mail_folder(site) / "new").iterdir():
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        if message["To"] != to or not str(message["Subject"]).startswith("Ny frist"):
            continue
        for part in message.iter_attachments():
            calendar = icalendar.Calendar.from_ical(part.get_content())
            found.extend(
                (str(event["SUMMARY"]), event["DTSTART"].dt, int(event["SEQUENCE"]))
                for event in calendar.walk("VEVENT")
            )
    return found


@sqlite
def test_the_moved_deadline_goes_with_it_for_a_calendar_that_does_not_fetch_it(at: At) -> None:
    remind(at(MORNING))
    moved(at("2026-03-12T09:00"))
    remind(at("2026-03-12T09:05"))
    assert entries(at("2026-03-12T10:00"), "bjl@kommune.example") == [
        ("Frist: Svaret er sendt (afdelingsMED Økonomi & Stab)", date(2026, 3, 20), 1)
    ]


@sqlite
def test_whose_own_calendar_fetches_it_needs_no_entry(at: At) -> None:
    url = feeds.create(at(MORNING), person="bjl").url
    fetched = url.rpartition("/")[2].removesuffix(".ics")
    assert feeds.fetched(at(MORNING), PlanKept(), fetched) is not None
    remind(at(MORNING))
    moved(at("2026-03-12T09:00"))
    remind(at("2026-03-12T09:05"))
    assert "bjl" in told(at("2026-03-12T10:00"))
    assert entries(at("2026-03-12T10:00"), "bjl@kommune.example") == []
