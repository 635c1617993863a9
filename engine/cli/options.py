"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import EngineError
from engine.service.clock import stopped_at
from engine.service.site import Site, open_site


def day(text: str) -> date:
    """A day as it is written on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise EngineError("cli.not-a-date", text=text) from error


def opened(folder: Path | None, now: str | None) -> Site:
    """The site a command works on, at the moment it is or pretends to be."""
    return open_site(folder, stopped_at(now) if now else None)


Serve = Callable[[Site, str, int, bool, Callable[[], None]], None]
Work = Callable[[Site, Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Doors:
    """What stays open until it is stopped: the web with its clock, and the clock alone."""

    serve: Serve | None = None
    work: Work | None = None


Commands = dict[str, Callable[..., int]]
SiteFolder = Annotated[Path | None, typer.Option("--site", metavar="DIR")]
AsJson = Annotated[bool, typer.Option("--json")]
Now = Annotated[str | None, typer.Option("--now", metavar="2026-03-12T07:30")]
Committee = Annotated[str, typer.Option("--committee", metavar="C")]
Workflow = Annotated[str, typer.Option("--workflow", metavar="W")]
PersonId = Annotated[str, typer.Option("--person", metavar="P")]
By = Annotated[str, typer.Option("--by", metavar="P")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR")]
