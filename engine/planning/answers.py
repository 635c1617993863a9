"""Who must answer where several are asked, who has, and when the last of them did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.planning.organisation import Seat
from engine.planning.register import Register
from engine.planning.replies import Answered, all_replied_on, replies, seats_asked
from engine.planning.workflow import Holder, Step

__all__ = ["Answered", "acting_seats", "answered_on", "answers"]


def acting_seats(
    holders: tuple[Holder, ...], committee: str, own: Seat | None, register: Register, on: date
) -> tuple[Seat, ...]:
    """The seats that must act, as they are held on a day."""
    return seats_asked(holders, committee, own, register.roster, on)


def answers(key: str, seats: tuple[Seat, ...], register: Register) -> Answered:
    """Who of the seats must answer for themselves or their unit, and who has."""
    return replies(register.done.get(key, ()), seats)


def answered_on(
    key: str, step: Step, asked: Callable[[], tuple[Seat, ...]], register: Register
) -> date | None:
    """The day a step was really done: where each is asked, the day the last of them answered."""
    return all_replied_on(register.done.get(key, ()), step, asked)
