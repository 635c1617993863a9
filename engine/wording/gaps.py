"""What is not known yet, each thing in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from engine.planning.rules import Missing, month_end
from engine.wording.catalogue import has, say
from engine.wording.dates import long_day, month
from engine.wording.lengths import quoted, stretch
from engine.wording.names import Names
from engine.wording.telling import capital

_PLAIN_ANCHORS = ("leaving", "last done", "joining")


def gap_sentences(missing: Iterable[Missing], names: Names) -> str:
    """Everything that is missing, each thing told once."""
    told = dict.fromkeys(gap_sentence(gap, names) for gap in missing)
    return " ".join(told)


def gap_sentence(missing: Missing, names: Names) -> str:
    """One thing that is missing."""
    return GAPS[missing.kind](names, missing.detail)


def place(detail: Mapping[str, Any], names: Names) -> str:
    """The month of a year, or the period, that something is sought in."""
    if detail.get("month") is not None:
        name = month(detail["month"], names.language)
        return say("stretch.month", names.language, month=name, year=detail["year"])
    from_on, until_on = detail["period"]
    return stretch(from_on, until_on, names.language)


def _anchor(names: Names, detail: Mapping[str, Any]) -> str:
    name = str(detail["name"])
    if name in _PLAIN_ANCHORS:
        return say(f"gap.{name.replace(' ', '-')}", names.language)
    noun = _noun(name, names)
    if not name.endswith("meeting"):
        return say("gap.date", names.language, name=noun)
    meeting = names.held_in(noun, detail.get("committee"))
    of_on = detail.get("of_on")
    if of_on is not None:
        relation = "before" if name.startswith("previous") else "after"
        meeting = say(
            f"explain.near.{relation}",
            names.language,
            meeting=meeting,
            day=long_day(of_on, names.language),
        )
    return say("gap.meeting", names.language, meeting=capital(meeting))


def _noun(name: str, names: Names) -> str:
    return say(f"explain.anchor.{name.replace(' ', '-')}", names.language)


def _milestone(names: Names, detail: Mapping[str, Any]) -> str:
    name = names.milestone(str(detail["name"]))
    return say(
        "gap.milestone",
        names.language,
        name=name,
        kind=detail.get("kind"),
        period=detail.get("period"),
    )


def _given(names: Names, detail: Mapping[str, Any]) -> str:
    name = str(detail["name"])
    is_anchor = has(f"explain.anchor.{name.replace(' ', '-')}", names.language)
    return say("gap.date", names.language, name=_noun(name, names) if is_anchor else name)


def _done(names: Names, detail: Mapping[str, Any]) -> str:
    title = names.titled(str(detail["step"]), str(detail["title"]))
    return say("gap.done", names.language, title=capital(title))


def _input(names: Names, detail: Mapping[str, Any]) -> str:
    kind = "date" if detail["type"] == "date" else "other"
    title = quoted(str(detail["title"]), names.language)
    return say(f"gap.input-{kind}", names.language, title=title, case=detail["case"])


def _decision(names: Names, detail: Mapping[str, Any]) -> str:
    table = quoted(str(detail["table"]), names.language)
    return say("gap.decision", names.language, table=table)


def _refused(names: Names, detail: Mapping[str, Any]) -> str:
    reason = str(detail["reason"]).removesuffix(".")
    return say("gap.refused", names.language, case=detail["case"], reason=reason)


def _not_applying(names: Names, detail: Mapping[str, Any]) -> str:
    title = names.titled(str(detail["step"]), str(detail["title"]))
    return say("gap.not-applying", names.language, title=capital(title))


def _table(names: Names, _: Mapping[str, Any]) -> str:
    return say("gap.table", names.language)


def _error(names: Names, detail: Mapping[str, Any]) -> str:
    is_days = detail.get("code") == "workdays.not-covered"
    return say("gap.days-run-out" if is_days else "gap.error", names.language)


def _next_meeting(names: Names, detail: Mapping[str, Any]) -> str:
    return _anchor(names, {"name": "next meeting", **detail})


def _meeting(names: Names, detail: Mapping[str, Any]) -> str:
    language, which = names.language, detail["which"]
    begins_late = _begins_late(detail)
    if _is_planned(detail) and not begins_late:
        none = names.held_in(say("explain.meeting.no", language), detail["body"])
        meeting = say("explain.near.in", language, meeting=none, place=place(detail, names))
        return say("gap.no-meeting", language, meeting=meeting)
    meeting = names.held_in(say(f"explain.meeting.{which}", language), detail["body"])
    if detail.get("of_on") is None:
        sought = say("explain.near.in", language, meeting=meeting, place=place(detail, names))
    else:
        relation = detail["relation"] or ("after" if which == "next" else "before")
        code = f"explain.near.{str(relation).replace(' ', '-')}"
        sought = say(code, language, meeting=meeting, day=long_day(detail["of_on"], language))
    if begins_late:
        unknown = say("gap.meeting-unknown-before", language, meeting=capital(sought))
        return f"{unknown} {_planned_from(begins_late, names)}"
    unknown = say("gap.meeting-unknown", language, meeting=capital(sought))
    return f"{unknown} {_planned(detail, names)}"


def _begins_late(detail: Mapping[str, Any]) -> date | None:
    """The first day of a meeting plan that begins after the meeting that is sought."""
    if detail.get("unplanned") is not None:
        return None
    begins_on: date | None = detail.get("known_from") or detail.get("none_before")
    return begins_on


def _sought_from(detail: Mapping[str, Any]) -> date:
    """The first day of the month or the period that a meeting is sought in."""
    if detail.get("month") is None:
        first_on: date = detail["period"][0]
        return first_on
    return date(detail["year"], detail["month"], 1)


def _is_planned(detail: Mapping[str, Any]) -> bool:
    """Whether meetings are planned for all of the month or period that has none."""
    if detail.get("of_on") is not None or detail.get("known_until") is None:
        return False
    if detail.get("month") is None:
        return bool(detail["period"][1] <= detail["known_until"])
    return bool(month_end(_sought_from(detail)) <= detail["known_until"])


def _planned_from(known_from: date, names: Names) -> str:
    if (known_from.month, known_from.day) == (1, 1):
        return say("gap.known-from-year", names.language, year=known_from.year)
    return say("gap.known-from", names.language, day=long_day(known_from, names.language))


def _planned(detail: Mapping[str, Any], names: Names) -> str:
    if detail.get("unplanned") is not None:
        return say("gap.unplanned-year", names.language, year=detail["unplanned"])
    return _planned_until(detail.get("known_until"), names)


def _planned_until(known_until: date | None, names: Names) -> str:
    if known_until is None:
        return say("gap.no-meetings", names.language)
    if (known_until.month, known_until.day) == (12, 31):
        return say("gap.known-until-year", names.language, year=known_until.year)
    return say("gap.known-until", names.language, day=long_day(known_until, names.language))


GAPS: Mapping[str, Callable[[Names, Mapping[str, Any]], str]] = {
    "anchor": _anchor,
    "milestone": _milestone,
    "given": _given,
    "done": _done,
    "input": _input,
    "decision": _decision,
    "refused": _refused,
    "not applying": _not_applying,
    "table": _table,
    "error": _error,
    "next meeting": _next_meeting,
    "meeting": _meeting,
}
"""The words for every kind of thing that planning may miss."""
