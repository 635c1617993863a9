"""When a round is over, and the next one begins."""

from __future__ import annotations

from datetime import date

from engine.planning.dating import Desk
from engine.planning.occurrences import Occurrence
from engine.planning.register import Register
from engine.planning.starts import EveryRound


def ended_on(occurrence: Occurrence, register: Register) -> date | None:
    """The day a round's last step was done or waived, by everybody who had to.

    1. The step is the one that `from: done STEP` names, otherwise the last of the file.
    2. Where it fans out, every committee that existed when the round began must have done it.
    3. Under `finish: each` or `all` it is done when nobody is left to answer.
    4. A day that comes by itself is over when it comes.

    Three of four members answered on 3 March 2026, the last on 9 March: 9 March.
    """
    start, outline = occurrence.workflow.start, register.outline(occurrence.workflow)
    assert isinstance(start, EveryRound)
    name = start.from_done.removeprefix("done").strip() or outline.steps[-1].name
    line, owner = outline.by_name[name], Desk(occurrence, outline, register)
    if not line.step.committees:
        return owner.settled_on(name)
    days: list[date] = []
    for target in register.targets(line, occurrence.committee):
        if not register.in_time(target, occurrence.about_on):
            continue
        on = Desk(occurrence, outline, register, target, owner).settled_on(name)
        if on is None:
            return None
        days.append(on)
    return max(days, default=None)
