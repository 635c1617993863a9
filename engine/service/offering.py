"""What the page of a button offers: done, the step's own answers, and where it may be moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.errors import FactRejected
from engine.planning.absences import Absences
from engine.planning.plan import Deadline
from engine.planning.stand_ins import person_ids, secretaries
from engine.planning.workflow import Answer
from engine.service.addressing import address
from engine.service.administrators import looking_after
from engine.service.agenda import together_with
from engine.service.asked import Asked
from engine.service.deciding import Ground, Word, body_of
from engine.service.postponing import postponed_fact


@dataclass(frozen=True, slots=True)
class Move:
    """Where something may be postponed to: the next meeting, or a day of a stretch.

    `meeting` is none for a deadline with a day of its own, and empty for a meeting that nobody
    has planned yet.
    """

    meeting: str | None = None
    meeting_on: date | None = None
    along: tuple[Deadline, ...] = ()
    """The items of the same group at the meeting, which go along."""
    first_on: date | None = None
    last_on: date | None = None


class Hearing(StrEnum):
    """Who is told of an answer that records nothing."""

    SECRETARY = "secretary"
    ADMINISTRATORS = "administrators"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Hearers:
    """Those who are told of such an answer, and who they are to the committee."""

    as_what: Hearing
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices; `plain` says that it can simply be reported done."""

    plain: bool
    own: Mapping[str, Answer]
    move: Move | None
    limit_on: date | None = None
    """The last day that law or agreement gives, where that leaves no room to move."""
    later: Hearing = Hearing.NOBODY
    """Who is told that it takes longer."""
    not_mine: Hearing = Hearing.NOBODY
    """Who is told that it is another's."""


def offer_of(ground: Ground, deadline: Deadline, asked: Asked) -> Offer:
    """What may be answered of a deadline; one of several who are asked postpones for nobody."""
    own = deadline.line.step.answers
    plain = all(answer.means != "done" for answer in own.values())
    later, not_mine = hear_later(ground, deadline).as_what, hear_not_mine(ground).as_what
    if not asked.alone:
        return Offer(plain, own, None, None, later, not_mine)
    move = _move(ground, deadline)
    stuck = move is None and deadline.kind in ("at", "due") and deadline.due_on is not None
    return Offer(plain, own, move, deadline.limit_on if stuck else None, later, not_mine)


def hear_later(ground: Ground, deadline: Deadline) -> Hearers:
    """The secretary, of the deadline's committee or above it; else those who look after the site.

    Only who can be written to today.
    """
    register, people = ground.plan.register, ground.now.people
    found = secretaries(deadline, register, Absences(people, register.roster, ground.today))
    reached = tuple(who for who in person_ids(tuple(found)) if address(who, ground.now))
    return Hearers(Hearing.SECRETARY, reached) if reached else hear_not_mine(ground)


def hear_not_mine(ground: Ground) -> Hearers:
    """Those who look after the site, who can find somebody else to do it."""
    found = looking_after(ground.now, ground.today)
    return Hearers(Hearing.ADMINISTRATORS, found) if found else Hearers(Hearing.NOBODY)


def _move(ground: Ground, deadline: Deadline) -> Move | None:
    """The same rules as the command's, tried before they are offered."""
    if deadline.kind == "due":
        return _days(ground, deadline)
    along = together_with(ground, deadline)
    try:
        fact, *_ = [postponed_fact(ground, each, Word()) for each in (deadline, *along)]
    except FactRejected:
        return None
    meeting = ground.plan.register.plan_of(body_of(deadline)).by_id.get(fact.to_meeting)
    return Move(fact.to_meeting, meeting.on if meeting else None, along)


def _days(ground: Ground, deadline: Deadline) -> Move | None:
    if deadline.due_on is None:
        return None
    first_on = max(deadline.due_on + timedelta(days=1), ground.today)
    last_on = deadline.limit_on
    if last_on is not None and last_on < first_on:
        return None
    return Move(first_on=first_on, last_on=last_on)
