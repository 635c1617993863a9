"""The command that closes a held meeting: from a form, or item by item in a terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.deciding import effect_lines, fact_json, fact_lines
from engine.cli.options import AsJson, By, Commands, Now, SiteFolder, opened
from engine.cli.showing import show, show_json, warn
from engine.errors import EngineError, FactRejected
from engine.planning.plan import Deadline
from engine.service.closing import Closed, Held, Item, Outcome, Verdict, close, held, refuse
from engine.service.deciding import sight
from engine.service.followups import Wanted
from engine.service.minutes_form import read, when, written
from engine.store import told_by
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.errors import error_line
from engine.wording.gate import title
from engine.wording.told import told_sentence

_ASKED = tuple(Outcome)


def close_meeting(
    committee: Annotated[str, typer.Argument(metavar="COMMITTEE")],
    meeting: Annotated[str, typer.Argument(metavar="MEETING")],
    file: Annotated[Path | None, typer.Option("--file", metavar="F")] = None,
    form: Annotated[Path | None, typer.Option("--write", metavar="F")] = None,
    by: By = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med meeting close COMMITTEE MEETING`."""
    where = opened(site, now)
    found = held(where, committee, meeting)
    language = found.ground.language
    if form is not None:
        return _write(form, found, language)
    if file is not None:
        verdicts = read(file.read_bytes(), str(file), committee, found.meeting.id)
    elif sys.stdin.isatty():
        verdicts = [_ask(item, found, by, language) for item in found.open_items]
    elif found.open_items:
        raise FactRejected("closing.no-file", committee=committee, meeting=found.meeting.id)
    else:
        verdicts = []
    closed = close(where, committee, found.meeting.id, verdicts, by)
    if as_json:
        show_json(_json(closed))
    else:
        for line in _lines(closed, language):
            show(line)
    return 0


def _write(path: Path, found: Held, language: Language) -> int:
    """The form in a file of its own; one that is there already may hold somebody's answers."""
    if path.exists():
        raise FactRejected("closing.file-exists", path=path)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(written(found, path.name, language))
    count = len(found.open_items)
    show(say("closing.written", language, path=path, count=count))
    return 0


def _ask(item: Item, found: Held, by: str, language: Language) -> Verdict:
    """One item, asked until the answer can be recorded."""
    deadline = item.deadline
    verdict: Verdict | None = None
    while True:
        if verdict is None:
            show()
            show(_named(deadline, language))
            verdict = _verdict(deadline, language)
        try:
            refuse(found, verdict, by)
        except EngineError as error:
            warn(error_line(error, language))
            verdict = _anyway(verdict, language) if error.code == "fact.past-limit" else None
            continue
        return verdict


def _anyway(verdict: Verdict, language: Language) -> Verdict | None:
    """The same answer past the last day, if somebody says so and why; else it is asked anew."""
    answer = _prompt("closing.ask-anyway", language)
    if not answer or not say("form.yes", language).startswith(answer.casefold()):
        return None
    why = verdict.why or _prompt("closing.ask-why", language)
    return replace(verdict, anyway=True, why=why)


def _verdict(deadline: Deadline, language: Language) -> Verdict:
    outcome = _outcome(language)
    number = _prompt("closing.ask-item", language)
    to = _prompt("closing.ask-to", language) if outcome is Outcome.POSTPONED else ""
    asks_why = outcome is not Outcome.TREATED
    why = _prompt("closing.ask-why", language) if asks_why else ""
    named = when(to)[1] or to
    follow_ups = _follow_ups(language)
    return Verdict(deadline.key, outcome, named, number, why, follow_ups=follow_ups)


def _outcome(language: Language) -> Outcome:
    """The answer by its first letters, as long as they mean one thing."""
    words = {outcome: say(f"form.outcome.{outcome.value}", language) for outcome in _ASKED}
    while True:
        text = _prompt("closing.ask-outcome", language, words=", ".join(words.values()))
        found = [each for each, word in words.items() if text and word.startswith(text.casefold())]
        if len(found) == 1:
            return found[0]


def _follow_ups(language: Language) -> tuple[Wanted, ...]:
    found: list[Wanted] = []
    while what := _prompt("closing.ask-follow-up", language):
        who = _prompt("closing.ask-who", language)
        due, meeting = when(_prompt("closing.ask-when", language))
        found.append(Wanted(what, who, due, meeting))
    return tuple(found)


def _prompt(code: str, language: Language, **params: object) -> str:
    text: str = typer.prompt(say(code, language, **params), default="", show_default=False)
    return " ".join(text.split())


def _named(deadline: Deadline, language: Language) -> str:
    name = title(deadline, sight(deadline), language)
    return " · ".join(part for part in (name, deadline.workflow_title) if part)


def _lines(closed: Closed, language: Language) -> list[str]:
    """What became of each item, what follows, and the next meeting's agenda."""
    found, decided = closed.held, closed.decided
    meeting = long_day(found.meeting.on, language)
    lines = [say("closing.closed", language, day=meeting, count=len(decided.facts))]
    lines.extend("  " + fact_lines(row, decided, language)[0] for row in decided.facts)
    lines.extend(_kept_lines(found, language))
    lines.extend(effect_lines(decided, language))
    if found.closed:
        lines.append(say("closing.closed-items", language, count=found.closed))
    if closed.next_meeting is None:
        lines.append(say("closing.no-next", language))
        return lines
    day = long_day(closed.next_meeting.on, language)
    lines.append(say("closing.next", language, day=day, count=len(closed.agenda)))
    for number, group in enumerate(closed.agenda, start=1):
        first, *others = (_agenda_line(deadline, language) for deadline in group)
        lines.append(f"  {number}. {first}")
        lines.extend(f"     {say('closing.together', language, title=other)}" for other in others)
    return lines


def _kept_lines(found: Held, language: Language) -> list[str]:
    kept = [item for item in found.items if item.is_settled]
    if not kept:
        return []
    lines = [say("closing.kept", language)]
    for item in kept:
        told = told_by(item.settled) if item.settled else None
        said = told_sentence(told, found.committee, found.ground.plan, language) if told else ""
        name = title(item.deadline, sight(item.deadline), language)
        lines.append(f"  {name}: {said}".rstrip(": "))
    return lines


def _agenda_line(deadline: Deadline, language: Language) -> str:
    name = (
        _named(deadline, language)
        if sight(deadline) == "full"
        else title(deadline, sight(deadline), language)
    )
    return say("closing.postponed-item", language, title=name) if deadline.postponed else name


def _json(closed: Closed) -> dict[str, Any]:
    decided, meeting = closed.decided, closed.next_meeting
    language = decided.after.language
    return {
        "meeting": closed.held.meeting.id,
        "facts": [fact_json(row, decided) for row in decided.facts],
        "kept": [item.deadline.key for item in closed.held.items if item.is_settled],
        "next": None
        if meeting is None
        else {
            "meeting": meeting.id,
            "on": meeting.on,
            "items": [
                {
                    "key": each.key if sight(each) == "full" else decided.uids.get(each.key),
                    "title": title(each, sight(each), language),
                    "postponed": each.postponed,
                    "item": number,
                }
                for number, group in enumerate(closed.agenda, start=1)
                for each in group
            ],
        },
    }


MEETING_COMMANDS: Commands = {"close": close_meeting}
