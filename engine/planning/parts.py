"""What one workflow asks of one committee: its deadlines, and what they were reckoned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import Finding
from engine.planning.deadlines import Deadline, deadlines, fences, only_deadline
from engine.planning.facts import FOLLOW_UP
from engine.planning.followups import follow_ups
from engine.planning.leftovers import left_over, may_be_open
from engine.planning.occurrences import Occurrence, occurrences
from engine.planning.outline import Outline
from engine.planning.periods import Window, add_months
from engine.planning.register import Register
from engine.planning.rounds import ended_on
from engine.planning.rules import Missing
from engine.planning.shortage import empty_parts, waited_for

# An undated deadline is shown for this long after what it belongs to.
UNDATED_DAYS = 400
# How far a chain of rules is followed when occurrences are gathered for a window.
FARTHEST_DAYS = 8_000

# What a site takes over when it begins is no older than its calendars show.
TAKEN_OVER_MONTHS = 13

PartKey = tuple[str, str]
"""The keys of a workflow and of the committee whose duty it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """The deadlines of one workflow for one committee, in the window and on the way to it."""

    inside: tuple[Deadline, ...]
    outside: tuple[Deadline, ...]
    findings: tuple[Finding, ...]
    empty: tuple[Finding, ...]
    """Parts of a period without a meeting; several workflows may say so of one committee."""
    waits_for: frozenset[str]
    """The bodies whose meetings it counts from or stands at."""
    asked: frozenset[str]
    """The bodies whose meetings were looked at: while they stand, so does this."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the runs of a workflow begin that a window has to do with."""

    outline: Outline
    window: Window
    ahead: Window
    """Where those begin whose rules may put a step in the window."""
    wide: Window
    """Where those begin that what was told may have brought there, or that it lately held."""


def reach_of(outline: Outline, window: Window) -> Reach:
    """How far around a window the runs of a workflow are looked for."""
    wide = window.widened(min(UNDATED_DAYS + outline.far_days, FARTHEST_DAYS))
    until_on = min(wide.until_on, window.widened(outline.ahead_days).until_on)
    return Reach(outline, window, Window(wide.from_on, until_on), wide)


def make_part(reach: Reach, committee: str, register: Register) -> Part:
    """The deadlines of a workflow for one committee that fall in the window, and those beside."""
    register.asked.clear()
    inside: list[Deadline] = []
    outside: list[Deadline] = []
    findings: list[Finding] = []
    outline, window, workflow = reach.outline, reach.window, reach.outline.workflow
    for occurrence in _runs(reach, committee, register):
        for deadline, fault in deadlines(occurrence, outline, register):
            if left_over(deadline, window, register):
                inside.append(deadline)
                continue
            if not _belongs(deadline, window) or (fault and _is_elsewhere(fault, window)):
                outside.append(deadline)
                continue
            inside.append(deadline)
            if fault is not None:
                findings.append(fault)
            elif deadline.line.fenced:
                findings.extend(fences(deadline, register))
    for occurrence in _older_runs(reach, committee, register):
        made = (deadline for deadline, _ in deadlines(occurrence, outline, register))
        inside.extend(each for each in made if left_over(each, window, register))
    empty = tuple(empty_parts(workflow, committee, register, window))
    return Part(
        tuple(inside),
        tuple(outside),
        tuple(findings),
        empty,
        waited_for(workflow, committee, register),
        frozenset(register.asked),
    )


def follow_up_part(window: Window, register: Register) -> Part:
    """What was agreed once, outside every workflow."""
    made = [only_deadline(occurrence, register) for occurrence in follow_ups(register, window)]
    inside = [each for each in made if _belongs(each, window) or left_over(each, window, register)]
    kept = {each.key for each in inside}
    outside = tuple(each for each in made if each.key not in kept)
    return Part(tuple(inside), outside, (), (), frozenset(), frozenset())


def beyond(reach: Reach, committee: str, register: Register) -> Iterator[Deadline]:
    """The deadlines of the runs that begin too late to put one in the window."""
    reached = _reached(reach, committee, register)
    if reached == reach.wide:
        return
    outline = reach.outline
    begun = occurrences(outline.workflow, committee, reached, register, ended_on)
    before = {run.key for run in begun}
    for run in occurrences(outline.workflow, committee, reach.wide, register, ended_on):
        if run.key not in before:
            yield from (deadline for deadline, _ in deadlines(run, outline, register))


def _reached(reach: Reach, committee: str, register: Register) -> Window:
    """Where runs begin that may put a deadline in the window.

    Only what was told can bring a step forward of what its rules reach.
    """
    outline = reach.outline
    if outline.says_done or (outline.workflow.key, committee) in register.postponed_runs:
        return reach.wide
    return reach.ahead


def _runs(reach: Reach, committee: str, register: Register) -> Iterator[Occurrence]:
    """The runs that may put a deadline in the window.

    What was postponed can lie any number of meetings after its anchors, so those runs are
    looked up by what was told of them.
    """
    workflow, reached = reach.outline.workflow, _reached(reach, committee, register)
    told = dict(register.postponed_runs.get((workflow.key, committee), {}))
    for occurrence in occurrences(workflow, committee, reached, register, ended_on):
        told.pop(occurrence.key, None)
        yield occurrence
    late = {key: days.from_on for key, days in told.items() if days.until_on >= reached.from_on}
    if not late:
        return
    earlier = reach_of(reach.outline, Window(min(late.values()), reached.from_on)).wide
    for occurrence in occurrences(workflow, committee, earlier, register, ended_on):
        if occurrence.key in late:
            yield occurrence


def _older_runs(reach: Reach, committee: str, register: Register) -> Iterator[Occurrence]:
    """The runs from before those that are looked at, if something of them may be open still."""
    since_on, outline = reach.window.open_since_on, reach.outline
    reached_on = reach.wide.from_on
    if since_on is None or since_on >= reached_on:
        return
    if register.taken_over:
        since_on = add_months(since_on, -TAKEN_OVER_MONTHS)
    near = {run.key for run in _runs(reach, committee, register)}
    earlier = reach_of(outline, Window(since_on, reached_on)).wide
    for run in occurrences(outline.workflow, committee, earlier, register, ended_on):
        if run.key not in near and may_be_open(run, outline, register):
            yield run


def _belongs(deadline: Deadline, window: Window) -> bool:
    due_on = deadline.dated.due_on
    if due_on is not None:
        return window.from_on <= due_on <= window.until_on
    if deadline.case or deadline.workflow == FOLLOW_UP:
        # These go on until somebody closes them, and closed ones yield nothing that is open.
        return deadline.about_on <= window.until_on
    if any(_is_before_all(missing, window) for missing in deadline.missing):
        return False
    stood_on = (missing.detail.get("of_on") for missing in deadline.missing)
    latest_on = max([deadline.about_on, *(on for on in stood_on if isinstance(on, date))])
    last_on = latest_on + timedelta(days=UNDATED_DAYS)
    return deadline.about_on <= window.until_on and last_on >= window.from_on


def _is_before_all(missing: Missing, window: Window) -> bool:
    """Whether a meeting is sought before the first that anybody wrote down, and the window."""
    known_from, of_on = missing.detail.get("known_from"), missing.detail.get("of_on")
    if not isinstance(known_from, date):
        return False
    sought_on = of_on if isinstance(of_on, date) else known_from - timedelta(days=1)
    return sought_on < window.from_on


def _is_elsewhere(fault: Finding, window: Window) -> bool:
    """Whether a deadline has no day only because it lies outside the window and its day sets."""
    lacking_on = fault.params["on"] if fault.field == "covers" else None
    return isinstance(lacking_on, date) and not window.holds(lacking_on)
