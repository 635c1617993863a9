"""One-off follow-ups: what somebody sees to, by a day, at a meeting, or as soon as possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from pydantic_core import PydanticCustomError

from engine.errors import EngineError, FactRejected, Unknown
from engine.planning.facts import FOLLOW_UP, NEXT
from engine.planning.inputs import read_input
from engine.planning.mentions import names_person
from engine.planning.plan import Deadline
from engine.planning.starts import CaseInput
from engine.planning.status import State, state
from engine.planning.workflow import parse_holder
from engine.service.deciding import (
    Decided,
    Ground,
    Word,
    announced,
    decide,
    ground_of,
    meeting_named,
)
from engine.service.site import Site
from engine.store import Fact, Store

_SHORT_TEXT = CaseInput(type="short text", title="")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A follow-up as somebody asks for it; `meeting` is an id, a day, or `next`."""

    what: str
    who: str
    due: str = ""
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A follow-up as it stands."""

    deadline: Deadline
    state: State
    who: str


def add(site: Site, committee: str, wanted: Wanted, by: str = "") -> Decided:
    """Record a follow-up under the year's next number."""
    site = site.once()
    word = Word(by)

    def told(store: Store, ground: Ground) -> Decided:
        fact = follow_up_fact(ground, committee, wanted, word)
        row = store.add_follow_up(fact, committee, site.today.year)
        return announced(store, site, ground, (row,))

    return decide(site, word, told)


def follow_up_fact(ground: Ground, committee: str, wanted: Wanted, word: Word) -> Fact:
    """The fact of a follow-up without its number, if it may be kept."""
    bodies = ground.now.edition.organisation.committees
    if committee not in bodies:
        raise _unknown("service.unknown-committee", committee, list(bodies))
    if wanted.due and wanted.meeting:
        raise FactRejected("follow-up.day-or-meeting")
    due_on = _day(wanted.due, ground.today) if wanted.due else None
    return Fact(
        key=f"{FOLLOW_UP}/{committee}",
        kind="follow-up",
        on=ground.today,
        to_on=due_on,
        to_meeting=_meeting(ground, committee, wanted.meeting) if wanted.meeting else "",
        what=_text(ground, wanted.what),
        who=_who(ground, committee, wanted.who),
        by=word.by,
        how=word.how,
        recorded_at=ground.at,
    )


def list_all(
    site: Site, committee: str = "", person: str = "", closed_too: bool = False
) -> tuple[Ground, list[Noted]]:
    """The follow-ups that are open, or all of them, by day."""
    with site.store() as store, store.reading():
        ground = ground_of(store, site)
    bodies = ground.now.edition.organisation.committees
    if committee and committee not in bodies:
        raise _unknown("service.unknown-committee", committee, list(bodies))
    if person and person not in ground.now.people:
        raise _unknown("service.unknown-person", person, list(ground.now.people))
    noted = [noted_of(ground, each) for each in _known(ground)]
    return ground, [
        each
        for each in sorted(noted, key=lambda each: each.deadline.order)
        if committee in ("", each.deadline.committee)
        and person in ("", each.who)
        and (closed_too or each.state not in (State.DONE, State.WAIVED))
    ]


def noted_of(ground: Ground, deadline: Deadline) -> Noted:
    """A follow-up with its state and who sees to it."""
    told = {each.key: each for each in ground.plan.register.follow_ups}
    return Noted(deadline, state(deadline, ground.plan, ground.today), told[deadline.key].who)


def key_of(site: Site, number: str) -> str:
    """The key of a follow-up, by its number."""
    with site.store() as store, store.reading():
        ground = ground_of(store, site)
    for told in ground.plan.register.follow_ups:
        if number in (told.number, told.key):
            return told.key
    raise Unknown("follow-up.unknown", number=number)


def _known(ground: Ground) -> list[Deadline]:
    every = {**ground.plan.beyond, **ground.plan.by_key}
    return [each for each in every.values() if each.workflow == FOLLOW_UP]


def _text(ground: Ground, text: str) -> str:
    """What is to be done: short, and about nobody."""
    if not text.strip():
        raise FactRejected("follow-up.empty")
    try:
        read = str(read_input(_SHORT_TEXT, text))
    except EngineError as error:
        code = error.code.replace("input.", "follow-up.")
        raise FactRejected(code, **error.params) from error
    if names_person(read, ground.now.people.values()):
        raise FactRejected("follow-up.name")
    return read


def _who(ground: Ground, committee: str, text: str) -> str:
    """A role of the committee or of a named body, an office, or the initials of a member."""
    organisation = ground.now.edition.organisation
    roles = {key: key for key in organisation.roles}
    roles |= {role.title.casefold(): key for key, role in organisation.roles.items()}
    roles |= {role.en.casefold(): key for key, role in organisation.roles.items() if role.en}
    who = " ".join(text.split())
    if not who:
        raise FactRejected("follow-up.nobody", known=", ".join(organisation.roles))
    if who.casefold() in roles:
        return roles[who.casefold()]
    if who in ground.now.people:
        if not any(
            seat.person == who and (seat.until_on is None or seat.until_on >= ground.today)
            for seat in ground.now.edition.seats
        ):
            raise FactRejected("follow-up.no-seat", name=who)
        return who
    try:
        holder = parse_holder(who)
    except PydanticCustomError:
        holder = None
    if holder is not None and (
        holder.office in organisation.offices
        or (holder.role in organisation.roles and holder.body in organisation.committees)
    ):
        side, roster = ground.plan.register.visible(committee), ground.plan.register.roster
        if holder.office and side is not None and not roster.office_on(holder.office, side):
            raise FactRejected("follow-up.office-off-side", name=who, side=side.value)
        return who
    known = [*organisation.roles, *(f"office {key}" for key in organisation.offices)]
    near = get_close_matches(who, [*known, *ground.now.people], n=1)
    raise FactRejected(
        "follow-up.unknown-who",
        name=who,
        known=", ".join(organisation.roles),
        near=near[0] if near else "",
    )


def _day(text: str, today: date) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise FactRejected("cli.not-a-date", text=text) from error
    if on < today:
        raise FactRejected("fact.past-day", on=on)
    return on


def _meeting(ground: Ground, committee: str, text: str) -> str:
    """The meeting it stands at; the next one by its id, or `next` while none is planned."""
    plan = ground.plan.register.plan_of(committee)
    if text == NEXT:
        found = plan.after(ground.today)
        return found.id if found else NEXT
    meeting = meeting_named(plan, text, committee)
    if meeting.on < ground.today:
        raise FactRejected("fact.past-meeting", on=meeting.on)
    return meeting.id


def _unknown(code: str, name: str, known: list[str]) -> Unknown:
    near = get_close_matches(name, sorted(known), n=1)
    return Unknown(code, name=name, near=near[0] if near else "")
