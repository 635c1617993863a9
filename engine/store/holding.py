"""Whether mails may go: held until somebody has looked, and what is remembered of their release."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import col

from engine.store.tables import SiteRow
from engine.store.transactions import Transactions

RELEASED = "released"
"""What stands in place of a reason once somebody has let mails go.

After it stands the moment, until a run has seen it; then nothing; then the day they went.
"""

_UNSEEN = f"{RELEASED} %T%"


class Holding(Transactions):
    """Queries about the outbox as a whole."""

    def hold_outbox(self, at: datetime, why: str) -> None:
        """Holds mails back until somebody releases them; a hold keeps its first moment and reason.

        `why` is a code: restored, or of what there was too much.
        """
        held = update(SiteRow).where(col(SiteRow.outbox_held_at).is_(None))
        with self.writing() as connection:
            connection.execute(held.values(outbox_held_at=at, outbox_held_for=why))

    def release_outbox(self, at: datetime) -> None:
        """Lets mails go again; it is remembered that somebody has looked at what was held."""
        held = update(SiteRow).where(col(SiteRow.outbox_held_at).is_not(None))
        mark = f"{RELEASED} {at.isoformat(timespec='seconds')}"
        with self.writing() as connection:
            connection.execute(held.values(outbox_held_at=None, outbox_held_for=mark))

    def released(self) -> date | bool:
        """Whether what goes next was released by somebody; once it has gone, that day."""
        held_at, word, on = self._hold()
        if held_at is not None or word != RELEASED:
            return False
        return date.fromisoformat(on) if on and "T" not in on else True

    def released_unseen(self) -> bool:
        """Whether somebody has let mails go and no run has been since."""
        query = select(col(SiteRow.id)).where(col(SiteRow.outbox_held_for).like(_UNSEEN))
        with self.reading() as connection:
            return connection.scalar(query) is not None

    def see_release(self) -> None:
        """Remembers that a run has been since somebody let mails go."""
        unseen = update(SiteRow).where(col(SiteRow.outbox_held_for).like(_UNSEEN))
        with self.writing() as connection:
            connection.execute(unseen.values(outbox_held_for=RELEASED))

    def use_release(self, on: date) -> None:
        """Remembers the day on which what somebody released goes."""
        pending = update(SiteRow).where(col(SiteRow.outbox_held_for) == RELEASED)
        with self.writing() as connection:
            self.see_release()
            connection.execute(pending.values(outbox_held_for=f"{RELEASED} {on.isoformat()}"))

    def _hold(self) -> tuple[datetime | None, str, str]:
        query = select(col(SiteRow.outbox_held_at), col(SiteRow.outbox_held_for))
        with self.reading() as connection:
            found = connection.execute(query).first()
        held_at, words = (found[0], found[1]) if found else (None, "")
        word, _, on = words.partition(" ")
        return held_at, word, on

    def outbox_held(self) -> tuple[datetime | None, str]:
        """Since when mails are held back, and the code for why; nothing when they are not."""
        held_at, why, _ = self._hold()
        return (held_at, why) if held_at else (None, "")

    def outbox_held_at(self) -> datetime | None:
        """Since when mails are held back; none when they are not."""
        with self.reading() as connection:
            return connection.scalar(select(col(SiteRow.outbox_held_at)))
