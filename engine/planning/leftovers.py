"""What is still open though its day lies before the window: it stays until it is done or waived."""

from __future__ import annotations

from engine.planning.answers import acting_seats, answered_on
from engine.planning.deadlines import Deadline
from engine.planning.occurrences import Occurrence
from engine.planning.organisation import Seat
from engine.planning.outline import Outline
from engine.planning.periods import Window
from engine.planning.register import Register


def left_over(deadline: Deadline, window: Window, register: Register) -> bool:
    """Whether somebody still has to do it, though its day was before the window.

    Only from the day the window says, or where the site took it over from before; advice and
    days that come by themselves are never overdue.
    """
    due_on, since_on = deadline.due_on, window.open_since_on
    if since_on is None or due_on is None or due_on >= window.from_on:
        return False
    if deadline.automatic or not deadline.terms.binding or deadline.key in register.waived:
        return False
    if due_on < since_on and deadline.key not in register.taken_over:
        return False

    def asked() -> tuple[Seat, ...]:
        holders = deadline.terms.responsible
        return acting_seats(holders, deadline.committee, deadline.seat, register, due_on)

    return answered_on(deadline.key, deadline.line.step, asked, register) is None


def may_be_open(run: Occurrence, outline: Outline, register: Register) -> bool:
    """Whether a step of a run may be open still, before any day of it is reckoned."""
    return any(
        not line.automatic
        and (
            bool(line.step.committees)
            or line.step.finish != "one"
            or not _is_told(run.step_key(line.name), register)
        )
        for line in outline.steps
    )


def _is_told(key: str, register: Register) -> bool:
    return key in register.done or key in register.waived
