from __future__ import annotations

import smtplib
import socket
from concurrent.futures import ThreadPoolExecutor
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from letters_given import ICS, SENDER, SENT_AT, TO, danish, english

from engine.errors import MailError, Outcome
from engine.mailer import Mailer, Relay
from engine.message import email_message
from engine.sink import Received, Sink, letters

MESSAGE = email_message(danish(), TO, SENDER, SENT_AT)


def relay(sink: Sink) -> Relay:
    return Relay(sink.host, sink.port, "none", timeout=5)


def test_what_is_sent_can_be_read_the_last_first(tmp_path: Path) -> None:
    second = email_message(english(), "ib@kommune.example", SENDER, SENT_AT)
    with Sink(tmp_path) as sink, Mailer(relay(sink)) as mailer:
        mailer.send(MESSAGE, TO)
        mailer.send(second, "ib@kommune.example")
    told = [
        Received(str(mail["Subject"]), str(mail["To"]), SENT_AT, body.get_content())
        for mail in (second, MESSAGE)
        if (body := mail.get_body(("plain",))) is not None
    ]
    assert letters(tmp_path) == tuple(told)
    assert letters(tmp_path, limit=1) == (told[0],)


def test_the_maildir_holds_the_mail_unchanged_and_no_drafts(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink, Mailer(relay(sink)) as mailer:
        mailer.send(MESSAGE, TO)
        (kept,) = (tmp_path / "new").iterdir()
        trace = f"Return-Path: <medfrist@kommune.example>\r\nDelivered-To: {TO}\r\n"
        assert kept.read_bytes() == trace.encode() + MESSAGE.as_bytes()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_attachments_survive(tmp_path: Path) -> None:
    from dataclasses import replace

    mail = email_message(replace(danish(), ics=ICS), TO, SENDER, SENT_AT)
    with Sink(tmp_path) as sink, Mailer(relay(sink)) as mailer:
        mailer.send(mail, TO)
    (kept,) = (tmp_path / "new").iterdir()
    parsed = BytesParser(policy=policy.default).parsebytes(kept.read_bytes())
    (attached,) = parsed.iter_attachments()
    assert attached.get_content().replace("\r\n", "\n") == ICS.replace("\r\n", "\n")


def test_two_sinks_may_share_a_folder_and_be_opened_again(tmp_path: Path) -> None:
    def send_five(_: int) -> None:
        with Sink(tmp_path) as sink, Mailer(relay(sink)) as mailer:
            for _number in range(5):
                mailer.send(MESSAGE, TO)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(send_five, range(4)))
    assert len(letters(tmp_path)) == 20


def test_a_full_disk_is_temporary(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink, Mailer(relay(sink)) as mailer:
        (tmp_path / "tmp").rmdir()
        (tmp_path / "tmp").write_text("in the way")
        with pytest.raises(MailError) as refused:
            mailer.send(MESSAGE, TO)
    told = refused.value
    assert (told.outcome, told.code, told.params) == (
        Outcome.TEMPORARY,
        "mail.deferred",
        {"reply": "451 4.3.0"},
    )
    assert letters(tmp_path) == ()


def test_it_listens_on_the_loopback_only(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink:
        assert sink.host == "127.0.0.1"
        with socket.create_connection(("127.0.0.1", sink.port), timeout=5) as reached:
            assert reached.recv(3) == b"220"
        with pytest.raises(OSError), socket.create_connection(("127.0.0.2", sink.port), timeout=1):
            pass


def test_a_closed_sink_answers_no_more(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink:
        port = sink.port
    with pytest.raises(OSError), smtplib.SMTP("127.0.0.1", port, timeout=1):
        pass


def test_a_folder_that_is_not_there_holds_no_letters(tmp_path: Path) -> None:
    assert letters(tmp_path / "var" / "mail") == ()


def test_a_mail_of_somebody_elses_making_is_shown_too(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "x").write_bytes(b"\xff\xfe no mail at all")
    (shown,) = letters(tmp_path)
    assert (shown.subject, shown.to, shown.sent_at) == ("", "", None)
