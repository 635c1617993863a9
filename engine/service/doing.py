"""Deadlines that were met: when, by whom, and where it was treated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.errors import FactRejected
from engine.planning.facts import Meeting
from engine.planning.plan import Deadline
from engine.planning.status import answered, responsible_seats
from engine.service.deciding import (
    Decided,
    Ground,
    Word,
    body_of,
    decide,
    meeting_named,
    record,
    refuse_coming,
    refuse_settled,
    refuse_teller,
)
from engine.service.site import Site
from engine.store import Fact, Store

_ITEM = re.compile(r"[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå .–-]{0,11}")


@dataclass(frozen=True, slots=True)
class Treated:
    """Where something was treated: the meeting by its id or day, and the minutes' item."""

    meeting: str = ""
    minutes_item: str = ""


NOWHERE = Treated()


def done(
    site: Site,
    key: str,
    by: str = "",
    why: str = "",
    evidence: str = "",
    on: date | None = None,
    treated: Treated = NOWHERE,
) -> Decided:
    """Record that a deadline was met, on a day that has come."""
    site = site.once()

    def told(store: Store, ground: Ground) -> Decided:
        deadline, word = ground.deadline(key), Word(by, why, evidence)
        if deadline.finish == "one":
            refuse_teller(ground, by)
        fact = done_fact(ground, deadline, word, on, treated)
        return record(store, site, ground, [fact])

    # Who tells it may be a unit, where each unit answers: that depends on the deadline.
    return decide(site, Word("", why, evidence), told)


def done_fact(
    ground: Ground,
    deadline: Deadline,
    word: Word,
    on: date | None = None,
    treated: Treated = NOWHERE,
    for_all: bool = False,
) -> Fact:
    """The fact that a deadline was met, if that may be said.

    An item is treated at the meeting where it stands, if that has been held: then that is the
    day. `for_all` says that the committee answered as one, at its meeting.
    """
    refuse_settled(ground, deadline)
    meeting = _meeting(ground, deadline, treated.meeting)
    item = treated.minutes_item.strip()
    refuse_item(item)
    if item and meeting is None:
        raise FactRejected("fact.item-without-meeting", item=item)
    on = on or (meeting.on if meeting else ground.today)
    refuse_coming(on, ground.today)
    told: dict[str, object] = {
        "meeting": meeting.id if meeting else "",
        "minutes_item": item,
    }
    if deadline.finish != "one":
        told |= {"by": "", "unit": ""} if for_all else _answer(ground, deadline, word.by, on)
    return ground.fact(deadline, "done", on, word).model_copy(update=told)


def refuse_item(item: str) -> None:
    """Refuses what is no item's number of the minutes."""
    if item and not _ITEM.fullmatch(item):
        raise FactRejected("fact.item-form", item=item)


def _meeting(ground: Ground, deadline: Deadline, named: str) -> Meeting | None:
    """The meeting at which it was treated: the one named, or where the item stands."""
    body = body_of(deadline)
    plan = ground.plan.register.plan_of(body)
    if not named:
        stands = plan.by_id.get(deadline.meeting) if deadline.kind == "at" else None
        return stands if stands and not stands.cancelled and stands.on <= ground.today else None
    meeting = meeting_named(plan, named, body)
    if meeting.on > ground.today:
        raise FactRejected("fact.meeting-not-held", on=meeting.on)
    return meeting


def _answer(ground: Ground, deadline: Deadline, by: str, on: date) -> dict[str, object]:
    """Who answers, by person or unit, where each of several is asked."""
    asked = answered(deadline, ground.plan.register)
    known = ", ".join(asked.wanted)
    if not by:
        raise FactRejected("fact.who-answers", title=ground.called(deadline), known=known)
    unit = _unit_of(ground, deadline, by, on)
    who = unit or by
    if who not in asked.wanted:
        raise FactRejected("fact.not-asked", by=by, title=ground.called(deadline), known=known)
    if who in asked.given:
        raise FactRejected("fact.answered-already", by=by, title=ground.called(deadline))
    return {"by": by if by in ground.now.people else "", "unit": unit}


def _unit_of(ground: Ground, deadline: Deadline, by: str, on: date) -> str:
    """The unit somebody answers for, as it was held on the deadline's day, then or now."""
    asked = answered(deadline, ground.plan.register)
    for unit in asked.wanted:
        if unit.casefold() == by.casefold():
            return unit if unit not in ground.now.people else ""
    for day in (deadline.due_on or deadline.about_on, on, ground.today):
        for seat in responsible_seats(deadline, ground.plan.register, day):
            if seat.person == by and seat.unit:
                return seat.unit
    return ""
