"""Sending what is due: letters are frozen, stored, claimed, sent and recorded, each once."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from engine.config import Mail as MailSettings
from engine.errors import MailError, Outcome, StoreError, Unknown
from engine.feed import horizon
from engine.mailer import Mailer, Relay
from engine.message import email_message, letter_from_json
from engine.planning.plan import Plan
from engine.planning.status import MAIL_DAYS
from engine.service.addressing import address, has_left
from engine.service.administrators import tell_administrators
from engine.service.announcing import announce
from engine.service.buttons import links_of, with_buttons
from engine.service.ceilings import excess, hold_back
from engine.service.clock import ZONE, local
from engine.service.current import Current, in_store
from engine.service.due_mails import due_mails, keys_of
from engine.service.heartbeat import ping, tell_of_missed_days
from engine.service.hours import is_open, mail_day, opens_at
from engine.service.letters import late_letter
from engine.service.overtaking import take_back_overtaken
from engine.service.pacing import pace
from engine.service.site import Site
from engine.sink import Sink
from engine.store import MessageRow, Store
from engine.wording.catalogue import Language, say

log = logging.getLogger("medfrist.reminding")

LEASE = timedelta(minutes=10)
"""How long a mail is one worker's at the least."""

ANSWERS = 20
"""More answers than a relay gives to one mail, each of which may take its full time."""

LOOK_AGAIN = timedelta(minutes=1)
"""After so long a run looks again at what holds, before it goes on sending."""

ABOUT_THE_SITE = "site"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240))


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as the command lists it."""

    message_id: str
    to: str
    subject: str
    keys: tuple[str, ...]
    kind: str
    outcome: str = ""


@dataclass(slots=True)
class Run:
    """What a run of the reminders did."""

    mails: list[Mail] = field(default_factory=list)
    next_at: datetime | None = None
    closed_today: bool = False
    waits: bool = False
    """Whether it is outside the hours of mail, on a day that mail goes."""
    no_relay: bool = False
    held: bool = False
    held_for: str = ""
    """Why mails are held back, as a code."""


def remind(site: Site, ending: threading.Event | None = None) -> Run:
    """Store the letters that are due, then send whatever waits.

    Safe at any time, twice in a row and beside a server: a reminder is stored once, a message
    is claimed by one worker at a time. Once `ending` is set the mail in hand is the last.
    """
    run, ending = Run(), ending or threading.Event()
    with site.writing() as store:
        now = store.whole(lambda: _queued(site, store, run))
        if not can_send(site):
            run.no_relay = not run.held
            return run
        with _mailer(site) as mailer:
            run.mails.extend(_drain(site, store, now, mailer, run, ending))
        if ending.is_set():
            return run
        store.whole(lambda: store.ran(site.now))
    if not run.held and _was_answered(run):
        ping(site.config.heartbeat.url)
    return run


def _was_answered(run: Run) -> bool:
    """Whether the relay answered: of the mails tried, not every one was put off."""
    return not run.mails or any(mail.outcome not in _UNSETTLED for mail in run.mails)


def _queued(site: Site, store: Store, run: Run) -> Current:
    """Announces and queues in one transaction; while the outbox is held, announces only.

    After a restore, or when there are too many, a person decides first.
    """
    with store.writing():
        now = in_store(store)
        if now is None:
            raise Unknown("service.no-edition")
        instant = site.once()
        plan, _ = announce(store, now, instant, reason="horizon")
        run.closed_today = _closed(plan, instant.today)
        run.waits = not run.closed_today and not is_open(now.edition, instant.now)
        run.next_at = next_mail_at(now, instant.now)
        tell_of_missed_days(instant, store, now)
        if store.outbox_held_at() is None:
            queue_due(instant, store, now, plan)
        held_at, run.held_for = store.outbox_held()
        run.held = held_at is not None
    return now


def queue_due(
    site: Site, store: Store, now: Current, plan: Plan, *, rehearsing: bool = False
) -> str:
    """Queue what is due; when it is too much, hold the outbox and ask the administrators.

    Gives back why it is too much, as a code. Rehearsing, it is queued all the same.
    """
    store.see_release()
    take_back_overtaken(site, store, now, plan)
    letters, today = due_mails(site, store, now, plan), local(site.now).date()
    allowed = now.edition.organisation.settings.reminders.at_most
    found = excess(store, allowed, [letter[0] for letter in letters], today)
    if found is not None and not rehearsing:
        told = [(letter[0].recipient, one) for letter in letters for one in letter[1]]
        hold_back(site, store, now, plan, found, told)
        return found.why
    if letters or (is_open(now.edition, site.now) and store.has_backlog()):
        store.use_release(today)
    store.queue(letters, links_of(store, plan, letters))
    return found.why if found else ""


def forecast(site: Site) -> Run:
    """What a run would send now, without storing or sending anything."""
    run = Run()
    with site.store() as store:
        now = in_store(store)
        if now is None:
            raise Unknown("service.no-edition")
        held_at, run.held_for = store.outbox_held()
        run.held = held_at is not None
        plan = now.plan(horizon(site.today, now.in_force_on))
        run.closed_today = _closed(plan, site.today)
        run.waits = not run.closed_today and not is_open(now.edition, site.now)
        run.next_at = next_mail_at(now, site.now)
        for message, _ in due_mails(site, store, now, plan):
            letter = letter_from_json(message.contents["letter"])
            to = address(message.recipient, now)
            run.mails.append(
                Mail(message.message_id, to, letter.subject, keys_of(message), message.kind)
            )
    return run


def can_send(site: Site) -> bool:
    """Whether there is anywhere to hand a mail in."""
    return site.config.mail.sink or bool(site.config.mail.host)


def next_mail_at(now: Current, moment: datetime) -> datetime:
    """The next morning on which letters go."""
    here, send_at = local(moment), now.edition.organisation.settings.send_at
    first_on = here.date() + timedelta(days=here.time() >= send_at)
    return datetime.combine(mail_day(now.edition, first_on), send_at, ZONE)


def _closed(plan: Plan, today: date) -> bool:
    return not plan.register.edition.working(MAIL_DAYS).is_working(today)


@contextmanager
def _mailer(site: Site) -> Iterator[Mailer]:
    mail = site.config.mail
    if mail.sink:
        with Sink(mail_folder(site)) as sink:
            relay = Relay(sink.host, sink.port, security="none")
            with Mailer(relay) as mailer:
                yield mailer
        return
    with Mailer(relay_of(mail)) as mailer:
        yield mailer


def relay_of(mail: MailSettings) -> Relay:
    """The relay that the configuration names."""
    return Relay(
        mail.host,
        mail.port,
        mail.security,
        mail.user,
        mail.password.get_secret_value(),
        mail.ca_file,
        mail.timeout_seconds,
    )


def mail_folder(site: Site) -> Path:
    """Where the sink keeps what it received."""
    return site.var / "mail"


def _drain(
    site: Site, store: Store, now: Current, mailer: Mailer, run: Run, ending: threading.Event
) -> Iterator[Mail]:
    """Send what waits, one by one, as long as mail may go; what holds is looked at in between.

    A mail is claimed when its turn has come: with a slow relay others wait for long, and those
    that a dead worker had claimed wait until its lease runs out. Whoever is asked to stop, or
    comes to the end of the hours, gives back what was claimed and not tried.
    """
    worker = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    looked_at, at_pace = site.now, pace(site.config.mail.per_minute)
    secret = store.site().secret
    while is_open(now.edition, site.now):
        if abs(site.now - looked_at) >= LOOK_AGAIN:
            now, looked_at = store.whole(lambda: _queued(site, store, run)), site.now
        rows = store.whole(partial(_claimed, site, store, worker, run))
        if not rows:
            return
        if not at_pace.wait(ending) or not is_open(now.edition, site.now):
            store.whole(partial(store.give_back, rows))
            return
        yield _send(site, store, now, mailer, secret, rows[0])


def _claimed(site: Site, store: Store, worker: str, run: Run) -> list[MessageRow]:
    """The next mail; while the outbox is held, of those about the site alone."""
    lease = max(LEASE, ANSWERS * timedelta(seconds=site.config.mail.timeout_seconds))
    kind, by_database = ABOUT_THE_SITE if run.held else "", not site.pretended
    return store.claim(worker, site.now, lease, 1, kind=kind, by_database=by_database)


def _send(
    site: Site, store: Store, now: Current, mailer: Mailer, secret: str, row: MessageRow
) -> Mail:
    to, subject = address(row.recipient, now), str(row.contents["letter"]["subject"])
    outcome, code = Outcome.SENT, ""
    try:
        if not to:
            raise MailError(Outcome.PERMANENT, "service.no-address")
        if has_left(row.recipient, now, local(site.now).date()):
            raise MailError(Outcome.PERMANENT, "service.has-left")
        mailer.send(_written(site, secret, row, to), to)
    except MailError as error:
        outcome, code = error.outcome, error.code
    store.whole(lambda: _record(site, store, now, row, outcome, code))
    return Mail(row.message_id, to, subject, keys_of(row), row.kind, outcome.value)


def _written(site: Site, secret: str, row: MessageRow, to: str) -> EmailMessage:
    """The mail as it goes today; one that our own fault spoils waits, and stops no other."""
    try:
        letter = letter_from_json(row.contents["letter"])
        tried_on = local(row.unsure_at or site.now).date()
        if tried_on > row.local_day:
            letter = late_letter(letter, row.local_day)
        pressed = with_buttons(site, secret, letter, row.recipient)
        return email_message(pressed, to, site.config.mail.sender, row.created_at)
    except MailError:
        raise
    except Exception as fault:
        # Neither its words nor where it came about: they may hold what the mail says.
        log.error("mail %d could not be written: %s", row.id, type(fault).__name__)
        raise MailError(Outcome.TEMPORARY, "service.mail-unwritten") from fault


def _record(
    site: Site, store: Store, now: Current, row: MessageRow, outcome: Outcome, code: str
) -> None:
    """Record what came of a mail; in one with it, that its address is refused."""
    again_at = _again_at(site, now, row) if outcome in _UNSETTLED else None

    def settle() -> None:
        try:
            store.record(row.id, row.fence, outcome, at=site.now, said=code, again_at=again_at)
        except StoreError as error:
            # Another has claimed it since and records what comes of it.
            if error.code != "store.claim-lost":
                raise

    if code != "mail.recipient-refused":
        settle()
        return
    with store.writing():
        _mark_refused(site, store, now, row.recipient)
        settle()


_UNSETTLED = (Outcome.TEMPORARY, Outcome.UNKNOWN)


def _again_at(site: Site, now: Current, row: MessageRow) -> datetime | None:
    """When a mail is tried again; never once it has been tried for long enough."""
    age = site.now - row.created_at
    if age >= timedelta(hours=site.config.mail.give_up_after_hours):
        return None
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
    return opens_at(now.edition, site.now + pause)


def _mark_refused(site: Site, store: Store, now: Current, recipient: str) -> None:
    """Remember an address that the relay refuses, and tell those who look after the site."""
    kind, _, name = recipient.partition(":")
    on = local(site.now).date()
    if kind == "person" and not store.refuse_address(name, on):
        return

    def lines(language: Language) -> list[str]:
        return [say(f"service.address-refused-{kind}", language, who=name)]

    tell_administrators(site, store, now, "editions.mail.refused", lines, f"{recipient} {on}")
