"""A site's outbox over some days: what was due, what a relay took in, and if that was right."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

from faulty_relay import Delivery, FaultyRelay, Script
from pydantic import SecretStr
from sqlalchemy import select

from engine.config import read_config
from engine.feed import horizon
from engine.planning.reminders import ReminderKind, due
from engine.service.applying import apply
from engine.service.clock import ZONE
from engine.service.current import in_store
from engine.service.keeping import next_moment
from engine.service.outbox import listed
from engine.service.reminding import remind
from engine.service.site import Site
from engine.store.tables import MessageRow, ReminderRow

CLOSED = {date(2026, 4, 2), date(2026, 5, 14)}
FROM, UNTIL = time(7, 30), time(17, 0)
LATE = "og er først sendt nu."


def moment(text: str) -> datetime:
    """A local moment, such as 2026-03-05T07:30."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Counts:
    """How many reminders were due and what became of them; how many mails about work arrived."""

    due: int
    delivered: int
    withdrawn: int
    refused: int
    stuck: int
    lost: int
    mails: int
    repeated: int
    misdirected: int


class Switch(Protocol):
    """A database that can be taken away for a while."""

    def stop(self) -> None:
        """From here on it cannot be used."""

    def start(self) -> None:
        """It is back."""


@dataclass
class Trial:
    """One site under a clock that is moved by hand."""

    folder: Path
    now: datetime
    refused_port: int
    database: Switch | None = None
    relay: FaultyRelay | None = None
    mail: dict[str, object] = field(default_factory=dict)
    taken_in: list[Delivery] = field(default_factory=list)
    due: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Each reminder that was to be told: whom, and about what."""
    carried: dict[str, set[str]] = field(default_factory=dict)
    """The reminders of each mail, by its Message-ID, as it was queued."""
    standing: set[tuple[str, str]] = field(default_factory=set)
    """Who is to be told of what, as it is now."""
    held: list[set[tuple[str, str]]] = field(default_factory=list)
    """The same as it was when each mail was taken in."""

    @property
    def site(self) -> Site:
        """The site as a worker opens it now."""
        config = read_config(self.folder)
        port = self.relay.port if self.relay else self.refused_port
        told = {"host": "127.0.0.1", "port": port, **self.mail}
        mail = config.mail.model_copy(update=told)
        return Site(
            self.folder, config.model_copy(update={"mail": mail}), lambda: self.now, pretended=True
        )

    def set_password(self, user: str, password: str) -> None:
        """How the relay is logged in to."""
        self.mail |= {"user": user, "password": SecretStr(password)}

    @contextmanager
    def served(self, script: Script | None = None, **how: object) -> Iterator[FaultyRelay]:
        """A relay that is there meanwhile; otherwise the port refuses connections."""
        with FaultyRelay(script, taken=self._take, **how) as relay:  # type: ignore[arg-type]
            self.relay = relay
            try:
                yield relay
            finally:
                self.relay = None

    def run(self) -> None:
        """One run of a worker."""
        self.look()
        remind(self.site)

    def live(self, until: str) -> None:
        """A worker that wakes when it says it would, until a moment."""
        while self.now < moment(until):
            self.run()
            self.now = max(self.now, min(next_moment(self.site), moment(until)))

    def at(self, text: str) -> Site:
        """The site at another moment, without anything being run."""
        self.now = moment(text)
        return self.site

    def apply(self) -> None:
        """The files as they were edited take effect."""
        apply(self.site)
        self.look()

    def is_open(self, at: datetime) -> bool:
        """Whether mail may go, reckoned without the engine."""
        here = at.astimezone(ZONE)
        working = here.weekday() < 5 and here.date() not in CLOSED
        return working and FROM <= here.time() < UNTIL

    def rows(self) -> dict[str, MessageRow]:
        """The mails of the outbox, by Message-ID."""
        with self.site.store() as store:
            return {row.message_id: row for row in store.messages(limit=1000)}

    def look(self) -> None:
        """Notes who is to be told of what now, what has become due, and what mails carry."""
        site = self.site
        with site.store() as store:
            now = in_store(store)
            assert now is not None
            plan = now.plan(horizon(site.today, now.in_force_on))
            found = due(plan, {}, store.moves(), site.today, now.in_force_on, now.people)
            told = store.told()
            with store.reading() as connection:
                query = select(ReminderRow.message, ReminderRow.key, ReminderRow.kind)  # type: ignore[call-overload]
                by_number = [tuple(row) for row in connection.execute(query)]
            names = {row.id: row.message_id for row in store.messages(limit=1000)}
        for number, key, kind in by_number:
            self.carried.setdefault(names[number], set()).add(key)
            if kind in set(ReminderKind):
                self.due[key] = (key.rpartition(" ")[2], key.partition("#")[0])
        if self.is_open(self.now):
            self.due |= {
                each.key: (each.recipient, each.deadline.key)
                for each in found
                if each.key not in told
            }
        self.standing = {(each.recipient, each.deadline.key) for each in found}

    def _take(self, to: str, content: bytes) -> None:
        """A mail is taken in, and what holds at this moment is kept beside it."""
        self.taken_in.append(Delivery(to, content, self.now))
        self.held.append(self.standing)

    def misdirected(self, rows: dict[str, MessageRow]) -> list[str]:
        """The mails that came to somebody else, told what was not theirs, or came at no hour."""
        return [
            f"{each.message_id} to {each.to} at {each.at}"
            for each, standing in zip(self.taken_in, self.held, strict=True)
            if not (self.is_open(each.at) and _is_theirs(each, rows[each.message_id], standing))
        ]

    def counts(self) -> Counts:
        """What came of everything; the relay is away by now."""
        self.look()
        rows = self.rows()
        self._check_repeats(rows)
        self._check_words(rows)
        keys = {key: name for name, each in self.carried.items() for key in each if name in rows}
        about_work = [each for each in self.taken_in if rows[each.message_id].kind != "site"]
        names = Counter(each.message_id for each in about_work)
        arrived = {key for name in names for key in self.carried.get(name, ())}
        matters = {self.due[key] for key in arrived if key in self.due}
        became = Counter(
            "delivered"
            if key in arrived
            else self._ended(rows, keys.get(key, ""))
            or ("withdrawn" if whom not in self.standing or whom in matters else "lost")
            for key, whom in self.due.items()
        )
        return Counts(
            due=len(self.due),
            delivered=became["delivered"],
            withdrawn=became["withdrawn"],
            refused=became["refused"],
            stuck=became["stuck"],
            lost=became["lost"],
            mails=len(about_work),
            repeated=len(about_work) - len(names),
            misdirected=len(self.misdirected(rows)),
        )

    def _ended(self, rows: dict[str, MessageRow], name: str) -> str:
        """What `med outbox` shows of a mail that is not tried any more."""
        shown = {each.message_id: each.state for each in listed(self.site).mails}
        state = shown.get(name, "")
        return {"failed": "refused", "stuck": "stuck", "unknown": "stuck"}.get(state, "")

    def _check_repeats(self, rows: dict[str, MessageRow]) -> None:
        """The same mail comes twice only where nobody knew, and then as it was."""
        found: dict[str, set[tuple[str, bytes]]] = {}
        for each in self.taken_in:
            found.setdefault(each.message_id, set()).add((each.to, each.content))
        names = Counter(each.message_id for each in self.taken_in)
        assert {name for name, each in found.items() if len(each) > 1} == set()
        certain = {n for n, count in names.items() if count > 1 and rows[n].unsure_at is None}
        assert certain == set()
        keys = Counter(key for name in names for key in self.carried.get(name, ()))
        assert {key for key, count in keys.items() if count > 1} == set()

    def _check_words(self, rows: dict[str, MessageRow]) -> None:
        """Each mail names what it carries, and says that it is late when it is."""
        for each in self.taken_in:
            row = rows[each.message_id]
            first = min(filter(None, (row.unsure_at, each.at)))
            late = first.astimezone(ZONE).date() > row.local_day
            assert (LATE in each.text) is late, (row, each.text)


def _is_theirs(delivery: Delivery, row: MessageRow, standing: set[tuple[str, str]]) -> bool:
    """All of it while nobody has had it; what somebody may have had goes while any of it holds."""
    name = row.recipient.partition(":")[2]
    own = {(row.recipient, str(key)) for key in row.contents["keys"]}
    holding = own & standing
    holds = bool(holding) if row.unsure_at else holding == own
    right = delivery.to == f"{name}@kommune.example" == str(delivery.message["To"])
    return right and (holds or row.kind in ("site", "change"))


def has_run(site: Site) -> None:
    """A worker was there the day before, with nothing to send: nobody is told of missed days."""
    with site.writing() as store:
        store.ran(moment("2026-03-04T07:30"))


def refused_port() -> socket.socket:
    """A door that nobody opens: connections are refused, and the port is nobody else's."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    return door
