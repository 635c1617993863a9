"""One matter that has changed, as a reader who was told of it is told now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.message import Changed, Link, Todo, Turn
from engine.planning.diff import Announced, Snapshot
from engine.planning.plan import Deadline, Plan
from engine.planning.status import State, state
from engine.service.asked import acts
from engine.service.buttons import button_for
from engine.service.clock import local
from engine.service.current import Current
from engine.service.letters import language_of, others_words, title_in_mail, viewer_of
from engine.service.site import Site
from engine.store import Store
from engine.wording.cases import with_case
from engine.wording.catalogue import Language
from engine.wording.explain import basis
from engine.wording.gate import Sight, seen
from engine.wording.holders import responsible_words
from engine.wording.meetings import told_with_meeting

_SETTLED = (State.DONE, State.WAIVED, State.BLOCKED)


@dataclass(frozen=True, slots=True)
class Retelling:
    """Where mails about changes are written from: the plan as it has become."""

    site: Site
    store: Store
    now: Current
    plan: Plan
    at: datetime
    """When the mails may go."""
    ledger: Mapping[str, Announced]
    note: str

    @property
    def on(self) -> date:
        """The day they go."""
        return local(self.at).date()

    def uid(self, key: str) -> str:
        """What a deadline is announced under; empty where nothing is."""
        announced = self.ledger.get(key)
        return announced.uid if announced else ""

    def deadline(self, key: str) -> Deadline | None:
        """The deadline of a key, where there still is one."""
        return self.plan.by_key.get(key) or self.plan.beyond.get(key)


def told_anew(
    retelling: Retelling,
    recipient: str,
    key: str,
    turn: Turn,
    before: Snapshot,
    after: Snapshot | None,
) -> Changed | None:
    """What has become of a matter; None where the reader may not know of it."""
    deadline = retelling.deadline(key)
    item = _bare(retelling, recipient, key, deadline or before)
    if item is None:
        return None
    after_on = _day(after.due_on) if after else None
    item = replace(item, turn=turn, before_on=_day(before.due_on), after_on=after_on)
    if item.masked:
        return item
    language = language_of(recipient, retelling.now)
    if deadline is not None:
        return _in_full(retelling, recipient, deadline, item, language)
    title = f"{before.title} ({before.member})" if before.member else before.title
    return replace(
        item,
        title=with_case(title, before.case, language),
        committee_title=before.committee_title,
    )


def told_again(retelling: Retelling, recipient: str, key: str, old: Changed) -> Changed | None:
    """What waits to be told of a matter, in the words of today; None as for what is new.

    Its days stay. What is no more is told as it was, and nothing is left to answer.
    """
    deadline = retelling.deadline(key)
    if deadline is None:
        return replace(old, todo=None, button=None)
    item = _bare(retelling, recipient, key, deadline)
    if item is None:
        return None
    item = replace(item, turn=old.turn, before_on=old.before_on, after_on=old.after_on)
    language = language_of(recipient, retelling.now)
    return item if item.masked else _in_full(retelling, recipient, deadline, item, language)


def has_closed(retelling: Retelling, recipient: str, key: str, old: Changed) -> bool:
    """Whether what waits to be told says more than its reader may be told by now."""
    deadline = retelling.deadline(key)
    if deadline is None or old.masked:
        return False
    looking = viewer_of(recipient, retelling.plan, retelling.on)
    sight = seen(deadline, looking, retelling.plan.register, retelling.on, addressed=True)
    return sight is not Sight.FULL


def _bare(
    retelling: Retelling, recipient: str, key: str, about: Deadline | Snapshot
) -> Changed | None:
    """Where it is found, and whether more may be said; None where the reader may not know of it."""
    looking = viewer_of(recipient, retelling.plan, retelling.on)
    sight = seen(about, looking, retelling.plan.register, retelling.on, addressed=True)
    if sight is Sight.HIDDEN:
        return None
    uid, base_url = retelling.uid(key), retelling.site.config.web.base_url.rstrip("/")
    url = f"{base_url}/deadlines/{uid}" if uid else ""
    return Changed(Turn.MOVED, "", None, None, url=url, masked=sight is Sight.MASKED)


def _in_full(
    retelling: Retelling, recipient: str, deadline: Deadline, item: Changed, language: Language
) -> Changed:
    organisation = retelling.plan.register.edition.organisation
    body = organisation.committees.get(deadline.committee)
    told = told_with_meeting(deadline, retelling.plan, retelling.on, language)
    full = replace(
        item,
        title=title_in_mail(deadline, language),
        committee_title=body.title if body else "",
        responsible=responsible_words(deadline, organisation, language),
        meeting=told.meeting,
        sentence=told.sentence,
        basis=basis(deadline, language),
        others=others_words(deadline, retelling.plan, language),
    )
    button = _button(retelling, recipient, deadline, language) if item.turn is Turn.MOVED else None
    return replace(full, button=button, todo=_todo(deadline, recipient) if button else None)


def _button(
    retelling: Retelling, recipient: str, deadline: Deadline, language: Language
) -> Link | None:
    """The same button as in a reminder, for whoever must act now."""
    plan, people, on = retelling.plan, retelling.now.people, retelling.on
    is_settled = state(deadline, plan, on) in _SETTLED
    if is_settled or not acts(recipient, deadline, plan, people, on):
        return None
    return button_for(recipient, deadline, retelling.now, plan, on, language)


def _todo(deadline: Deadline, recipient: str) -> Todo:
    several = deadline.finish != "one" or recipient.startswith("office:")
    return Todo(several, deadline.kind == "at" and bool(deadline.dated.meeting))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
