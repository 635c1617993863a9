"""Who must answer where several are asked, who has, and when the last of them did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.planning.organisation import Seat
from engine.planning.register import Register
from engine.planning.workflow import Holder, Step


@dataclass(frozen=True, slots=True)
class Answered:
    """Who has answered a deadline, and who has not."""

    wanted: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Those still asked, in order."""
        return tuple(who for who in self.wanted if who not in self.given)


def acting_seats(
    holders: tuple[Holder, ...], committee: str, own: Seat | None, register: Register, on: date
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
            seats.extend(register.roster.holding(holder, committee, on))
    return tuple(dict.fromkeys(seats))


def answers(key: str, seats: tuple[Seat, ...], register: Register) -> Answered:
    """Who of the seats must answer for themselves or their unit, and who has.

    Seats of one unit answer together; a report by nobody in particular counts for all.
    """
    wanted = tuple(dict.fromkeys(seat.unit or seat.person for seat in seats))
    unit_of = {seat.person: seat.unit or seat.person for seat in seats}
    given: list[str] = []
    for _, by, unit in register.done.get(key, ()):
        if not by and not unit:
            return Answered(wanted, wanted)
        given.append(unit or unit_of.get(by, by))
    return Answered(wanted, tuple(dict.fromkeys(given)))


def answered_on(
    key: str, step: Step, asked: Callable[[], tuple[Seat, ...]], register: Register
) -> date | None:
    """The day a step was really done: where each is asked, the day the last of them answered."""
    told = register.done.get(key)
    if not told:
        return None
    if step.finish != "one" and answers(key, asked(), register).lacking:
        return None
    return max(on for on, _, _ in told)
