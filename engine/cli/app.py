"""The commands together, their help from the message catalogue, and how errors are told."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from functools import cache

import typer

# typer carries its own copy of click and does not export these names.
from typer._click.core import Command
from typer._click.exceptions import (
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from engine.cli import (
    calendars,
    cases,
    closing,
    deciding,
    doctor,
    editions,
    followups,
    importing,
    lookthrough,
    outbox,
    people,
    reading,
    reports,
    safekeeping,
    starting,
    writing,
)
from engine.cli.help import MedCommand, MedGroup
from engine.cli.options import Doors, Serve, Work
from engine.cli.showing import warn
from engine.errors import DefinitionError, EngineError
from engine.wording.catalogue import Language, has, say
from engine.wording.errors import error_line
from engine.wording.faults import finding_line

FINE, FOUND, CANNOT = 0, 1, 2
PARTS = (
    *(reading, writing, outbox, doctor, deciding),
    *(editions, calendars, safekeeping, people, starting),
)


@cache
def commands(language: Language) -> Command:
    """The command line, with every command and option explained; it is put together once."""
    app = typer.Typer(
        cls=MedGroup, add_completion=False, no_args_is_help=True, rich_markup_mode=None
    )
    for part in PARTS:
        for name, function in part.COMMANDS.items():
            app.command(name, cls=MedCommand)(function)
    groups = {
        "meeting": closing.MEETING_COMMANDS,
        "meetings": importing.MEETINGS_COMMANDS,
        "members": importing.MEMBERS_COMMANDS,
        "followup": followups.FOLLOW_UP_COMMANDS,
        "feed": calendars.FEED_COMMANDS,
        "case": cases.CASE_COMMANDS,
        "lookthrough": lookthrough.LOOKTHROUGH_COMMANDS,
        "person": people.PERSON_COMMANDS,
        "report": reports.REPORT_COMMANDS,
    }
    for group, below in groups.items():
        several = typer.Typer(cls=MedGroup, no_args_is_help=True, rich_markup_mode=None)
        for name, function in below.items():
            several.command(name, cls=MedCommand)(function)
        app.add_typer(several, name=group)
    app.add_typer(_outbox(), name="outbox")
    app.callback()(_med)
    command = typer.main.get_command(app)
    _explain(command, "med", language)
    return command


def _outbox() -> typer.Typer:
    """The one group that says something by itself: what is on its way."""
    several = typer.Typer(cls=MedGroup, invoke_without_command=True)
    several.callback()(outbox.list_outbox)
    for name, function in outbox.OUTBOX_COMMANDS.items():
        several.command(name, cls=MedCommand)(function)
    return several


def _med() -> None:
    pass


def _explain(command: Command, path: str, language: Language) -> None:
    """Put the catalogue's words on a command, its options and the commands below it."""
    command.help = say(f"cli.{path}", language)
    if isinstance(command, MedGroup):
        command.subcommand_metavar = say("cli.metavar.commands", language)
    command.options_metavar = say("cli.metavar.options", language)
    for parameter in command.params:
        own, shared = f"cli.{path}.{parameter.name}", f"cli.option.{parameter.name}"
        setattr(parameter, "help", say(own if has(own, language) else shared, language))  # noqa: B010 - not all kinds declare it
    if isinstance(command, MedGroup):
        for name, below in command.commands.items():
            _explain(below, f"{path} {name}", language)


def run(
    arguments: list[str],
    language: Language,
    serve: Serve | None = None,
    work: Work | None = None,
) -> int:
    """Run one command; the exit says fine (0), errors found (1) or cannot (2).

    `serve` and `work` keep open what stays open: the web and the scheduler, or the latter alone.
    """
    try:
        outcome = commands(language).main(
            args=arguments, prog_name="med", standalone_mode=False, obj=Doors(serve, work)
        )
    except (Exception, KeyboardInterrupt) as error:
        return _told(error, language)
    return outcome if isinstance(outcome, int) else FINE


def _told(error: BaseException, language: Language) -> int:
    """Say what went wrong and what to do next; the exit that belongs to it."""
    match error:
        case NoArgsIsHelpError():
            warn(error.ctx.get_help())
        case UsageError():
            warn(_usage(error, language))
        case DefinitionError():
            for finding in error.findings:
                warn(finding_line(finding, language))
            warn(error_line(error, language))
            return FOUND
        case EngineError():
            warn(error_line(error, language))
        case typer.Abort() | KeyboardInterrupt():
            warn(say("cli.stopped", language))
        case BrokenPipeError():
            # Whoever read the output has heard enough; nothing is wrong.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FINE
        case OSError():
            reason, name = error.strerror or "", error.filename or ""
            warn(say("cli.system", language, reason=reason, name=name))
        case _:
            warn(say("cli.fault", language, file=_kept_trace(error)))
    return CANNOT


def _kept_trace(error: BaseException) -> str:
    """Where the technical account of a fault of ours is kept; a user is never shown it."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="medfrist-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    return file.name


def _usage(error: UsageError, language: Language) -> str:
    """What was wrong with the words of the command, and where its help is."""
    context = error.ctx.command_path if error.ctx else "med"
    match error:
        case NoSuchOption():
            near = error.possibilities[0] if error.possibilities else ""
            text = say("cli.no-such-option", language, name=error.option_name)
            text += say("cli.did-you-mean", language, near=near) if near else ""
        case MissingParameter():
            text = say("cli.missing-parameter", language, name=_parameter(error))
        case BadParameter():
            text = say("cli.bad-parameter", language, name=_parameter(error))
        case _ if type(error).__name__ == "NoSuchCommand" or "command" in error.message.lower():
            text = say("cli.no-such-command", language, name=_last_word(error.message))
        case _:
            text = say("cli.wrong-use", language)
    return f"{text} {say('cli.see-help', language, command=context)}"


def _parameter(error: BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return ""
    name = max(parameter.opts, key=len)
    return name if name.startswith("-") else name.upper()


def _last_word(message: str) -> str:
    return message.rstrip(".").split("'")[1] if "'" in message else ""
