"""What every decision about a deadline shares: what holds, who tells it, and how it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import TypeVar

from engine.errors import FactRejected
from engine.feed import horizon
from engine.planning.dating import meeting_of
from engine.planning.diff import Change
from engine.planning.facts import Meeting
from engine.planning.inputs import has_cpr
from engine.planning.meetings import MeetingPlanOf
from engine.planning.mentions import names_person
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, state
from engine.service.announcing import announce
from engine.service.current import Current, deadline_of, in_store
from engine.service.site import Site
from engine.store import Fact, FactRow, Store
from engine.wording.catalogue import Language
from engine.wording.gate import Sight, title

MOST_WORDS = 200

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Word:
    """Who tells something, why, and where it can be seen."""

    by: str = ""
    why: str = ""
    evidence: str = ""
    how: str = "command"


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds when something is decided."""

    now: Current
    plan: Plan
    today: date
    at: datetime

    @property
    def language(self) -> Language:
        """The site's language."""
        return self.now.edition.organisation.settings.language

    def deadline(self, key: str) -> Deadline:
        """The deadline with a key, by whatever name it was known."""
        return deadline_of(self.plan, self.plan.register.names.present(key))

    def called(self, deadline: Deadline) -> str:
        """A deadline's title; a confidential one's is never said."""
        return title(deadline, sight(deadline), self.language)

    def fact(self, deadline: Deadline, kind: str, on: date, word: Word) -> Fact:
        """A fact about a deadline, to be filled in."""
        return Fact.model_validate(
            {
                "key": deadline.key,
                "kind": kind,
                "on": on,
                "by": word.by,
                "how": word.how,
                "why": word.why,
                "evidence": word.evidence,
                "recorded_at": self.at,
            }
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """Facts as they were recorded, and what has become of the plan by them."""

    facts: tuple[FactRow, ...]
    before: Ground
    after: Ground
    changes: tuple[Change, ...]
    uids: Mapping[str, str]

    @property
    def fact(self) -> FactRow:
        """The first fact, where there is one."""
        return self.facts[0]


@dataclass(frozen=True, slots=True)
class Effect:
    """A deadline that came, went, or stands elsewhere because of a decision."""

    before: Deadline | None
    after: Deadline | None

    @property
    def deadline(self) -> Deadline:
        """The deadline as it stands, or as it stood last."""
        found = self.after or self.before
        assert found is not None
        return found


def effects(decided: Decided) -> list[Effect]:
    """What a decision moved, brought or took away; what is settled has the day it was told with."""
    before, after = _every(decided.before.plan), _every(decided.after.plan)
    found: list[Effect] = []
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None and _stands(one) == _stands(other):
            continue
        if other is not None and _is_settled(other, decided.after):
            continue
        found.append(Effect(one, other))
    return sorted(found, key=lambda each: each.deadline.order)


def _every(plan: Plan) -> dict[str, Deadline]:
    return {**plan.beyond, **plan.by_key}


def _stands(deadline: Deadline) -> tuple[date | None, str]:
    return deadline.due_on, deadline.meeting


def _is_settled(deadline: Deadline, ground: Ground) -> bool:
    return state(deadline, ground.plan, ground.today) in (State.DONE, State.WAIVED)


def sight(deadline: Deadline) -> Sight:
    """How much a command shows of a deadline."""
    return Sight.MASKED if deadline.terms.confidential else Sight.FULL


def ground_of(store: Store, site: Site) -> Ground:
    """What holds at the site's moment."""
    now = in_store(store)
    if now is None:
        raise FactRejected("service.no-edition")
    return Ground(now, now.plan(horizon(site.today, now.in_force_on)), site.today, site.now)


def decide(site: Site, word: Word, work: Callable[[Store, Ground], Result]) -> Result:
    """Does `work` in one transaction with what holds, once the words are fit to be kept.

    Where the database gave the transaction up whole, it is done again.
    """

    def once() -> Result:
        with store.writing():
            ground = ground_of(store, site)
            refuse_words(ground, word)
            return work(store, ground)

    with site.writing() as store:
        return store.whole(once)


def refuse_words(ground: Ground, word: Word) -> None:
    """Refuses a teller nobody knows, and words that are too long or about somebody."""
    refuse_teller(ground, word.by)
    for option, text in (("--why", word.why), ("--evidence", word.evidence)):
        refuse_text(ground, option, text, MOST_WORDS)


def refuse_text(ground: Ground, option: str, text: str, most: int) -> None:
    """Refuses a text that is too long, holds a CPR number or names somebody."""
    if len(text) > most:
        raise FactRejected("service.too-long", length=len(text), most=most)
    if has_cpr(text):
        raise FactRejected("service.cpr")
    if names_person(text, ground.now.people.values()):
        raise FactRejected("fact.names", option=option)


def refuse_teller(ground: Ground, by: str) -> None:
    """Refuses a teller nobody knows."""
    if by and by not in ground.now.people:
        near = get_close_matches(by, sorted(ground.now.people), n=1)
        raise FactRejected("service.unknown-person", name=by, near=near[0] if near else "")


def record(store: Store, site: Site, before: Ground, facts: Sequence[Fact]) -> Decided:
    """Writes facts, and what they change for those who follow along."""
    rows = tuple(store.add_fact(fact) for fact in facts)
    return announced(store, site, before, rows)


def announced(store: Store, site: Site, before: Ground, rows: tuple[FactRow, ...]) -> Decided:
    """What recorded facts change, announced in the same transaction."""
    now = in_store(store)
    assert now is not None
    reason = ", ".join(f"fact {row.id}" for row in rows)
    plan, changes = announce(store, now, site, reason=reason, by=rows[0].by if rows else "")
    uids = {key: told.uid for key, told in store.ledger().items()}
    return Decided(rows, before, Ground(now, plan, site.today, site.now), tuple(changes), uids)


def refuse_settled(ground: Ground, deadline: Deadline) -> None:
    """Refuses what is done or waived already; both can be undone first."""
    stands = state(deadline, ground.plan, ground.today)
    if stands is State.DONE:
        raise FactRejected("service.done-already", title=ground.called(deadline), key=deadline.key)
    if stands is State.WAIVED:
        on = ground.plan.register.waived[deadline.key]
        raise FactRejected(
            "fact.waived-already", title=ground.called(deadline), key=deadline.key, on=on
        )


def refuse_coming(on: date, today: date) -> None:
    """Refuses a day that has not come."""
    if on > today:
        raise FactRejected("service.done-tomorrow", on=on)


def body_of(deadline: Deadline) -> str:
    """The body at whose meeting an item stands: most often the deadline's own committee."""
    if deadline.nominal_on is None:
        return deadline.committee
    found = meeting_of(deadline.derivation, deadline.nominal_on)
    return (found[0] if found else "") or deadline.committee


def meeting_named(plan: MeetingPlanOf, text: str, body: str) -> Meeting:
    """A meeting by its id, or by the day it is held on now."""
    found = plan.by_id.get(text) or {each.on.isoformat(): each for each in plan.all}.get(text)
    if found is None:
        known = sorted(meeting.on.isoformat() for meeting in plan.all)
        near = get_close_matches(text, known, n=3, cutoff=0.6) or known[-3:]
        raise FactRejected(
            "fact.unknown-meeting", name=text, committee=body, known=", ".join(sorted(near)) or "–"
        )
    if found.cancelled:
        raise FactRejected("fact.cancelled-meeting", name=found.id, on=found.on)
    return found
