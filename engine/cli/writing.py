"""Commands that change what holds: apply, remind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from engine.cli.options import AsJson, By, Commands, Now, SiteFolder, opened
from engine.cli.showing import show, show_json, warn
from engine.errors import Finding, Outcome, Severity
from engine.planning.diff import Verb
from engine.service.applying import Applied
from engine.service.applying import apply as apply_files
from engine.service.current import current
from engine.service.lookthrough import waiting
from engine.service.outbox import closed_names, shown
from engine.service.reminding import Run, forecast
from engine.service.reminding import remind as send_due
from engine.service.site import Site
from engine.wording.catalogue import Language, say
from engine.wording.dates import moment
from engine.wording.faults import finding_line
from engine.wording.plan_findings import in_words
from engine.wording.posted import held_words
from engine.wording.states import verb_word


def language_of(site: Site) -> Language:
    """The language of the site in force."""
    return current(site).edition.organisation.settings.language


def apply(
    site: SiteFolder = None,
    note: Annotated[str, typer.Option("--note", metavar="T")] = "",
    by: By = "",
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med apply`."""
    where = opened(site, now)
    applied = apply_files(where, by=by, note=note)
    if as_json:
        show_json({"edition": applied.edition, "hash": applied.hash, "changes": applied.changes})
        return 0
    language = language_of(where)
    show(applied_line(applied, language))
    if applied.held_for:
        warn(held_words(applied.held_for, language))
    if applied.is_first:
        left = len(waiting(where).rows)
        if left:
            show(say("editions.look-through", language, count=left))
    for line in _told_apart(applied.findings, where, language):
        warn(line)
    warnings = sum(finding.severity is Severity.WARNING for finding in applied.findings)
    if warnings:
        warn(say("cli.warnings", language, count=warnings))
    return 0


def _told_apart(findings: Sequence[Finding], where: Site, language: Language) -> Iterator[str]:
    """What nobody should have to look for: meetings that are gone with this edition."""
    gone = [finding for finding in findings if finding.code == "plan.meetings-removed"]
    organisation = current(where).edition.organisation if gone else None
    yield from (finding_line(in_words(each, language, organisation), language) for each in gone)


def applied_line(applied: Applied, language: Language) -> str:
    """Which edition holds now, and how much changed."""
    parts = [
        f"{applied.changes[verb.value]} {verb_word(verb, language)}"
        for verb in Verb
        if applied.changes[verb.value]
    ]
    code = "cli.applied" if applied.is_new else "cli.applied-already"
    changed = ", ".join(parts) or say("cli.nothing-changed", language)
    return say(code, language, edition=applied.edition, changed=changed)


def remind(
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med remind`."""
    where = opened(site, now)
    run = forecast(where) if dry_run else send_due(where)
    language = language_of(where)
    if as_json:
        uids = closed_names(where)
        show_json(
            [
                {
                    "message_id": mail.message_id,
                    "to": mail.to,
                    "subject": mail.subject,
                    "keys": shown(mail.keys, uids),
                    "kind": mail.kind,
                }
                for mail in run.mails
            ]
        )
    else:
        for line in run_lines(run, language, dry_run=dry_run):
            show(line)
    failed = any(mail.outcome not in ("", Outcome.SENT) for mail in run.mails)
    return 2 if failed or run.no_relay or (run.held and not dry_run) else 0


def run_lines(run: Run, language: Language, *, dry_run: bool = False) -> list[str]:
    """What a run of the reminders did, for people."""
    lines = [f"{mail.to}: {mail.subject}" for mail in run.mails]
    if run.held:
        lines.append(held_words(run.held_for, language))
    elif run.no_relay:
        lines.append(say("cli.no-relay", language))
    elif run.mails:
        code = "cli.would-send" if dry_run else "cli.sent"
        refused = sum(mail.outcome == Outcome.PERMANENT for mail in run.mails)
        unsent = sum(mail.outcome in (Outcome.TEMPORARY, Outcome.UNKNOWN) for mail in run.mails)
        counts = {code: len(run.mails) - refused - unsent}
        counts |= {"cli.unsent": unsent, "cli.refused": refused}
        lines.extend(say(each, language, count=count) for each, count in counts.items() if count)
    elif run.waits:
        lines.append(say("cli.outside-hours", language))
    else:
        lines.append(say("cli.nothing-due", language))
    if run.closed_today:
        lines.append(say("cli.closed-today", language))
    if run.next_at is not None:
        lines.append(say("cli.next-mail", language, moment=moment(run.next_at, language)))
    return lines


COMMANDS: Commands = {"apply": apply, "remind": remind}
