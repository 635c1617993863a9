"""Commands that keep the store safe: backup, restore, and the outbox that a restore holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, Now, SiteFolder, opened
from engine.cli.showing import show, show_json
from engine.cli.writing import language_of
from engine.service import backups, outbox
from engine.wording.catalogue import Language, say
from engine.wording.dates import moment


def backup(
    file: Annotated[Path, typer.Argument(metavar="F")],
    site: SiteFolder = None,
    as_json: AsJson = False,
) -> int:
    """`med backup F`."""
    where = opened(site, None)
    rows = backups.backup(where, file)
    if as_json:
        show_json({"file": str(file), "rows": rows})
    else:
        language = language_of(where)
        show(say("outbox.backed-up", language, file=file, count=sum(rows.values())))
    return 0


def restore(
    file: Annotated[Path, typer.Argument(metavar="F")],
    replace: Annotated[bool, typer.Option("--replace")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
) -> int:
    """`med restore F`."""
    where = opened(site, None)
    found = backups.restore(where, file, replace)
    if as_json:
        told = {"file": str(file), "rows": found.rows, "edition": found.edition}
        show_json({**told, "forgotten": found.forgotten, "held": True})
        return 0
    language = language_of(where)
    count = sum(found.rows.values())
    show(say("outbox.restored", language, file=file, count=count, edition=found.edition or 0))
    if found.forgotten:
        show(say("outbox.still-forgotten", language, count=len(found.forgotten)))
    show(say("outbox.held", language))
    return 0


def list_outbox(
    context: typer.Context, site: SiteFolder = None, as_json: AsJson = False, now: Now = None
) -> int:
    """`med outbox`: what is on its way, when no command below it is named."""
    if context.invoked_subcommand is not None:
        return 0
    where = opened(site, now)
    found = outbox.listed(where)
    if as_json:
        names = ("message_id", "to", "subject", "keys", "kind", "send_at", "state", "reason")
        show_json([{name: getattr(mail, name) for name in names} for mail in found.mails])
        return 0
    language = language_of(where)
    for mail in found.mails:
        when = moment(mail.send_at, language)
        state = say(f"outbox.state.{mail.state}", language)
        to = mail.to or say("people.former", language, person=mail.recipient)
        subject = mail.subject or say("people.mail-emptied", language)
        show(say("outbox.mail", language, to=to, subject=subject, moment=when, state=state))
    if not found.mails:
        show(say("outbox.empty", language))
    if found.held_at is not None:
        show(say("outbox.held", language))
    return 0


def release(site: SiteFolder = None, as_json: AsJson = False, now: Now = None) -> int:
    """`med outbox release`."""
    where = opened(site, now)
    before = outbox.release(where)
    if as_json:
        show_json({"released": before.held_at is not None, "waiting": before.waiting})
        return 0
    show(_released(before, language_of(where)))
    return 0


def _released(before: outbox.Held, language: Language) -> str:
    if before.held_at is None:
        return say("outbox.not-held", language)
    return say("outbox.released", language, count=before.waiting)


COMMANDS: Commands = {"backup": backup, "restore": restore}
OUTBOX_COMMANDS: Commands = {"release": release}
