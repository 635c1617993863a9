"""A person who is forgotten is found nowhere: not in a file, a table, a log or a new backup."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from applied_sites import AppliedSites
from sqlalchemy import String, cast, select, update
from sqlmodel import col

from engine import sink
from engine.errors import StoreError, Unknown
from engine.planning.facts import FollowUp
from engine.service import backups
from engine.service.applying import apply
from engine.service.current import current
from engine.service.erasing import forget, noted
from engine.service.reminding import forecast, mail_folder, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.store import Fact, Feed, Message
from engine.store.tables import AnnouncementRow, MessageRow, Table

MORNING = "2026-11-26T08:00"
NAME, ADDRESS = "Helle Nyborg", "hny@kommune.example"
MEMBERS = "organisation/members.csv"
WORDS = (NAME, "Nyborg", ADDRESS)


def told(
    site: Site, kind: str, key: str = "follow-up/oes-med/1/follow-up", **given: object
) -> Fact:
    plain: dict[str, object] = {"on": site.today, "by": "kbo", "how": "command"}
    return Fact(**{**plain, "recorded_at": site.now, "key": key, "kind": kind, **given})  # type: ignore[arg-type]


def mail(site: Site, number: int, recipient: str, text: str) -> Message:
    entry = f"BEGIN:VCALENDAR\r\nSUMMARY:{text[:20]}\r\n {text[20:]}\r\nEND:VCALENDAR\r\n"
    letter = {
        "subject": text,
        "intro": "",
        "sections": [],
        "footer": "",
        "language": "da",
        "message_id": f"{number}@a.example",
        "list_id": "a",
        "ics": entry,
    }
    return Message(
        recipient=recipient,
        kind="single",
        local_day=site.today,
        message_id=f"{number}@a.example",
        contents={"letter": letter, "keys": ["a/b/c"]},
        due_at=site.now,
        created_at=site.now,
    )


def use(site: Site) -> None:
    """Says everything of somebody, in every place where one can."""
    remind(site)
    with site.store() as store, store.writing() as connection:
        store.add_fact(told(site, "waived", "a/oes-med/b/c", why="Helle er syg, siger Nyborg"))
        store.add_fact(told(site, "done", "a/oes-med/b/d", evidence=f"sendt til {ADDRESS}"))
        store.add_fact(told(site, "done", "a/oes-med/b/e", why="drøftet på mødet"))
        store.add_fact(
            told(
                site,
                "follow-up",
                follow_up="1",
                what="Tal med Helle  Nyborg om støj",
                who="sekretaer",
            )
        )
        store.add_fact(told(site, "case-opened", "a/-/2026-1", inputs={"hvad": NAME, "antal": 3}))
        store.add_feed(
            Feed(token_hash="ab" * 32, scope_kind="person", scope="hny", created_at=site.now)
        )
        store.queue(
            [
                (mail(site, 1, "person:hny", "Dagsordenen skal ud"), []),
                (mail(site, 2, "person:kbo", f"Sagen, som {NAME} rejste"), []),
                (mail(site, 3, "person:kbo", f"Sagen, som {NAME} rejste"), []),
                (mail(site, 4, "person:kbo", "Dagsordenen skal ud"), []),
            ]
        )
        sent = col(MessageRow.message_id) == "3@a.example"
        connection.execute(update(MessageRow).where(sent).values(state="sent"))


@pytest.fixture
def used_site(applied_sites: AppliedSites, database: str, tmp_path: Path) -> Iterator[Path]:
    """A copy of the shipped site, applied and used."""
    yield applied_sites.copy("used", database, tmp_path / "site", init, MORNING, then=use)
    applied_sites.drop()


@pytest.fixture
def folder(request: pytest.FixtureRequest, database: str) -> Path:
    """The test's site on its database: with `used` it is the used one."""
    is_used = "used" in request.fixturenames
    found: Path = request.getfixturevalue("used_site" if is_used else "applied_site")
    return found


@pytest.fixture
def used(at: Callable[[str], Site]) -> Site:
    """A site in which everything has been said of somebody, in every place where one can."""
    return at(MORNING)


def cells(site: Site) -> Iterator[tuple[str, str]]:
    with site.store() as store, store.reading() as connection:
        for name, table in Table.metadata.tables.items():
            query = select(*(cast(column, String) for column in table.columns))
            for row in connection.execute(query):
                yield from ((name, str(value)) for value in row)


def found(site: Site, *more: Path) -> list[tuple[str, str]]:
    """Where any of the words is, in every cell of every table and every byte of every file."""
    lies = [(table, word) for table, text in cells(site) for word in WORDS if word in text]
    files = [path for place in ("var", "organisation") for path in (site.folder / place).rglob("*")]
    for path in (*files, *more):
        if path.is_file():
            content = path.read_bytes()
            lies += [(path.name, word) for word in WORDS if word.encode() in content]
    return lies


def test_name_and_address_are_found_nowhere_afterwards(
    used: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert {place for place, _ in found(used)} >= {"person", "message", "fact", "members.csv"}
    with caplog.at_level(logging.DEBUG, "medfrist"):
        told_of = forget(used, "hny", "bad om det selv", anyway=True)
    backups.backup(used, tmp_path / "efter.db")

    assert found(used, tmp_path / "efter.db") == []
    assert not any(word in caplog.text for word in WORDS)
    assert NAME not in repr(told_of)
    assert [(seat.role, seat.committee) for seat in told_of.seats] == [
        ("sekretaer", "oes-med"),
        ("sekretaer", "hr-loen"),
        ("medlem", "sekretaernetvaerk"),
    ]
    assert (told_of.rows, told_of.settled, told_of.named_in) == (3, True, ())
    assert (told_of.erased.feeds, told_of.erased.texts) == (1, 4)


def test_what_is_told_of_others_stays(used: Site) -> None:
    before = (used.folder / MEMBERS).read_bytes()
    forget(used, "hny", anyway=True)

    wanted = before.replace(b"Helle Nyborg;hny@kommune.example", b";")
    assert (before.count(NAME.encode()), wanted) == (3, (used.folder / MEMBERS).read_bytes())
    with used.store() as store:
        said = {row.key: (row.why, row.evidence, row.inputs) for row in store.fact_rows()}
        follow_ups = store.facts().follow_ups
        mails = {row.message_id: row for row in store.messages()}
        feeds = store.feeds()
    assert said["a/oes-med/b/c"] == ("[…]", "", None)
    assert said["a/oes-med/b/d"] == ("", "[…]", None)
    assert said["a/oes-med/b/e"] == ("drøftet på mødet", "", None)
    assert said["a/-/2026-1"] == ("", "", {"hvad": "[…]", "antal": 3})
    assert [(type(each), each.what, each.by) for each in follow_ups] == [(FollowUp, "[…]", "kbo")]
    assert feeds == []
    left = {"letter": {"subject": ""}, "keys": ["a/b/c"]}
    states = [(mails[f"{n}@a.example"].state, mails[f"{n}@a.example"].contents) for n in (1, 3)]
    assert states == [("cancelled", left), ("sent", left)]
    # A mail on its way to somebody else still goes; the one that names nobody is untouched.
    waiting = mails["2@a.example"]
    assert (waiting.state, waiting.contents["letter"]["subject"]) == (
        "due",
        "Sagen, som […] rejste",
    )
    assert waiting.contents["letter"]["ics"] is None
    assert mails["4@a.example"].contents == mail(used, 4, "", "Dagsordenen skal ud").contents


def test_reminders_of_a_seat_that_is_still_held_go_to_those_informed(
    used: Site, at: Callable[[str], Site]
) -> None:
    before = {each.to for each in forecast(at("2026-11-27T08:00")).mails}
    forget(used, "hny", anyway=True)
    after = {each.to for each in forecast(at("2026-11-27T08:00")).mails}
    assert ADDRESS not in after
    assert before - after <= {ADDRESS}
    assert "" not in after


def test_somebody_with_a_seat_is_kept_unless_it_is_asked_for(site: Site) -> None:
    with pytest.raises(StoreError) as raised:
        forget(site, "hny")
    assert raised.value.code == "people.still-seated"
    seats = ["sekretaer (oes-med)", "sekretaer (hr-loen)", "medlem (sekretaernetvaerk)"]
    assert raised.value.params == {"person": "hny", "seats": seats}
    with pytest.raises(Unknown):
        forget(site, "findes-ikke", anyway=True)
    with pytest.raises(StoreError) as named:
        forget(site, "hny", "Nyborg bad om det", anyway=True)
    assert named.value.code == "people.why-names"
    assert (noted(site), current(site).people["hny"].name) == ({}, NAME)


def test_nothing_of_a_forgotten_person_comes_back(used: Site, tmp_path: Path) -> None:
    """Not with an older backup, its free texts and mails among it, and not with the file."""
    backups.backup(used, tmp_path / "foer.db")
    kept = (used.folder / MEMBERS).read_bytes()
    forget(used, "hny", anyway=True)
    backups.restore(used, tmp_path / "foer.db", replace=True)
    assert {table for table, text in cells(used) for word in WORDS if word in text} == set()

    assert apply(used).is_new is False
    for line in (kept, kept.replace(NAME.encode(), b"")):
        (used.folder / MEMBERS).write_bytes(line)
        with pytest.raises(StoreError) as raised:
            apply(used)
        assert (raised.value.code, raised.value.params) == (
            "store.person-erased",
            {"people": "hny"},
        )


def test_what_was_announced_of_a_text_is_emptied_without_a_new_announcement(used: Site) -> None:
    apply(used)
    with used.store() as store:
        key = "follow-up/oes-med/1/follow-up"
        before = [(row.revision, row.verb) for row in store.announcements(key)]
    forget(used, "hny", anyway=True)
    apply(used)
    with used.store() as store, store.reading() as connection:
        after = [(row.revision, row.verb) for row in store.announcements(key)]
        titles = [
            json.dumps(each, ensure_ascii=False)
            for each in connection.scalars(
                select(col(AnnouncementRow.snapshot)).where(col(AnnouncementRow.key) == key)
            )
        ]
    assert after == before
    assert all("[…]" in title for title in titles)


def test_mails_the_sink_received_go_too(site: Site) -> None:
    remind(site)
    before = sink.letters(mail_folder(site))
    assert ADDRESS in {each.to for each in before}
    forget(site, "hny", anyway=True)
    kept = [each for each in before if each.to != ADDRESS]
    assert list(sink.letters(mail_folder(site))) == kept
