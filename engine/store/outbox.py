"""Mails on their way: queued once, claimed under a lease, their outcome recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func

from engine.errors import Outcome, StoreError, Unknown
from engine.store.columns import Moment
from engine.store.tables import (
    Link,
    LinkRow,
    Message,
    MessageRow,
    MessageState,
    PersonRow,
    ReminderRow,
    SiteRow,
    Told,
)
from engine.store.taking_back import WAITING, overdue
from engine.store.transactions import BESIDE, Transactions, added, moment, rows

SETTLED: dict[Outcome, MessageState] = {
    Outcome.SENT: "sent",
    Outcome.TEMPORARY: "stuck",
    Outcome.PERMANENT: "failed",
    Outcome.UNKNOWN: "unknown",
}
"""Where a mail ends that is not tried again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder in a mail that left; without a key, a mail that carried none."""

    message: int
    mail_kind: str
    key: str
    reminder_kind: str


class Outbox(Transactions):
    """Queries about mails and the reminders they carry."""

    def told(self, *, arrived: bool = False) -> dict[str, Told]:
        """Every reminder that a mail carries or carried, by its key, in the order told.

        With `arrived` those alone whose mail somebody has had, or may have had.
        """
        columns = (col(ReminderRow.key), col(ReminderRow.kind), col(ReminderRow.due_on))
        query = select(*columns).order_by(col(ReminderRow.message))
        if arrived:
            mail = col(MessageRow.id) == col(ReminderRow.message)
            left = col(MessageRow.state).in_(("sent", "sending", "unknown"))
            query = query.join(MessageRow, mail).where(
                or_(left, col(MessageRow.unsure_at).is_not(None))
            )
        with self.reading() as connection:
            found = connection.execute(query)
            return {row.key: Told(key=row.key, kind=row.kind, due_on=row.due_on) for row in found}

    def queue(
        self, mails: Iterable[tuple[Message, Sequence[Told]]], links: Iterable[Link] = ()
    ) -> list[MessageRow]:
        """Queues mails with the reminders they carry; gives back those that were new.

        A mail is left out whole when one of its reminders was told already, when its
        Message-ID is known, or when the person has a digest of that day; one that was taken back
        is in nobody's way, and gives its place to the new one. Of the links those are kept whose
        mail was queued.
        """
        with self.writing() as connection:
            queued = [_queued(connection, mail, told) for mail, told in mails]
            new = [row for row in queued if row is not None]
            theirs = {row.message_id for row in new}
            kept = [link.model_dump() for link in links if link.message_id in theirs]
            if kept:
                connection.execute(insert(LinkRow), kept)
            return new

    def claim(
        self,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        *,
        kind: str = "",
        by_database: bool = False,
    ) -> list[MessageRow]:
        """Takes mails whose moment has come, or whose lease ran out; each with a new fence.

        Nobody else gets them before the lease runs out. Of a lease that ran out nobody knows
        whether the mail left. With a `kind`, mails of that kind alone; while the outbox is held,
        those about the site alone. Leases are reckoned from `now`, or `by_database` on its clock,
        which all nodes share.
        """
        with self.writing(BESIDE) as connection:
            leased_at = moment(connection, now) if by_database else now
            known = {"now": now, "leased_at": leased_at, "most": limit, "own": kind}
            found = rows(connection, MessageRow, _NEXT_OF_KIND if kind else _NEXT, known)
            claimed = [_claimed(row, worker, leased_at, lease) for row in found]
            if claimed:
                connection.execute(_CLAIM, [_mark(row) for row in claimed])
            return claimed

    def give_back(self, claimed: Iterable[MessageRow]) -> None:
        """Lets go of claimed mails that were never tried, as if nobody had claimed them."""
        with self.writing(BESIDE) as connection:
            for row in claimed:
                own = and_(col(MessageRow.id) == row.id, col(MessageRow.fence) == row.fence)
                connection.execute(
                    update(MessageRow)
                    .where(own, col(MessageRow.state) == "sending")
                    .values(state="due", lease_until_at=None, attempts=row.attempts - 1)
                )

    def record(
        self,
        message: int,
        fence: int,
        outcome: Outcome,
        said: str = "",
        *,
        at: datetime,
        again_at: datetime | None = None,
    ) -> None:
        """Records what became of a claimed mail; refused when another has claimed it since.

        `said` is a code or what the relay answered, never an address. With `again_at` a mail
        that was not sent is tried again then; without, it is settled.
        """
        again = outcome is not Outcome.SENT and again_at is not None
        came = {
            "numbered": message,
            "fenced": fence,
            "now_state": "retry" if again else SETTLED[outcome],
            "said": said,
            "again_at": again_at if again else None,
            "was_sent_at": at if outcome is Outcome.SENT else None,
            "was_unsure_at": at if outcome is Outcome.UNKNOWN else None,
        }
        with self.writing(BESIDE) as connection:
            if connection.execute(_RECORD, came).rowcount != 1:
                raise StoreError("store.claim-lost", message=message, fence=fence)

    def refuse_address(self, person: str, on: date) -> bool:
        """Marks an address that the relay refuses for good; false where it is marked already."""
        whole = (col(PersonRow.id) == person, col(PersonRow.refused_on).is_(None))
        with self.writing(BESIDE) as connection:
            return (
                connection.execute(update(PersonRow).where(*whole).values(refused_on=on)).rowcount
                == 1
            )

    def had_digest(self, on: date) -> set[str]:
        """Those who have had their overview of a day, or have it on its way."""
        query = select(col(MessageRow.recipient)).where(
            col(MessageRow.kind) == "digest",
            col(MessageRow.local_day) == on,
            col(MessageRow.state) != "cancelled",
        )
        with self.reading() as connection:
            return set(connection.scalars(query))

    def waiting(self) -> int:
        """How many mails are on their way."""
        on_their_way = col(MessageRow.state).in_((*WAITING, "sending"))
        with self.reading() as connection:
            query = select(func.count()).select_from(MessageRow).where(on_their_way)
            return connection.scalar(query) or 0

    def has_backlog(self) -> bool:
        """Whether mails wait that are not about the site itself."""
        waits = (col(MessageRow.state).in_(WAITING), col(MessageRow.kind) != "site")
        with self.reading() as connection:
            return connection.scalar(select(col(MessageRow.id)).where(*waits).limit(1)) is not None

    def message(self, number: int) -> MessageRow:
        """One mail by its number."""
        query = select(MessageRow).where(col(MessageRow.id) == number)
        with self.reading() as connection:
            found = rows(connection, MessageRow, query)
        if not found:
            raise Unknown("store.message-unknown", number=number)
        return found[0]

    def messages(self, limit: int = 50) -> list[MessageRow]:
        """The mails queued last, newest first."""
        query = select(MessageRow).order_by(col(MessageRow.id).desc()).limit(limit)
        with self.reading() as connection:
            return rows(connection, MessageRow, query)

    def sent_between(self, from_on: date, until_on: date) -> list[Sent]:
        """What was sent on the days from one to another, oldest first."""
        query = (
            select(
                col(MessageRow.id),
                col(MessageRow.kind),
                col(ReminderRow.key),
                col(ReminderRow.kind),
            )
            .join(ReminderRow, col(ReminderRow.message) == col(MessageRow.id), isouter=True)
            .where(
                col(MessageRow.state) == "sent",
                col(MessageRow.local_day) >= from_on,
                col(MessageRow.local_day) <= until_on,
            )
            .order_by(col(MessageRow.id), col(ReminderRow.key))
        )
        with self.reading() as connection:
            return [
                Sent(number, kind, key or "", reminder or "")
                for number, kind, key, reminder in connection.execute(query)
            ]

    def queued_since(self, since_on: date) -> dict[str, int]:
        """How many mails each recipient was sent or is to be sent from a day on.

        Mails about the site itself, and those that never went, do not count.
        """
        query = (
            select(col(MessageRow.recipient), func.count())
            .where(
                col(MessageRow.local_day) >= since_on,
                col(MessageRow.kind) != "site",
                col(MessageRow.state).not_in(("failed", "cancelled")),
            )
            .group_by(col(MessageRow.recipient))
        )
        with self.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def next_due_at(self, kind: str = "") -> datetime | None:
        """The earliest moment at which a mail waits or a lease runs out; none with none left."""
        own = true() if not kind else col(MessageRow.kind) == kind
        waiting = select(func.min(MessageRow.due_at)).where(col(MessageRow.state).in_(WAITING), own)
        leased = select(func.min(MessageRow.lease_until_at)).where(
            col(MessageRow.state) == "sending", own
        )
        with self.reading() as connection:
            moments = (connection.scalar(waiting), connection.scalar(leased))
        return min((moment for moment in moments if moment is not None), default=None)


def _claimable(of_kind: ColumnElement[bool]) -> Select[Any]:
    """The mails that may be claimed, oldest first; nobody else may take them meanwhile."""
    come = and_(col(MessageRow.state).in_(WAITING), col(MessageRow.due_at) <= bindparam("now"))
    # Another process may hold the outbox while mails go: the claim itself must see it.
    held_at = select(col(SiteRow.outbox_held_at)).scalar_subquery()
    may_go = or_(col(MessageRow.kind) == "site", held_at.is_(None))
    return (
        select(MessageRow)
        .where(or_(come, overdue(bindparam("leased_at"))), of_kind, may_go)
        .order_by(col(MessageRow.due_at), col(MessageRow.id))
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


# Put together once: for each mail, that would take as long as asking the database.
_NEXT = _claimable(true())
_NEXT_OF_KIND = _claimable(col(MessageRow.kind) == bindparam("own"))
_MARKS = ("state", "worker", "lease_until_at", "fence", "attempts", "unsure_at")
_CLAIM = (
    update(MessageRow)
    .where(col(MessageRow.id) == bindparam("numbered"))
    .values({name: bindparam(f"its_{name}") for name in _MARKS})
)
_RECORD = (
    update(MessageRow)
    .where(
        col(MessageRow.id) == bindparam("numbered"),
        col(MessageRow.fence) == bindparam("fenced"),
        col(MessageRow.state) == "sending",
    )
    .values(
        state=bindparam("now_state"),
        outcome=bindparam("said"),
        lease_until_at=None,
        due_at=func.coalesce(bindparam("again_at", type_=Moment), col(MessageRow.due_at)),
        sent_at=func.coalesce(bindparam("was_sent_at", type_=Moment), col(MessageRow.sent_at)),
        unsure_at=func.coalesce(
            col(MessageRow.unsure_at), bindparam("was_unsure_at", type_=Moment)
        ),
    )
)


def _claimed(row: MessageRow, worker: str, leased_at: datetime, lease: timedelta) -> MessageRow:
    """A mail as it is once claimed; of a lease that ran out nobody knows what came of it."""
    if row.state == "sending" and row.lease_until_at is not None and row.unsure_at is None:
        row.unsure_at = row.lease_until_at - lease
    row.state, row.worker, row.lease_until_at = "sending", worker, leased_at + lease
    row.fence, row.attempts = row.fence + 1, row.attempts + 1
    return row


def _mark(row: MessageRow) -> dict[str, object]:
    return {"numbered": row.id} | {f"its_{name}": getattr(row, name) for name in _MARKS}


def _queued(connection: Connection, mail: Message, told: Sequence[Told]) -> MessageRow | None:
    try:
        number = _inserted(connection, mail, told)
    except IntegrityError:
        if not _made_room(connection, mail):
            if _known(connection, mail, told):
                return None
            raise
        return _queued(connection, mail, told)
    return rows(connection, MessageRow, select(MessageRow).where(col(MessageRow.id) == number))[0]


def _inserted(connection: Connection, mail: Message, told: Sequence[Told]) -> int:
    with connection.begin_nested():
        number = added(connection, MessageRow(**mail.model_dump()))
        if told:
            carried = [{**each.model_dump(), "message": number} for each in told]
            connection.execute(insert(ReminderRow), carried)
    return number


def _made_room(connection: Connection, mail: Message) -> bool:
    """Whether a mail that was taken back was in the way, and is no longer."""
    carries = select(col(ReminderRow.key)).where(col(ReminderRow.message) == col(MessageRow.id))
    taken_back = and_(_same(mail), col(MessageRow.state) == "cancelled", ~carries.exists())
    return connection.execute(delete(MessageRow).where(taken_back)).rowcount > 0


def _known(connection: Connection, mail: Message, told: Sequence[Told]) -> bool:
    keys = [each.key for each in told]
    reminder = select(col(ReminderRow.key)).where(col(ReminderRow.key).in_(keys))
    message = select(col(MessageRow.id)).where(_same(mail))
    return any(connection.execute(query).first() is not None for query in (reminder, message))


def _same(mail: Message) -> ColumnElement[bool]:
    """The mails in whose place it would stand."""
    digest = and_(
        col(MessageRow.kind) == "digest",
        col(MessageRow.recipient) == mail.recipient,
        col(MessageRow.local_day) == mail.local_day,
    )
    same = col(MessageRow.message_id) == mail.message_id
    return or_(same, digest) if mail.kind == "digest" else same
