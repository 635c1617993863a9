"""Commands that keep the store safe: backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, SiteFolder, opened
from engine.cli.showing import show, show_json
from engine.cli.writing import language_of
from engine.service import backups
from engine.wording.catalogue import say
from engine.wording.posted import held_words


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
    show(held_words("restored", language))
    return 0


COMMANDS: Commands = {"backup": backup, "restore": restore}
