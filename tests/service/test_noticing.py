"""Who was told of something by mail is told when it is no longer so; nobody else, and once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from engine.message import Changed, Turn
from engine.planning.diff import Change, Snapshot, Verb
from engine.service.applying import apply
from engine.service.changes import foreseen
from engine.service.noticing import mailed, reminded, turned, untrue
from engine.service.postponing import postpone
from engine.service.reminding import Mail, mail_folder, remind
from engine.service.site import Site
from engine.store import Told

MEETINGS = Path("calendars/meetings/sku-med-2026.yaml")
HELD = "{date: 2026-12-01,"
AGENDA = "moeder/afdelings-med/sku-med/2026-12-01/dagsorden"
GOLDEN = Path(__file__).parents[1] / "golden" / "mails" / "flyttet-moede.txt"
NOTE = "Lokalet er optaget den dag"


def edited(site: Site, file: Path, before: str, after: str) -> None:
    path = site.folder / file
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")


def moved(site: Site, on: str, note: str = NOTE) -> None:
    """The meeting of 1 December on another day."""
    text = (site.folder / MEETINGS).read_text("utf-8")
    held = next(line for line in text.splitlines() if "2026-12-01" in line)
    rest = held.partition(" time: ")[2]
    first = HELD if on == "2026-12-01" else f"{{date: {on}, moved from: 2026-12-01,"
    edited(site, MEETINGS, held.strip(), f"- {first} time: {rest}")
    apply(site, note=note, by="hny")


def told(mails: list[Mail]) -> dict[str, tuple[str, ...]]:
    return {mail.to: mail.keys for mail in mails if mail.kind == "change"}


def letter(site: Site, to: str, subject: str) -> EmailMessage:
    found = []
    for file in (mail_folder(site) / "new").iterdir():
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        if (message["To"], message["Subject"]) == (to, subject):
            found.append(message)
    (message,) = found
    assert isinstance(message, EmailMessage)
    return message


def test_a_moved_meeting_is_told_to_whoever_was_told_of_what_hangs_on_it(
    site: Site, at: Callable[[str], Site], rewriting: bool
) -> None:
    first = remind(site)
    knew = {mail.to for mail in first.mails if any("/sku-med/2026-12-01/" in k for k in mail.keys)}
    moved(at("2026-11-26T09:00"), "2026-12-15")
    run = remind(at("2026-11-26T09:05"))

    assert set(told(run.mails)) == knew | {"kag@kommune.example"}
    assert {mail.kind for mail in run.mails} == {"change"}
    assert remind(at("2026-11-26T09:10")).mails == []
    message = letter(site, "mla@kommune.example", "3 frister er ændret")
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    # The address of a page holds the site's secret.
    text = re.sub(r"/(deadlines|do)/\S+", r"/\1/…", text)
    if rewriting:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
    again = [mail for mail in remind(at("2026-11-27T07:30")).mails if AGENDA in mail.keys]
    assert again == [], "what the mail said is not said again the next morning"


def test_what_moves_back_before_anybody_was_told_is_not_told(
    site: Site, at: Callable[[str], Site]
) -> None:
    first = remind(site)
    assert any(AGENDA in mail.keys for mail in first.mails)
    evening = at("2026-11-26T18:00")
    moved(evening, "2026-12-15")
    assert foreseen(at("2026-11-26T18:01")).changes == ()
    moved(at("2026-11-26T19:00"), "2026-12-10")
    assert remind(at("2026-11-26T19:05")).mails == [], "nothing goes in the evening"
    moved(at("2026-11-26T20:00"), "2026-12-01")
    morning = remind(at("2026-11-27T07:30"))
    assert told(morning.mails) == {}
    assert [mail for mail in morning.mails if AGENDA in mail.keys] == [], "nor what was told before"


def test_two_moves_before_the_morning_are_one_mail_from_the_day_that_was_told(
    site: Site, at: Callable[[str], Site]
) -> None:
    remind(site)
    moved(at("2026-11-26T18:00"), "2026-12-15")
    moved(at("2026-11-26T19:00"), "2026-12-10")
    morning = remind(at("2026-11-27T07:30"))
    assert sorted(told(morning.mails)) == [
        *("bha@kommune.example", "kag@kommune.example"),
        *("mla@kommune.example", "nbr@kommune.example"),
    ]
    subject = (
        "Ny frist torsdag den 10. december (før: tirsdag den 1. december): "
        "Gensidig orientering fra medlemmerne, herunder om arbejdsmiljø"
    )
    message = letter(site, "bha@kommune.example", subject)
    assert message["References"] == message["In-Reply-To"] is not None


def test_what_lapses_is_told_and_nothing_more_comes(site: Site, at: Callable[[str], Site]) -> None:
    remind(site)
    edited(site, MEETINGS, HELD, "{date: 2026-12-01, status: cancelled,")
    apply(at("2026-11-26T09:00"), by="hny")
    run = remind(at("2026-11-26T09:05"))
    assert AGENDA in told(run.mails)["kag@kommune.example"]
    moved_on = [each for each in remind(at("2026-12-01T07:30")).mails if AGENDA in each.keys]
    assert moved_on == []


def test_who_was_told_that_it_lapsed_is_told_when_it_is_to_be_done_after_all(
    site: Site, at: Callable[[str], Site]
) -> None:
    first = remind(site)
    knew = {mail.to for mail in first.mails if AGENDA in mail.keys}
    edited(site, MEETINGS, HELD, "{date: 2026-12-01, status: cancelled,")
    apply(at("2026-11-26T09:00"), by="hny")
    remind(at("2026-11-26T09:05"))
    edited(site, MEETINGS, "{date: 2026-12-01, status: cancelled,", HELD)
    apply(at("2026-11-26T18:00"), by="hny")
    morning = remind(at("2026-11-27T07:30"))
    assert {mail.to for mail in morning.mails if AGENDA in mail.keys} == knew != set()
    assert [mail for mail in remind(at("2026-11-27T07:35")).mails if AGENDA in mail.keys] == []


def test_what_nobody_has_been_told_of_yet_is_not_told_of_as_changed(
    site: Site, at: Callable[[str], Site]
) -> None:
    config = site.folder / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("sink = true", "sink = false"), "utf-8")
    assert remind(at("2026-11-26T08:00")).no_relay
    moved(at("2026-11-26T09:00"), "2026-12-15")
    config.write_text(text, "utf-8")
    run = remind(at("2026-11-26T09:05"))
    assert told(run.mails) == {}
    assert {mail.outcome for mail in run.mails} == {"sent"}


def test_whoever_postpones_gets_no_mail_about_it(site: Site, at: Callable[[str], Site]) -> None:
    remind(site)
    item = "moeder/afdelings-med/sku-med/2026-12-01/arbejdsmiljoe"
    postpone(at("2026-11-26T09:00"), item, by="bha")
    assert told(remind(at("2026-11-26T09:05")).mails) == {}


def test_whoever_moves_on_what_is_to_be_told_is_not_told_the_day_in_between(
    site: Site, at: Callable[[str], Site]
) -> None:
    remind(site)
    moved(at("2026-11-26T18:00"), "2026-12-15")
    item = "moeder/afdelings-med/sku-med/2026-12-01/arbejdsmiljoe"
    postpone(at("2026-11-26T19:00"), item, by="bha")
    morning = told(remind(at("2026-11-27T07:30")).mails)
    assert sorted(morning) == [
        *("kag@kommune.example", "mla@kommune.example", "nbr@kommune.example"),
    ]


KEY = "w/c/r/s"
BEFORE = Snapshot(
    *("due", "Titel", "Arbejdsgang", "c", "2026-12-01", "2026-12-01", "", "", "", ""),
    holders=("sekretaer", "office hr"),
    people=("ahj", "bs"),
    visible="",
    confidential=False,
    sources=(),
    derivation="",
)


def reminders(*recipients: str, kind: str = "due") -> dict[str, Told]:
    keys = [f"{KEY}#0 {kind} {recipient}" for recipient in recipients]
    return {key: Told(key=key, kind=kind, due_on=date(2026, 12, 1)) for key in keys}


def test_who_is_told_what() -> None:
    known = mailed(reminders("person:ahj", "person:bs", "office:hr", "person:chef"), {})
    assert known == {KEY: dict.fromkeys(("person:ahj", "person:bs", "office:hr", "person:chef"))}
    handed_over = replace(BEFORE, holders=("sekretaer",), people=("bs", "ny"))
    later = replace(handed_over, due_on="2026-12-08", nominal_on="2026-12-08")

    def turns(verb: Verb, then: Snapshot | None) -> dict[str, str]:
        found = turned([Change(verb, KEY, BEFORE, then)], known, known)
        return {who: turn.value for who, each in found.items() for turn, _ in each.values()}

    assert turns(Verb.REASSIGNED, handed_over) == {
        "person:ahj": "reassigned",
        "office:hr": "reassigned",
    }
    assert turns(Verb.MOVED, later) == {
        "person:ahj": "reassigned",
        "office:hr": "reassigned",
        "person:bs": "moved",
        "person:chef": "moved",
    }
    assert turns(Verb.RETIRED, None) == dict.fromkeys(known[KEY], "retired")
    assert turns(Verb.REWORDED, replace(BEFORE, title="Ny titel")) == {}


def test_who_was_told_instead_of_a_vacant_role_is_told_when_it_is_filled() -> None:
    vacant = replace(BEFORE, holders=("amr",), people=())
    filled = replace(vacant, people=("ny",))
    given = {
        **reminders("person:bs", "person:ny"),
        **reminders("person:chef", kind="informed"),
    }
    known, mine = mailed(given, {}), reminded(given, {})

    def turns(before: Snapshot, then: Snapshot) -> dict[str, str]:
        found = turned([Change(Verb.REASSIGNED, KEY, before, then)], known, mine)
        return {who: turn.value for who, each in found.items() for turn, _ in each.values()}

    assert turns(vacant, filled) == {"person:bs": "reassigned"}
    assert turns(filled, vacant) == {"person:ny": "reassigned"}
    assert turns(vacant, replace(vacant, holders=("leder",))) == {}


def test_who_was_told_that_it_is_anothers_is_told_nothing_more() -> None:
    over = {
        **reminders("person:ahj", "person:bs"),
        **reminders("person:ahj", kind="reassigned"),
    }
    assert mailed(over, {}) == {KEY: {"person:bs": None}}
    renamed = mailed(reminders("person:bs"), {"ny/c/r/s": KEY})
    assert renamed == {KEY: {"person:bs": None}, "ny/c/r/s": {"person:bs": None}}


def test_what_waits_to_be_told_and_is_no_longer_so() -> None:
    theirs = Change(Verb.REASSIGNED, KEY, BEFORE, BEFORE)
    back = Change(Verb.NEW, KEY, None, BEFORE)
    later = Change(Verb.MOVED, KEY, BEFORE, replace(BEFORE, due_on="2026-12-08"))

    def over(turn: Turn, change: Change, recipient: str = "person:ahj", by: str = "") -> bool:
        day = date(2026, 12, 1)
        return untrue({KEY: Changed(turn, "Titel", day, day)}, [change], recipient, by) == {KEY}

    assert over(Turn.REASSIGNED, theirs), "it is theirs to do again"
    assert not over(Turn.REASSIGNED, theirs, "person:ny")
    assert over(Turn.RETIRED, back), "it has come back"
    assert not over(Turn.MOVED, later)
    assert over(Turn.MOVED, later, by="ahj"), "they have moved it themselves"
    assert untrue({}, [theirs, back, later], "person:ahj", "ahj") == set()
