"""Commands about editions: list them, go back to one, write one's files."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from engine.cli.options import AsJson, By, Commands, Now, SiteFolder, opened
from engine.cli.showing import show, show_json, warn
from engine.cli.writing import language_of
from engine.errors import EngineError
from engine.planning.diff import Verb
from engine.service.autoapplying import Look, last_look
from engine.service.history import Edited, history
from engine.service.pulling import Pulling
from engine.service.pulling import pull as write_files
from engine.service.pulling import pulling as what_differs
from engine.service.rolling_back import rollback as go_back
from engine.wording.catalogue import Language, say
from engine.wording.dates import moment
from engine.wording.editions import loss_words
from engine.wording.states import verb_word

MOST_DIFF_LINES = 200
YES = frozenset({"j", "ja", "y", "yes"})


def editions(site: SiteFolder = None, as_json: AsJson = False, now: Now = None) -> int:
    """`med editions`."""
    where = opened(site, now)
    found = history(where)
    if as_json:
        show_json([_edited_json(each) for each in found])
        return 0
    language = language_of(where)
    for each in found:
        for line in edited_lines(each, language):
            show(line)
    if not found:
        show(say("error.service.no-edition", language))
    stopped = last_look(where)
    if stopped is not None:
        for line in stopped_lines(stopped, language):
            warn(line)
    return 0


def _edited_json(each: Edited) -> dict[str, Any]:
    head = each.head
    return {
        "edition": head.number,
        "at": head.applied_at,
        "by": head.by,
        "note": head.note,
        "hash": head.hash,
        "parent": head.parent,
        "restores": head.restores,
        "files": each.files,
        "changes": each.changes,
    }


def edited_lines(each: Edited, language: Language) -> list[str]:
    """An edition: its number, when, by whom, why, what changed, and in which files."""
    head = each.head
    first = [str(head.number).rjust(4), moment(head.applied_at, language)]
    first += [text for text in (head.by, head.note) if text]
    if head.restores is not None:
        first.append(say("editions.restores", language, number=head.restores))
    counts = _counts(each.changes, language)
    lines = ["  ".join(first), f"      {counts or say('cli.nothing-changed', language)}"]
    if head.parent is not None:
        lines += [f"      {path}" for path in each.files]
    else:
        lines.append(f"      {say('editions.files', language, count=len(each.files))}")
    return lines


def _counts(changes: Any, language: Language) -> str:
    return ", ".join(
        f"{changes[verb.value]} {verb_word(verb, language)}" for verb in Verb if changes[verb.value]
    )


def stopped_lines(found: Look, language: Language) -> list[str]:
    """Why the files do not take effect by themselves, and what a person can do."""
    lines = [say(f"editions.auto.{found.outcome.value}", language)]
    return lines + [f"  {loss_words(each, language)}" for each in found.losses]


def rollback(
    number: Annotated[int, typer.Argument(metavar="N")],
    note: Annotated[str, typer.Option("--note", metavar="T")] = "",
    by: By = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med rollback N`."""
    where = opened(site, now)
    made = go_back(where, number, by, note)
    if as_json:
        show_json(
            {
                "edition": made.edition,
                "restores": made.restores,
                "hash": made.hash,
                "changes": made.changes,
            }
        )
        return 0
    language = language_of(where)
    counts = _counts(made.changes, language) or say("cli.nothing-changed", language)
    said = {"edition": made.edition, "number": made.restores, "changed": counts}
    show(say("editions.rolled-back", language, **said))
    show(say("editions.rolled-back-files", language))
    return 0


def pull(
    force: Annotated[bool, typer.Option("--force")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med pull`."""
    where = opened(site, now)
    found = what_differs(where)
    language = language_of(where)
    if not as_json:
        for line in pulling_lines(found, language):
            show(line)
    if found.files and not force:
        if as_json:
            raise EngineError("editions.pull-needs-force", count=len(found.files))
        if not _agreed(len(found.files), language):
            warn(say("cli.stopped", language))
            return 2
    write_files(where, found)
    if as_json:
        files = [{"path": each.path, "removed": each.content is None} for each in found.files]
        show_json({"edition": found.edition, "files": files, "kept": found.kept})
    else:
        show(say("editions.pulled", language, edition=found.edition, count=len(found.files)))
    return 0


def pulling_lines(found: Pulling, language: Language) -> list[str]:
    """What writing the files would change, line by line, and what is left alone."""
    lines = [line for each in found.files for line in each.diff]
    if len(lines) > MOST_DIFF_LINES:
        more = say("editions.more-lines", language, count=len(lines) - MOST_DIFF_LINES)
        lines = [*lines[:MOST_DIFF_LINES], more]
    if not found.files:
        lines.append(say("editions.pull-same", language, edition=found.edition))
    lines += [say("editions.pull-kept", language, path=path) for path in found.kept]
    return lines


def _agreed(count: int, language: Language) -> bool:
    """Whether a person says yes; nobody there says no."""
    show(say("editions.pull-ask", language, count=count))
    return sys.stdin.readline().strip().lower() in YES


COMMANDS: Commands = {"editions": editions, "rollback": rollback, "pull": pull}
