"""What is kept: one class a table, and the plain model it is written from where one is needed.

Names and addresses stand in `person` and nowhere else; every other table holds initials.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import JSON, CheckConstraint, Index, MetaData, String, text
from sqlmodel import Field, SQLModel

from engine.store.columns import Moment, NullableJson

SCHEMA = "0006"
"""The revision of the schema that this code reads and writes."""

FactKind = Literal[
    "done",
    "postponed",
    "waived",
    "undone",
    "follow-up",
    "case-opened",
    "case-set",
    "case-closed",
    "taken-over",
    "not-ours",
]
MessageKind = Literal["digest", "single", "change", "site"]
"""A morning overview, one matter, changes of matters told before, a mail about the site itself."""
MessageState = Literal["due", "sending", "sent", "retry", "stuck", "failed", "unknown", "cancelled"]
FeedScope = Literal["person", "committee", "all"]
PlainLanguage = Literal["da", "en"]


class Table(SQLModel):
    """The root of every table: one metadata, whose constraints all have names."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SiteRow(Table, table=True):
    """The site itself; the one row there is."""

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    secret: str = Field(repr=False)
    in_force_on: date | None = None
    demo: bool = False
    created_at: datetime = Field(sa_type=Moment)
    outbox_held_at: datetime | None = Field(default=None, sa_type=Moment)
    outbox_held_for: str = ""
    """Why mails are held back, as a code; once they are let go, that, and when."""
    ran_at: datetime | None = Field(default=None, sa_type=Moment)
    """When what was due was last reckoned and sent to the end."""


class EditionHead(Table):
    """What is said of an edition without opening its texts."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    parent: int | None = Field(default=None, foreign_key="edition.number")
    hash: str
    by: str
    note: str = ""
    restores: int | None = None
    applied_at: datetime = Field(sa_type=Moment)


class EditionRow(EditionHead, table=True):
    """A checked bundle of the site's files; the newest is in force."""

    __tablename__ = "edition"

    texts: dict[str, str] = Field(sa_type=JSON)


class PersonRow(Table, table=True):
    """Somebody who holds a seat; the only row with a name and an address."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    name: str
    email: str
    language: str | None = None
    away_from_on: date | None = None
    away_until_on: date | None = None
    refused_on: date | None = None
    """The day the relay refused the address for good; none once another address is written."""


class AutoApplyRow(Table, table=True):
    """What the node that applies by itself has seen; the one row there is."""

    __tablename__ = "auto_apply"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    node: str = ""
    lease_until_at: datetime | None = Field(default=None, sa_type=Moment)
    files_hash: str = ""
    files_since_at: datetime | None = Field(default=None, sa_type=Moment)
    held_hash: str = ""
    outcome: str = ""
    detail: dict[str, Any] | None = Field(default=None, sa_type=NullableJson)
    outcome_at: datetime | None = Field(default=None, sa_type=Moment)


class ErasureRow(Table, table=True):
    """Somebody who was forgotten, by initials; a restore repeats it."""

    __tablename__ = "erasure"

    person: str = Field(primary_key=True)
    erased_at: datetime = Field(sa_type=Moment)


class Fact(Table):
    """What somebody told about a deadline, as it is handed in."""

    key: str = Field(index=True)
    kind: FactKind = Field(sa_type=String)
    on: date
    from_meeting: str = ""
    to_meeting: str = ""
    from_on: date | None = None
    to_on: date | None = None
    past_limit: bool = False
    """Whether a postponement goes past the last day that law or agreement gives, for a reason."""
    meeting: str = ""
    """The meeting at which it was treated, by its id."""
    minutes_item: str = ""
    unit: str = ""
    by: str = ""
    how: str = ""
    why: str = ""
    evidence: str = ""
    undoes: int | None = Field(default=None, foreign_key="fact.id")
    follow_up: str | None = None
    """The number of the follow-up that is agreed on."""
    what: str = ""
    who: str = ""
    case_number: str | None = Field(default=None, index=True)
    inputs: dict[str, Any] | None = Field(default=None, sa_type=NullableJson)
    recorded_at: datetime = Field(sa_type=Moment)


class FactRow(Fact, table=True):
    """A fact as it stands; never changed, only undone by another."""

    __tablename__ = "fact"
    __table_args__ = (
        CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name="undoes"),
        Index(
            "uq_fact_case_opened",
            "case_number",
            unique=True,
            sqlite_where=text("kind = 'case-opened'"),
            postgresql_where=text("kind = 'case-opened'"),
        ),
        Index(
            "uq_fact_follow_up",
            "follow_up",
            unique=True,
            sqlite_where=text("kind = 'follow-up'"),
            postgresql_where=text("kind = 'follow-up'"),
        ),
    )

    id: int = Field(default=None, primary_key=True)


class AnnouncementRow(Table, table=True):
    """One revision of what the world has been told of a deadline or meeting."""

    __tablename__ = "announcement"
    __table_args__ = (Index("uq_announcement_uid_revision", "uid", "revision", unique=True),)

    id: int = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    uid: str
    revision: int
    changed_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)
    verb: str
    reason: str = ""
    edition: int = Field(foreign_key="edition.number")
    snapshot: dict[str, Any] = Field(sa_type=JSON)


class RenameRow(Table, table=True):
    """A key that took another's place."""

    __tablename__ = "rename"

    id: int = Field(default=None, primary_key=True)
    old: str
    new: str
    renamed_at: datetime = Field(sa_type=Moment)


class Message(Table):
    """One mail as it is queued; its contents are frozen from here on."""

    recipient: str
    kind: MessageKind = Field(sa_type=String)
    local_day: date
    message_id: str = Field(unique=True)
    contents: dict[str, Any] = Field(sa_type=JSON)
    due_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)


class MessageRow(Message, table=True):
    """A mail and how far it has come; `fence` rises with every claim."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "uq_message_digest",
            "recipient",
            "local_day",
            unique=True,
            sqlite_where=text("kind = 'digest'"),
            postgresql_where=text("kind = 'digest'"),
        ),
        Index("ix_message_state_due_at", "state", "due_at"),
    )

    id: int = Field(default=None, primary_key=True)
    state: MessageState = Field(default="due", sa_type=String)
    attempts: int = 0
    worker: str = ""
    lease_until_at: datetime | None = Field(default=None, sa_type=Moment)
    fence: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    unsure_at: datetime | None = Field(default=None, sa_type=Moment)
    """When it was first tried without anybody knowing what came of it."""
    outcome: str = ""


class Told(Table):
    """One reminder and the due date it tells; its key is told once."""

    key: str = Field(primary_key=True)
    kind: str
    due_on: date | None = None


class ReminderRow(Told, table=True):
    """A reminder that a message carries."""

    __tablename__ = "reminder"

    message: int = Field(foreign_key="message.id", index=True)


class Feed(Table):
    """A subscription as it is made; the token itself is never kept."""

    token_hash: str = Field(unique=True, repr=False)
    scope_kind: FeedScope = Field(sa_type=String)
    scope: str = ""
    language: PlainLanguage = Field(default="da", sa_type=String)
    with_meetings: bool = False
    created_at: datetime = Field(sa_type=Moment)


class FeedRow(Feed, table=True):
    """A subscription and its use."""

    __tablename__ = "feed"

    id: int = Field(default=None, primary_key=True)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    fetched_on: date | None = None


class Link(Table):
    """A button of a mail as it is made; the token itself is never kept."""

    token_hash: str = Field(unique=True, repr=False)
    message_id: str
    recipient: str = Field(index=True)
    key: str
    until_on: date
    """The last day it can be used."""


class LinkRow(Link, table=True):
    """A button of a mail and what it was used for; it is used once."""

    __tablename__ = "link"

    id: int = Field(default=None, primary_key=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: str = ""
