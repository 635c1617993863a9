"""Mails a second of the whole path, against a plain loop over one open connection.

Ours: claim from the store, render text and HTML, hand over through yagmail's connection, record.
The peer is given the texts: it builds an `EmailMessage` of each and sends it by `smtplib`, and
keeps no record. Both hand in to the same relay, in a process of its own, that takes everything.
The clock's time is counted here, as much of it is waiting for the disk and the relay.
"""

from __future__ import annotations

import shutil
import smtplib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import update

from bench.timing import ROUNDS, Compared
from engine.config import read_config
from engine.feed import horizon
from engine.message import Letter, email_message, letter_from_json, letter_to_json
from engine.service import reminding
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.current import in_store
from engine.service.due_mails import due_mails
from engine.service.site import Site
from engine.service.starting import init
from engine.store import Message, MessageRow, Store

COPIES = 8
MORNING = "2026-11-26T08:00"
SENDER = "medfrist@kommune.example"

RELAY = """
import asyncio
from aiosmtpd.smtp import SMTP

class Everything:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Everything(), loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Plain:
    """What the peer is told of a mail."""

    to: str
    subject: str
    text: str
    html: str
    ics: str | None


def run() -> Iterator[Compared]:
    with tempfile.TemporaryDirectory() as folder, relay() as port:
        site = applied(Path(folder) / "site", port)
        with site.store() as store:
            queued = filled(site, store)
            mails = [plain(row) for row in queued]
            yield timed(
                f"a mail, the whole path, {len(mails)} mails, peer: smtplib",
                len(mails),
                lambda: sent(site, store),
                lambda: handed_over(mails, port),
                lambda: again(store),
            )


def timed(
    name: str,
    amount: int,
    ours: Callable[[], object],
    peer: Callable[[], object],
    ready: Callable[[], None],
) -> Compared:
    """Both in turn by the clock on the wall; what makes ready is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for taken, work in zip(times, (ours, peer), strict=True):
            ready()
            started = perf_counter()
            work()
            taken.append(perf_counter() - started)
    return Compared(name, median(times[0]), median(times[1]), amount, amount)


@contextmanager
def relay() -> Iterator[int]:
    """A relay in its own process, which takes everything and keeps nothing; its port."""
    process = subprocess.Popen([sys.executable, "-c", RELAY], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def applied(folder: Path, port: int) -> Site:
    """The shipped site, applied, with the relay."""
    init(folder)
    config = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "{SENDER}"\n'
    (folder / "config.toml").write_text(config, "utf-8")
    shutil.rmtree(folder / "var", ignore_errors=True)
    site = Site(folder, read_config(folder), stopped_at(MORNING), pretended=True)
    apply(site, demo=True)
    return site


def filled(site: Site, store: Store) -> list[MessageRow]:
    """The first morning's mails, several times over, each with its own Message-ID."""
    now = in_store(store)
    assert now is not None
    plan = now.plan(horizon(site.today, now.in_force_on))
    letters = [message for message, _ in due_mails(site, store, now, plan)]
    return store.queue((copy(message, turn), ()) for turn in range(COPIES) for message in letters)


def copy(message: Message, turn: int) -> Message:
    letter = letter_from_json(message.contents["letter"])
    other = replace(letter, message_id=f"{turn}.{letter.message_id}")
    contents = {**message.contents, "letter": letter_to_json(other)}
    changed = {"kind": "single", "message_id": other.message_id, "contents": contents}
    return message.model_copy(update=changed)


def again(store: Store) -> None:
    """Every mail waits once more."""
    with store.writing() as connection:
        connection.execute(update(MessageRow).values(state="due", sent_at=None, attempts=0))


def sent(site: Site, store: Store) -> None:
    now = in_store(store)
    assert now is not None
    with reminding._mailer(site) as mailer:
        run = reminding.Run()
        mails = list(reminding._drain(site, store, now, mailer, run, threading.Event()))
    if {mail.outcome for mail in mails} != {"sent"}:
        raise AssertionError("the relay takes every mail")


def plain(row: MessageRow) -> Plain:
    letter: Letter = letter_from_json(row.contents["letter"])
    message = email_message(letter, "nogen@kommune.example", SENDER, row.created_at)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return Plain(
        "nogen@kommune.example", letter.subject, text.get_content(), html.get_content(), letter.ics
    )


def handed_over(mails: list[Plain], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for mail in mails:
            message = EmailMessage()
            message["Subject"], message["From"], message["To"] = mail.subject, SENDER, mail.to
            message.set_content(mail.text)
            message.add_alternative(mail.html, "html")
            if mail.ics is not None:
                message.add_attachment(
                    mail.ics.encode(), maintype="text", subtype="calendar", filename="frist.ics"
                )
            connection.send_message(message)
