"""Every mail before it goes is the mail that goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.cli.app import run
from engine.service import foreseeing
from engine.service.backups import backup, restore
from engine.service.current import in_store
from engine.service.doing import done
from engine.service.foreseeing import foreseen
from engine.service.outbox import Posted, closed_names, shown
from engine.service.reminding import remind
from engine.service.site import Site
from engine.store import rehearsal

FIRST_ON = date(2026, 11, 26)
DAYS = 14


def by_day(mails: tuple[Posted, ...]) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    for mail in mails:
        on = mail.send_at.date().isoformat()
        found.setdefault(on, []).append(
            (mail.message_id, mail.to, mail.subject, mail.keys, mail.kind)
        )
    return found


def test_the_forecast_is_what_each_of_the_days_sends(at: Callable[[str], Site], site: Site) -> None:
    """Over two weeks and the turn of a month, in which nobody does anything."""
    before = at("2026-11-26T07:00")
    would = foreseen(before, DAYS)
    assert {(mail.state, mail.reason) for mail in would.mails} == {("planned", "")}

    sent: dict[str, list[tuple[object, ...]]] = {}
    uids = closed_names(before)
    for number in range(DAYS):
        on = FIRST_ON + timedelta(days=number)
        mails = remind(at(f"{on}T07:30")).mails
        if mails:
            sent[on.isoformat()] = [
                (mail.message_id, mail.to, mail.subject, shown(mail.keys, uids), mail.kind)
                for mail in mails
            ]
    assert by_day(would.mails) == sent
    assert len(sent) == 9
    assert {mail.send_at.isoformat() for mail in would.mails} == {
        f"{on}T07:30:00+01:00" for on in sent
    }


def test_looking_ahead_changes_nothing(at: Callable[[str], Site], site: Site) -> None:
    def kept() -> tuple[object, ...]:
        with site.store() as store:
            return store.mark(), store.told(), store.messages(), store.site()

    before = kept()
    foreseen(site, 40)
    assert kept() == before


def test_what_is_done_changes_what_comes(at: Callable[[str], Site], site: Site) -> None:
    before = foreseen(at("2026-11-26T07:00"), 10)
    key = next(key for mail in before.mails for key in mail.keys if key.endswith("/referat"))
    done(at("2026-11-26T07:00"), key, by="hny", evidence="Referatet ligger i sagen")
    after = foreseen(at("2026-11-26T07:00"), 10)
    assert [mail for mail in after.mails if key in mail.keys] == []
    assert after.mails != before.mails


def test_what_waits_comes_first_and_what_is_held_says_so(
    at: Callable[[str], Site], site: Site, tmp_path: Path
) -> None:
    backup(site, tmp_path / "kopi.db")
    restore(site, tmp_path / "kopi.db", replace=True)
    found = foreseen(site, 1)
    assert (found.held_for, {mail.reason for mail in found.mails}) == ("restored", {"held"})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_change_to_come_holds_is_listed_with_the_reason(
    at: Callable[[str], Site], site: Site
) -> None:
    """A later day of the forecast may itself bring too many mails about changes."""
    morning = at("2026-11-26T07:30")
    would = foreseen(morning, 2)
    with morning.store() as store:
        now = in_store(store)
        assert now is not None
        with rehearsal(store) as copy:
            copy.hold_outbox(morning.now, "too-many-changes")
            found = [*foreseeing._ahead(morning, copy, now, 2, "")]
    reasons = {"26": "too-many-changes", "27": ""}
    assert [(mail.message_id, mail.reason) for mail in found] == [
        (mail.message_id, reasons[f"{mail.send_at:%d}"]) for mail in would.mails
    ]


def test_the_command(
    at: Callable[[str], Site], site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--now", "2026-11-26T07:00", "--site", str(site.folder)]
    would = foreseen(at("2026-11-26T07:00"), 2)
    assert run(["forecast", "--days", "2", "--json", *place], "da") == 0
    rows = json.loads(capsys.readouterr().out)
    assert list(rows[0]) == [
        *("message_id", "to", "subject", "keys", "kind", "send_at", "state", "reason"),
    ]
    assert [row["message_id"] for row in rows] == [mail.message_id for mail in would.mails]
    assert run(["forecast", "--days", "2", *place], "da") == 0
    lines = capsys.readouterr().out.splitlines()
    first, second = by_day(would.mails).values()
    assert lines == [
        "torsdag den 26. november 2026 kl. 7.30",
        *(f"    {mail[1]}: {mail[2]}" for mail in first),
        "fredag den 27. november 2026 kl. 7.30",
        *(f"    {mail[1]}: {mail[2]}" for mail in second),
        f"{len(would.mails)} mails på 2 dage, hvis ingen gør noget.",
    ]
