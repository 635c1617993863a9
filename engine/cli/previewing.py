"""How `med plan --diff` shows what applying would change: grouped by verb, then by reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.cli.showing import day_column, show, show_json
from engine.planning.diff import Snapshot, Verb
from engine.service.changes import Foreseen, Preview, foreseen
from engine.service.site import Site
from engine.wording.catalogue import Language, say
from engine.wording.dates import moment
from engine.wording.editions import edit_words, reason_words, verb_heading
from engine.wording.gate import Sight, title
from engine.wording.posted import held_words

MOST_LINES = 10
MOST_ADDRESSES = 8
_BLANK = " " * 13


def show_preview(where: Site, *, as_json: bool, every: bool) -> int:
    """Show the changes the files would make."""
    found = foreseen(where)
    language: Language = found.now.edition.organisation.settings.language
    if as_json:
        show_json([_json(each, language) for each in found.changes])
        return 0
    for line in preview_lines(found, language, every=every):
        show(line)
    return 0


def preview_lines(found: Foreseen, language: Language, *, every: bool = False) -> list[str]:
    """The changes for people: how many of each verb, why, which, whom and which mails."""
    if not found.changes and not found.silent:
        return [say("cli.no-changes", language)]
    lines: list[str] = []
    come = [each for each in found.changes if each.reason.kind == "month"]
    for verb in Verb:
        mine = [
            each
            for each in found.changes
            if each.change.verb is verb and (every or each.reason.kind != "month")
        ]
        if mine:
            lines += [*_of_verb(verb, mine, language, every=every), ""]
    lines += _silent(found, language, every=every)
    if come:
        lines.append(say("editions.come", language, count=len(come)))
    lines.append(say("editions.unchanged", language, count=found.unchanged))
    lines += _touched(found, language, every=every)
    lines += _mails(found, language)
    return lines


def _of_verb(verb: Verb, mine: list[Preview], language: Language, *, every: bool) -> list[str]:
    lines = [verb_heading(verb.value, len(mine), language)]
    grouped: dict[str, list[Preview]] = {}
    for each in mine:
        grouped.setdefault(_reason(each, language), []).append(each)
    most = len(mine) if every else max(1, MOST_LINES // len(grouped))
    unsaid = 0
    ordered = sorted(grouped.items(), key=lambda one: -len(one[1]))
    for place, (reason, group) in enumerate(ordered):
        if place >= MOST_LINES and not every:
            unsaid += len(group)
            continue
        lines.append(f"  {reason}")
        shown = sorted(group, key=_order)[:most]
        lines += [_line(each, language) for each in shown]
        if len(group) > len(shown):
            more = say("editions.more", language, count=len(group) - len(shown))
            lines.append(f"    {more}")
    if unsaid:
        lines.append(f"  {say('editions.more-reasons', language, count=unsaid)}")
    return lines


def _order(each: Preview) -> tuple[str, str]:
    snapshot = each.change.after or each.change.before
    return (snapshot.due_on if snapshot else "", each.change.key)


def _line(each: Preview, language: Language) -> str:
    change = each.change
    snapshot = change.after or change.before
    assert snapshot is not None
    if each.confidential:
        closed = f"    {_day(snapshot.due_on, language)}  {say('gate.title', language)}"
        return f"{closed}\n    {_BLANK}  {each.uid}" if each.uid else closed
    where = snapshot.committee_title or (snapshot.title if snapshot.kind == "meeting" else "")
    what = say("editions.meeting", language) if snapshot.kind == "meeting" else snapshot.title
    words = " · ".join(part for part in (what, where) if part)
    before = change.before
    was = ""
    if change.verb is Verb.MOVED and before is not None:
        was = f" {say('editions.was', language, was=_was(before, snapshot, language))}"
    elif change.verb is Verb.REASSIGNED and before is not None:
        old, new = (", ".join(one.people or one.holders) or "–" for one in (before, snapshot))
        was = f" {say('editions.holders', language, was=old, now=new)}"
    return f"    {_day(snapshot.due_on, language)}  {words}{was}\n    {_BLANK}  {change.key}"


def _was(before: Snapshot, after: Snapshot, language: Language) -> str:
    if before.due_on != after.due_on:
        return _day(before.due_on, language).strip()
    if before.hours != after.hours:
        return before.hours or say("cli.no-date", language)
    return _day(before.nominal_on, language).strip()


def _day(iso: str, language: Language) -> str:
    on = date.fromisoformat(iso) if iso else None
    return day_column(on, language) if on else f"{say('cli.no-date', language):<13}"


def _reason(each: Preview, language: Language) -> str:
    """Why it changes; the files behind a confidential one would say what it is."""
    if each.confidential:
        return say("gate.title", language)
    return reason_words(each.reason.kind, each.reason.edits, language)


def _silent(found: Foreseen, language: Language, *, every: bool) -> list[str]:
    """Edits that change nothing announced; they may still change who is reminded and when."""
    if not found.silent:
        return []
    shown = found.silent if every else found.silent[:MOST_LINES]
    lines = [say("editions.silent", language, count=len(found.silent))]
    lines += [f"  {edit_words(edit, language)}" for edit in shown]
    if len(found.silent) > len(shown):
        lines.append(f"  {say('editions.more', language, count=len(found.silent) - len(shown))}")
    return [*lines, ""]


def _touched(found: Foreseen, language: Language, *, every: bool) -> list[str]:
    lines: list[str] = []
    open_changes = [each for each in found.changes if not each.confidential]
    for code, addresses in (
        ("editions.touches", _unique(each.touches for each in open_changes)),
        ("editions.told", _unique(each.mailed for each in open_changes)),
    ):
        if addresses:
            shown = addresses if every else addresses[:MOST_ADDRESSES]
            words = ", ".join(shown)
            if len(addresses) > len(shown):
                words += " " + say("editions.more", language, count=len(addresses) - len(shown))
            lines.append(say(code, language, count=len(addresses), words=words))
    return lines


def _unique(groups: Iterable[tuple[str, ...]]) -> list[str]:
    return sorted({each for group in groups for each in group})


def _mails(found: Foreseen, language: Language) -> list[str]:
    """Which mails follow: about the changes, and reminders that would not have gone."""
    lines = [say("editions.no-notices", language)]
    if found.noticed:
        at = moment(found.notice_at, language)
        lines = [say("editions.notices", language, count=found.noticed, moment=at)]
    if found.mails:
        at = moment(found.mail_at, language)
        lines.append(say("editions.mails", language, count=found.mails, moment=at))
    if not found.can_send and (found.noticed or found.mails):
        lines.append(say("editions.mails-wait", language))
    if found.held_for:
        lines.append(held_words(found.held_for, language))
    if found.too_many:
        lines.append(say(f"editions.mails-{found.too_many}", language))
    return lines


def _json(each: Preview, language: Language) -> dict[str, Any]:
    closed = each.confidential
    return {
        "verb": each.change.verb,
        "key": each.uid if closed else each.change.key,
        "before": _snapshot_json(each.change.before, language),
        "after": _snapshot_json(each.change.after, language),
        "reason": "" if closed else _reason(each, language),
        "told": () if closed else each.told,
    }


def _snapshot_json(snapshot: Snapshot | None, language: Language) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    closed = snapshot.confidential
    return {
        "title": title(snapshot, Sight.MASKED if closed else Sight.FULL, language),
        "nominal_on": None if closed else snapshot.nominal_on or None,
        "due_on": snapshot.due_on or None,
        "responsible": [] if closed else list(snapshot.holders),
    }
