"""Answers by the button of a mail: what may be answered, and what becomes of an answer.

Looking changes nothing. An answer is recorded, announced and used up in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from engine.errors import FactRejected, Unknown
from engine.planning.plan import Deadline
from engine.planning.status import State, state
from engine.planning.workflow import Answer
from engine.service.administrators import tell
from engine.service.asked import Asked, asked_of
from engine.service.current import Current
from engine.service.deciding import Ground, Word, decide, record, refuse_text
from engine.service.doing import done_fact
from engine.service.feeds import hashed
from engine.service.letters import language_of, title_in_mail, viewer_of
from engine.service.offering import Offer, hear_later, hear_not_mine, offer_of
from engine.service.postponing import postponed_fact
from engine.service.site import Site
from engine.store import VIA_LINK, Fact, FactRow, LinkRow, Store
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.gate import NOBODY, Sight, seen

MOST_LETTERS = 300
DONE, POSTPONE, NOT_MINE, OWN = "done", "postpone", "not-mine", "answer:"


class Standing(StrEnum):
    """How a button stands when it is pressed."""

    OPEN = "open"
    UNKNOWN = "unknown"
    """Nobody was sent it, or it has been forgotten."""
    USED = "used"
    EXPIRED = "expired"
    GONE = "gone"
    """The deadline is no more, or has become confidential."""
    NOT_YOURS = "not-yours"
    """Whoever got the mail is no longer one of those who must act."""
    DONE = "done"
    WAIVED = "waived"
    ANSWERED = "answered"
    """The recipient's own part has been answered; others have not."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button with everything that its page says; what must not be shown is left out."""

    standing: Standing
    language: Language
    ground: Ground
    link: LinkRow | None = None
    deadline: Deadline | None = None
    asked: Asked | None = None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody chose on the page: a choice, a day or meeting, and words of their own."""

    choice: str = ""
    to: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer led to; without a choice nothing was recorded, and the page says why."""

    pressed: Pressed
    choice: str = ""
    facts: tuple[FactRow, ...] = ()
    after: Ground | None = None
    told: bool = False
    """Whether there was somebody to tell, where an answer is only told."""


def pressed_in(store: Store, ground: Ground, token: str) -> Pressed:
    """The button of a token as it stands; nothing is changed."""
    link = store.link(hashed(token))
    language = ground.language
    if link is None:
        return Pressed(Standing.UNKNOWN, language, ground)
    language = language_of(link.recipient, ground.now)
    deadline = _shown(ground, link)
    if link.used_at is not None:
        return Pressed(Standing.USED, language, ground, link, deadline)
    if link.until_on < ground.today:
        return Pressed(Standing.EXPIRED, language, ground, link)
    if deadline is None:
        return Pressed(Standing.GONE, language, ground, link)
    asked = asked_of(link.recipient, deadline, ground.plan, ground.now.people, ground.today)
    if not asked.may:
        return Pressed(Standing.NOT_YOURS, language, ground, link)
    standing = _standing(ground, deadline, asked)
    offer = offer_of(ground, deadline, asked) if standing is Standing.OPEN else None
    return Pressed(standing, language, ground, link, deadline, asked, offer)


def answer(site: Site, token: str, given: Given) -> Taken:
    """Record what somebody answers, if it may be said; the button is used up by it.

    Raises FactRejected for what must be written otherwise; then the button can still be used.
    """
    site = site.once()
    return decide(site, Word(), lambda store, ground: _taken(site, store, ground, token, given))


def _taken(site: Site, store: Store, ground: Ground, token: str, given: Given) -> Taken:
    pressed = pressed_in(store, ground, token)
    if pressed.standing is not Standing.OPEN:
        return Taken(pressed)
    link, deadline, offer = pressed.link, pressed.deadline, pressed.offer
    assert link is not None and deadline is not None and offer is not None
    own = _chosen(deadline, offer, given)
    refuse_text(ground, "text", given.text, MOST_LETTERS)
    if not store.use_link(link.id, given.choice, site.now):
        return Taken(pressed_in(store, ground, token))
    if given.choice == NOT_MINE or (own is not None and own.means == "later"):
        return Taken(pressed, given.choice, told=_tell(site, store, pressed, given, own))
    decided = record(store, site, ground, _facts(pressed, given, own))
    return Taken(pressed, given.choice, decided.facts, decided.after)


def _shown(ground: Ground, link: LinkRow) -> Deadline | None:
    """The deadline as far as the mail's recipient may still see it; confidential ones never."""
    try:
        deadline = ground.deadline(link.key)
    except Unknown:
        return None
    register = ground.plan.register
    looking = viewer_of(link.recipient, ground.plan, ground.today)
    sight = seen(deadline, looking, register, ground.today, addressed=True)
    return deadline if sight is Sight.FULL else None


def _standing(ground: Ground, deadline: Deadline, asked: Asked) -> Standing:
    stands = state(deadline, ground.plan, ground.today)
    if stands is State.DONE:
        return Standing.DONE
    if stands is State.WAIVED:
        return Standing.WAIVED
    if asked.mine and not asked.lacking:
        return Standing.ANSWERED
    return Standing.OPEN if asked.can_settle else Standing.NOT_YOURS


def _chosen(deadline: Deadline, offer: Offer, given: Given) -> Answer | None:
    """The step's own answer that was chosen, if it is one; refuses what is not offered."""
    choice = given.choice
    if choice.startswith(OWN):
        own = deadline.line.step.answers.get(choice.removeprefix(OWN))
        if own is not None:
            return own
    elif choice == NOT_MINE or (choice == DONE and offer.plain) or _is_move(choice, offer):
        return None
    raise FactRejected("answer.none-chosen")


def _is_move(choice: str, offer: Offer) -> bool:
    return choice == POSTPONE and offer.move is not None


def _facts(pressed: Pressed, given: Given, own: Answer | None) -> list[Fact]:
    """What is recorded, told by the recipient: one fact for each unit that is answered for."""
    link, deadline, asked, offer = pressed.link, pressed.deadline, pressed.asked, pressed.offer
    assert link is not None and deadline is not None and asked is not None and offer is not None
    ground, name = pressed.ground, link.recipient.partition(":")[2]
    word = Word(by=name, how=f"{VIA_LINK}{link.recipient}")
    if given.choice == POSTPONE:
        return _postponed(ground, deadline, offer, replace(word, why=given.text), given.to)
    word = replace(word, evidence=given.text)
    title = own.title if own is not None else ""
    if asked.alone:
        # An office that must see to it alone is nobody who is counted.
        fact = done_fact(ground, deadline, word, for_all=deadline.finish != "one")
        return [fact.model_copy(update={"by": name, "what": title})]
    found = []
    for who in asked.lacking:
        fact = done_fact(ground, deadline, replace(word, by=who))
        by = name if fact.unit else fact.by
        found.append(fact.model_copy(update={"by": by, "what": title}))
    return found


def _postponed(ground: Ground, deadline: Deadline, offer: Offer, word: Word, to: str) -> list[Fact]:
    """To a day that was chosen, or to the next meeting: the one the page told of, and no other."""
    assert offer.move is not None
    if offer.move.meeting is None:
        return [postponed_fact(ground, deadline, word, to)]
    if to != offer.move.meeting:
        raise FactRejected("answer.other-meeting")
    going = (deadline, *offer.move.along)
    return [postponed_fact(ground, each, word) for each in going]


def _tell(site: Site, store: Store, pressed: Pressed, given: Given, own: Answer | None) -> bool:
    """Tells those who can find somebody else, or wait; whether there is anybody."""
    link, deadline, ground = pressed.link, pressed.deadline, pressed.ground
    assert link is not None and deadline is not None
    hearers = hear_not_mine(ground) if own is None else hear_later(ground, deadline)
    kind = NOT_MINE if own is None else "later"
    matter = f"{deadline.key}\n{link.recipient}\n{given.choice}"
    if own is not None:
        # That it takes longer may be told again by the next mail; that it is another's may not.
        matter += f"\n{link.message_id}"

    def lines(language: Language) -> Sequence[str]:
        return _lines(ground, deadline, link, given, own, language)

    words = f"editions.mail.{kind}"
    tell(site, store, ground.now, hearers.recipients, words, lines, matter)
    return bool(hearers.recipients)


def _lines(
    ground: Ground,
    deadline: Deadline,
    link: LinkRow,
    given: Given,
    own: Answer | None,
    language: Language,
) -> list[str]:
    """Who answered what about which deadline; of what is not open to all only whose and when.

    What an answer is called tells what was asked, as a title does.
    """
    kind, _, name = link.recipient.partition(":")
    who = office(ground.now, name) if kind == "office" else name
    sight = seen(deadline, NOBODY, ground.plan.register, ground.today)
    is_open = sight is Sight.FULL
    title = title_in_mail(deadline, language) if is_open else say("gate.title", language)
    committee = ground.now.edition.organisation.committees.get(deadline.committee)
    about = {
        "who": who,
        "title": title,
        "committee": committee.title if committee else say("report.no-committee", language),
        "day": _day(deadline.due_on, language),
        "answer": own.title if own is not None else "",
    }
    if own is None:
        code = "answer.told-not-mine"
    else:
        code = "answer.told-later" if is_open else "answer.told-later-closed"
    lines = [say(code, language, **about)]
    if given.text and is_open:
        lines.append(say("answer.told-text", language, text=given.text.removesuffix(".")))
    return lines


def _day(on: date | None, language: Language) -> str:
    return long_day(on, language) if on else say("answer.no-day", language)


def office(now: Current, name: str) -> str:
    """What an office is called."""
    found = now.edition.organisation.offices.get(name)
    return found.title if found else name
