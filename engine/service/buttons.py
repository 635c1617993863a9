"""The buttons of a letter: what they say, the tokens behind them, and what the store keeps.

A token is derived from the site's secret whenever it is needed. Neither the store nor the frozen
letter holds it: in its place stands `do:` with the deadline's key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from engine.message import Entry, Letter, Section
from engine.message import Link as Button
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import Reminder, ReminderKind
from engine.planning.status import State
from engine.service.asked import asked_of
from engine.service.current import Current
from engine.service.feeds import hashed
from engine.service.site import Site
from engine.store import Link as Kept
from engine.store import Message, Store, Told
from engine.wording.catalogue import Language, say

PLACE = "do:"
LASTS = timedelta(days=14)
MOST_ON_BUTTON = 60  # characters; a longer one becomes three lines on a telephone


def button(
    reminder: Reminder, now: Current, plan: Plan, today: date, language: Language
) -> Button | None:
    """The button of a matter that the recipient must see to; none where nothing may be answered.

    None for what is confidential, only told, waiting for others, or comes by itself.
    """
    if reminder.kind is ReminderKind.INFORMED or reminder.state is State.BLOCKED:
        return None
    return button_for(reminder.recipient, reminder.deadline, now, plan, today, language)


def button_for(
    recipient: str, deadline: Deadline, now: Current, plan: Plan, today: date, language: Language
) -> Button | None:
    """The button of a deadline for somebody; none where they may not answer it in a mail."""
    if deadline.terms.confidential or deadline.automatic:
        return None
    asked = asked_of(recipient, deadline, plan, now.people, today)
    if not asked.can_settle:
        return None
    return Button(_label(deadline, asked.alone, language), f"{PLACE}{deadline.key}")


def _label(deadline: Deadline, alone: bool, language: Language) -> str:
    own = deadline.line.step.answers
    if own:
        listed = say(
            "answer.button-own", language, answers=" · ".join(a.title for a in own.values())
        )
        few = len(listed) <= MOST_ON_BUTTON
        return listed if few else say("answer.button-choose", language, count=len(own))
    moves = alone and _has_room(deadline)
    return say("answer.button-postpone" if moves else "answer.button", language)


def _has_room(deadline: Deadline) -> bool:
    """Whether there is any later day at all; the page knows whether there is a meeting on it."""
    if deadline.kind not in ("at", "due") or deadline.due_on is None:
        return False
    return deadline.limit_on is None or deadline.limit_on > deadline.due_on


def token(secret: str, message_id: str, key: str, recipient: str) -> str:
    """The token of one button: 256 bits that nobody can guess without the site's secret."""
    told = "\n".join(("button of a mail", message_id, key, recipient))
    digest = hmac.new(bytes.fromhex(secret), told.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def with_buttons(site: Site, secret: str, letter: Letter, recipient: str) -> Letter:
    """The letter as it is sent: each button opens its own page."""
    base = site.config.web.base_url.rstrip("/")

    def pressed(button: Button) -> Button:
        if not button.url.startswith(PLACE):
            return button
        key = button.url.removeprefix(PLACE)
        return replace(button, url=f"{base}/do/{token(secret, letter.message_id, key, recipient)}")

    def opened(entry: Entry) -> Entry:
        return replace(entry, links=tuple(map(pressed, entry.links)))

    def section(part: Section) -> Section:
        return replace(part, entries=tuple(map(opened, part.entries)))

    return replace(letter, sections=tuple(map(section, letter.sections)))


def links_of(
    store: Store, plan: Plan, mails: Iterable[tuple[Message, Sequence[Told]]]
) -> list[Kept]:
    """What the store keeps of the buttons in some mails: hashes, and how long they last."""
    secret = store.site().secret
    found: dict[str, Kept] = {}
    for message, _ in mails:
        for key in _keys(message):
            opens = token(secret, message.message_id, key, message.recipient)
            found[hashed(opens)] = Kept(
                token_hash=hashed(opens),
                message_id=message.message_id,
                recipient=message.recipient,
                key=key,
                until_on=_until(key, plan, message.local_day),
            )
    return list(found.values())


def _keys(message: Message) -> Iterator[str]:
    for section in message.contents["letter"]["sections"]:
        for entry in section["entries"]:
            for link in entry["links"]:
                if link["url"].startswith(PLACE):
                    yield link["url"].removeprefix(PLACE)


def _until(key: str, plan: Plan, mailed_on: date) -> date:
    """Two weeks after the deadline's day or the mail's, whichever is later."""
    deadline = plan.by_key.get(key) or plan.beyond.get(key)
    due_on = deadline.due_on if deadline else None
    return max(due_on or mailed_on, mailed_on) + LASTS
