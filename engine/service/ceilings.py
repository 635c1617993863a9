"""More mails than the site allows at once: nothing goes until somebody has looked.

What is due is not even queued: it is reckoned anew every morning. What has changed is told once,
so mails about changes stay queued, and wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.planning.diff import Announced
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
TOO_MANY_CHANGES = "too-many-changes"
TOO_MANY_CHANGES_FOR_SOMEBODY = "too-many-changes-for-somebody"
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

    @property
    def is_of_changes(self) -> bool:
        """Whether the mails tell of changes, and wait in the outbox."""
        return self.why in (TOO_MANY_CHANGES, TOO_MANY_CHANGES_FOR_SOMEBODY)


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
    before = store.queued_since(_since(today, released))
    most = allowed.a_person_a_week
    beyond = sum(before.get(who, 0) + count > most for who, count in own.items())
    if not beyond:
        return None
    return Excess(TOO_MANY_FOR_SOMEBODY, most, len(mails), len(own), beyond)


def excess_of_changes(
    store: Store, allowed: AtMost, on: date, coming: Collection[str] = ()
) -> Excess | None:
    """The same of the mails about changes that wait to go on a day, and that recipients are to get.

    Each recipient has one, whatever has changed.
    """
    released = store.released()
    if released is True or released == on:
        return None
    waiting = {row.recipient for row in store.unsent("change")}
    everybody = waiting.union(coming)
    if len(everybody) > allowed.a_run:
        return Excess(TOO_MANY_CHANGES, allowed.a_run, len(everybody), len(everybody))
    before, most = store.queued_since(_since(on, released)), allowed.a_person_a_week
    beyond = sum(before.get(who, 0) + (who not in waiting) > most for who in everybody)
    if not beyond:
        return None
    return Excess(TOO_MANY_CHANGES_FOR_SOMEBODY, most, len(everybody), len(everybody), beyond)


def _since(on: date, released: date | bool) -> date:
    """The first day whose mails count; what was released, or went before, counts no more."""
    since_on = on - WEEK + timedelta(days=1)
    return max(since_on, released + timedelta(days=1)) if isinstance(released, date) else since_on


def hold_changes(site: Site, store: Store, now: Current, plan: Plan, on: date) -> None:
    """Hold the outbox when the mails about changes that wait to go on a day are too many."""
    if store.outbox_held_at() is not None:
        return
    found = excess_of_changes(store, now.edition.organisation.settings.reminders.at_most, on)
    if found is None:
        return
    told = [
        (row.recipient, Told(key=str(key), kind="change"))
        for row in store.unsent("change")
        for key in row.contents["keys"]
    ]
    hold_back(site, store, now, plan, found, told)


def hold_back(
    site: Site,
    store: Store,
    now: Current,
    plan: Plan,
    found: Excess,
    told: Iterable[tuple[str, Told]],
) -> None:
    """Hold the outbox, and ask the administrators in one mail, which goes all the same.

    `told` says which recipient each reminder or change was for.
    """
    store.hold_outbox(site.now, found.why)
    lines, line = list(told), "outbox.mail.changes" if found.is_of_changes else "outbox.mail.line"
    ledger = store.ledger()
    tell_administrators(
        site,
        store,
        now,
        f"outbox.mail.{found.why}",
        lambda language: _what(plan, ledger, lines, line, language),
        f"{found.why} {local(site.now).isoformat()}",
        count=found.beyond,
        most=found.most,
        mails=found.mails,
        people=found.people,
    )


def _what(
    plan: Plan,
    ledger: Mapping[str, Announced],
    told: Iterable[tuple[str, Told]],
    line: str,
    language: Language,
) -> list[str]:
    """How many of each workflow to how many, most first; what is closed unnamed."""
    grouped: dict[str, list[str]] = {}
    for recipient, one in told:
        grouped.setdefault(_workflow(plan, ledger, one.key, language), []).append(recipient)
    ordered = sorted(grouped.items(), key=lambda each: (-len(each[1]), each[0]))
    lines = [
        say(line, language, what=what, count=len(to), people=len(set(to)))
        for what, to in ordered[:MOST_LINES]
    ]
    if len(ordered) > MOST_LINES:
        lines.append(say("outbox.mail.more", language, count=len(ordered) - MOST_LINES))
    return lines


def _workflow(plan: Plan, ledger: Mapping[str, Announced], key: str, language: Language) -> str:
    """What a deadline belongs to; of one that is there no more, what it was announced as."""
    name = key.partition("#")[0]
    deadline = plan.by_key.get(name) or plan.beyond.get(name)
    if deadline is None:
        known = ledger.get(name)
        is_open = known is not None and not known.snapshot.confidential
        return known.snapshot.title if known and is_open else say("gate.title", language)
    if deadline.terms.confidential:
        return say("gate.title", language)
    workflow = plan.register.edition.workflows.get(deadline.workflow)
    return workflow.title if workflow else deadline.title
