"""Where a recipient's mail goes, and whether it is still theirs."""

from __future__ import annotations

from datetime import date

from engine.service.current import Current


def address(recipient: str, now: Current) -> str:
    """Where a recipient's mail goes; empty when nobody is there any more."""
    kind, _, name = recipient.partition(":")
    if kind == "office":
        office = now.edition.organisation.offices.get(name)
        return office.email if office else ""
    person = now.people.get(name)
    return person.email if person else ""


def has_left(recipient: str, now: Current, today: date) -> bool:
    """Whether a person's seats have all ended: what still waits for them is theirs no more."""
    kind, _, name = recipient.partition(":")
    seats = [seat for seat in now.edition.seats if seat.person == name]
    ended = all(seat.until_on is not None and seat.until_on < today for seat in seats)
    return kind == "person" and ended
