"""Mails that have not gone: seen with their reason, sent again, or ended; on each database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from engine.cli.app import run
from engine.config import read_config
from engine.errors import Outcome
from engine.service.clock import stopped_at
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.sink import letters
from engine.store import Message, MessageRow

NOW = "2026-11-26T08:00"
Med = Callable[..., tuple[int, str, str]]
OUTCOMES = {
    "stuck": (Outcome.TEMPORARY, "mail.deferred"),
    "failed": (Outcome.PERMANENT, "mail.recipient-refused"),
    "unknown": (Outcome.UNKNOWN, "mail.lost"),
    "sent": (Outcome.SENT, ""),
}


@pytest.fixture
def med(applied_site: Path, capsys: pytest.CaptureFixture[str]) -> Med:
    def call(*arguments: str, language: str = "da") -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(applied_site)], language)  # type: ignore[arg-type]
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


@pytest.fixture
def site(applied_site: Path) -> Site:
    return Site(applied_site, read_config(applied_site), stopped_at(NOW), pretended=True)


def queued(site: Site, name: str, **changed: object) -> Message:
    plain: dict[str, object] = {
        "recipient": "person:hny",
        "kind": "single",
        "local_day": site.today,
        "message_id": f"{name}@kommune.example",
        "contents": {
            "letter": {
                "subject": f"Om {name}",
                "intro": "",
                "sections": [],
                "footer": "",
                "language": "da",
                "message_id": f"{name}@kommune.example",
                "list_id": "medfrist.kommune.example",
            },
            "keys": ["moeder/afdelings-med/oes-med/2026-11-19/referat"],
        },
        "due_at": site.now,
        "created_at": site.now,
    }
    return Message.model_validate({**plain, **changed})


@pytest.fixture
def settled(site: Site) -> Site:
    """A site with a mail in each state that a run ends in, and one that waits."""
    with site.store() as store:
        for state, (outcome, said) in OUTCOMES.items():
            store.queue([(queued(site, state), [])])
            (row,) = store.claim("w", site.now, site.now - site.now, 1)
            store.record(row.id, row.fence, outcome, said, at=site.now)
        store.queue([(queued(site, "due"), [])])
    return site


def states(site: Site) -> dict[str, str]:
    with site.store() as store:
        return {row.message_id.partition("@")[0]: row.state for row in store.messages()}


def test_the_list_says_state_moment_and_reason(med: Med, settled: Site) -> None:
    when = "torsdag den 26. november 2026 kl. 8.00"
    to = "hanne.nyborg@kommune.example"
    with settled.store() as store:
        to = store.people()["hny"].email
    assert med("outbox", "--now", NOW) == (
        0,
        f"{when}  gået i stå  {to}: Om stuck\n"
        "    stuck@kommune.example  mailserveren kunne ikke tage imod mailen lige da\n"
        f"{when}  afvist  {to}: Om failed\n"
        "    failed@kommune.example  mailserveren afviste modtagerens adresse\n"
        f"{when}  uvist  {to}: Om unknown\n"
        "    unknown@kommune.example  forbindelsen gik tabt, mens mailen var på vej; den er måske"
        " nået frem\n"
        f"{when}  sendt  {to}: Om sent\n"
        f"{when}  venter  {to}: Om due\n"
        "    due@kommune.example\n",
        "",
    )
    assert json.loads(med("outbox", "--state", "stuck", "--json", "--now", NOW)[1]) == [
        {
            "message_id": "stuck@kommune.example",
            "to": to,
            "subject": "Om stuck",
            "keys": ["moeder/afdelings-med/oes-med/2026-11-19/referat"],
            "kind": "single",
            "send_at": "2026-11-26T07:00:00+00:00",
            "state": "stuck",
            "reason": "mail.deferred",
        }
    ]
    assert med("outbox", "--state", "cancelled") == (
        0,
        "Ingen mails i udbakken er i den tilstand.\n",
        "",
    )
    assert med("outbox", "--state", "lost") == (
        2,
        "",
        "--state: lost — den tilstand findes ikke. Vælg en af due, sending, sent, retry, stuck,"
        " failed, unknown, cancelled.\n",
    )


def test_what_is_put_back_goes_with_the_same_name_and_contents(med: Med, settled: Site) -> None:
    def frozen(row: MessageRow) -> tuple[object, ...]:
        return (row.message_id, row.contents, row.created_at, row.recipient, row.local_day)

    with settled.store() as store:
        before = {row.id: frozen(row) for row in store.messages()}
    outcome, out, err = med("outbox", "retry", "--all", "--now", NOW)
    assert (outcome, len(out.splitlines()), err) == (0, 3, "")
    assert states(settled) == {
        "stuck": "due",
        "failed": "due",
        "unknown": "due",
        "sent": "sent",
        "due": "due",
    }
    with settled.store() as store:
        assert {row.id: frozen(row) for row in store.messages()} == before
        again = [row for row in store.messages() if row.state == "due"]
        assert {(row.attempts, row.outcome, row.unsure_at) for row in again} == {(0, "", None)}
    remind(settled)
    subjects = sorted(each.subject for each in letters(mail_folder(settled)))
    assert [each for each in subjects if each.startswith("Om ")] == [
        "Om due",
        "Om failed",
        "Om stuck",
        "Om unknown",
    ]
    assert med("outbox", "retry", "--all") == (
        0,
        "Ingen mails er gået i stå, afvist, uvisse eller venter på at blive prøvet igen. Der skal"
        " ikke gøres noget.\n",
        "",
    )


@pytest.mark.parametrize("which", ["retry@kommune.example", "--all"])
def test_what_waits_to_be_tried_again_is_tried_now(med: Med, site: Site, which: str) -> None:
    again_at = site.now + timedelta(hours=4)
    with site.store() as store:
        store.queue([(queued(site, "retry"), [])])
        (row,) = store.claim("w", site.now, site.now - site.now, 1)
        said = {"said": "mail.sender-refused", "at": site.now, "again_at": again_at}
        store.record(row.id, row.fence, Outcome.TEMPORARY, **said)  # type: ignore[arg-type]
    outcome, out, err = med("outbox", "retry", which, "--now", NOW)
    assert (outcome, err) == (0, "")
    assert out.endswith("Om retry: sendes igen ved næste kørsel (»med remind«).\n")
    remind(site)
    with site.store() as store:
        assert store.message(row.id).state == "sent"


def test_what_need_not_or_cannot_be_sent_again_says_why(med: Med, settled: Site) -> None:
    with settled.store() as store:
        store.queue([(queued(settled, "nobody", recipient="person:zzz"), [])])
        for row in store.claim("w", settled.now, settled.now - settled.now, 9):
            if row.message_id.startswith("nobody"):
                store.record(row.id, row.fence, Outcome.PERMANENT, "x", at=settled.now)
    outcome, out, err = med(
        "outbox", "retry", "<sent@kommune.example>", "due@kommune.example", "nobody@kommune.example"
    )
    assert (outcome, out) == (2, "")
    assert err.splitlines() == [
        "sent@kommune.example — mailen er sendt og kan ikke kaldes tilbage. Kontakt modtageren,"
        " hvis der er noget galt med den.",
        "due@kommune.example — mailen er ved at blive sendt lige nu. Vent ti minutter, og se med"
        " »med outbox«, hvad der blev af den.",
        "nobody@kommune.example — modtageren har ikke længere en plads, så mailen sendes ikke"
        " igen. Brug »med outbox cancel« for at få den ud af listen.",
    ]
    assert med("outbox", "retry", "none@x") == (
        2,
        "",
        "none@x — der er ingen mail med det Message-ID. Se dem med »med outbox«.\n",
    )
    assert med("outbox", "retry")[0] == med("outbox", "retry", "--all", "due@x")[0] == 2


def test_what_was_emptied_is_not_sent_again(med: Med, settled: Site) -> None:
    with settled.store() as store:
        store.erase({"hny": settled.now})
    outcome, out, err = med("outbox", "retry", "--all")
    assert (outcome, out, len(err.splitlines())) == (2, "", 3)
    assert {line.partition(" — ")[2].partition(".")[0] for line in err.splitlines()} == {
        "modtageren har ingen mailadresse"
    }


def test_what_is_for_a_refused_address_is_not_sent_again(med: Med, settled: Site) -> None:
    with settled.store() as store:
        store.refuse_address("hny", settled.today)
    outcome, out, err = med("outbox", "retry", "failed@kommune.example")
    assert (outcome, out, err) == (
        2,
        "",
        "failed@kommune.example — mailserveren afviser modtagerens adresse. Ret den i"
        " organisation/members.csv, kør »med apply«, og prøv igen.\n",
    )


def test_what_has_not_left_can_be_ended(med: Med, settled: Site) -> None:
    names = ("due", "stuck", "failed")
    addresses = [f"{name}@kommune.example" for name in names]
    outcome, out, err = med("outbox", "cancel", *addresses, "--now", NOW)
    assert (outcome, len(out.splitlines()), err) == (0, 3, "")
    assert states(settled) == {
        "stuck": "cancelled",
        "failed": "cancelled",
        "unknown": "unknown",
        "sent": "sent",
        "due": "cancelled",
    }
    refused = med("outbox", "cancel", "unknown@kommune.example", "due@kommune.example", "--json")
    assert refused[0] == 2
    assert [(each["state"], each["refused"]) for each in json.loads(refused[1])] == [
        ("unknown", "unknown"),
        ("cancelled", "cancelled"),
    ]
    listed = json.loads(med("outbox", "--state", "cancelled", "--json")[1])
    assert {each["reason"] for each in listed} == {"outbox.cancelled-by-hand"}
