"""The commands about mails on their way: seeing them, letting them go, again or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, Now, SiteFolder, opened
from engine.cli.showing import show, show_json, warn
from engine.cli.writing import language_of
from engine.errors import EngineError
from engine.service import outbox
from engine.service.clock import local
from engine.service.foreseeing import Foresight, foreseen
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import moment
from engine.wording.posted import held_words, mail_reason

STATES = ("due", "sending", "sent", "retry", "stuck", "failed", "unknown", "cancelled")
POSTED = ("message_id", "to", "subject", "keys", "kind", "send_at", "state", "reason")
DAYS, MOST_DAYS = 60, 400

MessageIds = Annotated[list[str] | None, typer.Argument(metavar="MESSAGE-ID…")]


def list_outbox(
    context: typer.Context,
    state: Annotated[str, typer.Option("--state", metavar="T")] = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med outbox`: what is on its way, when no command below it is named."""
    if context.invoked_subcommand is not None:
        return 0
    where = opened(site, now)
    if state and state not in STATES:
        raise EngineError("outbox.no-such-state", state=state, states=STATES)
    found = outbox.listed(where, state)
    if as_json:
        show_json([{name: getattr(mail, name) for name in POSTED} for mail in found.mails])
        return 0
    language = language_of(where)
    for mail in found.mails:
        show(_line(mail, language))
    if not found.mails:
        show(say("outbox.none-so" if state else "outbox.empty", language))
    if found.held_at is not None:
        show(held_words(found.held_for, language))
    return 0


def _line(mail: outbox.Posted, language: Language) -> str:
    """One mail: when, how far, to whom, what, by which name, and what stands in the way."""
    line = say(
        "outbox.mail",
        language,
        to=mail.to or say("people.former", language, person=mail.recipient),
        subject=mail.subject or say("people.mail-emptied", language),
        moment=moment(mail.send_at, language),
        state=say(f"outbox.state.{mail.state}", language),
    )
    if mail.state == "sent":
        return line
    reason = mail_reason(mail.reason, language)
    return f"{line}\n    {mail.message_id}" + (f"  {reason}" if reason else "")


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
    if before.held_for.startswith("too-many"):
        return say("outbox.released-due", language)
    return say("outbox.released", language, count=before.waiting)


def retry(
    message_ids: MessageIds = None,
    every: Annotated[bool, typer.Option("--all")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med outbox retry [MESSAGE-ID …|--all]`."""
    where = opened(site, now)
    if bool(message_ids) == every:
        raise EngineError("outbox.which")
    return _told("retry", outbox.retry(where, message_ids or ()), language_of(where), as_json)


def cancel(
    message_ids: Annotated[list[str], typer.Argument(metavar="MESSAGE-ID…")],
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med outbox cancel MESSAGE-ID`."""
    where = opened(site, now)
    return _told("cancel", outbox.cancel(where, message_ids), language_of(where), as_json)


def _told(verb: str, steered: Sequence[outbox.Steered], language: Language, as_json: bool) -> int:
    """What became of each; exit 2 when one was refused."""
    if as_json:
        show_json(
            [
                {name: getattr(each.mail, name) for name in POSTED} | {"refused": each.refused}
                for each in steered
            ]
        )
    else:
        for each in steered:
            _tell(verb, each, language)
        if not steered:
            show(say("outbox.nothing-to-retry", language))
    return 2 if any(each.refused for each in steered) else 0


def _tell(verb: str, each: outbox.Steered, language: Language) -> None:
    out: Callable[[str], None] = warn if each.refused else show
    own = f"outbox.{verb}.{each.refused or 'done'}"
    out(
        say(
            own if has(own, language) else f"outbox.steered.{each.refused}",
            language,
            message_id=each.mail.message_id,
            to=each.mail.to or say("people.former", language, person=each.mail.recipient),
            subject=each.mail.subject or say("people.mail-emptied", language),
            moment=moment(each.mail.send_at, language),
        )
    )


def forecast(
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=MOST_DAYS)] = DAYS,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med forecast`."""
    where = opened(site, now)
    found = foreseen(where, days)
    if as_json:
        show_json([{name: getattr(mail, name) for name in POSTED} for mail in found.mails])
        return 0
    for line in _forecast_lines(found, days, language_of(where)):
        show(line)
    return 0


def _forecast_lines(found: Foresight, days: int, language: Language) -> Iterator[str]:
    """The mails under the moment they go, what stands in their way once, and how many."""
    for (at, reason), mails in groupby(found.mails, lambda mail: (mail.send_at, mail.reason)):
        words = mail_reason(reason, language)
        yield moment(local(at), language) + (f"  ({words})" if words else "")
        for mail in mails:
            to = mail.to or say("people.former", language, person=mail.recipient)
            yield f"    {to}: {mail.subject}"
    yield say("outbox.foreseen", language, count=len(found.mails), days=days)
    if found.held_for:
        yield held_words(found.held_for, language)
    elif found.no_relay:
        yield say("cli.no-relay", language)


COMMANDS: Commands = {"forecast": forecast}
OUTBOX_COMMANDS: Commands = {"release": release, "retry": retry, "cancel": cancel}
