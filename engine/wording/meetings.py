"""What is told of the meeting that a deadline hangs on: its day, its hours and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from engine.planning.facts import Meeting
from engine.planning.plan import Deadline, Plan
from engine.planning.rules import Link
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import hours, long_day, short_day
from engine.wording.explain import sentence
from engine.wording.names import Names
from engine.wording.telling import capital


class Told(NamedTuple):
    """The meeting in a sentence, and how the deadline's day was reached from it."""

    meeting: str
    sentence: str


def told_with_meeting(deadline: Deadline, plan: Plan, today: date, language: Language) -> Told:
    """How the day was reached, with what is known of the coming meeting that it leads up to.

    1. Where the deadline lies on the day of the meeting, its hours and place are left to tell.
    2. Otherwise the meeting is told first, and what is reckoned from it names it without its day:
       `Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00 i mødelokale 823.` and then
       `Fristen er 7 dage før mødet, altså torsdag den 11. juni.`
    3. Where how the day was reached must tell of the meeting's day, hours and place follow.
    """
    names = Names.around(deadline, plan, language)
    meeting, due_on = meeting_of(deadline, plan, names), deadline.due_on
    if meeting is None or due_on is None or meeting.on < max(today, due_on):
        return Told("", sentence(deadline, plan, language))
    noun = _noun(meeting, deadline, names)
    if due_on == meeting.on:
        rest = _hours_and_place(noun, meeting, language)
        return Told(rest, sentence(deadline, plan, language))
    day = short_day(meeting.on, language)
    short = sentence(deadline, plan, language, told=meeting)
    if day not in short:
        return Told(_in_full(noun, meeting, language), short)
    whole = sentence(deadline, plan, language)
    rest = _hours_and_place(say("explain.point", language, noun=noun, day=day), meeting, language)
    return Told("", " ".join(filter(None, [whole, rest])))


def meeting_of(deadline: Deadline, plan: Plan, names: Names) -> Meeting | None:
    """The meeting that the day was last reckoned from; none of a step that fewer may know of."""
    found = [*_meetings(deadline.derivation, names)]
    if not found:
        return None
    body, meeting = found[-1]
    return plan.register.plan_of(body or deadline.committee).by_id.get(meeting)


def _meetings(links: Sequence[Link], names: Names) -> Iterator[tuple[str, str]]:
    for link in links:
        detail = link.detail
        if detail.get("meeting"):
            yield str(detail.get("committee") or detail.get("body") or ""), str(detail["meeting"])
        elif link.kind == "step" and str(detail["step"]) not in names.secret:
            inner = detail.get("links", ())
            assert isinstance(inner, tuple)
            yield from _meetings(inner, names)
        elif link.kind in ("later", "earlier") and detail["chosen"]:
            side = detail[str(detail["chosen"])]
            assert isinstance(side, tuple)
            yield from _meetings(side, names)


def _noun(meeting: Meeting, deadline: Deadline, names: Names) -> str:
    """The meeting, and whose it is where it is another body's than the deadline's."""
    noun = say("explain.anchor.meeting", names.language)
    if meeting.committee != deadline.committee:
        noun = names.held_in(noun, meeting.committee)
    return capital(noun)


def _in_full(noun: str, meeting: Meeting, language: Language) -> str:
    day = long_day(meeting.on, language)
    if meeting.starts is None:
        return _with_place("mail.meeting.day", meeting.place, language, meeting=noun, day=day)
    clock = hours(meeting.starts, meeting.ends, language)
    return _with_place(
        "mail.meeting.full", meeting.place, language, meeting=noun, day=day, hours=clock
    )


def _hours_and_place(noun: str, meeting: Meeting, language: Language) -> str:
    """What is left to tell of a meeting whose day is told; empty where no more is known."""
    if meeting.starts is not None:
        clock = hours(meeting.starts, meeting.ends, language)
        return _with_place("mail.meeting.hours", meeting.place, language, meeting=noun, hours=clock)
    room = _room(meeting.place, language)
    if room:
        return say("mail.meeting.room", language, meeting=noun, room=room)
    return say("mail.meeting.place", language, place=meeting.place) if meeting.place else ""


def _with_place(code: str, place: str, language: Language, **params: object) -> str:
    """A sentence that ends with the room; any other place is told in one of its own."""
    room = _room(place, language)
    told = say(code, language, room=f" {room}" if room else "", **params)
    if room or not place:
        return told
    return f"{told} {say('mail.meeting.place', language, place=place)}"


def _room(place: str, language: Language) -> str:
    """`i mødelokale 823`; of other places nobody knows whether one is in, on or at them."""
    kind, _, which = place.partition(" ")
    code = f"mail.room.{kind.casefold()}"
    return say(code, language, which=which) if which and has(code, language) else ""
