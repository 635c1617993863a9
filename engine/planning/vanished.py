"""Meetings that vanished from a plan where a new one appeared: most likely moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.errors import Finding
from engine.planning.edition import Edition
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
