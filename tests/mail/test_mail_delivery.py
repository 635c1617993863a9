from __future__ import annotations

import os
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from letters_given import SENDER, SENT_AT, TO, danish
from scripted_relay import DROP, SILENCE, Authority, ScriptedRelay, authority, has_openssl

from engine import mailer as mailer_module
from engine.errors import MailError, Outcome
from engine.mailer import Mailer, Relay
from engine.message import email_message
from engine.service.clock import system_clock
from engine.wording.catalogue import LANGUAGES, say

MESSAGE = email_message(danish(), TO, SENDER, SENT_AT)
T, P, U = Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.UNKNOWN


def plain(port: int, **more: object) -> Relay:
    settings: dict[str, object] = {"security": "none", "timeout": 2.0, **more}
    return Relay("127.0.0.1", port, **settings)  # type: ignore[arg-type]


def attempt(relay: Relay, to: str = TO) -> tuple[Outcome, str, object]:
    """What became of one mail: outcome, code, the relay's reply."""
    with Mailer(relay) as mailer:
        try:
            mailer.send(MESSAGE, to)
        except MailError as error:
            assert TO not in repr(error)
            for language in LANGUAGES:
                assert "{" not in say(error.code, language, **error.params)
            return error.outcome, error.code, error.params.get("reply", "")
    return Outcome.SENT, "", ""


def test_an_accepted_mail_arrives_as_it_was_made() -> None:
    with ScriptedRelay() as relay:
        assert attempt(plain(relay.port)) == (Outcome.SENT, "", "")
    assert relay.recipients == [TO]
    assert relay.kept == [MESSAGE.as_bytes()]
    assert relay.verbs == ["ehlo", "mail", "rcpt", "data", "quit"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"connect": "554 5.7.1 not you"}, (T, "mail.relay-refused", "554 5.7.1")),
        ({"connect": "421 4.3.2 busy"}, (T, "mail.relay-refused", "421 4.3.2")),
        ({"connect": DROP}, (T, "mail.unreachable", "")),
        ({"connect": SILENCE}, (T, "mail.timeout", "")),
        ({"ehlo": "550 no", "helo": "550 no"}, (T, "mail.relay-refused", "550")),
        ({"mail": "451 4.3.0 later"}, (T, "mail.deferred", "451 4.3.0")),
        ({"mail": "421 4.7.0 too many"}, (T, "mail.deferred", "421 4.7.0")),
        ({"mail": "550 5.7.1 sender unknown"}, (T, "mail.sender-refused", "550 5.7.1")),
        ({"mail": "530 5.7.0 log in first"}, (T, "mail.sender-refused", "530 5.7.0")),
        ({"mail": "553 not yours"}, (T, "mail.sender-refused", "553")),
        ({"mail": "552 5.3.4 too big"}, (P, "mail.refused", "552 5.3.4")),
        ({"mail": "552 more than fits"}, (P, "mail.refused", "552")),
        ({"mail": DROP}, (T, "mail.dropped", "")),
        ({"rcpt": "450 4.2.0 greylisted"}, (T, "mail.deferred", "450 4.2.0")),
        ({"rcpt": f"550 5.1.1 <{TO}> unknown"}, (P, "mail.recipient-refused", "550 5.1.1")),
        ({"rcpt": "552 mailbox full"}, (P, "mail.recipient-refused", "552")),
        ({"rcpt": "550 5.1.8 sender's domain"}, (T, "mail.sender-refused", "550 5.1.8")),
        ({"rcpt": "553 5.1.7 sender's address"}, (T, "mail.sender-refused", "553 5.1.7")),
        ({"rcpt": DROP}, (T, "mail.dropped", "")),
        ({"rcpt": SILENCE}, (T, "mail.dropped", "")),
        ({"data": "451 4.3.0 later"}, (T, "mail.deferred", "451 4.3.0")),
        ({"data": "554 5.7.1 no"}, (P, "mail.refused", "554 5.7.1")),
        ({"data": DROP}, (U, "mail.lost", "")),
        ({"content": "452 4.3.1 full"}, (T, "mail.deferred", "452 4.3.1")),
        ({"content": "421 4.3.1 going down"}, (T, "mail.deferred", "421 4.3.1")),
        ({"content": "554 5.6.0 not liked"}, (P, "mail.refused", "554 5.6.0")),
        ({"content": DROP}, (U, "mail.lost", "")),
        ({"content": SILENCE}, (U, "mail.lost", "")),
        ({"content": "what"}, (U, "mail.lost", "")),
    ],
    ids=str,
)
def test_what_the_relay_does_decides_the_outcome(
    script: dict[str, str | list[str]], expected: tuple[Outcome, str, str]
) -> None:
    with ScriptedRelay(script) as relay:
        assert attempt(plain(relay.port, timeout=1.0)) == expected
    assert relay.kept == []


def test_a_connection_lost_within_the_contents_leaves_the_outcome_unknown() -> None:
    with ScriptedRelay(halfway=True) as relay:
        assert attempt(plain(relay.port)) == (U, "mail.lost", "")


def test_nobody_listening_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert attempt(plain(port)) == (T, "mail.unreachable", "")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("søren@kommune.example", "mail.address-not-ascii"),
        ("bo@ærø.example", "mail.address-not-ascii"),
        ("bo", "mail.address-unusable"),
        ("", "mail.address-unusable"),
        ("bo@a.example, ib@b.example", "mail.address-unusable"),
        ("bo@a.example\r\nRCPT TO:<ib@b.example>", "mail.address-unusable"),
    ],
)
def test_an_unusable_address_never_reaches_the_relay(address: str, code: str) -> None:
    with ScriptedRelay() as relay:
        assert attempt(plain(relay.port), address) == (P, code, "")
    assert relay.connections == 0


def test_mails_share_a_connection_and_a_refusal_does_not_end_it() -> None:
    script: dict[str, str | list[str]] = {"rcpt": ["250 ok", "550 5.1.1 unknown", "250 ok"]}
    with ScriptedRelay(script) as relay, Mailer(plain(relay.port)) as mailer:
        mailer.send(MESSAGE, "a@x.example")
        with pytest.raises(MailError):
            mailer.send(MESSAGE, "b@x.example")
        mailer.send(MESSAGE, "c@x.example")
    assert (relay.connections, len(relay.kept)) == (1, 2)


@pytest.mark.parametrize("answer", [DROP, "421 4.7.0 enough mails on this connection"])
def test_a_kept_connection_the_relay_ended_is_made_anew_before_data(answer: str) -> None:
    with (
        ScriptedRelay({"mail": ["250 ok", answer, "250 ok"]}) as relay,
        Mailer(plain(relay.port)) as mailer,
    ):
        mailer.send(MESSAGE, TO)
        mailer.send(MESSAGE, TO)
    assert (relay.connections, len(relay.kept)) == (2, 2)


def test_a_mail_lost_on_a_kept_connection_is_not_sent_again_by_itself() -> None:
    with (
        ScriptedRelay({"content": ["250 ok", DROP, "250 ok"]}) as relay,
        Mailer(plain(relay.port)) as mailer,
    ):
        mailer.send(MESSAGE, TO)
        with pytest.raises(MailError) as lost:
            mailer.send(MESSAGE, TO)
        assert lost.value.outcome is U
        mailer.send(MESSAGE, TO)
    assert (relay.connections, len(relay.kept)) == (2, 2)


@pytest.mark.parametrize(("answer", "connections"), [("250 ok", 1), (DROP, 2), ("421 bye", 2)])
def test_an_idle_connection_is_asked_before_it_is_used(
    answer: str, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailer_module, "IDLE_SECONDS", 0.0)
    with ScriptedRelay({"noop": answer}) as relay, Mailer(plain(relay.port)) as mailer:
        mailer.send(MESSAGE, TO)
        mailer.send(MESSAGE, TO)
    assert relay.verbs.count("noop") == 1
    assert (relay.connections, len(relay.kept)) == (connections, 2)


def test_a_login_name_without_at_stays_as_it_is() -> None:
    with ScriptedRelay({"ehlo": "250-relay\n250 AUTH PLAIN"}) as relay:
        assert attempt(plain(relay.port, user="medfrist", password="hemmeligt"))[0] == Outcome.SENT
    # "\0medfrist\0hemmeligt"
    assert "AUTH PLAIN AG1lZGZyaXN0AGhlbW1lbGlndA==" in relay.commands


@pytest.mark.parametrize(
    ("script", "password", "expected"),
    [
        ({"auth": "535 5.7.8 no"}, "x", (T, "mail.login-refused", "535 5.7.8")),
        ({"auth": "535 5.7.8 no"}, "", (T, "mail.login-refused", "535 5.7.8")),
        ({"ehlo": "250 relay"}, "x", (T, "mail.no-login", "")),
        ({}, "rødgrød", (T, "mail.login-not-ascii", "")),
    ],
)
def test_a_failed_login_is_the_relays_fault_not_the_mails(
    script: dict[str, str | list[str]], password: str, expected: tuple[Outcome, str, str]
) -> None:
    offered: dict[str, str | list[str]] = {"ehlo": "250-relay\n250 AUTH PLAIN"}
    with ScriptedRelay({**offered, **script}) as relay:
        assert attempt(plain(relay.port, user="medfrist", password=password)) == expected


def test_a_password_is_not_shown_with_its_relay() -> None:
    assert "hemmeligt" not in repr(Relay("h", 25, user="u", password="hemmeligt"))


def test_a_missing_authority_file_is_told() -> None:
    relay = Relay("127.0.0.1", 1, "tls", ca_file=Path("findes-ikke.pem"))
    assert attempt(relay) == (T, "mail.ca-file", "")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if not has_openssl():
        missing = "openssl is missing: install it (Debian: apt install openssl)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return authority(tmp_path_factory.mktemp("ca"))


STARTTLS: dict[str, str | list[str]] = {"ehlo": "250-relay\n250 STARTTLS"}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_the_named_authority_is_accepted(known: Authority, security: str) -> None:
    with ScriptedRelay(STARTTLS, tls=known.server, tls_at_once=security == "tls") as relay:
        wanted = plain(relay.port, security=security, ca_file=known.ca_file)
        assert attempt(wanted) == (Outcome.SENT, "", "")
    assert len(relay.kept) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused(known: Authority, security: str) -> None:
    with ScriptedRelay(STARTTLS, tls=known.server, tls_at_once=security == "tls") as relay:
        assert attempt(plain(relay.port, security=security)) == (T, "mail.certificate", "")
    assert (relay.recipients, relay.kept) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_host_is_refused(known: Authority, security: str) -> None:
    with ScriptedRelay(STARTTLS, tls=known.server, tls_at_once=security == "tls") as relay:
        wanted = plain(relay.port, security=security, ca_file=known.ca_file)
        assert attempt(replace(wanted, host="localhost")) == (T, "mail.certificate", "")
    assert relay.recipients == []


def test_a_relay_without_starttls_gets_nothing_in_the_clear() -> None:
    with ScriptedRelay() as relay:
        assert attempt(plain(relay.port, security="starttls")) == (T, "mail.no-starttls", "")
    assert relay.recipients == []


def test_tls_to_a_port_that_speaks_plainly_is_told() -> None:
    with ScriptedRelay() as relay:
        assert attempt(plain(relay.port, security="tls")) == (T, "mail.tls", "")


def test_a_greeting_goes_as_far_as_a_mail_and_hands_none_over() -> None:
    with ScriptedRelay() as relay, Mailer(plain(relay.port)) as mailer:
        assert mailer.greeted(SENDER) is None
    assert (relay.connections, relay.recipients, relay.kept) == (1, [], [])
    assert relay.verbs == ["ehlo", "mail", "rset", "quit"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"mail": "550 5.7.1 sender unknown"}, (T, "mail.sender-refused", "550 5.7.1")),
        ({"mail": "451 4.3.0 later"}, (T, "mail.deferred", "451 4.3.0")),
        ({"mail": DROP}, (T, "mail.dropped", None)),
        ({"connect": "421 4.3.2 busy"}, (T, "mail.relay-refused", "421 4.3.2")),
    ],
    ids=str,
)
def test_a_greeting_notices_what_a_mail_would_meet(
    script: dict[str, str | list[str]], expected: tuple[Outcome, str, str | None]
) -> None:
    with (
        ScriptedRelay(script) as relay,
        Mailer(plain(relay.port)) as mailer,
        pytest.raises(MailError) as found,
    ):
        mailer.greeted(SENDER)
    error = found.value
    assert (error.outcome, error.code, error.params.get("reply")) == expected


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_greeting_tells_until_when_the_certificate_holds(known: Authority, security: str) -> None:
    with ScriptedRelay(STARTTLS, tls=known.server, tls_at_once=security == "tls") as relay:
        wanted = plain(relay.port, security=security, ca_file=known.ca_file)
        with Mailer(wanted) as mailer:
            ends_at = mailer.greeted(SENDER)
    assert ends_at is not None
    days = (ends_at - system_clock()) / timedelta(days=1)
    assert 1 < days < 3
