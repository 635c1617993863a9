"""Meetings moved, cancelled and added: one row of a meeting plan at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.errors import EngineError, Unknown
from engine.service.meeting_rows import (
    Wanted,
    Written,
    clock_times,
    committee_named,
    with_edits,
    written_meetings,
)
from engine.service.rewriting import Rewriting, Standing, rewriting, standing, write
from engine.service.site import Site


@dataclass(frozen=True, slots=True)
class Replanned:
    """What was done to a committee's plan, and the files that say so."""

    verb: str
    committee: str
    stands: Standing
    made: Rewriting
    on: date
    before: date | None = None
    written: bool = False


def move(
    site: Site,
    committee: str,
    old: date,
    new: date,
    time: str = "",
    place: str = "",
    dry_run: bool = False,
) -> Replanned:
    """Hold a meeting on another day, or at another time or place; its name stays."""
    site = site.once()
    stands = standing(site)
    key = committee_named(committee, stands.edition.organisation.committees)
    meeting = _standing_on(written_meetings(stands.files, key), key, old)
    fields = moved_fields(meeting, new) | _where(time, place)
    fields = {name: text for name, text in fields.items() if text != _said(meeting, name)}
    if not fields:
        raise EngineError("meetings.stands-so", on=old)
    wanted = Wanted(fields, meeting)
    return _done(site, stands, "moved", key, wanted, (new, meeting.row.on), dry_run)


def cancel(site: Site, committee: str, on: date, dry_run: bool = False) -> Replanned:
    """Cancel a meeting; its row stays, so that what was told of it stays."""
    site = site.once()
    stands = standing(site)
    key = committee_named(committee, stands.edition.organisation.committees)
    meeting = _standing_on(written_meetings(stands.files, key), key, on)
    wanted = Wanted({"status": "cancelled"}, meeting)
    return _done(site, stands, "cancelled", key, wanted, (meeting.row.on, None), dry_run)


def add(
    site: Site,
    committee: str,
    on: date,
    time: str = "",
    place: str = "",
    extraordinary: bool = False,
    dry_run: bool = False,
) -> Replanned:
    """Plan one more meeting."""
    site = site.once()
    stands = standing(site)
    key = committee_named(committee, stands.edition.organisation.committees)
    kind = {"kind": "extraordinary"} if extraordinary else {}
    wanted = Wanted({"date": on.isoformat(), **kind, **_where(time, place)})
    return _done(site, stands, "added", key, wanted, (on, None), dry_run)


def moved_fields(meeting: Written, new: date) -> dict[str, str | None]:
    """A row's day and its first day; back on its first day it was never moved."""
    if new == meeting.row.on:
        return {}
    if new == meeting.id:
        return {"date": new.isoformat(), "moved from": None}
    return {"date": new.isoformat(), "moved from": meeting.id.isoformat()}


def _said(meeting: Written, name: str) -> str | None:
    row = meeting.row
    said = {"time": row.time, "place": row.place or None, "date": row.on.isoformat()}
    if row.moved_from:
        said["moved from"] = row.moved_from.isoformat()
    return said.get(name)


def _where(time: str, place: str) -> dict[str, str | None]:
    told: dict[str, str | None] = {}
    if time:
        told["time"] = clock_times(time)
    if place:
        told["place"] = " ".join(place.split())
    return told


def _standing_on(meetings: Sequence[Written], committee: str, on: date) -> Written:
    """The meeting held on a day or named by it, the held one first."""
    by_day = [each for each in meetings if each.row.on == on and not each.cancelled]
    by_name = [each for each in meetings if each.id == on and not each.cancelled]
    if by_day or by_name:
        return (by_day or by_name)[0]
    if any(on in (each.row.on, each.id) for each in meetings):
        raise EngineError("meetings.cancelled-already", on=on)
    near = min(meetings, key=lambda each: abs(each.row.on - on), default=None)
    if near is None:
        raise Unknown("meetings.none-at-all", committee=committee)
    raise Unknown("meetings.none-that-day", committee=committee, on=on, closest=near.row.on)


def _done(
    site: Site,
    stands: Standing,
    verb: str,
    committee: str,
    wanted: Wanted,
    days: tuple[date, date | None],
    dry_run: bool,
) -> Replanned:
    changed = with_edits(stands.files, committee, [wanted])
    made = rewriting(site, stands, changed)
    if not dry_run:
        write(site, made)
    return Replanned(verb, committee, stands, made, *days, written=not dry_run)
