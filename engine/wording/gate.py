"""The one gate for confidentiality and sides: who sees an item, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.errors import Unknown
from engine.planning.diff import Snapshot
from engine.planning.organisation import Seat, Side
from engine.planning.plan import Deadline
from engine.planning.register import Register
from engine.planning.workflow import Holder, parse_holder
from engine.wording.catalogue import Language, say


class Sight(StrEnum):
    """How much of an item somebody sees."""

    FULL = "full"
    MASKED = "masked"
    """That there is one, and when; calendars say no more even to those it concerns."""
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: a person with the seats held today, an office, or nobody known."""

    person: str = ""
    seats: frozenset[Seat] = frozenset()
    office: str = ""


NOBODY = Viewer()
"""Anybody at all: published calendars and pages without sign-in."""


def viewer(register: Register, person: str, today: date) -> Viewer:
    """The person with the seats they hold today."""
    held = (seat for seat in register.edition.seats if seat.person == person and seat.held(today))
    return Viewer(person, frozenset(held))


def office_viewer(office: str) -> Viewer:
    """Whoever reads the shared mailbox of an office."""
    return Viewer(office=office)


def seen(
    item: Deadline | Snapshot,
    looking: Viewer,
    register: Register,
    today: date,
    *,
    addressed: bool = False,
) -> Sight:
    """How much of an item somebody sees, by the seats that are held today.

    1. Open to both sides and not confidential: everybody sees all of it. So with meetings.
    2. For one side: hidden from all who hold no seat on that side, of the item's committee or
       in a role that must act or be told, and from every office but those on that side that must
       act or be told. Who is `addressed` needs any seat, or to be an office, on that side.
    3. Confidential: masked for those who must act or be told, hidden from everybody else.
    4. About a single member, as who lacks training: for that member and those who must act or
       be told, hidden from everybody else. Who is `addressed` by a reminder, because it is
       escalated or a role is vacant, is one of those told.
    """
    member = _member(item)
    about_another = member and looking.person != member and not addressed
    if about_another and not _concerned(item, looking, today):
        return Sight.HIDDEN
    one_sided, confidential = _closed(item)
    if one_sided is None and not confidential:
        return Sight.FULL
    if one_sided is not None and not _on_side(item, one_sided, looking, register, today, addressed):
        return Sight.HIDDEN
    if not confidential:
        return Sight.FULL
    return Sight.MASKED if _concerned(item, looking, today) else Sight.HIDDEN


def title(item: Deadline | Snapshot, sight: Sight, language: Language) -> str:
    """What the item is called for somebody with that sight."""
    if sight is Sight.HIDDEN:
        raise Unknown("gate.unknown")
    return item.title if sight is Sight.FULL else say("gate.title", language)


def text(sight: Sight, language: Language) -> str:
    """What stands in place of a masked item's text; nothing for an item seen in full."""
    return say("gate.text", language) if sight is Sight.MASKED else ""


def _member(item: Deadline | Snapshot) -> str:
    """Whom the item is about, where it is about one seat alone."""
    if isinstance(item, Snapshot):
        return item.member
    return item.seat.person if item.seat else ""


def _closed(item: Deadline | Snapshot) -> tuple[Side | None, bool]:
    if isinstance(item, Deadline):
        return item.terms.visible, item.terms.confidential
    if item.kind == "meeting":
        return None, False
    return Side(item.visible) if item.visible else None, item.confidential


def _on_side(
    item: Deadline | Snapshot,
    side: Side,
    looking: Viewer,
    register: Register,
    today: date,
    addressed: bool,
) -> bool:
    """Whether the viewer's office or one of the seats is on the side and has to do with it."""
    if looking.office and register.roster.office_on(looking.office, side):
        return addressed or _concerned(item, looking, today)
    return any(
        seat.held(today)
        and register.roster.side_of(seat) is side
        and (addressed or seat.committee == item.committee or _holds(item, seat))
        for seat in looking.seats
    )


def _concerned(item: Deadline | Snapshot, looking: Viewer, today: date) -> bool:
    """Whether the viewer is responsible or informed, in a seat held today or as an office."""
    if looking.office:
        return any(holder.office == looking.office for holder in _holders(item))
    in_office = any(seat.held(today) for seat in looking.seats)
    if isinstance(item, Snapshot) and in_office and looking.person in item.informed:
        return True
    return any(seat.held(today) and _holds(item, seat) for seat in looking.seats)


def _holds(item: Deadline | Snapshot, seat: Seat) -> bool:
    """Whether the seat is one of those that must act or be told.

    What begins with a member and is that member's own role to do is that member's alone.
    """
    for holder in _holders(item):
        if holder.role != seat.role or (holder.body or item.committee) != seat.committee:
            continue
        if isinstance(item, Snapshot):
            if not item.people or seat.person in item.people:
                return True
        elif holder.body or not _is_anothers(item.seat, seat):
            return True
    return False


def _is_anothers(own: Seat | None, seat: Seat) -> bool:
    """Whether a duty that comes with a role of one member's is another member's than the seat's."""
    return own is not None and own.role == seat.role and own.person != seat.person


def _holders(item: Deadline | Snapshot) -> tuple[Holder, ...]:
    if isinstance(item, Deadline):
        return (*item.terms.responsible, *item.terms.inform)
    return tuple(parse_holder(text) for text in item.holders)
