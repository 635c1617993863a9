"""Commands about one-off follow-ups: add, list, done."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from engine.cli.deciding import Evidence, On, Why, show_decided
from engine.cli.options import (
    AsJson,
    By,
    Commands,
    Committee,
    Now,
    PersonId,
    SiteFolder,
    day,
    opened,
)
from engine.cli.showing import day_column, show, show_json
from engine.planning.workflow import parse_holder
from engine.service import followups
from engine.service.deciding import Ground
from engine.service.doing import done as tell_done
from engine.service.followups import Noted, Wanted
from engine.wording.catalogue import Language, say
from engine.wording.holders import holder_words
from engine.wording.states import missing_word, state_word


def add(
    committee: Annotated[str, typer.Argument(metavar="COMMITTEE")],
    what: Annotated[str, typer.Argument(metavar="TEXT")],
    who: Annotated[str, typer.Option("--for", metavar="R|P")] = "",
    due: Annotated[str, typer.Option("--due", metavar="D")] = "",
    meeting: Annotated[str, typer.Option("--meeting", metavar="M")] = "",
    by: By = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med followup add COMMITTEE TEXT`."""
    wanted = Wanted(what, who, due, meeting)
    return show_decided(followups.add(opened(site, now), committee, wanted, by), as_json)


def list_all(
    committee: Committee = "",
    person: PersonId = "",
    closed_too: Annotated[bool, typer.Option("--all")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med followup list`."""
    ground, found = followups.list_all(opened(site, now), committee, person, closed_too)
    if as_json:
        show_json([_json(each) for each in found])
        return 0
    for each in found:
        show(_line(each, ground))
    if not found:
        show(say("followup.none", ground.language))
    return 0


def done(
    number: Annotated[str, typer.Argument(metavar="NUMBER")],
    by: By = "",
    why: Why = "",
    on: On = None,
    evidence: Evidence = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med followup done NUMBER`."""
    where = opened(site, now)
    key = followups.key_of(where, number)
    decided = tell_done(where, key, by, why, evidence, day(on) if on else None)
    return show_decided(decided, as_json)


def _json(noted: Noted) -> dict[str, Any]:
    deadline = noted.deadline
    return {
        "number": deadline.occurrence,
        "key": deadline.key,
        "committee": deadline.committee,
        "what": deadline.title,
        "who": noted.who,
        "due_on": deadline.due_on,
        "meeting": deadline.meeting or None,
        "state": noted.state,
    }


def _line(noted: Noted, ground: Ground) -> str:
    deadline, language = noted.deadline, ground.language
    said = state_word(noted.state, language)
    if deadline.due_on is None and deadline.missing:
        said = f"{said}, {missing_word(language)}"
    head = f"{deadline.occurrence}  {day_column(deadline.due_on, language)}  {said:<12}  "
    return f"{head}{deadline.title} · {_who(noted, ground, language)}"


def _who(noted: Noted, ground: Ground, language: Language) -> str:
    """A role in words, or the initials of whoever sees to it."""
    if noted.who in ground.now.people:
        return noted.who
    organisation = ground.now.edition.organisation
    return holder_words(parse_holder(noted.who), noted.deadline.committee, organisation, language)


FOLLOW_UP_COMMANDS: Commands = {"add": add, "list": list_all, "done": done}
