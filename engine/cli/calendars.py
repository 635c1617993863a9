"""Commands about calendars: publish, and the subscriptions."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, Committee, Now, Out, PersonId, SiteFolder, opened
from engine.cli.showing import show, show_json
from engine.cli.writing import language_of
from engine.service import feeds
from engine.service.publishing import publish as write_calendars
from engine.wording.catalogue import say


def publish(
    out: Out = None, site: SiteFolder = None, as_json: AsJson = False, now: Now = None
) -> int:
    """`med publish`."""
    where = opened(site, now)
    files = write_calendars(where, out)
    if as_json:
        show_json(
            [{"path": each.path, "events": each.events, "changed": each.changed} for each in files]
        )
        return 0
    language = language_of(where)
    for each in files:
        code = "cli.published" if each.changed else "cli.published-same"
        show(say(code, language, path=each.path, count=each.events))
    return 0


def create(
    committee: Committee = "",
    person: PersonId = "",
    meetings: Annotated[bool | None, typer.Option("--meetings/--no-meetings")] = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med feed create`."""
    where = opened(site, now)
    made = feeds.create(where, committee, person, meetings)
    if as_json:
        show_json({"feed": made.feed, "scope": made.scope, "url": made.url})
    else:
        language = language_of(where)
        show(say("cli.feed-made", language, number=made.feed, scope=made.scope))
        show(made.url)
        show(say("cli.feed-once", language))
    return 0


def list_feeds(site: SiteFolder = None, as_json: AsJson = False, now: Now = None) -> int:
    """`med feed list`."""
    where = opened(site, now)
    found = feeds.listed(where)
    if as_json:
        show_json(
            [
                {"feed": each.feed, "scope": each.scope, "fetched_on": each.fetched_on or None}
                for each in found
            ]
        )
        return 0
    language = language_of(where)
    for each in found:
        fetched = each.fetched_on or say("cli.never", language)
        show(say("cli.feed", language, number=each.feed, scope=each.scope, fetched=fetched))
    if not found:
        show(say("cli.no-feeds", language))
    return 0


def revoke(
    number: Annotated[int, typer.Argument(metavar="FEED")],
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med feed revoke`."""
    where = opened(site, now)
    ended = feeds.revoke(where, number)
    if as_json:
        show_json({"feed": ended.feed, "scope": ended.scope})
    else:
        show(say("cli.feed-revoked", language_of(where), number=ended.feed, scope=ended.scope))
    return 0


COMMANDS: Commands = {"publish": publish}
FEED_COMMANDS: Commands = {"create": create, "list": list_feeds, "revoke": revoke}
