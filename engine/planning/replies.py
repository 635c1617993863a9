"""Answers to a step that several are asked about: who was asked, who has answered, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.planning.organisation import Seat
from engine.planning.roster import Roster
from engine.planning.workflow import Holder, Step

Told = Sequence[tuple[date, str, str]]
"""Reports that something is done: the day, who did it, and the unit they answer for."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Who has answered a deadline, and who has not."""

    wanted: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Those still asked, in order."""
        return tuple(who for who in self.wanted if who not in self.given)


def seats_asked(
    holders: tuple[Holder, ...], committee: str, own: Seat | None, roster: Roster, on: date
) -> tuple[Seat, ...]:
    """The seats that must act, as they are held on a day.

    Where a workflow begins with a member and the responsible role is the member's own, it is
    that member alone.
    """
    seats: list[Seat] = []
    for holder in holders:
        if own is not None and not holder.body and holder.role == own.role:
            seats.extend([own] if own.held(on) else [])
        else:
            seats.extend(roster.holding(holder, committee, on))
    return tuple(dict.fromkeys(seats))


def replies(told: Told, seats: tuple[Seat, ...]) -> Answered:
    """Who of the seats must answer for themselves or their unit, and who has.

    Seats of one unit answer together; a report by nobody in particular counts for all.
    """
    wanted = tuple(dict.fromkeys(seat.unit or seat.person for seat in seats))
    unit_of = {seat.person: seat.unit or seat.person for seat in seats}
    given: list[str] = []
    for _, by, unit in told:
        if not by and not unit:
            return Answered(wanted, wanted)
        given.append(unit or unit_of.get(by, by))
    return Answered(wanted, tuple(dict.fromkeys(given)))


def all_replied_on(told: Told, step: Step, asked: Callable[[], tuple[Seat, ...]]) -> date | None:
    """The day a step was really done: where each is asked, the day the last of them answered."""
    if not told:
        return None
    if step.finish != "one" and replies(told, asked()).lacking:
        return None
    return max(on for on, _, _ in told)
