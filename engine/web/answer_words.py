"""What the pages of a button say, made from how the button stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.errors import FactRejected
from engine.planning.status import answered
from engine.service.answering import (
    DONE,
    MOST_LETTERS,
    NOT_MINE,
    OWN,
    POSTPONE,
    Given,
    Pressed,
    Taken,
    office,
)
from engine.service.deciding import body_of
from engine.service.letters import title_in_mail
from engine.service.offering import Move
from engine.service.plans import View
from engine.store import told_by
from engine.web.deadline import About, about
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import long_day, moment, plain_day
from engine.wording.lengths import listing
from engine.wording.told import Told, told_sentence

_TO_FAULTS = (
    "cli.not-a-date",
    "fact.to-missing",
    "fact.earlier-day",
    "fact.past-day",
    "fact.past-limit",
)
_TEXT_FAULTS = ("service.too-long", "service.cpr", "fact.names")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be answered, and what follows from it."""

    value: str
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What was wrong with an answer, and the field it is about."""

    words: str
    field: str


@dataclass(frozen=True, slots=True)
class Form:
    """The choices of the page, with what was given already."""

    sent_to: str
    choices: tuple[Choice, ...]
    stuck: str
    meeting: str | None
    day: bool
    first: str
    last: str
    day_hint: str
    to: str
    text: str
    most: int
    once: str
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Why nothing can be answered, what was told, and what to do next."""

    title: str
    about: str
    told: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded, and what to do if it was wrong."""

    title: str
    about: str
    told: tuple[str, ...]
    next: str


def about_of(pressed: Pressed) -> About:
    """What there is to say of the deadline itself."""
    ground, deadline = pressed.ground, pressed.deadline
    assert deadline is not None
    view = View(ground.now, ground.plan, {})
    return about(deadline, view, ground.today, pressed.language)


def form_of(pressed: Pressed, given: Given, error: FactRejected | None) -> Form:
    """What may be answered; after a fault with what was wrong and what was written."""
    link, offer, language = pressed.link, pressed.offer, pressed.language
    assert link is not None and offer is not None
    move = offer.move
    until = long_day(link.until_on, language)
    return Form(
        sent_to=_sent_to(pressed),
        choices=_choices(pressed, given),
        stuck=_stuck(offer.limit_on, language),
        meeting=move.meeting if move else None,
        day=move is not None and move.meeting is None,
        first=_iso(move.first_on if move else None),
        last=_iso(move.last_on if move else None),
        day_hint=_day_hint(move, language),
        to=given.to,
        text=given.text,
        most=MOST_LETTERS,
        once=say("answer.once", language, day=until),
        fault=_fault(error, language) if error else None,
    )


def notice_of(pressed: Pressed) -> Notice:
    """The calm page of a button that leads nowhere any more."""
    language, code = pressed.language, f"answer.{pressed.standing.value}"
    return Notice(
        title=say(code, language),
        about=title_of(pressed),
        told=tuple(_noted(pressed)),
        next=say(f"{code}-do", language),
    )


def receipt_of(taken: Taken) -> Receipt:
    """What an answer has led to."""
    pressed, language = taken.pressed, taken.pressed.language
    said = (_sentence(told_by(row), taken, language) for row in taken.facts)
    told = list(dict.fromkeys(said))
    if taken.choice == POSTPONE and pressed.offer is not None and pressed.offer.move is not None:
        told += filter(None, [_along(pressed.offer.move, language)])
    kind = taken.choice if taken.facts or taken.choice == NOT_MINE else "later"
    kind = DONE if kind.startswith(OWN) else kind
    if not taken.facts:
        code = "answer.told-them" if taken.told else "answer.told-nobody"
        told = [say(code, language)]
    if taken.facts and pressed.asked is not None and not pressed.asked.alone:
        told.append(_counted(taken, language))
    return Receipt(
        title=say(f"answer.thanks-{kind}", language),
        about=title_of(pressed),
        told=tuple(told),
        next=say("answer.wrong" if taken.facts else "answer.stands", language),
    )


def title_of(pressed: Pressed) -> str:
    """What the deadline is called; a title alone can be read as if it had been done."""
    if pressed.deadline is None:
        return ""
    title = title_in_mail(pressed.deadline, pressed.language)
    return say("answer.deadline", pressed.language, title=title)


def _sent_to(pressed: Pressed) -> str:
    link, language = pressed.link, pressed.language
    assert link is not None and pressed.asked is not None
    kind, _, name = link.recipient.partition(":")
    who = office(pressed.ground.now, name) if kind == "office" else name
    told = [say("answer.sent-to", language, who=who)]
    units = [each for each in pressed.asked.lacking if each != name]
    if units:
        told.append(say("answer.for", language, who=listing(units, language)))
    return " ".join(told)


def _choices(pressed: Pressed, given: Given) -> tuple[Choice, ...]:
    offer, language = pressed.offer, pressed.language
    assert offer is not None
    found = []
    if offer.plain:
        hint = say("answer.done-hint", language)
        found.append((DONE, say("answer.choose-done", language), hint))
    for key, own in offer.own.items():
        means = own.means if own.means == "done" else f"later-{offer.later}"
        hint = say(f"answer.own-{means}-hint", language)
        found.append((f"{OWN}{key}", own.title, hint))
    if offer.move is not None:
        found.append((POSTPONE, *_moving(offer.move, language)))
    hint = say(f"answer.not-mine-{offer.not_mine}-hint", language)
    found.append((NOT_MINE, say("answer.choose-not-mine", language), hint))
    return tuple(Choice(value, label, hint, value == given.choice) for value, label, hint in found)


def _moving(move: Move, language: Language) -> tuple[str, str]:
    if move.meeting is None:
        return say("answer.choose-day", language), say("answer.day-hint", language)
    if move.meeting_on is None:
        words, hint = say("answer.choose-next", language), say("answer.next-hint", language)
    else:
        words = say("answer.choose-meeting", language, day=long_day(move.meeting_on, language))
        hint = say("answer.meeting-hint", language)
    return words, " ".join(filter(None, [hint, _along(move, language)]))


def _along(move: Move, language: Language) -> str:
    """The items of the same group, which go along."""
    titles = listing([title_in_mail(each, language) for each in move.along], language)
    return say("answer.along", language, titles=titles) if titles else ""


def _day_hint(move: Move | None, language: Language) -> str:
    if move is None or move.first_on is None:
        return ""
    first = long_day(move.first_on, language)
    if move.last_on is None:
        return say("answer.from", language, first=first)
    return say("answer.between", language, first=first, last=long_day(move.last_on, language))


def _stuck(limit_on: date | None, language: Language) -> str:
    return say("answer.stuck", language, day=long_day(limit_on, language)) if limit_on else ""


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _fault(error: FactRejected, language: Language) -> Fault:
    """The fault in the words of a page; what has no words of its own is no longer offered."""
    code = f"answer.fault-{error.code.replace('.', '-')}"
    if not has(code, language):
        return Fault(say("answer.fault-other", language), "choices")
    params = {
        name: plain_day(value, language) if isinstance(value, date) else value
        for name, value in error.params.items()
    }
    field = "to" if error.code in _TO_FAULTS else "choices"
    return Fault(say(code, language, **params), "text" if error.code in _TEXT_FAULTS else field)


def _noted(pressed: Pressed) -> list[str]:
    """What a used button was used for, or what has been told of the deadline otherwise."""
    link, deadline, language = pressed.link, pressed.deadline, pressed.language
    if link is not None and link.used_at is not None:
        at = moment(link.used_at, language)
        kind = "other" if link.answer.startswith(OWN) else link.answer
        own = deadline.line.step.answers if deadline else {}
        chosen = own.get(link.answer.removeprefix(OWN))
        if chosen is not None:
            return [say("answer.used-own", language, at=at, answer=chosen.title)]
        return [say(f"answer.used-{kind}", language, at=at)]
    if deadline is None:
        return []
    ground, facts = pressed.ground, pressed.ground.now.facts
    present = ground.plan.register.names.present
    told: list[Told] = [*facts.done, *facts.waived]
    mine = [each for each in told if present(each.key) == deadline.key]
    body = body_of(deadline)
    return [told_sentence(each, body, ground.plan, language) for each in mine]


def _sentence(told: Told | None, taken: Taken, language: Language) -> str:
    deadline, after = taken.pressed.deadline, taken.after
    assert told is not None and deadline is not None and after is not None
    return told_sentence(told, body_of(deadline), after.plan, language)


def _counted(taken: Taken, language: Language) -> str:
    """How many of those asked have answered; who they are is not for everybody to see."""
    assert taken.after is not None and taken.pressed.deadline is not None
    deadline = taken.after.deadline(taken.pressed.deadline.key)
    asked = answered(deadline, taken.after.plan.register)
    given = len(asked.wanted) - len(asked.lacking)
    return say("answer.counted", language, given=given, wanted=len(asked.wanted))
