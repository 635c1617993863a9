"""Too many mails at once: none goes, the administrators are asked, and a release lets them go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from engine.cli.app import run
from engine.cli.previewing import preview_lines
from engine.config import read_config
from engine.service import backups, changes, outbox
from engine.service.applying import Applied, apply
from engine.service.clock import stopped_at
from engine.service.foreseeing import foreseen
from engine.service.reminding import Run, forecast, mail_folder, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.sink import letters
from engine.wording.posted import held_words

ADMINISTRATORS = ("hr@kommune.example", "hny@kommune.example")
FIRST = "2026-11-26T08:00"


def limited(folder: Path, at_most: str) -> None:
    """The shipped site with other administrators and ceilings."""
    path = folder / "organisation" / "organisation.yaml"
    text = path.read_text("utf-8")
    written = "at most: {a person a week: 10, a run: 200}"
    assert text.count(written) == 1
    text = text.replace(written, f"at most: {at_most}")
    others = "administrators: [office hr, sekretaer of kommune-med]"
    path.write_text(text.replace("administrators: office sekretariat", others, 1), "utf-8")


@pytest.fixture
def make(apply_site: Callable[[str, Callable[[Path], object]], Path]) -> Callable[[str], Path]:
    def made(at_most: str) -> Path:
        def write(folder: Path) -> None:
            init(folder)
            limited(folder, at_most)

        return apply_site(f"limited {at_most}", write)

    return made


def at(folder: Path, moment: str) -> Site:
    return Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def kinds(run: Run) -> list[str]:
    return [mail.kind for mail in run.mails]


def held(site: Site) -> tuple[bool, str]:
    with site.store() as store:
        held_at, why = store.outbox_held()
        return held_at is not None, why


def test_too_many_at_once_are_asked_about_once_and_go_when_released(
    make: Callable[[str], Path],
) -> None:
    folder = make("{a person a week: 10, a run: 5}")
    site = at(folder, FIRST)
    would = forecast(site).mails
    first, again = remind(site), remind(at(folder, "2026-11-26T09:00"))
    assert (first.held, first.held_for, kinds(first)) == (True, "too-many-at-once", ["site"] * 2)
    assert (again.held, again.mails, held(site)) == (True, [], (True, "too-many-at-once"))

    (told,) = [each for each in letters(mail_folder(site)) if each.to == "hr@kommune.example"]
    assert told.subject == f"Medfrist: {len(would)} mails er holdt tilbage – skal de sendes?"
    text = " ".join(told.text.split())
    assert "Grænsen er 5, så ingen af dem er sendt" in text
    assert "»med outbox release«" in text
    assert "påmindelser, modtagere: " in text

    before = outbox.release(at(folder, "2026-11-26T09:30"))
    assert (before.held_for, before.waiting) == ("too-many-at-once", 0)
    sent = remind(at(folder, "2026-11-26T09:31"))
    assert [mail.message_id for mail in sent.mails] == [mail.message_id for mail in would]
    assert (sent.held, held(site)) == (False, (False, ""))
    assert remind(at(folder, "2026-11-26T15:00")).mails == []

    # The next morning the ceiling counts again.
    friday = [mail.message_id for mail in forecast(at(folder, "2026-11-27T08:00")).mails]
    assert remind(at(folder, "2026-11-27T08:00")).held == (len(friday) > 5)


def test_a_release_on_a_weekend_lets_the_next_working_day_go(make: Callable[[str], Path]) -> None:
    folder = make("{a person a week: 10, a run: 5}")
    assert remind(at(folder, FIRST)).held
    assert remind(at(folder, "2026-11-27T08:00")).held
    outbox.release(at(folder, "2026-11-28T10:00"))
    assert remind(at(folder, "2026-11-28T10:01")).mails == []
    monday = remind(at(folder, "2026-11-30T07:30"))
    assert (monday.held, len([kind for kind in kinds(monday) if kind == "digest"]) > 5) == (
        False,
        True,
    )
    with at(folder, FIRST).store() as store:
        assert store.released() == date(2026, 11, 30)


def test_too_many_for_somebody_in_a_week(make: Callable[[str], Path]) -> None:
    folder = make("{a person a week: 2, a run: 200}")
    first = remind(at(folder, FIRST))
    assert not first.held
    friday = at(folder, "2026-11-27T08:00")
    before, more = (Counter(mail.to for mail in run.mails) for run in (first, forecast(friday)))
    beyond = sum(before[to] + count > 2 for to, count in more.items())
    assert beyond > 0
    run = remind(friday)
    assert (run.held, run.held_for) == (True, "too-many-for-somebody")
    told = {each.subject for each in letters(mail_folder(friday)) if "Medfrist:" in each.subject}
    ending = "én modtager" if beyond == 1 else f"{beyond} modtagere"
    assert told == {f"Medfrist: mails er holdt tilbage – {ending} ville få for mange"}
    outbox.release(at(folder, "2026-11-27T09:00"))
    assert not remind(at(folder, "2026-11-27T09:01")).held
    # What went before the release, or on its day, counts no more.
    with friday.store() as store:
        assert store.released() == date(2026, 11, 27)
    assert not remind(at(folder, "2026-11-30T08:00")).held


def test_what_was_looked_at_after_a_restore_is_not_held_again(
    make: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = make("{a person a week: 10, a run: 5}")
    site, file = at(folder, FIRST), tmp_path / "kopi.db"
    backups.backup(site, file)
    backups.restore(site, file, replace=True)
    assert held(site) == (True, "restored")
    would = forecast(site).mails
    assert len(would) > 5
    outbox.release(at(folder, "2026-11-26T09:30"))
    sent = remind(at(folder, "2026-11-26T09:31"))
    assert (sent.held, len(sent.mails)) == (False, len(would))
    with site.store() as store:
        assert store.released() == date(2026, 11, 26)


def test_the_forecast_says_where_it_will_stop(make: Callable[[str], Path]) -> None:
    folder = make("{a person a week: 10, a run: 5}")
    found = foreseen(at(folder, "2026-11-26T07:00"), 5)
    reasons: dict[date, list[str]] = {}
    for mail in found.mails:
        reasons.setdefault(mail.send_at.date(), []).append(mail.reason)
    assert [(on, len(each) > 5, set(each)) for on, each in sorted(reasons.items())] == [
        (date(2026, 11, 26), True, {"too-many-at-once"}),
        (date(2026, 11, 27), True, {"too-many-at-once"}),
        (date(2026, 11, 30), False, {""}),
    ]


def test_a_mail_about_the_site_does_not_count(make: Callable[[str], Path]) -> None:
    folder = make("{a person a week: 10, a run: 5}")
    remind(at(folder, FIRST))
    with at(folder, FIRST).store() as store:
        assert store.queued_since(date(2026, 11, 1)) == {}


# Mails about changes wait, and are asked about in the same way.

MEETINGS = Path("calendars/meetings/sku-med-2026.yaml")
HELD_ON, MOVED_ON = "{date: 2026-12-01,", "{date: 2026-12-15, moved from: 2026-12-01,"


def move(site: Site, before: str = HELD_ON, after: str = MOVED_ON) -> Applied:
    """The meeting of 1 December on another day, as somebody edits and applies it."""
    path = site.folder / MEETINGS
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
    return apply(site)


def waiting(site: Site) -> dict[str, str]:
    """The mails about changes that wait, by recipient."""
    with site.store() as store:
        return {row.recipient: row.message_id for row in store.unsent("change")}


def asked(site: Site) -> list[str]:
    """What the administrators were asked, each once."""
    found = [each for each in letters(mail_folder(site)) if each.subject.startswith("Medfrist: ")]
    return sorted({each.subject for each in found})


@pytest.fixture
def let_go(make: Callable[[str], Path]) -> Path:
    """A low ceiling; the first morning's mails have been released and are gone."""
    folder = make("{a person a week: 10, a run: 2}")
    remind(at(folder, FIRST))
    outbox.release(at(folder, "2026-11-26T09:30"))
    assert not remind(at(folder, "2026-11-26T09:31")).held
    return folder


def test_a_change_that_would_mail_too_many_waits_until_it_is_released(let_go: Path) -> None:
    early = at(let_go, "2026-11-27T06:00")
    done = move(early)
    kept = waiting(early)
    assert len(kept) > 2
    assert (done.held_for, held(early)) == ("too-many-changes", (True, "too-many-changes"))

    morning = remind(at(let_go, "2026-11-27T08:00"))
    assert (morning.held, kinds(morning), waiting(early)) == (True, ["site"] * 2, kept)
    subject = f"Medfrist: {len(kept)} mails om ændringer er holdt tilbage – skal de sendes?"
    assert subject in asked(early)
    (told,) = [
        each
        for each in letters(mail_folder(early))
        if (each.to, each.subject) == ("hr@kommune.example", subject)
    ]
    text = " ".join(told.text.split())
    assert f"{len(kept)} modtagere skulle have mail om det på én gang. Grænsen er 2" in text
    assert "ændringer, modtagere: " in text
    assert "påmindelse" not in text

    outbox.release(at(let_go, "2026-11-27T08:30"))
    run = remind(at(let_go, "2026-11-27T08:31"))
    sent = {mail.message_id for mail in run.mails if mail.kind == "change"}
    assert (run.held, sent, waiting(early)) == (False, set(kept.values()), {})
    with early.store() as store:
        assert store.released() == date(2026, 11, 27)


def test_a_change_that_is_taken_back_while_it_waits_leaves_no_mail(let_go: Path) -> None:
    early = at(let_go, "2026-11-27T06:00")
    move(early)
    move(at(let_go, "2026-11-27T06:30"), MOVED_ON, HELD_ON)
    assert (waiting(early), held(early)) == ({}, (True, "too-many-changes"))
    outbox.release(at(let_go, "2026-11-27T07:00"))
    run = remind(at(let_go, "2026-11-27T08:00"))
    assert [kind for kind in kinds(run) if kind == "change"] == []


def test_a_change_on_the_day_of_a_release_goes(let_go: Path) -> None:
    later = at(let_go, "2026-11-26T10:00")
    assert (move(later).held_for, held(later)) == ("", (False, ""))
    assert len(waiting(later)) > 2
    # Made in the evening it goes the next day, which nobody has released.
    evening = at(let_go, "2026-11-26T18:00")
    assert move(evening, MOVED_ON, HELD_ON).held_for == ""
    assert move(evening).held_for == "too-many-changes"


def test_a_change_that_is_one_too_many_for_somebody_waits(make: Callable[[str], Path]) -> None:
    folder = make("{a person a week: 2, a run: 200}")
    assert not remind(at(folder, FIRST)).held
    first = at(folder, "2026-11-26T09:00")
    assert move(first).held_for == ""
    assert Counter(kinds(remind(first))).keys() == {"change"}
    site = at(folder, "2026-11-26T09:10")
    assert move(site, MOVED_ON, HELD_ON).held_for == "too-many-changes-for-somebody"
    kept = waiting(site)
    with site.store() as store:
        before = store.queued_since(date(2026, 11, 20))
    beyond = sum(before[who] > 2 for who in kept)
    remind(site)
    assert asked(site) == [
        "Medfrist: mails om ændringer er holdt tilbage –"
        f" {'én modtager' if beyond == 1 else f'{beyond} modtagere'} ville få for mange"
    ]
    assert waiting(site) == kept
    outbox.release(site)
    run = remind(at(folder, "2026-11-26T09:15"))
    assert {mail.message_id for mail in run.mails if mail.kind == "change"} == set(kept.values())


def test_preview_and_apply_say_that_the_mails_are_held(
    let_go: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = at(let_go, "2026-11-27T06:00")
    path = let_go / MEETINGS
    text = path.read_text("utf-8")
    path.write_text(text.replace(HELD_ON, MOVED_ON), "utf-8")
    found = changes.foreseen(early)
    assert (found.held_for, found.too_many) == ("", "too-many-changes")
    assert preview_lines(found, "da")[-1].startswith("Det er flere mails på én gang end grænsen.")
    assert run(["apply", "--now", "2026-11-27T06:00", "--site", str(let_go)], "da") == 0
    assert capsys.readouterr().err.splitlines()[0] == held_words("too-many-changes", "da")
    assert len(waiting(early)) == found.noticed
    path.write_text(text.replace(HELD_ON, MOVED_ON.replace("12-15", "12-16")), "utf-8")
    again = changes.foreseen(early)
    assert (again.held_for, again.too_many) == ("too-many-changes", "")
    assert preview_lines(again, "da")[-1].startswith("Udbakken er holdt tilbage, fordi en ændring")
