"""Commands whose help is in the user's language from the first word to the last."""

from __future__ import annotations

from gettext import gettext
from typing import Any

from typer.core import TyperCommand, TyperGroup

WHOLE = 1_000
"""More characters than any command's help has."""


def _usage(command: TyperCommand | TyperGroup, context: Any, formatter: Any) -> None:
    pieces = command.collect_usage_pieces(context)
    formatter.write_usage(context.command_path, " ".join(pieces), prefix=gettext("Usage: "))


def _help_option(option: Any) -> Any:
    if option is not None:
        option.help = gettext("Show this message and exit.")
    return option


class MedCommand(TyperCommand):
    """One command."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that says how the command is written."""
        _usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, explained."""
        return _help_option(super().get_help_option(ctx))


class MedGroup(TyperGroup):
    """Several commands under one name."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that says how the commands are written."""
        _usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, explained."""
        return _help_option(super().get_help_option(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands, each with its whole first sentence: half a one helps nobody."""
        rows = [
            (name, command.get_short_help_str(limit=WHOLE))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        if rows:
            with formatter.section(gettext("Commands")):
                formatter.write_dl(rows)
