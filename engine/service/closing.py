"""A held meeting closed in one go: every item treated, postponed, not reached or not relevant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from engine.errors import DefinitionError, EngineError, FactRejected, Finding, Unknown
from engine.planning.facts import Meeting
from engine.planning.plan import Deadline
from engine.planning.status import State, state
from engine.service.agenda import grouped
from engine.service.deciding import (
    Decided,
    Ground,
    Word,
    announced,
    body_of,
    decide,
    ground_of,
    meeting_named,
    refuse_words,
    sight,
)
from engine.service.doing import Treated, done_fact, refuse_item
from engine.service.followups import Wanted, follow_up_fact
from engine.service.postponing import postponed_fact
from engine.service.site import Site
from engine.service.waiving import waived_fact
from engine.store import Fact, FactRow, Store
from engine.wording.gate import Sight

# What a command says of its options, a form says of its fields.
_IN_A_FORM = {
    "fact.past-limit": ("closing.past-limit", "to"),
    "fact.override-why": ("closing.anyway-why", "to"),
    "fact.waived-why": ("closing.why", "why"),
    "fact.names": ("closing.names", "why"),
    "fact.item-form": ("closing.item-form", "minutes_item"),
}


class Outcome(StrEnum):
    """What a meeting did with an item."""

    TREATED = "treated"
    POSTPONED = "postponed"
    NOT_REACHED = "not-reached"
    NOT_RELEVANT = "not-relevant"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a meeting; `settled` is what was decided of it before."""

    deadline: Deadline
    settled: FactRow | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one item, and where it is written; `places` are those of its fields."""

    key: str
    outcome: Outcome
    to: str = ""
    minutes_item: str = ""
    why: str = ""
    anyway: bool = False
    follow_ups: tuple[Wanted, ...] = ()
    places: Mapping[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held, and its items; `closed` counts those known by nothing but that."""

    ground: Ground
    committee: str
    meeting: Meeting
    items: tuple[Item, ...]
    closed: int = 0

    @property
    def open_items(self) -> tuple[Item, ...]:
        """Those of which nothing is decided yet."""
        return tuple(item for item in self.items if not item.is_settled)


@dataclass(frozen=True, slots=True)
class Closed:
    """What was recorded, what stood already, and what the next meeting has on its agenda.

    What belongs to one group is one item of the agenda.
    """

    held: Held
    decided: Decided
    next_meeting: Meeting | None
    agenda: tuple[tuple[Deadline, ...], ...]


def held(site: Site, committee: str, meeting: str) -> Held:
    """A meeting that was held, with its items as they stand."""
    with site.store() as store, store.reading():
        return held_on(store, ground_of(store, site), committee, meeting)


def close(
    site: Site, committee: str, meeting: str, verdicts: Iterable[Verdict], by: str = ""
) -> Closed:
    """Record what a meeting decided of every item, or nothing at all.

    What was decided before is kept as it is.
    """
    site = site.once()
    word, said = Word(by), list(verdicts)

    def told(store: Store, ground: Ground) -> Closed:
        found = held_on(store, ground, committee, meeting)
        facts, follow_ups = _facts(found, said, word)
        rows = [store.add_fact(fact) for fact in facts]
        year = site.today.year
        rows += [store.add_follow_up(fact, committee, year) for fact in follow_ups]
        decided = announced(store, site, ground, tuple(rows))
        return Closed(found, decided, *_next(decided.after, found))

    return decide(site, word, told)


def refuse(found: Held, verdict: Verdict, by: str) -> None:
    """Raises what would keep a verdict from being recorded."""
    item = next(item for item in found.items if item.deadline.key == verdict.key)
    _fact(found, item.deadline, verdict, Word(by))
    for wanted in verdict.follow_ups:
        follow_up_fact(found.ground, found.committee, wanted, Word(by))


def held_on(store: Store, ground: Ground, committee: str, named: str) -> Held:
    """A meeting and its items, once it is known to have been held."""
    bodies = ground.now.edition.organisation.committees
    if committee not in bodies:
        raise Unknown("service.unknown-committee", name=committee, near="")
    meeting = meeting_named(ground.plan.register.plan_of(committee), named, committee)
    if meeting.on > ground.today:
        raise FactRejected("fact.meeting-not-held", on=meeting.on)
    standing = store.standing_facts()
    every = [*ground.plan.deadlines, *ground.plan.beyond.values()]
    items = [
        item
        for deadline in sorted(every, key=lambda each: each.key)
        if (item := _item(ground, deadline, committee, meeting, standing)) is not None
    ]
    open_ones = [item for item in items if sight(item.deadline) is Sight.FULL]
    shown = tuple(item for group in grouped(open_ones, _deadline_of) for item in group)
    return Held(ground, committee, meeting, shown, len(items) - len(shown))


def _deadline_of(item: Item) -> Deadline:
    return item.deadline


def _item(
    ground: Ground,
    deadline: Deadline,
    committee: str,
    meeting: Meeting,
    standing: Sequence[FactRow],
) -> Item | None:
    """An item that stands at the meeting, or stood there until it was postponed.

    What is done by itself when the day comes is nothing to decide about.
    """
    if deadline.kind != "at" or deadline.automatic or body_of(deadline) != committee:
        return None
    names = ground.plan.register.names
    own = [row for row in standing if names.present(row.key) == deadline.key]
    left = [row for row in own if row.kind == "postponed" and row.from_meeting == meeting.id]
    if deadline.meeting != meeting.id:
        return Item(deadline, left[-1], is_settled=True) if left else None
    settled = state(deadline, ground.plan, ground.today) in (State.DONE, State.WAIVED)
    told = [row for row in own if row.kind in ("done", "waived")]
    return Item(deadline, told[-1] if settled and told else None, settled)


def _facts(found: Held, verdicts: list[Verdict], word: Word) -> tuple[list[Fact], list[Fact]]:
    """The facts of every open item; all that is wrong is told at once."""
    findings: list[Finding] = []
    facts: list[Fact] = []
    follow_ups: list[Fact] = []
    items = {item.deadline.key: item for item in found.items}
    said: set[str] = set()
    for verdict in verdicts:
        item = items.get(verdict.key)
        if verdict.key in said or item is None:
            code = "closing.said-twice" if verdict.key in said else "closing.unknown-item"
            findings.append(_placed(verdict, "key", code, key=verdict.key))
            continue
        said.add(verdict.key)
        if item.is_settled:
            continue
        for place, make in _makers(found, item.deadline, verdict, word):
            try:
                fact = make()
            except EngineError as error:
                code, where = _IN_A_FORM.get(error.code, (error.code, place))
                findings.append(_placed(verdict, where, code, **error.params))
                continue
            (follow_ups if fact.kind == "follow-up" else facts).append(fact)
    lacking = [item for item in found.open_items if item.deadline.key not in said]
    top = next((each.places["file"] for each in verdicts if "file" in each.places), Finding(""))
    findings += [
        replace(
            top,
            code="closing.item-missing",
            params={"title": item.deadline.title, "key": item.deadline.key},
        )
        for item in lacking
    ]
    if findings:
        raise DefinitionError(findings)
    return facts, follow_ups


def _makers(
    found: Held, deadline: Deadline, verdict: Verdict, word: Word
) -> Iterator[tuple[str, Callable[[], Fact]]]:
    place = {Outcome.TREATED: "minutes_item", Outcome.POSTPONED: "to"}
    yield (
        place.get(verdict.outcome, "outcome"),
        lambda: _fact(found, deadline, verdict, word),
    )
    for number, wanted in enumerate(verdict.follow_ups):
        yield (
            f"follow_up.{number}",
            lambda wanted=wanted: _follow_up(found, wanted, verdict, word),  # type: ignore[misc]
        )


def _fact(found: Held, deadline: Deadline, verdict: Verdict, word: Word) -> Fact:
    """The fact that a verdict becomes."""
    ground, meeting = found.ground, found.meeting
    said = replace(word, why=verdict.why)
    refuse_words(ground, said)
    refuse_item(verdict.minutes_item.strip())
    match verdict.outcome:
        case Outcome.TREATED:
            treated = Treated(meeting.id, verdict.minutes_item)
            fact = done_fact(ground, deadline, said, meeting.on, treated, for_all=True)
        case Outcome.POSTPONED | Outcome.NOT_REACHED:
            to = verdict.to if verdict.outcome is Outcome.POSTPONED else ""
            fact = postponed_fact(ground, deadline, said, to, meeting.on, verdict.anyway)
        case Outcome.NOT_RELEVANT:
            fact = waived_fact(ground, deadline, said, meeting.on)
    return fact.model_copy(
        update={"meeting": meeting.id, "minutes_item": verdict.minutes_item.strip()}
    )


def _follow_up(found: Held, wanted: Wanted, verdict: Verdict, word: Word) -> Fact:
    fact = follow_up_fact(found.ground, found.committee, wanted, word)
    return fact.model_copy(
        update={"meeting": found.meeting.id, "minutes_item": verdict.minutes_item.strip()}
    )


def _placed(verdict: Verdict, place: str, code: str, **params: object) -> Finding:
    at = verdict.places.get(place) or verdict.places.get("key") or Finding("", field=verdict.key)
    return replace(at, code=code, params=params)


def _next(after: Ground, found: Held) -> tuple[Meeting | None, tuple[tuple[Deadline, ...], ...]]:
    """The next ordinary meeting, and what stands on its agenda."""
    meeting = after.plan.register.plan_of(found.committee).after(found.meeting.on)
    if meeting is None:
        return None, ()
    agenda = (
        deadline
        for deadline in (*after.plan.deadlines, *after.plan.beyond.values())
        if deadline.kind == "at"
        and deadline.meeting == meeting.id
        and body_of(deadline) == found.committee
        and state(deadline, after.plan, after.today) not in (State.DONE, State.WAIVED)
    )
    in_order = sorted(agenda, key=lambda each: (not each.postponed, each.order))
    return meeting, grouped(in_order, lambda each: each)
