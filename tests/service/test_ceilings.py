"""Too many mails at once: none goes, the administrators are asked, and a release lets them go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.config import read_config
from engine.service import backups, outbox
from engine.service.clock import stopped_at
from engine.service.foreseeing import foreseen
from engine.service.reminding import Run, forecast, mail_folder, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.sink import letters

ADMINISTRATORS = ("hr@kommune.example", "hny@kommune.example")
FIRST = "2026-11-26T08:00"


def limited(folder: Path, at_most: str) -> None:
    """The shipped site with administrators and other ceilings."""
    path = folder / "organisation" / "organisation.yaml"
    text = path.read_text("utf-8")
    written = "at most: {a person a week: 10, a run: 200}"
    assert text.count(written) == 1
    text = text.replace(written, f"at most: {at_most}")
    head = "  administrators: [office hr, sekretaer of kommune-med]\n  send at:"
    path.write_text(text.replace("  send at:", head, 1), "utf-8")


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
    found = foreseen(at(folder, "2026-11-26T07:00"), 2)
    by_day = {
        on: [mail.reason for mail in found.mails if mail.send_at.date() == on]
        for on in (date(2026, 11, 26), date(2026, 11, 26) + timedelta(days=1))
    }
    assert {len(reasons) > 5: set(reasons) for reasons in by_day.values()} == {
        len(reasons) > 5: {"too-many-at-once"} if len(reasons) > 5 else {""}
        for reasons in by_day.values()
    }


def test_a_mail_about_the_site_does_not_count(make: Callable[[str], Path]) -> None:
    folder = make("{a person a week: 10, a run: 5}")
    remind(at(folder, FIRST))
    with at(folder, FIRST).store() as store:
        assert store.queued_since(date(2026, 11, 1)) == {}
