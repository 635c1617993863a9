"""What a look at the site's health finds: everything in order, and each thing that is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.cli.app import run
from engine.config import Mail, read_config
from engine.errors import Outcome
from engine.service.clock import ZONE, stopped_at
from engine.service.examining import Check, examined
from engine.service.reminding import remind
from engine.service.site import Site
from engine.store import Feed, Message

NOW = "2026-11-27T09:00"
FINE = [
    "i orden  Database: kan nås, version 0006.",
    "i orden  Udgave: udgave 1 gælder.",
    "i orden  Ur: ikke sammenlignet, fordi --now er brugt.",
    "i orden  Mødeplaner: alle rækker mindst seks måneder frem.",
    "i orden  Arbejdsdage: alle dagsæt rækker mindst seks måneder frem.",
    "i orden  Seneste kørsel: fredag den 27. november 2026 kl. 9.00.",
    "i orden  Besked om driften: 1 modtager.",
    "i orden  Abonnementer: alle personlige abonnementer er hentet inden for 30 dage.",
    "i orden  Mails gået i stå: ingen.",
    "i orden  Udbakke: mails må gå.",
    "i orden  Mailadresser: ingen er afvist.",
    "i orden  Mailserver: mails bliver i var/mail (mail.sink), og ingen går ud.",
    "i orden  Tidszone: maskinen kender dansk sommertid.",
]


@pytest.fixture
def at(applied_site: Path) -> Callable[[str], Site]:
    config = read_config(applied_site)
    return lambda moment: Site(applied_site, config, stopped_at(moment), pretended=True)


@pytest.fixture
def site(at: Callable[[str], Site]) -> Site:
    """A site that ran this morning."""
    remind(at(NOW))
    return at(NOW)


def wrong(site: Site) -> list[tuple[str, str, dict[str, object]]]:
    return [(each.check, each.code, each.params) for each in examined(site) if not each.ok]


def test_all_is_in_order(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--now", NOW, "--site", str(site.folder)]
    assert run(["doctor", *place], "da") == 0
    *lines, disk = capsys.readouterr().out.splitlines()
    assert lines == FINE
    assert disk.startswith("i orden  Diskplads: ")
    assert run(["doctor", "--json", *place], "da") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [list(row) for row in rows] == [["check", "ok", "detail"]] * 14
    assert rows[0] == {"check": "database", "ok": True, "detail": "kan nås, version 0006."}


def test_the_real_clock_is_compared_with_the_databases(site: Site) -> None:
    real = Site(site.folder, site.config, stopped_at("2026-11-27T09:00"))
    (clock,) = [each for each in examined(real) if each.check == "clock"]
    apart = site.url.startswith("postgresql")
    assert (clock.ok, clock.code) == (not apart, "clock-skewed" if apart else "clock-fine")


def test_what_is_wrong_in_the_store(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with site.store() as store:
        mail = Message(
            recipient="person:hny",
            kind="single",
            local_day=site.today,
            message_id="1@kommune.example",
            contents={"letter": {"subject": "x"}, "keys": []},
            due_at=site.now,
            created_at=site.now,
        )
        store.queue([(mail, [])])
        (row,) = store.claim("w", site.now, timedelta(minutes=5), 1)
        store.record(row.id, row.fence, Outcome.TEMPORARY, "mail.deferred", at=site.now)
        store.hold_outbox(site.now, "too-many-at-once")
        store.refuse_address("hny", date(2026, 11, 27))
        made_at = site.now - timedelta(days=60)
        for number, (kind, scope) in enumerate([("person", "ahj"), ("committee", "oes-med")]):
            store.add_feed(
                Feed(
                    token_hash=f"{number}",
                    scope_kind=kind,
                    scope=scope,
                    created_at=made_at,
                )
            )
    assert wrong(site) == [
        ("feeds", "feeds-some", {"count": 1, "which": ("ahj",)}),
        ("stuck", "stuck-some", {"count": 1}),
        ("outbox", "outbox-too-many-at-once", {}),
        ("addresses", "addresses-some", {"count": 1, "which": ("hny",)}),
    ]
    assert run(["doctor", "--now", NOW, "--site", str(site.folder)], "da") == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("GALT")]
    assert lines == [
        "GALT     Abonnementer: 1 personligt abonnement er ikke hentet i 30 dage: ahj. Spørg"
        " personen, eller luk det med »med feed revoke«.",
        "GALT     Mails gået i stå: 1 mail. Se den med »med outbox --state stuck«, og send den"
        " igen med »med outbox retry --all«.",
        "GALT     Udbakke: holdt tilbage, fordi der var flere mails på én gang end grænsen. Se"
        " »med forecast --days 1«, og kør »med outbox release«.",
        "GALT     Mailadresser: 1 er afvist af mailserveren: hny. Ret den i"
        " organisation/members.csv, og kør »med apply«.",
    ]


@pytest.mark.parametrize(
    ("recipient", "code", "is_wrong"),
    [
        ("person:hny", "mail.refused", True),
        ("office:hr", "mail.recipient-refused", True),
        # Whoever stands in gets what a person without an address would have had.
        ("person:hny", "mail.recipient-refused", False),
    ],
)
def test_a_mail_that_nobody_gets_is_wrong_until_it_is_seen_to(
    site: Site, recipient: str, code: str, is_wrong: bool
) -> None:
    mail = Message(
        recipient=recipient,
        kind="single",
        local_day=site.today,
        message_id="1@kommune.example",
        contents={"letter": {"subject": "x"}, "keys": []},
        due_at=site.now,
        created_at=site.now,
    )
    with site.store() as store:
        store.queue([(mail, [])])
        (row,) = store.claim("w", site.now, timedelta(minutes=5), 1)
        store.record(row.id, row.fence, Outcome.PERMANENT, code, at=site.now)
    found = [each for each in wrong(site) if each[0] == "stuck"]
    assert found == ([("stuck", "refused", {"count": 1})] if is_wrong else [])
    with site.store() as store:
        assert store.cancel(row.id, "outbox.cancelled-by-hand")
    assert [each for each in wrong(site) if each[0] == "stuck"] == []


def test_a_morning_without_a_run_and_calendars_that_end(
    site: Site, at: Callable[[str], Site]
) -> None:
    ran_at = datetime(2026, 11, 27, 9, 0, tzinfo=ZONE)
    weekend = [("last-run", {})] if wrong(at("2026-11-29T12:00")) else []
    assert weekend == []
    assert wrong(at("2026-11-30T08:00")) == [], "an hour is given to a run that goes on"
    assert wrong(at("2026-11-30T09:00")) == [("last-run", "last-run-late", {"at": ran_at})]
    later = wrong(at("2027-11-05T09:00"))
    assert [check for check, _, _ in later] == ["meetings", "last-run"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_relay_that_there_is_not(site: Site) -> None:
    def with_mail(mail: Mail) -> Site:
        return Site(
            site.folder,
            site.config.model_copy(update={"mail": mail}),
            site.clock,
            pretended=True,
        )

    assert wrong(with_mail(Mail())) == [("relay", "relay-none", {})]
    silent = Mail(host="127.0.0.1", port=1, security="none", timeout_seconds=1)
    assert wrong(with_mail(silent)) == [
        ("relay", "mail.unreachable", {"host": "127.0.0.1", "port": 1, "reply": ""})
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_database_nothing_is_made(site: Site) -> None:
    (site.var / "medfrist.db").unlink()
    found = examined(site)
    assert found[0] == Check("database", False, "database-none")
    assert [each.check for each in found] == ["database", "relay", "time-zone", "disk"]
    assert not site.has_store
