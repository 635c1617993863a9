"""Commands about people: forget, away, and what is erased at night."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.cli.options import AsJson, Commands, Now, SiteFolder, day, opened
from engine.cli.showing import show, show_json
from engine.cli.writing import language_of
from engine.service import away as absence
from engine.service import erasing, retention
from engine.wording.catalogue import Language, say

Person = Annotated[str, typer.Argument(metavar="ID")]


def forget(
    person: Person,
    why: Annotated[str, typer.Option("--why", metavar="T")] = "",
    anyway: Annotated[bool, typer.Option("--anyway")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med person forget ID`."""
    where = opened(site, now)
    found = erasing.forget(where, person, why, anyway=anyway)
    if as_json:
        erased = found.erased
        show_json(
            {
                "person": person,
                "rows": found.rows,
                "feeds": erased.feeds,
                "cancelled": erased.cancelled,
                "mails": erased.mails,
                "texts": erased.texts,
                "received": found.received,
                "settled": found.settled,
                "seats": [seat.id for seat in found.seats],
                "named_in": found.named_in,
            }
        )
        return 0
    for line in _forgotten_lines(found, language_of(where)):
        show(line)
    return 0


def _forgotten_lines(found: erasing.Forgotten, language: Language) -> list[str]:
    erased = found.erased
    lines = [say("people.forgotten", language, person=found.person)]
    for name, count in (
        ("rows", found.rows),
        ("feeds", erased.feeds),
        ("cancelled", erased.cancelled),
        ("mails", erased.mails),
        ("texts", erased.texts),
        ("received", found.received),
    ):
        if count:
            lines.append("  " + say(f"people.erased.{name}", language, count=count))
    if found.seats:
        lines.append(say("people.seats-unreached", language, count=len(found.seats)))
    if found.named_in:
        lines.append(say("people.still-named", language, files=", ".join(found.named_in)))
    if not found.settled:
        lines.append(say("people.not-settled", language))
    return [*lines, say("people.old-backups", language)]


def away(
    person: Person,
    from_on: Annotated[str, typer.Option("--from", metavar="D")] = "",
    until_on: Annotated[str, typer.Option("--until", metavar="D")] = "",
    substitute: Annotated[str, typer.Option("--substitute", metavar="ID")] = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med person away ID`."""
    where = opened(site, now)
    first = day(from_on) if from_on else None
    last = day(until_on) if until_on else None
    found = absence.away(where, person, first, last, substitute)
    if as_json:
        show_json({"diff": found.diff, "without_substitute": found.without})
        return 0
    language = language_of(where)
    for line in found.diff:
        show(line)
    show(say("people.away-written" if found.diff else "people.away-same", language))
    if found.without:
        bodies = ", ".join(found.without)
        show(say("people.without-substitute", language, committees=bodies))
    return 0


def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med retention`."""
    where = opened(site, now)
    found = retention.listed(where) if dry_run else retention.retain(where)
    if as_json:
        show_json(
            {
                "erased": not dry_run,
                "people": found.people,
                "mails": found.mails,
                "received": found.received,
                "cases": found.cases,
            }
        )
        return 0
    language = language_of(where)
    if not (found.people or found.mails or found.cases or found.received):
        show(say("people.retention-nothing", language))
        return 0
    show(say("people.retention-would" if dry_run else "people.retention-did", language))
    people, cases = ", ".join(found.people) or "0", ", ".join(found.cases) or "0"
    show("  " + say("people.retention-people", language, people=people))
    show("  " + say("people.retention-mails", language, mails=found.mails))
    if found.received:
        show("  " + say("people.retention-received", language, mails=found.received))
    show("  " + say("people.retention-cases", language, cases=cases))
    if found.left_in_file:
        show(say("people.left-in-file", language))
    return 0


PERSON_COMMANDS: Commands = {"forget": forget, "away": away}
COMMANDS: Commands = {"retention": retain}
