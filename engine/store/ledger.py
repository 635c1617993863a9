"""What the world has been told: every revision of every announcement, under a UID for life."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, insert, select
from sqlmodel import col, func

from engine.planning.diff import Announced, Change, Snapshot, Verb
from engine.store.editions import Editions
from engine.store.tables import AnnouncementRow, RenameRow
from engine.store.transactions import rows

UID_LETTERS = 32
"""128 bits: no two keys of a site ever share a UID by chance."""

_snapshot = TypeAdapter(Snapshot)


class Ledger(Editions):
    """Queries about announcements and renamed keys."""

    def ledger(self, until: datetime | None = None) -> dict[str, Announced]:
        """The newest announcement of everything ever announced, or told by a moment, by key.

        A UID outlives a rename, so the newest row of a UID counts; the old key has none left.
        """
        newest = _is_newest(until)
        query = select(AnnouncementRow).where(newest).order_by(col(AnnouncementRow.id))
        with self.reading() as connection:
            return {row.key: _announced(row) for row in connection.execute(query)}

    def announcements(self, key: str) -> list[AnnouncementRow]:
        """Every revision told under a key, oldest first."""
        query = select(AnnouncementRow).where(col(AnnouncementRow.key) == key)
        with self.reading() as connection:
            return rows(connection, AnnouncementRow, query.order_by(col(AnnouncementRow.id)))

    def announce(
        self,
        changes: Iterable[Change],
        *,
        edition: int,
        at: datetime,
        reasons: Mapping[str, str] | None = None,
    ) -> list[Announced]:
        """Appends one revision for each change and gives back what is now announced.

        The UID is the one the key, or the key it was renamed from, was first announced under.
        `reasons` are by key.
        """
        with self.writing() as connection:
            newest, renames, secret = self._newest(), self.renames(), self.site().secret
            uids = {uid for uid, _ in newest.values()}
            told: list[tuple[Change, Announced]] = []
            for change in changes:
                before = newest.get(change.key) or newest.get(renames.get(change.key, ""))
                after = _told(change, before, _uid(secret, change.key, uids), at)
                uids.add(after.uid)
                told.append((change, after))
            if told:
                given = reasons or {}
                rows_told = [_row(change, after, edition, given) for change, after in told]
                connection.execute(insert(AnnouncementRow), rows_told)
            return [after for _, after in told]

    def _newest(self) -> dict[str, tuple[str, int]]:
        """The UID and the newest revision of each key, without what was told of it."""
        columns = (AnnouncementRow.key, AnnouncementRow.uid, AnnouncementRow.revision)
        query = select(*map(col, columns)).where(_is_newest()).order_by(col(AnnouncementRow.id))
        with self.reading() as connection:
            return {row.key: (row.uid, row.revision) for row in connection.execute(query)}

    def counts_of_editions(self) -> dict[int, dict[str, int]]:
        """How much each edition changed when it was applied, by verb."""
        verb, edition = col(AnnouncementRow.verb), col(AnnouncementRow.edition)
        query = select(edition, verb, func.count().label("n"))
        query = query.where(col(AnnouncementRow.reason).like("edition %"))
        found: dict[int, dict[str, int]] = {}
        with self.reading() as connection:
            for row in connection.execute(query.group_by(edition, verb)):
                found.setdefault(row.edition, {})[row.verb] = int(row.n)
        return found

    def moves(self) -> dict[str, int]:
        """How often each thing announced has moved, also under an older key; by its key now."""
        of_uid = (
            select(col(AnnouncementRow.uid), func.count().label("moves"))
            .where(col(AnnouncementRow.verb) == Verb.MOVED.value)
            .group_by(col(AnnouncementRow.uid))
        )
        names = select(col(AnnouncementRow.key), col(AnnouncementRow.uid)).where(_is_newest())
        with self.reading() as connection:
            counts = {row.uid: int(row.moves) for row in connection.execute(of_uid)}
            return {key: counts[uid] for key, uid in connection.execute(names) if uid in counts}

    def renames(self, until: datetime | None = None) -> dict[str, str]:
        """The old key of each new one; of several renames to one key the latest."""
        query = select(RenameRow).order_by(col(RenameRow.id))
        if until is not None:
            query = query.where(col(RenameRow.renamed_at) <= until)
        with self.reading() as connection:
            return {row.new: row.old for row in rows(connection, RenameRow, query)}

    def add_renames(self, renames: Mapping[str, str], at: datetime) -> None:
        """Remembers old keys by their new ones; what is known already is not written again."""
        with self.writing() as connection:
            known = self.renames()
            fresh = [
                {"old": old, "new": new, "renamed_at": at}
                for new, old in renames.items()
                if known.get(new) != old
            ]
            if fresh:
                connection.execute(insert(RenameRow), fresh)


def _is_newest(until: datetime | None = None) -> ColumnElement[bool]:
    newest = select(func.max(AnnouncementRow.id)).group_by(col(AnnouncementRow.uid))
    if until is not None:
        newest = newest.where(col(AnnouncementRow.changed_at) <= until)
    return col(AnnouncementRow.id).in_(newest)


def _uid(secret: str, key: str, taken: Collection[str]) -> str:
    """A name without readable content; another one where a renamed key has kept the first."""
    text, turn = key, 0
    while True:
        digest = hmac.new(bytes.fromhex(secret), text.encode(), hashlib.sha256)
        uid = digest.hexdigest()[:UID_LETTERS]
        if uid not in taken:
            return uid
        turn += 1
        text = f"{key}\n{turn}"


def _told(
    change: Change, before: tuple[str, int] | None, fresh_uid: str, at: datetime
) -> Announced:
    snapshot = change.after or change.before
    if snapshot is None:
        raise ValueError(change.key)
    return Announced(
        key=change.key,
        uid=before[0] if before else fresh_uid,
        revision=before[1] + 1 if before else 0,
        changed_at=at,
        retired_at=at if change.verb is Verb.RETIRED else None,
        snapshot=snapshot,
    )


def _row(
    change: Change, after: Announced, edition: int, reasons: Mapping[str, str]
) -> dict[str, object]:
    return {
        "key": after.key,
        "uid": after.uid,
        "revision": after.revision,
        "changed_at": after.changed_at,
        "retired_at": after.retired_at,
        "snapshot": _snapshot.dump_python(after.snapshot),
        "verb": change.verb.value,
        "reason": reasons.get(change.key, ""),
        "edition": edition,
    }


def _announced(row: Row[Any]) -> Announced:
    return Announced(
        key=row.key,
        uid=row.uid,
        revision=row.revision,
        changed_at=row.changed_at,
        retired_at=row.retired_at,
        snapshot=_snapshot.validate_python(row.snapshot),
    )
