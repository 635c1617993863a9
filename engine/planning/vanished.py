"""Meetings that vanished from a plan: most likely moved, or taken out with their file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from engine.errors import Finding, Severity
from engine.planning.edition import Edition, FormerNames
from engine.planning.facts import Meeting


def vanished_meetings(before: Edition, after: Edition) -> Iterator[Finding]:
    """An error for each new meeting that stands where an old one stood.

    A meeting's id is the day it was first planned for, so a date that is merely changed would
    lose what was told about it. Where one meeting vanished and one appeared between the same
    neighbours, the file must say `moved from`.
    """
    for committee, meetings in after.meetings.items():
        old = {meeting.id: meeting for meeting in before.meetings.get(committee, ())}
        new = {meeting.id: meeting for meeting in meetings}
        gaps = _by_gap(old, old.keys() & new.keys())
        for gap, appeared in _by_gap(new, old.keys() & new.keys()).items():
            gone = gaps.get(gap, [])
            if len(gone) == 1 and len(appeared) == 1:
                yield _finding(gone[0], appeared[0])


def removed_meetings(before: Edition, after: Edition, since_on: date) -> Iterator[Finding]:
    """A warning for each body some of whose meetings are gone without having been called off.

    Meetings from before a day may be removed: their deadlines have been met, and calendars show
    them no more. With them go the deadlines of later ones, so that is never done in silence.
    """
    moved = {each.params["old"] for each in vanished_meetings(before, after)}
    names = FormerNames(after)
    kept = {f"meeting/{body}/{each.id}" for body, held in after.meetings.items() for each in held}
    gone: dict[str, list[Meeting]] = defaultdict(list)
    for body, held in before.meetings.items():
        for meeting in held:
            present = names.present(f"meeting/{body}/{meeting.id}")
            is_late = meeting.on >= since_on and not meeting.cancelled
            if is_late and present not in kept and meeting.id not in moved:
                gone[present.split("/")[1]].append(meeting)
    for body, meetings in gone.items():
        yield _removed(body, sorted(meetings, key=lambda each: each.on))


def _removed(committee: str, meetings: list[Meeting]) -> Finding:
    return Finding(
        "plan.meetings-removed",
        Severity.WARNING,
        path="calendars/meetings",
        field=committee,
        params={
            "committee": committee,
            "number": len(meetings),
            "first_on": meetings[0].on,
            "last_on": meetings[-1].on,
        },
    )


def _by_gap(meetings: Mapping[str, Meeting], kept: set[str]) -> dict[str, list[Meeting]]:
    """The meetings that are not kept, by the id of the kept one before them."""
    found: dict[str, list[Meeting]] = {}
    previous = ""
    for meeting in sorted(meetings.values(), key=lambda each: (each.id, each.on)):
        if meeting.id in kept:
            previous = meeting.id
        else:
            found.setdefault(previous, []).append(meeting)
    return found


def _finding(gone: Meeting, appeared: Meeting) -> Finding:
    return Finding(
        "plan.meeting-vanished",
        path=f"calendars/meetings/{appeared.committee}-{appeared.on.year}.yaml",
        field=appeared.id,
        params={
            "committee": appeared.committee,
            "old_on": gone.on,
            "old": gone.id,
            "new_on": appeared.on,
        },
    )
