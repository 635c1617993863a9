"""Commands that write reports: of a year, of training, and timetables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, Committee, Now, SiteFolder, day, opened
from engine.cli.showing import show, show_json
from engine.documents import render
from engine.documents.writing import known_ending
from engine.service.reports.processing import processing_report
from engine.service.reports.report import Report, write_report
from engine.service.reports.timetable import timetable_report
from engine.service.reports.training import training_report
from engine.service.reports.year import year_report
from engine.wording.catalogue import say

OutFile = Annotated[Path | None, typer.Option("--out", metavar="F")]


def year(
    year: Annotated[int | None, typer.Option("--year", metavar="Y", min=1990, max=2200)] = None,
    committee: Committee = "",
    out: OutFile = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med report year`."""
    _writable(out)
    return _told(year_report(opened(site, now), year, committee), out, as_json)


def training(
    on: Annotated[str | None, typer.Option("--on", metavar="D")] = None,
    seats: Annotated[int, typer.Option("--seats", metavar="N", min=1)] = 20,
    names: Annotated[bool, typer.Option("--names")] = False,
    out: OutFile = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med report training`."""
    _writable(out)
    asked_on = day(on) if on else None
    made = training_report(opened(site, now), asked_on, seats, names=names)
    return _told(made, out, as_json)


def timetable(
    name: Annotated[str, typer.Argument(metavar="TIMETABLE")],
    period: Annotated[str, typer.Option("--period", metavar="P")] = "",
    confidential: Annotated[bool, typer.Option("--confidential")] = False,
    out: OutFile = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med report timetable TIMETABLE`."""
    _writable(out)
    made = timetable_report(opened(site, now), name, period, confidential=confidential)
    return _told(made, out, as_json)


def processing(
    out: OutFile = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med report processing`."""
    _writable(out)
    return _told(processing_report(opened(site, now)), out, as_json)


def _writable(out: Path | None) -> None:
    """Refuses a file that nothing can write, before anything is reckoned."""
    if out is not None:
        known_ending(out.name)


def _told(report: Report, out: Path | None, as_json: bool) -> int:
    """Write the file; show its rows to a program, and the text where no file is asked for."""
    if out is not None:
        write_report(report, out)
    if as_json:
        show_json(report.rows)
    elif out is None:
        show(render(report.document, "report.md").decode().rstrip("\n"))
    else:
        show(say("report.written", report.document.language, path=out))
    return 0


REPORT_COMMANDS: Commands = {
    "year": year,
    "training": training,
    "timetable": timetable,
    "processing": processing,
}
