"""The words for every link of a derivation: points in time, and what is reckoned from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from engine.planning.facts import Meeting
from engine.planning.rules import LAST, WEEKDAYS, DayKind, Link, Missing, Unit
from engine.planning.sources import Source
from engine.planning.starts import TimesPerPeriod
from engine.wording.catalogue import has, say
from engine.wording.dates import month, short_day, weekday
from engine.wording.gaps import gap_sentences, place
from engine.wording.lengths import amount, listing, quoted, stretch
from engine.wording.sources import sources_words
from engine.wording.telling import Form, Phrase, Telling, capital

Detail = Mapping[str, Any]

MANY_CLOSED_DAYS = 6
"""More closed days than this are counted, not listed."""

_MEETINGS = ("meeting", "their meeting", "previous meeting", "next meeting")


def tell(telling: Telling, links: Sequence[Link]) -> None:
    """Takes the links in, in order."""
    for link in links:
        if link.on is not None:
            TELLERS[link.kind](telling, link.on, link.detail)


def _anchor(telling: Telling, on: date, detail: Detail) -> None:
    name = str(detail["name"])
    if name == "round end" and "every" in detail:
        telling.put(Phrase(_round(telling, detail), on, Form.RECKONED))
    elif name in _MEETINGS:
        _own_meeting(telling, name, on, detail)
    elif name.startswith(("period ", "part ")):
        telling.put(Phrase(_edge(telling, name, on, detail), on, Form.EDGE))
    elif name.startswith("year ") and "year" in detail:
        noun = telling.say(f"anchor.{_code(name)}-of", number=detail["year"])
        telling.put(Phrase(noun, on, Form.EDGE))
    else:
        form = Form.EDGE if name.endswith((" start", " end")) else Form.POINT
        telling.put(Phrase(telling.say(f"anchor.{_code(name)}"), on, form))


def _own_meeting(telling: Telling, name: str, on: date, detail: Detail) -> None:
    noun, names = telling.say(f"anchor.{_code(name)}"), telling.names
    if name == "their meeting" and detail.get("committee"):
        noun = names.held_in(telling.say("anchor.meeting"), str(detail["committee"]))
    if name not in ("previous meeting", "next meeting") or names.met_on is None:
        is_told = _is(telling.meeting, detail)
        telling.put(Phrase(noun, on, is_meeting=True, is_told=is_told))
        return
    code, which = ("near.after", "first") if name == "next meeting" else ("near.before", "last")
    telling.put(Phrase(telling.say("anchor.meeting"), names.met_on))
    meeting = telling.say(f"meeting.{which}")
    noun = telling.say(code, meeting=meeting, day=telling.embedded())
    telling.put(Phrase(noun, on, Form.RECKONED, is_meeting=True))


def _is(meeting: Meeting | None, detail: Detail) -> bool:
    own = (detail.get("committee"), detail.get("meeting"))
    return meeting is not None and (meeting.committee, meeting.id) == own


def _round(telling: Telling, detail: Detail) -> str:
    count, unit = detail["every"]
    last = telling.say("anchor.last-done")
    day = telling.say("point", noun=last, day=telling.day(detail["from_on"]))
    return telling.say("count.after", amount=amount(count, Unit(unit), telling.language), day=day)


def _edge(telling: Telling, name: str, on: date, detail: Detail) -> str:
    """The beginning or end of a year, half-year, quarter or month, or else of the period."""
    start = telling.names.workflow.start if telling.names.workflow else None
    if name.startswith("part "):
        months = start.part_months if isinstance(start, TimesPerPeriod) else 0
    else:
        months = _months_of(str(detail.get("period")), on)
    if months not in _STRETCHES:
        return telling.say(f"anchor.{_code(name)}")
    number = (on.month + months - 1) // months
    code = f"{name.split()[1]}-of.{_STRETCHES[months]}"
    return telling.say(code, number=number, month=month(on.month, telling.language))


_STRETCHES = {12: "year", 6: "half-year", 3: "quarter", 1: "month"}


def _months_of(period: str, on: date) -> int:
    part = period.partition("-")[2]
    if part:
        return {"H": 6, "Q": 3}.get(part[0], 1)
    # A period of several years has the key of its first year.
    return 12 if period == str(on.year) else 0


def _milestone(telling: Telling, on: date, detail: Detail) -> None:
    name = str(detail["name"])
    names = telling.names
    if names.workflow is not None and names.dated_by(name) == names.step:
        telling.state()
        about = {"kind": detail.get("kind"), "period": detail.get("period")}
        telling.settle(telling.say("entered", day=telling.day(on), **about))
    elif names.stands_near(name):
        telling.put(Phrase("", on, Form.DAY))
        about = {"kind": detail.get("kind"), "period": detail.get("period")}
        telling.notes.append(telling.say("entered", day=short_day(on, telling.language), **about))
    else:
        telling.put(Phrase(names.milestone(name), on))


def _input(telling: Telling, on: date, detail: Detail) -> None:
    name, title = str(detail["name"]), quoted(str(detail["title"]), telling.language)
    names = telling.names
    if names.workflow is not None and names.dated_by(name) == names.step:
        telling.state()
        day, case = telling.day(on), detail["case"]
        telling.settle(telling.say("input-entered", day=day, title=title, case=case))
    else:
        telling.put(Phrase(telling.say("input", title=title), on))


def _given(telling: Telling, on: date, detail: Detail) -> None:
    name = str(detail["name"])
    if has(f"explain.anchor.{_code(name)}", telling.language):
        telling.put(Phrase(telling.say(f"anchor.{_code(name)}"), on))
    else:
        telling.put(Phrase(name, on, literal=True))


def _step(telling: Telling, on: date, detail: Detail) -> None:
    title = telling.names.titled(str(detail["step"]), str(detail["title"]))
    telling.state()
    for link in detail.get("links", ()):
        if link.kind == "postponed" and detail.get("postponed"):
            days = {"from_day": telling.day(link.detail["from_on"]), "day": telling.day(link.on)}
            telling.sentences.append(telling.say("step-postponed", title=capital(title), **days))
        elif link.kind == "part" and link.detail["why"] == "none":
            _without_meeting(telling, link.detail)
    telling.put(Phrase(title, on))


def _done(telling: Telling, on: date, detail: Detail) -> None:
    title = telling.names.titled(str(detail["step"]), str(detail["title"]))
    telling.put(Phrase(telling.say("done", title=title), on))


def _part(telling: Telling, on: date, detail: Detail) -> None:
    part = stretch(detail["from_on"], detail["until_on"], telling.language)
    why = str(detail["why"])
    if why == "none":
        _without_meeting(telling, detail)
        telling.put(Phrase(telling.say("part.last-day", part=part), on, Form.RECKONED))
        telling.year_said(detail["until_on"].year)
        return
    apart = detail.get("apart")
    span = amount(apart[0], Unit(apart[1]), telling.language) if apart else ""
    if why == "only" and apart and not detail["too_near"]:
        why = "only-possible"
    preferred = month(on.month, telling.language)
    telling.notes.append(telling.say(f"part.{why}", part=part, month=preferred, apart=span))
    if detail["too_near"]:
        telling.notes.append(telling.say("part.too-near", part=part, apart=span))


def _without_meeting(telling: Telling, detail: Detail) -> None:
    part = stretch(detail["from_on"], detail["until_on"], telling.language)
    telling.sentences.append(telling.say("part.none", part=part))
    telling.provisional_told = True


def _postponed(telling: Telling, on: date, detail: Detail) -> None:
    if detail["from_on"] == on:
        return
    stood = telling.embedded()
    telling.settle(telling.say("postponed", stood=stood, day=telling.day(on)))


def _decided(telling: Telling, on: date, detail: Detail) -> None:
    telling.state()
    code = "decided" if detail["nominal_on"] else "decided-alone"
    telling.settle(telling.say(code, day=telling.day(on)))


def _date(telling: Telling, on: date, _: Detail) -> None:
    telling.put(Phrase("", on, Form.DAY))


def _ordinal(telling: Telling, on: date, detail: Detail) -> None:
    kind = DayKind(detail["of"])
    language = telling.language
    if kind in WEEKDAYS:
        day = weekday(WEEKDAYS.index(kind), language)
    else:
        day = say(f"explain.kind.{_code(kind)}", language)
    number = "last" if detail["ordinal"] == LAST else str(detail["ordinal"])
    noun = telling.say(
        "ordinal",
        ordinal=telling.say(f"ordinal.{number}"),
        day=day,
        place=place(detail, telling.names),
    )
    telling.put(Phrase(noun, on, Form.RECKONED))
    telling.year_said(on.year)


def _week(telling: Telling, on: date, detail: Detail) -> None:
    day = weekday(detail["weekday"], telling.language)
    noun = telling.say("week", day=day, week=detail["week"])
    telling.put(Phrase(noun, on, Form.RECKONED))


def _count(telling: Telling, on: date, detail: Detail) -> None:
    amounts = [(count, Unit(unit)) for count, unit in detail["amounts"]]
    code = f"count.{detail['direction']}"
    if amounts == [(0, Unit.WORKING_DAY)]:
        code += "-zero"
    words = listing((amount(*each, telling.language) for each in amounts), telling.language)
    noun = telling.say(code, amount=words, day=telling.embedded())
    note = _skipped(telling, [str(name) for _, name in detail["skipped"] if name])
    telling.put(Phrase(noun, on, Form.RECKONED, note=note))


def _skipped(telling: Telling, closed: Iterable[str]) -> str:
    names = list(dict.fromkeys(closed))
    if not names:
        return ""
    if len(names) > MANY_CLOSED_DAYS:
        return telling.say("skipped-many", count=len(names))
    words = capital(listing(names, telling.language))
    return telling.say("skipped", count=len(names), names=words)


def _within(telling: Telling, on: date, detail: Detail) -> None:
    noun = telling.say("within", count=detail["years"], day=telling.embedded())
    telling.put(Phrase(noun, on, Form.RECKONED))


def _month_end(telling: Telling, on: date, _: Detail) -> None:
    telling.put(Phrase(telling.say("month-end"), on, Form.RECKONED))


def _choice(code: str) -> Callable[[Telling, date, Detail], None]:
    def choose(telling: Telling, on: date, detail: Detail) -> None:
        if detail["a_on"] is None or detail["b_on"] is None:
            tell(telling, detail["a"] if detail["b_on"] is None else detail["b"])
            return
        for side in ("a", "b"):
            tell(telling, detail[side])
            telling.state()
        telling.put(Phrase(telling.say(code), on, Form.RECKONED))

    return choose


def _otherwise(telling: Telling, _: date, detail: Detail) -> None:
    missing: Sequence[Missing] = detail["missing"]
    gaps = gap_sentences(missing, telling.names)
    telling.sentences.insert(0, telling.say("otherwise", gaps=gaps))


def _meeting(telling: Telling, on: date, detail: Detail) -> None:
    which = str(detail["which"])
    meeting = telling.names.held_in(telling.say(f"meeting.{which}"), detail["body"])
    if detail.get("of_on") is None:
        noun = telling.say("near.in", meeting=meeting, place=place(detail, telling.names))
        telling.year_said(on.year)
    else:
        relation = str(detail["relation"] or ("after" if which == "next" else "before"))
        noun = telling.say(f"near.{_code(relation)}", meeting=meeting, day=telling.embedded())
    is_same = detail.get("of_on") == on
    telling.put(Phrase(noun, on, Form.RECKONED, is_meeting=True, is_same_day=is_same))


def _notice(telling: Telling, on: date, detail: Detail) -> None:
    for side in ("since", "given"):
        way: Sequence[Link] = detail.get(side, ())
        if any(link.kind in ("step", "done", "count") for link in way):
            tell(telling, way)
    telling.state()
    days = {side: telling.day(detail[f"{side}_on"]) for side in ("since", "given")}
    length = _span(telling, detail["notice"])
    added = listing((_span(telling, span) for span in detail["added"]), telling.language)
    if added:
        length = telling.say("notice.added", notice=length, added=added)
    if detail["ends"] == "end of month":
        length = telling.say("notice.end-of-month", length=length)
    why = _seniority(telling, detail)
    telling.sentences.append(telling.say("notice", **days, length=length, why=why))
    sources = sources_words(map(Source.model_validate, detail["sources"]), telling.language)
    note = telling.say("notice.basis", sources=sources)
    telling.put(Phrase(telling.say("notice.last-day"), on, Form.RECKONED, note=note))


def _seniority(telling: Telling, detail: Detail) -> str:
    """Why no other row of the scale holds; empty where there is only one."""
    code = "beyond" if detail["beyond"] else "within"
    if not detail[code]:
        return ""
    until = telling.day(detail[f"{code}_on"])
    added = "-added" if detail["added"] else ""
    seniority = _span(telling, detail[code])
    return telling.say(f"notice.{code}{added}", seniority=seniority, until=until)


def _span(telling: Telling, span: Sequence[Any]) -> str:
    return amount(span[0], Unit(span[1]), telling.language)


def _first_round(telling: Telling, _: date, __: Detail) -> None:
    telling.notes.append(telling.say("first-round"))


def _rolled(telling: Telling, on: date, detail: Detail) -> None:
    closed_on: date = detail["from_on"]
    own = detail["name"]
    if own:
        clause = telling.say("closed.named", name=own)
    else:
        clause = telling.say("closed.weekend" if closed_on.weekday() >= 5 else "closed.other")
    telling.state(clause)
    others = [str(name) for _, name in detail.get("passed", ()) if name and name != own]
    if others:
        names = list(dict.fromkeys(others))
        words = capital(listing(names, telling.language))
        telling.sentences.append(telling.say("closed.also", count=len(names), names=words))
    telling.conclude(on)


def _code(words: str) -> str:
    return words.replace(" ", "-")


TELLERS: Mapping[str, Callable[[Telling, date, Detail], None]] = {
    "anchor": _anchor,
    "milestone": _milestone,
    "input": _input,
    "given": _given,
    "step": _step,
    "done": _done,
    "part": _part,
    "postponed": _postponed,
    "decided": _decided,
    "date": _date,
    "year day": _date,
    "ordinal": _ordinal,
    "week": _week,
    "count": _count,
    "within": _within,
    "month end": _month_end,
    "later": _choice("later"),
    "earlier": _choice("earlier"),
    "otherwise": _otherwise,
    "meeting": _meeting,
    "notice": _notice,
    "first round": _first_round,
    "rolled": _rolled,
}
"""The words for every kind of link that planning makes, and for a day a person gave."""
