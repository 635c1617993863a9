"""The list of deadlines: what is overdue, what comes week by week, and what has no day yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from engine.planning.organisation import Organisation
from engine.planning.plan import Deadline
from engine.planning.status import State, state
from engine.planning.workflow import Holder
from engine.service.plans import View
from engine.web.visible import open_deadlines
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day, month, plain_day, short_day
from engine.wording.holders import holder_words, role_words
from engine.wording.lengths import listing
from engine.wording.states import missing_word, postponed_word, provisional_word, state_word

AHEAD = timedelta(days=60)

SYMBOLS = {
    State.DONE: "✓",
    State.WAIVED: "–",
    State.OVERDUE: "!",
    State.BLOCKED: "…",
    State.OPEN: "●",
    State.UPCOMING: "○",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """Where a deadline stands, as a word and a symbol; `flags` are what else is to be known."""

    state: str
    word: str
    symbol: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline in the list."""

    day: str
    on: str
    title: str
    workflow: str
    committee: str
    responsible: str
    badge: Badge
    path: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """What the front page lists, and the choice of committees it was narrowed by."""

    from_day: str
    until_day: str
    chosen: str
    unknown: bool
    committees: tuple[tuple[str, str], ...]
    overdue: tuple[Line, ...]
    weeks: tuple[Group, ...]
    undated: tuple[Line, ...]
    count: int


def coming(view: View, today: date, language: Language, chosen: str = "") -> Coming:
    """The open deadlines of the next sixty days, those of one committee where chosen."""
    committees = view.now.edition.organisation.committees
    known = chosen if chosen in committees else ""
    until_on = today + AHEAD
    lines: dict[str, list[tuple[Deadline, Line]]] = {"overdue": [], "coming": [], "undated": []}
    for deadline, uid in open_deadlines(view, today):
        if known and deadline.committee != known:
            continue
        standing = state(deadline, view.plan, today)
        place = _place(deadline, standing, view, today, until_on)
        if place:
            lines[place].append((deadline, _line(deadline, uid, standing, view, language)))
    return Coming(
        from_day=long_day(today, language),
        until_day=long_day(until_on, language),
        chosen=known,
        unknown=bool(chosen) and not known,
        committees=tuple((key, body.title) for key, body in committees.items()),
        overdue=tuple(line for _, line in lines["overdue"]),
        weeks=_weeks(lines["coming"], language),
        undated=tuple(line for _, line in lines["undated"]),
        count=len(lines["coming"]),
    )


def _place(deadline: Deadline, standing: State, view: View, today: date, until_on: date) -> str:
    """Which part of the list a deadline belongs in; what was before the site began, in none."""
    on, begun_on = deadline.due_on, view.now.in_force_on
    if on is None:
        settled = standing in (State.DONE, State.WAIVED)
        return "undated" if not settled and today <= deadline.about_on <= until_on else ""
    if standing is State.OVERDUE:
        ours = begun_on is None or on >= begun_on
        return "overdue" if ours or deadline.key in view.plan.register.taken_over else ""
    last_on = max(on, deadline.nominal_on or on)
    return "coming" if today <= last_on and on <= until_on else ""


def _weeks(lines: Iterable[tuple[Deadline, Line]], language: Language) -> tuple[Group, ...]:
    groups = groupby(lines, key=lambda each: _monday(each[0].due_on or date.max))
    return tuple(
        Group(week_heading(monday, language), tuple(line for _, line in found))
        for monday, found in groups
    )


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def week_heading(monday: date, language: Language) -> str:
    """A week by its number and its days.

    >>> week_heading(date(2026, 3, 23), "da")
    'Uge 13 · 23.–29. marts 2026'
    >>> week_heading(date(2026, 3, 30), "da")
    'Uge 14 · 30. marts – 5. april 2026'
    """
    sunday = monday + timedelta(days=6)
    if (monday.year, monday.month) == (sunday.year, sunday.month):
        code, first = "page.days", str(monday.day)
    elif monday.year == sunday.year:
        code = "page.days-across"
        name = month(monday.month, language)
        first = say("page.day-of-month", language, day=monday.day, month=name)
    else:
        code, first = "page.days-across", plain_day(monday, language)
    days = say(code, language, first=first, last=plain_day(sunday, language))
    return say("page.week", language, week=monday.isocalendar().week, days=days)


def badge(deadline: Deadline, standing: State, language: Language) -> Badge:
    """Where a deadline stands, in a word."""
    flags = []
    if deadline.postponed:
        flags.append(postponed_word(language))
    if deadline.due_on is None and deadline.missing:
        flags.append(missing_word(language))
    elif deadline.provisional:
        flags.append(provisional_word(language))
    word = state_word(standing, language)
    return Badge(standing.value, word, SYMBOLS[standing], tuple(flags))


def committee_title(deadline: Deadline, organisation: Organisation) -> str:
    """The body that a deadline belongs to; empty for one that belongs to none."""
    body = organisation.committees.get(deadline.committee)
    return body.title if body else ""


def _line(deadline: Deadline, uid: str, standing: State, view: View, language: Language) -> Line:
    organisation, on = view.now.edition.organisation, deadline.due_on
    words = (
        _short(holder, deadline, organisation, language) for holder in deadline.terms.responsible
    )
    without = say("page.no-day" if deadline.missing else "page.soon", language)
    return Line(
        day=short_day(on, language) if on else without,
        on=on.isoformat() if on else "",
        title=deadline.title,
        workflow=deadline.workflow_title or say("followup.title", language),
        committee=committee_title(deadline, organisation),
        responsible=listing(dict.fromkeys(words), language),
        badge=badge(deadline, standing, language),
        path=f"/deadlines/{uid}",
    )


def _short(
    holder: Holder, deadline: Deadline, organisation: Organisation, language: Language
) -> str:
    """A role beside the name of its own committee; one of another body with that body's name."""
    if holder.role and holder.body in ("", deadline.committee):
        return role_words(holder.role, organisation, language)
    return holder_words(holder, deadline.committee, organisation, language)
