"""What is on its way to people, and letting it go after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import Unknown
from engine.service.addressing import address
from engine.service.current import Current, in_store
from engine.service.site import Site
from engine.store import MessageRow, Store


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail of the outbox."""

    message_id: str
    to: str
    subject: str
    keys: tuple[str, ...]
    kind: str
    send_at: datetime
    state: str
    reason: str
    recipient: str = ""
    """Whom it is for, by initials or office: what is left of somebody who was forgotten."""


@dataclass(frozen=True, slots=True)
class Held:
    """The newest mails, how many wait, and since when they are held back, if they are."""

    mails: tuple[Posted, ...]
    waiting: int
    held_at: datetime | None


def listed(site: Site) -> Held:
    """The newest mails, oldest of them first."""
    with site.store() as store:
        now = _now(store)
        mails = tuple(_posted(row, now) for row in reversed(store.messages()))
        return Held(mails, store.waiting(), store.outbox_held_at())


def release(site: Site) -> Held:
    """Let mails go again; tells what was held."""
    with site.writing() as store:
        _now(store)
        with store.writing():
            before = Held((), store.waiting(), store.outbox_held_at())
            store.release_outbox()
    return before


def _now(store: Store) -> Current:
    now = in_store(store)
    if now is None:
        raise Unknown("service.no-edition")
    return now


def _posted(row: MessageRow, now: Current) -> Posted:
    return Posted(
        message_id=row.message_id,
        to=address(row.recipient, now),
        subject=str(row.contents["letter"]["subject"]),
        keys=tuple(str(key) for key in row.contents["keys"]),
        kind=row.kind,
        send_at=row.sent_at or row.due_at,
        state=row.state,
        reason=row.outcome,
        recipient=row.recipient.partition(":")[2],
    )
