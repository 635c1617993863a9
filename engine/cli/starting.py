"""Commands that begin: init, demo, serve."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, Doors, Now, SiteFolder, opened
from engine.cli.reading import row_line
from engine.cli.showing import show, show_json
from engine.cli.writing import applied_line, language_of, run_lines
from engine.service.applying import apply as apply_files
from engine.service.hours import is_open, last_morning
from engine.service.planning import Asked, listed
from engine.service.publishing import publish as write_calendars
from engine.service.reminding import remind as send_due
from engine.service.site import Site
from engine.service.starting import init as make_site
from engine.wording.catalogue import Language, say
from engine.wording.dates import moment

FIRST_DEADLINES = 10
HOST, PORT = "127.0.0.1", 8000


def init(folder: Annotated[Path, typer.Argument(metavar="DIR")], as_json: AsJson = False) -> int:
    """`med init DIR`."""
    made = make_site(folder)
    if as_json:
        show_json([path.relative_to(folder).as_posix() for path in made])
    else:
        show(say("cli.made", "da", folder=folder))
    return 0


def demo(
    context: typer.Context,
    site: SiteFolder = None,
    stay: Annotated[bool, typer.Option("--serve")] = False,
    port: Annotated[int, typer.Option("--port", metavar="N")] = PORT,
    now: Now = None,
) -> int:
    """`med demo`: the shipped site, applied, published and served."""
    folder = site or _demo_folder()
    where = opened(folder, now)
    applied = apply_files(where, demo=True)
    language = language_of(where)
    show(say("cli.demo-site", language, folder=folder.resolve()))
    show(applied_line(applied, language))
    show()
    _first_deadlines(where)
    show()
    _mails(where, language)
    files = write_calendars(where)
    changed = sum(each.changed for each in files)
    show(say("cli.calendars-ready", language, count=len(files), changed=changed))
    if stay:
        _serve(context, where, HOST, port, clock=True)
    return 0


def _mails(where: Site, language: Language) -> None:
    """What goes out in the morning, whatever the hour: a demo reaches nobody."""
    edition = listed(where, Asked()).now.edition
    if not is_open(edition, where.now):
        morning_at = last_morning(edition, where.now)
        show(say("cli.demo-morning", language, moment=moment(morning_at, language)))
        where = replace(where, clock=lambda: morning_at.astimezone(UTC), pretended=True)
    for line in run_lines(send_due(where), language):
        show(line)


def _demo_folder() -> Path:
    """A copy of the shipped site in the current folder, kept between runs."""
    folder = Path.cwd() / "medfrist-demo"
    if not folder.exists():
        make_site(folder)
    return folder


def _first_deadlines(where: Site) -> None:
    found = listed(where, Asked())
    language = found.now.edition.organisation.settings.language
    show(say("cli.next-deadlines", language, count=FIRST_DEADLINES))
    for row in found.rows[:FIRST_DEADLINES]:
        show(row_line(row, found, language))


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="H")] = HOST,
    port: Annotated[int, typer.Option("--port", metavar="N")] = PORT,
    no_scheduler: Annotated[bool, typer.Option("--no-scheduler")] = False,
    site: SiteFolder = None,
) -> int:
    """`med serve`."""
    _serve(context, opened(site, None), host, port, clock=not no_scheduler)
    return 0


def _serve(context: typer.Context, where: Site, host: str, port: int, *, clock: bool) -> None:
    doors: Doors = context.obj
    assert doors.serve is not None
    language = language_of(where)
    url = f"http://{host}:{port}"
    doors.serve(where, host, port, clock, lambda: show(say("cli.serving", language, url=url)))


def work(context: typer.Context, site: SiteFolder = None) -> int:
    """`med work`."""
    doors: Doors = context.obj
    assert doors.work is not None
    where = opened(site, None)
    language = language_of(where)
    doors.work(where, lambda: show(say("cli.working", language)))
    return 0


COMMANDS: Commands = {"init": init, "demo": demo, "serve": serve, "work": work}
