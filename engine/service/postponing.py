"""Items that go to another meeting, and deadlines that get another day by decision."""

from __future__ import annotations

from datetime import date, timedelta

from engine.errors import FactRejected
from engine.planning.facts import NEXT, Meeting
from engine.planning.meetings import MeetingPlanOf
from engine.planning.plan import Deadline
from engine.service.agenda import together_with
from engine.service.deciding import (
    Decided,
    Ground,
    Word,
    body_of,
    decide,
    meeting_named,
    record,
    refuse_settled,
)
from engine.service.site import Site
from engine.store import Fact, Store


def postpone(
    site: Site,
    key: str,
    to: str = "",
    by: str = "",
    why: str = "",
    evidence: str = "",
    on: date | None = None,
    override: bool = False,
) -> Decided:
    """Record that an item goes to a later meeting, or a deadline to a later day.

    Items of one group at one meeting are one item: they go together, or none of them does.
    """
    site = site.once()
    word = Word(by, why, evidence)

    def told(store: Store, ground: Ground) -> Decided:
        deadline = ground.deadline(key)
        going = (deadline, *together_with(ground, deadline))
        facts = [postponed_fact(ground, each, word, to, on, override) for each in going]
        return record(store, site, ground, facts)

    return decide(site, word, told)


def postponed_fact(
    ground: Ground,
    deadline: Deadline,
    word: Word,
    to: str = "",
    on: date | None = None,
    override: bool = False,
) -> Fact:
    """The fact that something is postponed, if that may be said.

    Not past the last day that law or agreement allows, unless somebody says so and why.
    """
    refuse_settled(ground, deadline)
    if deadline.kind not in ("at", "due"):
        raise FactRejected(f"fact.postpone-{deadline.kind}", title=ground.called(deadline))
    on = on or ground.today
    if on > ground.today:
        raise FactRejected("service.done-tomorrow", on=on)
    told, to_on = (
        _to_meeting(ground, deadline, to, on)
        if deadline.kind == "at"
        else _to_day(ground, deadline, to)
    )
    limit_on = deadline.limit_on
    past = limit_on is not None and to_on is not None and to_on > limit_on
    if past and not (override and word.why):
        code = "fact.override-why" if override else "fact.past-limit"
        raise FactRejected(code, title=ground.called(deadline), on=to_on, limit_on=limit_on)
    return ground.fact(deadline, "postponed", on, word).model_copy(
        update={**told, "past_limit": past}
    )


def _to_meeting(
    ground: Ground, deadline: Deadline, to: str, on: date
) -> tuple[dict[str, object], date | None]:
    """From the meeting where the item stands, to the one named or the next ordinary one."""
    body = body_of(deadline)
    plan = ground.plan.register.plan_of(body)
    stands = _stands(ground, deadline, plan)
    if to and to != NEXT:
        target: Meeting | None = meeting_named(plan, to, body)
        assert target is not None
        if target.on < ground.today:
            raise FactRejected("fact.past-meeting", on=target.on)
        if target.on <= stands.on:
            raise FactRejected("fact.earlier-meeting", on=target.on, stands_on=stands.on)
    elif not deadline.meeting:
        raise FactRejected("fact.waits-already", title=ground.called(deadline), on=stands.on)
    else:
        target = plan.after(max(stands.on, on - timedelta(days=1)))
        # What was decided some time ago went to a meeting that may be over by now.
        if target is not None and target.on < ground.today:
            target = plan.after(ground.today - timedelta(days=1))
    told: dict[str, object] = {
        "from_meeting": stands.id,
        "to_meeting": target.id if target else "",
    }
    return told, target.on if target else _at_the_earliest(plan, stands)


def _stands(ground: Ground, deadline: Deadline, plan: MeetingPlanOf) -> Meeting:
    """The meeting an item stands at, or stood at before it came to wait for the next one."""
    told = ground.plan.register.postponed.get(deadline.key)
    meeting_id = deadline.meeting or (told[-1].from_meeting if told else "")
    meeting = plan.by_id.get(meeting_id)
    if meeting is None:
        raise FactRejected("fact.no-meeting", title=ground.called(deadline))
    return meeting


def _at_the_earliest(plan: MeetingPlanOf, stands: Meeting) -> date | None:
    """A meeting that nobody has planned lies after the years whose meetings are all known."""
    known_until = plan.known.known_until
    return max(known_until, stands.on) + timedelta(days=1) if known_until else None


def _to_day(ground: Ground, deadline: Deadline, to: str) -> tuple[dict[str, object], date]:
    """From the day a deadline is due to a later one; the day as reckoned is kept beside it."""
    if deadline.due_on is None:
        raise FactRejected("fact.no-day", title=ground.called(deadline))
    if not to:
        raise FactRejected("fact.to-missing", title=ground.called(deadline))
    try:
        to_on = date.fromisoformat(to)
    except ValueError as error:
        raise FactRejected("cli.not-a-date", text=to) from error
    if to_on <= deadline.due_on:
        raise FactRejected("fact.earlier-day", on=to_on, due_on=deadline.due_on)
    if to_on < ground.today:
        raise FactRejected("fact.past-day", on=to_on)
    return {"from_on": deadline.due_on, "to_on": to_on}, to_on
