"""The shipped municipality, and larger ones made of it: every committee below the top so often."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from engine.definitions import read_site, shipped_site, site_files
from engine.planning.edition import Edition


@cache
def shipped() -> Edition:
    edition = read_site(site_files(shipped_site())).edition
    assert edition is not None
    return edition


def enlarged(times: int) -> Edition:
    """The shipped edition with each committee that has a parent there so many times."""
    edition = shipped()
    organisation = edition.organisation
    committees = dict(organisation.committees)
    meetings, seats = dict(edition.meetings), list(edition.seats)
    copied = [key for key, body in committees.items() if body.parent is not None]
    for number in range(1, times):
        name = {key: f"{key}-{number}" for key in copied}
        for key in copied:
            body = committees[key]
            parent = name.get(body.parent or "", body.parent)
            committees[name[key]] = body.model_copy(update={"parent": parent})
            meetings[name[key]] = tuple(
                replace(meeting, committee=name[key]) for meeting in edition.meetings.get(key, ())
            )
        seats.extend(
            replace(seat, person=f"{seat.person}{number}", committee=name[seat.committee])
            for seat in edition.seats
            if seat.committee in name
        )
    return replace(
        edition,
        organisation=organisation.model_copy(update={"committees": committees}),
        meetings=meetings,
        seats=tuple(seats),
    )
