"""What the world has been told against what holds now, in five verbs, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.planning.edition import Edition, FormerNames
from engine.planning.facts import Meeting
from engine.planning.plan import Deadline, Plan
from engine.planning.register import Register
from engine.planning.starts import EachMeeting
from engine.planning.status import is_reported, responsible_seats


class Verb(StrEnum):
    """What has happened to a deadline or meeting since it was last announced."""

    NEW = "new"
    MOVED = "moved"
    REASSIGNED = "reassigned"
    REWORDED = "reworded"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is announced of a deadline or meeting: everything a calendar entry says."""

    kind: str
    title: str
    workflow_title: str
    committee: str
    nominal_on: str
    due_on: str
    limit_on: str
    hours: str
    place: str
    meeting: str
    holders: tuple[str, ...]
    people: tuple[str, ...]
    visible: str
    confidential: bool
    sources: tuple[str, ...]
    derivation: str
    about_on: str = ""
    """What an undated deadline belongs to; a dated one belongs to its day."""
    informed: tuple[str, ...] = ()
    committee_title: str = ""
    member: str = ""
    """Whose seat it is about, where it is about a single member."""
    case: str = ""
    """The number of the case it belongs to."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The newest announcement of one key."""

    key: str
    uid: str
    revision: int
    changed_at: datetime
    retired_at: datetime | None
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the ledger and the plan."""

    verb: Verb
    key: str
    before: Snapshot | None
    after: Snapshot | None


def meeting_key(meeting: Meeting) -> str:
    """The name for life of a meeting as something announced."""
    return f"meeting/{meeting.committee}/{meeting.id}"


def deadline_snapshot(deadline: Deadline, register: Register) -> Snapshot:
    """What would be announced of a deadline now."""
    own = deadline.terms
    on = deadline.due_on or deadline.about_on
    seats = responsible_seats(deadline, register, on)
    informed = [
        seat
        for holder in own.inform
        for seat in register.roster.holding(holder, deadline.committee, on)
    ]
    body = register.roster.committees.get(deadline.committee)
    return Snapshot(
        kind=deadline.kind,
        title=deadline.title,
        workflow_title=deadline.workflow_title,
        committee=deadline.committee,
        nominal_on=_iso(deadline.nominal_on),
        due_on=_iso(deadline.due_on),
        limit_on=_iso(deadline.limit_on),
        hours="",
        place="",
        meeting=deadline.meeting,
        holders=tuple(str(holder) for holder in own.responsible),
        people=tuple(dict.fromkeys(seat.person for seat in seats)),
        visible=own.visible.value if own.visible else "",
        confidential=own.confidential,
        sources=tuple(f"{source.document}|{source.reference}" for source in own.source),
        derivation=_trace(deadline),
        about_on="" if deadline.due_on else deadline.about_on.isoformat(),
        informed=tuple(dict.fromkeys(seat.person for seat in informed)),
        committee_title=body.title if body else "",
        member=deadline.seat.person if deadline.seat else "",
        case=deadline.case,
    )


def meeting_snapshot(meeting: Meeting, title: str) -> Snapshot:
    """What would be announced of a meeting now."""
    times = [each.isoformat("minutes") for each in (meeting.starts, meeting.ends) if each]
    return Snapshot(
        kind="meeting",
        title=title,
        workflow_title="",
        committee=meeting.committee,
        nominal_on=meeting.id,
        due_on=meeting.on.isoformat(),
        limit_on="",
        hours="-".join(times),
        place=meeting.place,
        meeting=meeting.id,
        holders=(),
        people=(),
        visible="",
        confidential=False,
        sources=(),
        derivation="extraordinary" if meeting.extraordinary else "ordinary",
    )


def snapshots(plan: Plan) -> dict[str, Snapshot]:
    """Everything the plan would announce, by key; undated deadlines too."""
    found = {
        deadline.key: deadline_snapshot(deadline, plan.register) for deadline in plan.deadlines
    }
    committees = plan.register.roster.committees
    for meeting in plan.meetings:
        body = committees.get(meeting.committee)
        title = body.title if body else meeting.committee
        found[meeting_key(meeting)] = meeting_snapshot(meeting, title)
    return found


def renames(
    edition: Edition, ledger_keys: Iterable[str], told: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """The announced key that each renamed one goes on from, by its name now.

    Only what has been announced under a former name and not yet under its present one; where
    two committees were merged into one, the key that stands last in the ledger goes on.
    """
    announced = list(ledger_keys)
    known = set(announced)
    names = FormerNames(edition, told)
    return {
        present: key
        for key in announced
        if (present := names.present(key)) != key and present not in known
    }


def diff(plan: Plan, ledger: Mapping[str, Announced], renames: Mapping[str, str]) -> list[Change]:
    """The changes that bring the ledger in step with the plan, by key.

    Leaving the window is no retirement: a key is retired only when the edition no longer
    yields it at all. What is done or waived keeps the dates it was announced with. `renames`
    maps a new key to the old one it was announced under: it goes on, reworded.
    """
    now = snapshots(plan)
    changes = [
        change
        for key, after in now.items()
        if (
            change := _change(key, after, ledger.get(key) or ledger.get(renames.get(key, "")), plan)
        )
    ]
    carried_on = {old for new, old in renames.items() if new in now or new in ledger}
    for key, announced in ledger.items():
        if announced.retired_at is not None or key in now or key in carried_on:
            continue
        if _gone(key, announced, plan):
            changes.append(Change(Verb.RETIRED, key, announced.snapshot, None))
    return sorted(changes, key=lambda change: change.key)


def _change(key: str, after: Snapshot, announced: Announced | None, plan: Plan) -> Change | None:
    if announced is None or announced.retired_at is not None:
        return Change(Verb.NEW, key, None, after)
    before = announced.snapshot
    if _is_closed(key, plan):
        after = before
    if before == after:
        return None if announced.key == key else Change(Verb.REWORDED, key, before, after)
    if (before.due_on, before.nominal_on, before.hours) != (
        after.due_on,
        after.nominal_on,
        after.hours,
    ):
        return Change(Verb.MOVED, key, before, after)
    if (before.holders, before.people) != (after.holders, after.people):
        return Change(Verb.REASSIGNED, key, before, after)
    return Change(Verb.REWORDED, key, before, after)


def _gone(key: str, announced: Announced, plan: Plan) -> bool:
    if announced.snapshot.kind == "meeting":
        _, committee, meeting_id = key.split("/", 2)
        meeting = plan.register.plan_of(committee).by_id.get(meeting_id)
        if meeting is not None and not meeting.cancelled:
            return False
        return plan.window.holds(date.fromisoformat(announced.snapshot.due_on))
    key = plan.register.names.present(key)
    if key in plan.beyond or (_is_closed(key, plan) and not _was_cancelled(key, plan)):
        return False
    on = announced.snapshot.due_on or announced.snapshot.about_on
    return not on or plan.window.holds(date.fromisoformat(on))


def _is_closed(key: str, plan: Plan) -> bool:
    """Whether it is done or waived; what the plan no longer yields was if anybody said so."""
    register, deadline = plan.register, plan.by_key.get(key)
    if deadline is None or key in register.waived:
        return register.closed_on(key) is not None
    return is_reported(deadline, register)


def _was_cancelled(key: str, plan: Plan) -> bool:
    """Whether its run began with a meeting that is now called off."""
    names = key.rsplit("/", 3)
    workflow = plan.register.edition.workflows.get(names[0])
    if workflow is None or not isinstance(workflow.start, EachMeeting):
        return False
    meeting = plan.register.plan_of(workflow.start.of or names[1]).by_id.get(names[2])
    return meeting is not None and meeting.cancelled


def counted(changes: Iterable[Change], total: int) -> dict[str, int]:
    """How many of each verb, and how many stayed as they were."""
    counts = {verb.value: 0 for verb in Verb}
    changed = 0
    for change in changes:
        counts[change.verb.value] += 1
        changed += change.verb is not Verb.RETIRED
    return {**counts, "unchanged": total - changed}


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _trace(deadline: Deadline) -> str:
    """The derivation as one comparable line: which links, from which days."""
    links = " ".join(f"{link.kind}:{_iso(link.on)}" for link in deadline.derivation)
    gaps = " ".join(missing.kind for missing in deadline.missing)
    return f"{links} {gaps}".strip()
