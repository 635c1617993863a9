"""What is due, as mails: one overview a person a day, and what stands by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from engine.message import letter_to_json
from engine.planning.plan import Plan
from engine.planning.reminders import Reminder, ReminderKind, due
from engine.service.addressing import address
from engine.service.attaching import fetchers
from engine.service.clock import local
from engine.service.current import Current
from engine.service.hours import is_open
from engine.service.knowing import known_of
from engine.service.letters import Writing, morning_letter, single_letter
from engine.service.site import Site
from engine.store import Message, Store, Told
from engine.store.tables import MessageKind

Matter = tuple[Reminder, ...]
"""One recipient's reminders of one deadline; the first is the one that is written about."""


def due_mails(
    site: Site, store: Store, now: Current, plan: Plan
) -> list[tuple[Message, list[Told]]]:
    """The mails for everything due and not told; none outside the hours."""
    if not is_open(now.edition, site.now):
        return []
    today = local(site.now).date()
    reminders = due(plan, store.told(), store.moves(), today, now.in_force_on, now.people)
    known = known_of(site, store, now, plan, reminders)
    writing = Writing(site, now, plan, store.ledger(), known)
    fetching = fetchers(store, today)
    made = (
        _message(writing, kind, recipient, matters, recipient not in fetching)
        for kind, recipient, matters in _parted(reminders, store.had_digest(today), today)
        if address(recipient, now)
    )
    return [each for each in made if each is not None]


def _parted(
    reminders: Iterable[Reminder], had_digest: Collection[str], today: date
) -> Iterator[tuple[MessageKind, str, list[Matter]]]:
    """One overview a person a day; what is escalated, or cannot wait for the next, by itself.

    Several that are escalated at once stand in the overview: nobody gets a heap of mails.
    """
    for recipient, mine in _grouped(reminders).items():
        escalated = [each for each in mine if each[0].kind is ReminderKind.ESCALATED]
        alone = escalated if len(escalated) == 1 else []
        rest = [each for each in mine if each not in alone]
        if recipient in had_digest:
            alone = [*alone, *(each for each in rest if each[0].deadline.due_on == today)]
            rest = []
        yield from (("single", recipient, [each]) for each in alone)
        if rest:
            yield "digest", recipient, rest


def _grouped(reminders: Iterable[Reminder]) -> dict[str, list[Matter]]:
    """Each recipient's matters: what reaches somebody for several reasons is told once."""
    found: dict[str, dict[str, list[Reminder]]] = {}
    for reminder in reminders:
        mine = found.setdefault(reminder.recipient, {})
        mine.setdefault(reminder.deadline.key, []).append(reminder)
    return {
        recipient: [tuple(sorted(each, key=_reason)) for each in mine.values()]
        for recipient, mine in found.items()
    }


def _reason(reminder: Reminder) -> int:
    """Who must act reads that before anything else, and who is asked at last before news."""
    return {ReminderKind.ESCALATED: 1, ReminderKind.INFORMED: 2}.get(reminder.kind, 0)


def _message(
    writing: Writing,
    kind: MessageKind,
    recipient: str,
    matters: Sequence[Matter],
    with_entries: bool,
) -> tuple[Message, list[Told]] | None:
    moment = writing.site.now
    reminders = [reminder for matter in matters for reminder in matter]
    keys = sorted(reminder.key for reminder in reminders)
    message_id = _message_id(writing.site, keys)
    written = morning_letter if kind == "digest" else single_letter
    first = [matter[0] for matter in matters]
    letter = written(writing, recipient, first, message_id, with_entries=with_entries)
    if letter is None:
        return None
    contents = {
        "letter": letter_to_json(letter),
        "keys": [matter[0].deadline.key for matter in matters],
    }
    message = Message(
        recipient=recipient,
        kind=kind,
        local_day=local(moment).date(),
        message_id=message_id,
        contents=contents,
        due_at=moment,
        created_at=moment,
    )
    told = [
        Told(key=reminder.key, kind=reminder.kind.value, due_on=reminder.deadline.due_on)
        for reminder in reminders
    ]
    return message, told


def _message_id(site: Site, keys: list[str]) -> str:
    """The same reminders to the same recipient are the same mail, however often it is tried."""
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]
    domain = site.config.mail.sender.rpartition("@")[2]
    return f"{digest}@{domain}"


def keys_of(message: Message) -> tuple[str, ...]:
    """The deadlines that a mail is about."""
    return tuple(str(key) for key in message.contents["keys"])
