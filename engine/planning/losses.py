"""What would disappear from one edition to the next: people, meetings and workflows."""

from __future__ import annotations

from dataclasses import dataclass

from engine.planning.edition import Edition, FormerNames


@dataclass(frozen=True, slots=True)
class Loss:
    """One that is gone: a `person` by initials, a `meeting` or a `workflow` by key."""

    kind: str
    name: str
    committee: str = ""


def losses(before: Edition, after: Edition) -> tuple[Loss, ...]:
    """The people, meetings and workflows that the later edition no longer has.

    What goes on under another name by `formerly` is not lost. A cancelled meeting still stands in
    its plan; one that is taken out is lost, however old.
    """
    names = FormerNames(after)
    people = {seat.person for seat in after.seats}
    gone = [Loss("person", each) for each in sorted({s.person for s in before.seats} - people)]
    meetings = {
        f"meeting/{meeting.committee}/{meeting.id}"
        for held in after.meetings.values()
        for meeting in held
    }
    gone += [
        Loss("meeting", meeting.id, meeting.committee)
        for _, held in sorted(before.meetings.items())
        for meeting in held
        if names.present(f"meeting/{meeting.committee}/{meeting.id}") not in meetings
    ]
    gone += [
        Loss("workflow", key)
        for key in sorted(before.workflows)
        if names.present(f"{key}/-/-/-").rsplit("/", 3)[0] not in after.workflows
    ]
    return tuple(gone)
