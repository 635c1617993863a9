"""Mails about one matter stand together: in programs that go by References, and in Outlook."""

from __future__ import annotations

import doctest
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser

from hypothesis import given
from hypothesis import strategies as st
from letters_given import SENDER, SENT_AT, TO, danish

from engine.message import conversation, email_message
from engine.message.conversation import thread_index

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
WINDOWS = datetime(1601, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=20_000)).map(lambda since: BEGAN + since)


def test_an_index_is_read_as_outlook_reads_it() -> None:
    """A byte 1, when the thread began (the first 40 of 64 bits), its GUID, and one answer."""
    index = b64decode(thread_index("root@x", "m1@x", datetime(2026, 11, 26, 7, 30, tzinfo=UTC)))
    assert len(index) == 22 + 5
    assert index[0] == 1
    began = timedelta(microseconds=(int.from_bytes(index[1:6], "big") << 24) // 10)
    assert timedelta() <= BEGAN - (WINDOWS + began) < timedelta(seconds=2)
    delta = int.from_bytes(index[22:26], "big")
    assert delta >> 31 == 1, "further back than 1.7 years"
    since = timedelta(microseconds=((delta & 0x7FFFFFFF) << 23) // 10)
    late = datetime(2026, 11, 26, 7, 30, tzinfo=UTC) - (BEGAN + since)
    assert timedelta() <= late < timedelta(seconds=1)


@given(MOMENTS, MOMENTS)
def test_mails_of_one_root_share_its_part_and_no_two_are_the_same(
    one: datetime, other: datetime
) -> None:
    first, second = (
        b64decode(thread_index("root@x", m, at)) for m, at in (("a", one), ("b", other))
    )
    assert first[:22] == second[:22]
    assert first[22:] != second[22:]
    assert b64decode(thread_index("another@x", "a", one))[:22] != first[:22]


def test_the_topic_stands_before_the_subject_and_is_the_same_however_it_stands() -> None:
    """Of the two Outlook takes the first; a subject with a day would part the mails."""
    letter = replace(danish(), references="root@x", topic="Dagsordenen til ØSMED sendes ud")
    later = replace(
        letter, subject="Dagsordenen … fristen var torsdag den 11. juni", message_id="m2@x"
    )
    read = [
        BytesParser(policy=policy.default).parsebytes(
            email_message(each, TO, SENDER, SENT_AT).as_bytes()
        )
        for each in (letter, later)
    ]
    for mail in read:
        assert mail["Thread-Topic"] == "Dagsordenen til ØSMED sendes ud"
        assert mail.keys().index("Thread-Topic") < mail.keys().index("Subject")
    assert read[0]["Subject"] != read[1]["Subject"]
    assert {mail["References"] for mail in read} == {"<root@x>"}
    assert {mail["In-Reply-To"] for mail in read} == {"<root@x>"}


def test_an_overview_belongs_to_no_conversation() -> None:
    mail = email_message(danish(), TO, SENDER, SENT_AT)
    headers = ("Thread-Topic", "Thread-Index", "References", "In-Reply-To")
    assert [mail[name] for name in headers] == [None] * 4


def test_the_example_in_the_text_is_right() -> None:
    told = doctest.testmod(conversation)
    assert (told.failed, told.attempted) == (0, 1)
