"""Mail about changes: who has been told of what has moved, lapsed or become somebody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from engine.message import Changed, Letter, Turn, changes, letter_to_json
from engine.planning.diff import Change, Snapshot, Verb
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import ReminderKind, due
from engine.planning.workflow import parse_holder
from engine.service.addressing import address, has_left
from engine.service.clock import local
from engine.service.current import Current
from engine.service.hours import opens_at
from engine.service.letters import (
    footer_words,
    language_of,
    list_id,
    root_id,
    title_in_mail,
    viewer_of,
)
from engine.service.site import Site
from engine.store import Message, MessageRow, Store, Told
from engine.wording.cases import with_case
from engine.wording.catalogue import Language
from engine.wording.explain import basis, sentence
from engine.wording.gate import Sight, seen
from engine.wording.holders import holder_words

_ITEMS = TypeAdapter(dict[str, Changed])
_ENDED = (Turn.REASSIGNED.value, Turn.RETIRED.value)


@dataclass(frozen=True, slots=True)
class _Notice:
    """Where mails about changes are written from: the plan as it has become."""

    site: Site
    store: Store
    now: Current
    plan: Plan
    at: datetime
    """When the mails may go."""
    uids: Mapping[str, str]
    note: str

    @property
    def on(self) -> date:
        """The day they go."""
        return local(self.at).date()


def mailed(told: Mapping[str, Told], renamed: Mapping[str, str]) -> dict[str, dict[str, None]]:
    """Whom a mail has told of each deadline, by its key now and its key then.

    Who has since been told that it is over, or another's, is no longer among them. `told` is in
    the order it was told.
    """
    found: dict[str, dict[str, None]] = {}
    present = {old: new for new, old in renamed.items()}
    for key, each in told.items():
        deadline, recipient = key.partition("#")[0], key.rpartition(" ")[2]
        for name in {deadline, present.get(deadline, deadline)}:
            if each.kind in _ENDED:
                found.get(name, {}).pop(recipient, None)
            else:
                found.setdefault(name, {})[recipient] = None
    return found


def turned(
    changed: Iterable[Change], mailed_to: Mapping[str, Mapping[str, None]]
) -> dict[str, dict[str, tuple[Turn, Change]]]:
    """What has become of each matter for everybody who was told of it, by recipient and key."""
    found: dict[str, dict[str, tuple[Turn, Change]]] = {}
    for change in changed:
        before = change.before
        if before is None or before.kind == "meeting":
            continue
        for recipient in mailed_to.get(change.key, ()):
            turn = _turn(recipient, change, before)
            if turn is not None:
                found.setdefault(recipient, {})[change.key] = (turn, change)
    return found


def tell_changes(
    site: Site,
    store: Store,
    now: Current,
    plan: Plan,
    changed: Sequence[Change],
    *,
    note: str = "",
    by: str = "",
) -> int:
    """Queue one mail to each who was told of something that is no longer so; how many.

    They go within the hours of mail. One that still waits for the recipient is joined with it,
    and what has come back to where it was is left out. Whoever made the change needs no mail.
    """
    news = turned(changed, mailed(store.told(arrived=True), store.renames()))
    pending = _pending(store)
    uids = {key: announced.uid for key, announced in store.ledger().items()} if news else {}
    notice = _Notice(site, store, now, plan, opens_at(now.edition, site.now), uids, note)
    count = 0
    for recipient in sorted({*news, *pending}):
        own = {} if recipient == f"person:{by}" else news.get(recipient, {})
        items = _items(notice, recipient, own)
        earlier = {key: old for row in pending.get(recipient, ()) for key, old in _old(row).items()}
        over = untrue(earlier, changed, recipient, by)
        if not items and not over:
            continue
        joined = _joined(earlier, items, over)
        store.take_back([row.id for row in pending.get(recipient, ())], "service.joined")
        if joined:
            count += len(store.queue([_message(notice, recipient, joined)]))
    return count


def untrue(
    earlier: Mapping[str, Changed], changed: Iterable[Change], recipient: str, by: str
) -> set[str]:
    """What a mail that waits says and is no longer so, or is the recipient's own doing since.

    It has come back, it is the recipient's to do again, or the recipient has moved it.
    """
    found: set[str] = set()
    for change in changed:
        old = earlier.get(change.key)
        if old is None:
            continue
        acts = _acting(change.after) if change.after else set()
        is_theirs = old.turn is Turn.REASSIGNED and recipient in acts
        if change.verb is Verb.NEW or recipient == f"person:{by}" or is_theirs:
            found.add(change.key)
    return found


def _turn(recipient: str, change: Change, before: Snapshot) -> Turn | None:
    acted, acts = _acting(before), _acting(change.after) if change.after else set()
    is_anothers = recipient in acted and recipient not in acts
    match change.verb:
        case Verb.RETIRED:
            return Turn.RETIRED
        case Verb.REASSIGNED if is_anothers:
            return Turn.REASSIGNED
        case Verb.MOVED:
            return Turn.REASSIGNED if is_anothers else Turn.MOVED
        case _:
            return None


def _acting(snapshot: Snapshot) -> set[str]:
    """Those who act on it, as mails are addressed to them."""
    holders = map(parse_holder, snapshot.holders)
    offices = {f"office:{holder.office}" for holder in holders if holder.office}
    return {f"person:{person}" for person in snapshot.people} | offices


def _pending(store: Store) -> dict[str, list[MessageRow]]:
    found: dict[str, list[MessageRow]] = {}
    for row in store.unsent("change"):
        found.setdefault(row.recipient, []).append(row)
    return found


def _old(row: MessageRow) -> dict[str, Changed]:
    return _ITEMS.validate_python(row.contents["changes"])


def _joined(
    earlier: Mapping[str, Changed], items: Mapping[str, Changed], over: Collection[str]
) -> dict[str, Changed]:
    """What is to be told of all of it, from where the recipient was told it stood."""
    joined = {key: item for key, item in earlier.items() if key not in over}
    joined |= {key: _since(earlier.get(key), item) for key, item in items.items()}
    return {key: item for key, item in joined.items() if not _is_back(item)}


def _since(earlier: Changed | None, item: Changed) -> Changed:
    """A change from where the recipient was last told that the matter stood."""
    if earlier is None:
        return item
    return replace(item, before_on=earlier.before_on)


def _is_back(item: Changed) -> bool:
    return item.turn is Turn.MOVED and item.before_on == item.after_on


def _items(
    notice: _Notice, recipient: str, news: Mapping[str, tuple[Turn, Change]]
) -> dict[str, Changed]:
    now = notice.now
    if not address(recipient, now) or has_left(recipient, now, notice.on):
        return {}
    items = {key: _item(notice, recipient, turn, each) for key, (turn, each) in news.items()}
    return {key: item for key, item in items.items() if item is not None}


def _item(notice: _Notice, recipient: str, turn: Turn, change: Change) -> Changed | None:
    plan, before = notice.plan, change.before
    assert before is not None
    deadline = plan.by_key.get(change.key) or plan.beyond.get(change.key)
    looking = viewer_of(recipient, plan, notice.on)
    sight = seen(deadline or before, looking, plan.register, notice.on, addressed=True)
    if sight is Sight.HIDDEN:
        return None
    language = language_of(recipient, notice.now)
    uid = notice.uids.get(change.key, "")
    base_url = notice.site.config.web.base_url.rstrip("/")
    after = change.after
    item = Changed(
        turn=turn,
        title="",
        before_on=_day(before.due_on),
        after_on=_day(after.due_on) if after else None,
        url=f"{base_url}/deadlines/{uid}" if uid else "",
        masked=sight is Sight.MASKED,
    )
    return item if item.masked else _told_in_full(notice, item, deadline, before, language)


def _told_in_full(
    notice: _Notice, item: Changed, deadline: Deadline | None, before: Snapshot, language: Language
) -> Changed:
    if deadline is None:
        title = f"{before.title} ({before.member})" if before.member else before.title
        return replace(
            item,
            title=with_case(title, before.case, language),
            committee_title=before.committee_title,
        )
    organisation = notice.plan.register.edition.organisation
    body = organisation.committees.get(deadline.committee)
    return replace(
        item,
        title=title_in_mail(deadline, language),
        committee_title=body.title if body else "",
        responsible=", ".join(
            holder_words(holder, deadline.committee, organisation, language)
            for holder in deadline.terms.responsible
        ),
        sentence=sentence(deadline, notice.plan, language),
        basis=basis(deadline, language),
    )


def _message(
    notice: _Notice, recipient: str, items: Mapping[str, Changed]
) -> tuple[Message, list[Told]]:
    letter = _letter(notice, recipient, items)
    contents = {
        "letter": letter_to_json(letter),
        "keys": sorted(items),
        "changes": _ITEMS.dump_python(dict(items), mode="json"),
    }
    message = Message(
        recipient=recipient,
        kind="change",
        local_day=notice.on,
        message_id=letter.message_id,
        contents=contents,
        due_at=notice.at,
        created_at=notice.site.now,
    )
    return message, _covered(notice, recipient, items)


def _letter(notice: _Notice, recipient: str, items: Mapping[str, Changed]) -> Letter:
    site, language = notice.site, language_of(recipient, notice.now)
    said = "\n".join((recipient, notice.site.now.isoformat(), *sorted(items)))
    name = hashlib.sha256(said.encode()).hexdigest()[:32]
    uid = notice.uids.get(next(iter(items)), "") if len(items) == 1 else ""
    return changes(
        list(items.values()),
        notice.on,
        language,
        message_id=f"{name}@{site.config.mail.sender.rpartition('@')[2]}",
        list_id=list_id(site),
        because=footer_words(notice.now, viewer_of(recipient, notice.plan, notice.on), language),
        references=root_id(site, uid) if uid else None,
        note=notice.note,
    )


def _covered(notice: _Notice, recipient: str, items: Mapping[str, Changed]) -> list[Told]:
    """The reminders that the mail makes superfluous, and that the rest is over for the recipient.

    What has moved would be told once more the same morning.
    """
    store, now = notice.store, notice.now
    moved = {key for key, item in items.items() if item.turn is Turn.MOVED}
    standing = due(notice.plan, store.told(), store.moves(), notice.on, now.in_force_on, now.people)
    told = [
        Told(key=each.key, kind=each.kind.value, due_on=each.deadline.due_on)
        for each in standing
        if each.recipient == recipient
        and each.deadline.key in moved
        and each.kind is not ReminderKind.ESCALATED
    ]
    moment = f"{notice.site.now:%Y%m%dT%H%M%S%f}"
    told.extend(
        Told(key=f"{key}#0 {item.turn}-{moment} {recipient}", kind=item.turn.value)
        for key, item in items.items()
        if key not in moved
    )
    return told


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
