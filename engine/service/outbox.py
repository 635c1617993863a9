"""What is on its way to people: seeing it, letting it go, sending it again, ending it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.errors import Unknown
from engine.service.addressing import address, has_left
from engine.service.clock import local
from engine.service.current import Current, in_store
from engine.service.site import Site
from engine.store import MessageRow, Store

CANCELLED = "outbox.cancelled-by-hand"
"""Why a mail was ended: somebody asked for it."""

AGAIN = ("retry", "stuck", "failed", "unknown")
"""The states of a mail that was tried and has not gone."""


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
    """The newest mails, how many wait, and since when and why they are held back, if they are."""

    mails: tuple[Posted, ...]
    waiting: int
    held_at: datetime | None
    held_for: str = ""


@dataclass(frozen=True, slots=True)
class Steered:
    """A mail somebody wanted sent again or ended; `refused` is a code, empty when it was done."""

    mail: Posted
    refused: str = ""


def listed(site: Site, state: str = "") -> Held:
    """The newest mails, oldest of them first; with a state, every mail that is in it."""
    with site.store() as store:
        now = _now(store)
        rows = store.mails(states=(state,)) if state else store.messages()[::-1]
        uids = closed_uids(store)
        mails = tuple(_posted(row, now, uids) for row in rows)
        held_at, held_for = store.outbox_held()
        return Held(mails, store.waiting(), held_at, held_for)


def release(site: Site) -> Held:
    """Let mails go again; tells what was held."""
    with site.writing() as store:
        _now(store)
        with store.writing():
            held_at, held_for = store.outbox_held()
            before = Held((), store.waiting(), held_at, held_for)
            store.release_outbox(site.now)
    return before


def retry(site: Site, message_ids: Collection[str] = ()) -> tuple[Steered, ...]:
    """Have mails sent now that have not gone; without Message-IDs, all of them.

    What is not tried again is put back, and what waits to be tried again waits no longer.
    Contents and Message-ID are those of the first time. What was for somebody who has left or was
    forgotten, or whose address is refused, stays where it is.
    """
    site = site.once()
    with site.writing() as store:
        today = local(site.now).date()

        def steer(row: MessageRow, now: Current) -> str:
            why = _not_again(row, now, today)
            again = store.hasten if row.state == "retry" else store.put_back
            return why or ("" if again(row.id, site.now) else "moved-on")

        if not message_ids:
            return _steered(store, store.mails(states=AGAIN), steer)
        return _steered(store, _named(store, message_ids), steer)


def cancel(site: Site, message_ids: Collection[str]) -> tuple[Steered, ...]:
    """End mails that have not left; what they tell counts as told and comes in no other mail."""
    with site.writing() as store:

        def steer(row: MessageRow, _: Current) -> str:
            if row.state in ("sent", "sending", "unknown", "cancelled"):
                return row.state
            return "" if store.cancel(row.id, CANCELLED) else "moved-on"

        return _steered(store, _named(store, message_ids), steer)


def closed_names(site: Site) -> dict[str, str]:
    """What confidential deadlines are called in a list."""
    with site.store() as store:
        return closed_uids(store)


def closed_uids(store: Store) -> dict[str, str]:
    """What confidential deadlines are called instead of their keys, also of their former ones."""
    found = {
        key: announced.uid
        for key, announced in store.ledger().items()
        if announced.snapshot.confidential
    }
    former = {old: found[new] for new, old in store.renames().items() if new in found}
    return {**former, **found}


def shown(keys: Collection[str], uids: Mapping[str, str]) -> tuple[str, ...]:
    """Keys as a list shows them."""
    return tuple(uids.get(key, key) for key in keys)


def _steered(
    store: Store, rows: Collection[MessageRow], steer: Callable[[MessageRow, Current], str]
) -> tuple[Steered, ...]:
    """What became of each; all of it in one transaction, told as the mails stand afterwards."""
    with store.writing():
        now, uids = _now(store), closed_uids(store)
        refused = {row.id: steer(row, now) for row in rows}
        return tuple(
            Steered(_posted(store.message(row.id), now, uids), refused[row.id]) for row in rows
        )


def _not_again(row: MessageRow, now: Current, today: date) -> str:
    if row.state not in AGAIN:
        return row.state
    if has_left(row.recipient, now, today):
        return "has-left"
    if not address(row.recipient, now):
        return "no-address"
    person = now.people.get(row.recipient.removeprefix("person:"))
    if person is not None and person.refused_on is not None:
        return "address-refused"
    return "" if row.contents["letter"]["subject"] else "emptied"


def _named(store: Store, message_ids: Collection[str]) -> list[MessageRow]:
    """The mails with some Message-IDs, as they were asked for; one that there is not is told."""
    wanted = list(dict.fromkeys(each.strip("<>") for each in message_ids))
    found = {row.message_id: row for row in store.mails(message_ids=wanted)}
    for each in wanted:
        if each not in found:
            raise Unknown("outbox.no-such-mail", message_id=each)
    return [found[each] for each in wanted]


def _now(store: Store) -> Current:
    now = in_store(store)
    if now is None:
        raise Unknown("service.no-edition")
    return now


def _posted(row: MessageRow, now: Current, uids: Mapping[str, str]) -> Posted:
    return Posted(
        message_id=row.message_id,
        to=address(row.recipient, now),
        subject=str(row.contents["letter"]["subject"]),
        keys=shown([str(key) for key in row.contents["keys"]], uids),
        kind=row.kind,
        send_at=row.sent_at or row.due_at,
        state=row.state,
        reason=row.outcome,
        recipient=row.recipient.partition(":")[2],
    )
