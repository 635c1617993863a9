from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from letters_given import ENGLISH, ICS, MORNING, SENDER, SENT_AT, TO, danish, english

from engine.errors import MailError, Outcome
from engine.message import (
    Entry,
    Letter,
    Link,
    Section,
    digest,
    email_message,
    letter_from_json,
    letter_to_json,
)

LETTERS = {"da": danish, "en": english}


def received(letter: Letter) -> EmailMessage:
    """The mail as its receiver's program reads it."""
    sent = email_message(letter, TO, SENDER, SENT_AT).as_bytes()
    return BytesParser(policy=policy.default).parsebytes(sent)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_text_part_is_as_agreed(language: str, golden_mail: Callable[[str, str], str]) -> None:
    mail = received(LETTERS[language]())
    text = f"{mail['Subject']}\n\n{part(mail, 'plain')}"
    assert text == golden_mail(f"morgenoverblik.{language}.txt", text)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_html_part_is_as_agreed(language: str, golden_mail: Callable[[str, str], str]) -> None:
    html = part(received(LETTERS[language]()), "html")
    assert html == golden_mail(f"morgenoverblik.{language}.html", html)


def test_every_header_is_as_said() -> None:
    topic = "Dagsordenen sendes ud"
    mail = received(replace(danish(), references="root-1@medfrist", topic=topic, ics=ICS))
    assert {name: str(text) for name, text in mail.items() if name != "Content-Type"} == {
        "Thread-Topic": "Dagsordenen sendes ud",
        "Thread-Index": "AQHVwDZpx6AsuwivhPkcafacRIIVYI5touAL",
        "Subject": "Uge 24: Dagsordenen sendes ud – senest torsdag den 11. juni"
        " – 1 frist er overskredet",
        "Date": "Mon, 08 Jun 2026 05:30:00 +0000",
        "Message-ID": "<d1@medfrist>",
        "References": "<root-1@medfrist>",
        "In-Reply-To": "<root-1@medfrist>",
        "List-Id": "<medfrist.kommune.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": "da",
        "From": "Medfrist på kommunen <medfrist@kommune.example>",
        "To": "bo@kommune.example",
        "MIME-Version": "1.0",
    }
    assert [found.get_content_type() for found in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_a_letter_without_a_root_has_no_threading_headers() -> None:
    mail = received(danish())
    assert (mail["References"], mail["In-Reply-To"]) == (None, None)


def test_the_attached_deadline_is_a_calendar_that_programs_import() -> None:
    mail = received(replace(danish(), ics=ICS))
    (attached,) = mail.iter_attachments()
    assert attached.get_payload(decode=True) == ICS.encode()
    assert attached["Content-Type"].params == {
        "method": "PUBLISH",
        "charset": "utf-8",
    }
    assert attached.get_filename() == "frist.ics"
    (entry,) = Calendar.from_ical(attached.get_payload(decode=True)).walk("VEVENT")
    assert entry["SUMMARY"] == "Frist: Dagsorden til ØSMED 18. juni sendes ud"


def test_two_reminders_with_one_subject_have_their_own_message_ids() -> None:
    first, second = received(danish("m1@medfrist")), received(danish("m2@medfrist"))
    assert first["Subject"] == second["Subject"]
    assert (first["Message-ID"], second["Message-ID"]) == ("<m1@medfrist>", "<m2@medfrist>")


def test_a_repeat_is_the_same_to_the_byte() -> None:
    letter = replace(danish(), ics=ICS)
    again = letter_from_json(letter_to_json(letter))
    first = email_message(letter, TO, SENDER, SENT_AT).as_bytes()
    assert email_message(again, TO, SENDER, SENT_AT).as_bytes() == first


@pytest.mark.parametrize("length", [20, 62, 63, 64, 70, 90, 200])
def test_a_long_identifier_is_never_encoded_or_folded(length: int) -> None:
    name = "a" * length + "@medfrist.kommune.example"
    sent = email_message(replace(danish(name), references=name, list_id=name), TO, SENDER, SENT_AT)
    lines = sent.as_bytes().split(b"\r\n")
    for header in ("Message-ID", "References", "In-Reply-To", "List-Id"):
        assert f"{header}: <{name}>".encode() in lines


@pytest.mark.parametrize("address", ["", "bo", "a@b@c", "bo@a.example\nBcc: ib@b.example", "a b"])
def test_an_address_that_cannot_stand_in_a_mail_is_refused(address: str) -> None:
    with pytest.raises(MailError) as refused:
        email_message(danish(), address, SENDER, SENT_AT)
    assert (refused.value.outcome, refused.value.code) == (
        Outcome.PERMANENT,
        "mail.address-unusable",
    )


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("medfrist@k.example", "medfrist@k.example"),
        ("Medfrist <medfrist@k.example>", "Medfrist <medfrist@k.example>"),
        ("Økonomi & Stab, MED <m@k.example>", '"Økonomi & Stab, MED" <m@k.example>'),
        ('"MED, HR" <m@k.example>', '"MED, HR" <m@k.example>'),
    ],
)
def test_a_sender_may_have_a_name(sender: str, expected: str) -> None:
    sent = email_message(danish(), TO, sender, SENT_AT).as_bytes()
    assert BytesParser(policy=policy.default).parsebytes(sent)["From"] == expected


def test_no_line_is_too_long_for_a_relay() -> None:
    entry = Entry(title="x" * 3000, text="å" * 3000, links=(Link("l", "https://x/" + "y" * 3000),))
    letter = replace(danish(), sections=(Section("h" * 3000, (entry,)),), ics="X:" + "z" * 3000)
    sent = email_message(letter, TO, SENDER, SENT_AT).as_bytes()
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_text_part_fits_a_terminal_and_the_subject_of_html_is_its_heading(
    language: str,
) -> None:
    mail = received(LETTERS[language]())
    wide = [line for line in part(mail, "plain").split("\n") if len(line) > 72]
    assert wide == []
    headings = re.findall(r"<h([1-6])", part(mail, "html"))
    assert headings[0] == "1"
    assert set(headings[1:]) == {"2", "3"}
    assert f'<html lang="{language}">' in part(mail, "html")


class _Reading(HTMLParser):
    """The tags, addresses and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [text or "" for name, text in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_nothing_in_the_html_is_fetched_from_elsewhere() -> None:
    html = part(received(danish()), "html")
    page = _Reading(html)
    assert set(page.tags).isdisjoint({"img", "link", "script", "iframe", "object", "form"})
    assert page.addresses == [
        link.url
        for section in danish().sections
        for entry in section.entries
        for link in entry.links
    ] + [link.url for link in danish().footer_links]
    assert "url(" not in html
    assert "@import" not in html


SIGNS = st.text(max_size=120)
BOUNDED = settings(max_examples=100, deadline=None)


@BOUNDED
@given(SIGNS)
def test_any_subject_becomes_one_line_that_reads_the_same(words: str) -> None:
    mail = received(replace(danish(), subject=f"Uge 24: {words}"))
    blank = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": ""}
    seen = "".join(blank.get(unicodedata.category(sign), sign) for sign in f"Uge 24: {words}")
    assert str(mail["Subject"]) == " ".join(seen.split())


@BOUNDED
@given(SIGNS)
def test_no_text_becomes_markup(words: str) -> None:
    hostile = f"<b onclick=x>{words}</b><script>"
    entry = Entry(hostile, hostile, hostile, hostile, hostile, (Link(hostile, 'x" onload="y'),))
    letter = replace(danish(), sections=(Section(hostile, (entry,)),), footer=hostile)
    page = _Reading(part(received(letter), "html"))
    assert set(page.tags) == {"html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "h3", "p", "a"}  # fmt: skip # noqa: E501 - one set
    assert 'x" onload="y' in page.addresses


@BOUNDED
@given(st.builds(Entry, *[st.text(max_size=40)] * 5), st.text(max_size=40), st.none() | SIGNS)
def test_a_letter_survives_the_outbox(entry: Entry, words: str, ics: str | None) -> None:
    letter = Letter(
        subject=words,
        intro=words,
        sections=(Section(words, (entry,)),),
        footer=words,
        language="en",
        message_id="m@x",
        list_id="l.x",
        ics=ics,
    )
    assert letter_from_json(letter_to_json(letter)) == letter


def test_a_letter_holds_neither_name_nor_address() -> None:
    assert TO not in json.dumps(letter_to_json(danish()))
    assert "@" not in json.dumps(
        letter_to_json(digest(ENGLISH, MORNING, "en", message_id="m", list_id="l.example"))
    )


def test_a_text_that_looks_like_the_end_of_a_part_stays_in_its_part() -> None:
    hostile = "--=_medfrist-alternative--\n--=_medfrist-mixed--\n--=_medfrist-mixed"
    mail = received(replace(danish(), intro=hostile, ics=hostile))
    assert [found.get_content_type() for found in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert part(mail, "plain").startswith(hostile)
    (attached,) = mail.iter_attachments()
    assert attached.get_payload(decode=True) == hostile.encode()
    assert [found.defects for found in mail.walk()] == [[]] * 5


@BOUNDED
@given(st.lists(st.text("aæø-", min_size=1, max_size=90), max_size=30), st.sampled_from(["", "  "]))
def test_lines_break_where_the_standard_library_breaks_them(words: list[str], indent: str) -> None:
    expected = textwrap.fill(
        " ".join(words),
        72,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    letter = replace(danish(), intro="", sections=(), footer="")
    if indent:
        letter = replace(letter, sections=(Section("", (Entry(title="t", text=" ".join(words)),)),))
    else:
        letter = replace(letter, intro=" ".join(words))
    assert expected in part(received(letter), "plain")
