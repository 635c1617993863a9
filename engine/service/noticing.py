"""Mail about changes: who has been told of what has moved, lapsed or become somebody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from engine.message import Changed, Letter, Turn, changes, letter_to_json
from engine.planning.diff import Change, Snapshot, Verb
from engine.planning.heard import ENDED
from engine.planning.plan import Plan
from engine.planning.reminders import Reminder, ReminderKind, due
from engine.planning.workflow import parse_holder
from engine.service.addressing import address, has_left
from engine.service.attaching import entries, fetchers
from engine.service.buttons import links_of
from engine.service.ceilings import hold_changes
from engine.service.current import Current
from engine.service.hours import opens_at
from engine.service.letters import footer_words, language_of, list_id, root_id, viewer_of
from engine.service.retelling import Retelling, has_closed, told_again, told_anew
from engine.service.site import Site
from engine.store import Message, MessageRow, Store, Told
from engine.wording.catalogue import Language
from engine.wording.gate import Viewer

_ITEMS = TypeAdapter(dict[str, Changed])

_OTHERS = (ReminderKind.INFORMED.value, ReminderKind.ESCALATED.value)


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
            if each.kind in ENDED:
                found.get(name, {}).pop(recipient, None)
            else:
                found.setdefault(name, {})[recipient] = None
    return found


def reminded(told: Mapping[str, Told], renamed: Mapping[str, str]) -> dict[str, dict[str, None]]:
    """Whom a mail has told that a deadline is theirs to see to, as `mailed` says it."""
    mine = {key: each for key, each in told.items() if each.kind not in _OTHERS}
    return mailed(mine, renamed)


def turned(
    changed: Iterable[Change],
    mailed_to: Mapping[str, Mapping[str, None]],
    reminded_of: Mapping[str, Mapping[str, None]],
) -> dict[str, dict[str, tuple[Turn, Change]]]:
    """What has become of each matter for everybody who was told of it, by recipient and key."""
    found: dict[str, dict[str, tuple[Turn, Change]]] = {}
    for change in changed:
        before = change.before
        if before is None or before.kind == "meeting":
            continue
        for recipient in mailed_to.get(change.key, ()):
            turn = _turn(recipient, change, before)
            if turn is None and recipient in reminded_of.get(change.key, ()):
                turn = _no_longer_instead(recipient, change, before)
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
    said as it must be said now, and what has come back to where it was is left out. Whoever made
    the change needs no mail. When they are too many the outbox is held, and they wait.
    """
    arrived, renamed = store.told(arrived=True), store.renames()
    news = turned(changed, mailed(arrived, renamed), reminded(arrived, renamed))
    pending = _pending(store)
    if not news and not pending:
        return 0
    retelling = Retelling(
        site, store, now, plan, opens_at(now.edition, site.now), store.ledger(), note
    )
    fetching, standing = fetchers(store, retelling.on), _standing(retelling, pending)
    count = 0
    for recipient in sorted({*news, *pending}):
        own = {} if recipient == f"person:{by}" else news.get(recipient, {})
        items = _items(retelling, recipient, own)
        earlier = _earlier(plan, pending.get(recipient, ()))
        over = untrue(earlier, changed, recipient, by)
        closed = any(has_closed(retelling, recipient, *each) for each in earlier.items())
        if not items and not over and not closed:
            continue
        joined = _joined(_again(retelling, recipient, earlier), items, over)
        store.take_back([row.id for row in pending.get(recipient, ())], "service.joined")
        if joined:
            due_too, with_entries = standing.get(recipient, ()), recipient not in fetching
            mail = _message(retelling, recipient, joined, due_too, with_entries=with_entries)
            count += len(store.queue([mail], links_of(store, plan, [mail])))
    if count:
        hold_changes(site, store, now, plan, retelling.on)
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


def _no_longer_instead(recipient: str, change: Change, before: Snapshot) -> Turn | None:
    """Of a role that was vacant and is not: whoever was told instead need do no more."""
    after = change.after
    if change.verb is not Verb.REASSIGNED or after is None or before.people or not after.people:
        return None
    return None if recipient in _acting(after) else Turn.REASSIGNED


def _acting(snapshot: Snapshot) -> set[str]:
    """Those who act on it, as mails are addressed to them."""
    holders = map(parse_holder, snapshot.holders)
    offices = {f"office:{holder.office}" for holder in holders if holder.office}
    return {f"person:{person}" for person in snapshot.people} | offices


def _pending(store: Store) -> dict[str, list[MessageRow]]:
    found: dict[str, list[MessageRow]] = {}
    # What a worker claims meanwhile would go, and be said once more in the mail it is joined with.
    for row in store.unsent("change", locked=True):
        found.setdefault(row.recipient, []).append(row)
    return found


def _earlier(plan: Plan, waiting: Iterable[MessageRow]) -> dict[str, Changed]:
    """What waits to be told, by the names that deadlines have now."""
    return {
        plan.register.names.present(key): old
        for row in waiting
        for key, old in _ITEMS.validate_python(row.contents["changes"]).items()
    }


def _again(
    retelling: Retelling, recipient: str, earlier: Mapping[str, Changed]
) -> dict[str, Changed]:
    """What waits to be told, as it must be said now."""
    found = {key: told_again(retelling, recipient, key, old) for key, old in earlier.items()}
    return {key: item for key, item in found.items() if item is not None}


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
    retelling: Retelling, recipient: str, news: Mapping[str, tuple[Turn, Change]]
) -> dict[str, Changed]:
    now = retelling.now
    if not address(recipient, now) or has_left(recipient, now, retelling.on):
        return {}
    items = {
        key: told_anew(retelling, recipient, key, turn, each.before, each.after)
        for key, (turn, each) in news.items()
        if each.before is not None
    }
    return {key: item for key, item in items.items() if item is not None}


def _message(
    retelling: Retelling,
    recipient: str,
    items: Mapping[str, Changed],
    standing: Iterable[Reminder],
    *,
    with_entries: bool,
) -> tuple[Message, list[Told]]:
    letter = _letter(retelling, recipient, items, with_entries=with_entries)
    contents = {
        "letter": letter_to_json(letter),
        "keys": sorted(items),
        "changes": _ITEMS.dump_python(dict(items), mode="json"),
    }
    message = Message(
        recipient=recipient,
        kind="change",
        local_day=retelling.on,
        message_id=letter.message_id,
        contents=contents,
        due_at=retelling.at,
        created_at=retelling.site.now,
    )
    return message, _covered(retelling, recipient, items, standing)


def _letter(
    retelling: Retelling, recipient: str, items: Mapping[str, Changed], *, with_entries: bool
) -> Letter:
    site, language = retelling.site, language_of(recipient, retelling.now)
    looking = viewer_of(recipient, retelling.plan, retelling.on)
    moved = [key for key, item in items.items() if item.turn is Turn.MOVED]
    said = "\n".join((recipient, retelling.site.now.isoformat(), *sorted(items)))
    name = hashlib.sha256(said.encode()).hexdigest()[:32]
    uid = retelling.uid(next(iter(items))) if len(items) == 1 else ""
    return changes(
        list(items.values()),
        retelling.on,
        language,
        message_id=f"{name}@{site.config.mail.sender.rpartition('@')[2]}",
        list_id=list_id(site),
        because=footer_words(retelling.now, looking, language),
        references=root_id(site, uid) if uid else None,
        note=retelling.note,
        ics=_entries(retelling, looking, moved, language) if with_entries else None,
    )


def _entries(
    retelling: Retelling, looking: Viewer, keys: Collection[str], language: Language
) -> str | None:
    return entries(retelling.site, retelling.plan, retelling.ledger, looking, keys, language)


def _standing(
    retelling: Retelling, pending: Mapping[str, Iterable[MessageRow]]
) -> dict[str, list[Reminder]]:
    """Each recipient's reminders of the day the mails go, told by none but mails that wait."""
    store, now = retelling.store, retelling.now
    carried = store.carried([row.id for waiting in pending.values() for row in waiting])
    waits = {each.key for mail in carried.values() for each in mail}
    told = {key: each for key, each in store.told().items() if key not in waits}
    found: dict[str, list[Reminder]] = {}
    for each in due(retelling.plan, told, store.moves(), retelling.on, now.in_force_on, now.people):
        found.setdefault(each.recipient, []).append(each)
    return found


def _covered(
    retelling: Retelling,
    recipient: str,
    items: Mapping[str, Changed],
    standing: Iterable[Reminder],
) -> list[Told]:
    """The reminders that the mail makes superfluous, and that the rest is over for the recipient.

    What has moved would be told once more the same morning.
    """
    moved = {key for key, item in items.items() if item.turn is Turn.MOVED}
    told = [
        Told(key=each.key, kind=each.kind.value, due_on=each.deadline.due_on)
        for each in standing
        if each.deadline.key in moved and each.kind is not ReminderKind.ESCALATED
    ]
    moment = f"{retelling.site.now:%Y%m%dT%H%M%S%f}"
    told.extend(
        Told(key=f"{key}#0 {item.turn}-{moment} {recipient}", kind=item.turn.value)
        for key, item in items.items()
        if key not in moved
    )
    return told
