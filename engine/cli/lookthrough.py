"""Commands about what was due before the site came in force: list, done, take, leave."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.options import (
    AsJson,
    By,
    Commands,
    Committee,
    Now,
    SiteFolder,
    Workflow,
    day,
    opened,
)
from engine.cli.reading import row_json, row_line
from engine.cli.showing import show, show_json
from engine.cli.writing import language_of
from engine.service.lookthrough import Answering, answer, waiting
from engine.service.site import Site
from engine.wording.catalogue import say

Keys = Annotated[list[str] | None, typer.Argument(metavar="KEY")]
Every = Annotated[bool, typer.Option("--all")]
Why = Annotated[str, typer.Option("--why", metavar="T")]


def list_waiting(
    committee: Committee = "",
    workflow: Workflow = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med lookthrough list`."""
    where = opened(site, now)
    found = waiting(where, committee, workflow)
    if as_json:
        show_json([row_json(row, found) for row in found.rows])
        return 0
    language = language_of(where)
    for row in found.rows:
        show(row_line(row, found, language))
    show(say("editions.waiting", language, count=len(found.rows)))
    return 0


def done(
    keys: Keys = None,
    on: Annotated[str | None, typer.Option("--on", metavar="D")] = None,
    as_planned: Annotated[bool, typer.Option("--as-planned")] = False,
    committee: Committee = "",
    workflow: Workflow = "",
    every: Every = False,
    by: By = "",
    why: Why = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med lookthrough done KEY`."""
    told = Answering(
        "done",
        tuple(keys or ()),
        committee,
        workflow,
        every,
        day(on) if on else None,
        as_planned,
        by,
        why,
    )
    return _answered(opened(site, now), told, as_json)


def take(
    keys: Keys = None,
    committee: Committee = "",
    workflow: Workflow = "",
    every: Every = False,
    by: By = "",
    why: Why = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med lookthrough take KEY`."""
    told = Answering("taken-over", tuple(keys or ()), committee, workflow, every, by=by, why=why)
    return _answered(opened(site, now), told, as_json)


def leave(
    keys: Keys = None,
    committee: Committee = "",
    workflow: Workflow = "",
    every: Every = False,
    by: By = "",
    why: Why = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med lookthrough leave KEY`."""
    told = Answering("not-ours", tuple(keys or ()), committee, workflow, every, by=by, why=why)
    return _answered(opened(site, now), told, as_json)


def _answered(where: Site, told: Answering, as_json: bool) -> int:
    facts = answer(where, told)
    if as_json:
        names = ("key", "kind", "on", "by", "why")
        show_json(
            [{"fact": fact.id, **{name: getattr(fact, name) for name in names}} for fact in facts]
        )
        return 0
    language = language_of(where)
    show(say(f"editions.answered.{told.answer}", language, count=len(facts)))
    left = len(waiting(where).rows)
    show(say("editions.waiting", language, count=left))
    return 0


LOOKTHROUGH_COMMANDS: Commands = {
    "list": list_waiting,
    "done": done,
    "take": take,
    "leave": leave,
}
