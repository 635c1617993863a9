"""What applying the files would change, as `med plan --diff` shows it."""

from __future__ import annotations

from typing import Any

from engine.cli.showing import show, show_json
from engine.planning.diff import Snapshot
from engine.service.changes import Preview, preview
from engine.service.checking import check as check_site
from engine.service.site import Site
from engine.wording.catalogue import Language, say
from engine.wording.gate import Sight, title
from engine.wording.states import verb_word


def show_preview(where: Site, as_json: bool) -> int:
    """`med plan --diff`."""
    changes = preview(where)
    checked = check_site(where)
    edition = checked.reading.edition
    language: Language = edition.organisation.settings.language if edition else "da"
    if as_json:
        show_json([_preview_json(each, language) for each in changes])
        return 0
    for each in changes:
        show(_preview_line(each, language))
    if not changes:
        show(say("cli.no-changes", language))
    return 0


def _preview_json(each: Preview, language: Language) -> dict[str, Any]:
    return {
        "verb": each.change.verb,
        "key": each.uid if each.confidential else each.change.key,
        "before": _snapshot_json(each.change.before, language),
        "after": _snapshot_json(each.change.after, language),
        "reason": _reason(each, language),
        "told": [] if each.confidential else [person.email for person in each.told],
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


def _reason(each: Preview, language: Language) -> str:
    """The files behind a change; those of a confidential one would say what it is."""
    if each.confidential:
        return ""
    return ", ".join(each.reason) or say("cli.reason-months", language)


def _preview_line(each: Preview, language: Language) -> str:
    change = each.change
    days = " → ".join(
        snapshot.due_on or say("cli.no-date", language)
        for snapshot in (change.before, change.after)
        if snapshot is not None
    )
    snapshot = change.after or change.before
    head = f"{verb_word(change.verb, language):<12} {days:<26}"
    if snapshot is None or each.confidential:
        return f"{head} {say('gate.title', language)}"
    return f"{head} {snapshot.title}  {change.key}  ({_reason(each, language)})"
