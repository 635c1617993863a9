"""More mails than the site allows at once: nothing goes until somebody has looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.planning.organisation import AtMost
from engine.planning.plan import Plan
from engine.service.administrators import tell_administrators
from engine.service.clock import local
from engine.service.current import Current
from engine.service.site import Site
from engine.store import Message, Store, Told
from engine.wording.catalogue import Language, say

TOO_MANY_AT_ONCE = "too-many-at-once"
TOO_MANY_FOR_SOMEBODY = "too-many-for-somebody"
WEEK = timedelta(days=7)
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Excess:
    """Why a run's mails are too many: the code, the ceiling, and how many go beyond it."""

    why: str
    most: int
    mails: int
    people: int
    beyond: int = 0
    """How many recipients would get too many in a week."""


def excess(store: Store, allowed: AtMost, mails: Sequence[Message], today: date) -> Excess | None:
    """Whether some mails are more than is allowed in all, or for somebody in seven days.

    What went on a day that was released, or before, does not count any more; none on that day.
    """
    released = store.released()
    if not mails or released is True or released == today:
        return None
    own = Counter(mail.recipient for mail in mails)
    if len(mails) > allowed.a_run:
        return Excess(TOO_MANY_AT_ONCE, allowed.a_run, len(mails), len(own))
    since_on = today - WEEK + timedelta(days=1)
    if released:
        since_on = max(since_on, released + timedelta(days=1))
    before = store.queued_since(since_on)
    most = allowed.a_person_a_week
    beyond = sum(before.get(who, 0) + count > most for who, count in own.items())
    if not beyond:
        return None
    return Excess(TOO_MANY_FOR_SOMEBODY, most, len(mails), len(own), beyond)


def hold_back(
    site: Site,
    store: Store,
    now: Current,
    plan: Plan,
    found: Excess,
    told: Iterable[tuple[str, Told]],
) -> None:
    """Hold the outbox, and ask the administrators in one mail, which goes all the same.

    `told` says which recipient each reminder was for.
    """
    store.hold_outbox(site.now, found.why)
    lines = list(told)
    tell_administrators(
        site,
        store,
        now,
        f"outbox.mail.{found.why}",
        lambda language: _what(plan, lines, language),
        f"{found.why} {local(site.now).isoformat()}",
        count=found.beyond,
        most=found.most,
        mails=found.mails,
        people=found.people,
    )


def _what(plan: Plan, told: Iterable[tuple[str, Told]], language: Language) -> list[str]:
    """How many reminders of each workflow to how many, most first; what is closed unnamed."""
    grouped: dict[str, list[str]] = {}
    for recipient, one in told:
        grouped.setdefault(_workflow(plan, one.key, language), []).append(recipient)
    ordered = sorted(grouped.items(), key=lambda each: (-len(each[1]), each[0]))
    lines = [
        say("outbox.mail.line", language, what=what, count=len(to), people=len(set(to)))
        for what, to in ordered[:MOST_LINES]
    ]
    if len(ordered) > MOST_LINES:
        lines.append(say("outbox.mail.more", language, count=len(ordered) - MOST_LINES))
    return lines


def _workflow(plan: Plan, key: str, language: Language) -> str:
    name = key.partition("#")[0]
    deadline = plan.by_key.get(name) or plan.beyond.get(name)
    if deadline is None or deadline.terms.confidential:
        return say("gate.title", language)
    workflow = plan.register.edition.workflows.get(deadline.workflow)
    return workflow.title if workflow else deadline.title
