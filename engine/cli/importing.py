"""Commands that edit the site's files: meetings moved, cancelled, added; lists taken in."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.options import AsJson, By, Commands, Now, SiteFolder, day, opened
from engine.cli.showing import show, show_json, warn
from engine.errors import Finding
from engine.planning.diff import Verb
from engine.service import importing_meetings, importing_members, moving_meetings
from engine.service.importing_meetings import MeetingImport
from engine.service.importing_members import MemberImport, Terms
from engine.service.moving_meetings import Replanned
from engine.service.rewriting import Rewriting, write
from engine.service.site import Site
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.faults import finding_json, finding_line
from engine.wording.plan_findings import in_words
from engine.wording.states import verb_word

Body = Annotated[str, typer.Argument(metavar="COMMITTEE")]
Table = Annotated[Path, typer.Argument(metavar="FILE")]
Time = Annotated[str, typer.Option("--time", metavar="T")]
Place = Annotated[str, typer.Option("--place", metavar="P")]
MOST_TOLD = 10
DryRun = Annotated[bool, typer.Option("--dry-run")]
Write = Annotated[bool, typer.Option("--write", "--yes")]


def move(
    committee: Body,
    old: Annotated[str, typer.Argument(metavar="OLD")],
    new: Annotated[str, typer.Argument(metavar="NEW")],
    time: Time = "",
    place: Place = "",
    dry_run: DryRun = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med meetings move COMMITTEE OLD NEW`."""
    where = opened(site, now)
    told = moving_meetings.move(where, committee, day(old), day(new), time, place, dry_run)
    return _show_replanned(told, as_json)


def cancel(
    committee: Body,
    on: Annotated[str, typer.Argument(metavar="DATE")],
    dry_run: DryRun = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med meetings cancel COMMITTEE DATE`."""
    told = moving_meetings.cancel(opened(site, now), committee, day(on), dry_run)
    return _show_replanned(told, as_json)


def add(
    committee: Body,
    on: Annotated[str, typer.Argument(metavar="DATE")],
    time: Time = "",
    place: Place = "",
    extraordinary: Annotated[bool, typer.Option("--extraordinary")] = False,
    dry_run: DryRun = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med meetings add COMMITTEE DATE`."""
    where = opened(site, now)
    told = moving_meetings.add(where, committee, day(on), time, place, extraordinary, dry_run)
    return _show_replanned(told, as_json)


def _show_replanned(told: Replanned, as_json: bool) -> int:
    language = told.stands.language
    if as_json:
        show_json({"written": told.written, **_files_json(told.made, language)})
        return 0
    title = told.stands.edition.organisation.committees[told.committee].title
    before = long_day(told.before, language) if told.before else ""
    code = "changed" if told.before == told.on else told.verb
    on = long_day(told.on, language)
    show(say(f"meetings.{code}", language, committee=title, day=on, before=before))
    _show_made(told.made, language)
    show(say("import.written" if told.written else "import.rehearsed", language))
    return 0


def import_meetings(
    file: Table,
    committee: Annotated[str, typer.Option("--committee", metavar="C")] = "",
    write_them: Write = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med meetings import FILE`."""
    where = opened(site, now).once()
    told = importing_meetings.read(where, file.read_bytes(), str(file), committee)
    language = told.stands.language
    if not as_json:
        for line in _meeting_lines(told, language):
            show(line)
    written = _written(where, told.made, write_them, as_json, language)
    if as_json:
        show_json({"written": written, **_meetings_json(told, language)})
    return 0


def import_members(
    file: Table,
    replace: Annotated[list[str] | None, typer.Option("--replace", metavar="COMMITTEE")] = None,
    from_on: Annotated[str, typer.Option("--from", metavar="D")] = "",
    record: Annotated[bool, typer.Option("--record")] = False,
    write_them: Write = False,
    by: By = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med members import FILE`."""
    where = opened(site, now).once()
    terms = Terms(tuple(replace or ()), day(from_on) if from_on else None)
    told = importing_members.read(where, file.read_bytes(), str(file), terms)
    language = told.stands.language
    if not as_json:
        for line in _member_lines(told, language):
            show(line)
    written = _written(where, told.made, write_them, as_json, language)
    told = importing_members.recorded(where, told, by) if record and written else told
    if as_json:
        show_json({"written": written, **_members_json(told, language)})
    else:
        for line in _training_lines(told, language):
            show(line)
    return 0


def _written(where: Site, made: Rewriting, asked: bool, as_json: bool, language: Language) -> bool:
    """Whether the files were written: if it was asked for, or somebody at a terminal says yes."""
    if not as_json:
        _show_made(made, language)
    wanted = bool(made.paths) and (asked or (not as_json and _agreed(language)))
    if wanted:
        write(where, made)
    if not as_json:
        _show_outcome(made, language, wanted)
    return wanted


def _agreed(language: Language) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    answer: str = typer.prompt(say("import.ask", language), default="", show_default=False)
    return bool(answer) and say("form.yes", language).startswith(answer.strip().casefold())


def _show_made(made: Rewriting, language: Language) -> None:
    """The lines that differ, what that changes in the plan, and what deserves a look."""
    for line in _diff_lines(made):
        show(line)
    for finding in made.findings:
        warn(finding_line(in_words(finding, language, None), language))
    effect = _effect_line(made, language)
    if made.paths and effect:
        show(effect)


def _show_outcome(made: Rewriting, language: Language, written: bool) -> None:
    if not made.paths:
        show(say("import.nothing", language))
    else:
        show(say("import.written" if written else "import.not-written", language))


def _diff_lines(made: Rewriting) -> Iterator[str]:
    for lines in made.lines():
        yield f"{lines.path}:{lines.line}"
        yield from (f"- {text}" for text in lines.removed)
        yield from (f"+ {text}" for text in lines.added)


def _effect_line(made: Rewriting, language: Language) -> str:
    """What `med plan --diff` would list, in one sentence."""
    if made.effect is None:
        return ""
    parts = [
        f"{made.effect[verb]} {verb_word(verb, language)}" for verb in Verb if made.effect[verb]
    ]
    if not parts:
        return say("import.no-effect", language)
    return say("import.effect", language, changed=", ".join(parts))


def _files_json(made: Rewriting, language: Language) -> dict[str, Any]:
    return {
        "files": made.paths,
        "diff": [
            {"path": each.path, "line": each.line, "removed": each.removed, "added": each.added}
            for each in made.lines()
        ],
        "changes": made.effect,
        "findings": [
            finding_json(in_words(finding, language, None), language) for finding in made.findings
        ],
    }


def _meeting_lines(told: MeetingImport, language: Language) -> Iterator[str]:
    """What becomes of each meeting, and what was left alone."""
    committees = told.stands.edition.organisation.committees
    for each in told.changes:
        before = each.before or each.on
        days = {"day": long_day(each.on, language), "before": long_day(before, language)}
        title, body = committees[each.committee].title, each.committee
        yield say(f"meetings.{each.verb}", language, committee=title, **days)
        if each.verb == "missing":
            command = f"med meetings cancel {body} {each.on}"
            other = f"med meetings move {body} {each.on}"
            yield "  " + say("meetings.missing-next", language, command=command, other=other)
    yield from _rest_lines(told.unchanged, told.remarks, language)
    if told.others:
        yield say("meetings.others", language, count=len(told.others))
        for one in told.others[:MOST_TOLD]:
            yield f"  {long_day(one.on, language)}: {one.title}"
        if len(told.others) > MOST_TOLD:
            yield "  " + say("meetings.more-others", language, count=len(told.others) - MOST_TOLD)


def _rest_lines(unchanged: int, remarks: Sequence[Finding], language: Language) -> Iterator[str]:
    if unchanged:
        yield say("import.unchanged", language, count=unchanged)
    for finding in remarks:
        yield finding_line(finding, language)


def _meetings_json(told: MeetingImport, language: Language) -> dict[str, Any]:
    return {
        "meetings": [
            {
                "verb": each.verb,
                "committee": each.committee,
                "on": each.on,
                "before": each.before,
            }
            for each in told.changes
        ],
        "unchanged": told.unchanged,
        "others": len(told.others),
        **_files_json(told.made, language),
    }


def _member_lines(told: MemberImport, language: Language) -> Iterator[str]:
    """What becomes of each seat and person, and what was left alone."""
    organisation = told.stands.edition.organisation
    for each in told.changes:
        if each.verb == "not-listed":
            continue
        body = organisation.committees.get(each.committee)
        role = organisation.roles.get(each.role)
        code = each.verb if body else "person-changed"
        yield say(
            f"members.{code}",
            language,
            person=each.person,
            committee=body.title if body else "",
            role=(role.en if language == "en" and role.en else role.title) if role else "",
            day=long_day(each.on, language) if each.on else "",
            columns=", ".join(each.columns),
        )
    yield from _not_listed_lines(told, language)
    yield from _rest_lines(told.unchanged, told.remarks, language)


def _not_listed_lines(told: MemberImport, language: Language) -> Iterator[str]:
    """A committee at a time: a list of ten committees may leave out many."""
    left: dict[str, list[str]] = {}
    for each in told.changes:
        if each.verb == "not-listed":
            left.setdefault(each.committee, []).append(each.person)
    committees = told.stands.edition.organisation.committees
    for committee, people in left.items():
        title, named = committees[committee].title, ", ".join(people)
        count = len(people)
        yield say("members.not-listed", language, committee=title, people=named, count=count)
    if left:
        yield say("members.not-listed-next", language)


def _training_lines(told: MemberImport, language: Language) -> Iterator[str]:
    """What was learned: recorded, to be told by hand, or of no deadline."""
    for code, kept in (
        ("recorded", [each for each in told.trainings if each.recorded]),
        ("to-tell", [each for each in told.trainings if each.key and not each.recorded]),
        ("no-deadline", [each for each in told.trainings if not each.key]),
    ):
        if kept:
            yield say(f"trainings.{code}", language, count=len(kept))
        for each in kept:
            on = long_day(each.on, language)
            yield f"  {each.command or ' '.join((each.person, each.which, on))}"


def _members_json(told: MemberImport, language: Language) -> dict[str, Any]:
    return {
        "seats": [
            {
                "verb": each.verb,
                "person": each.person,
                "committee": each.committee or None,
                "role": each.role or None,
                "on": each.on,
                "columns": each.columns,
            }
            for each in told.changes
        ],
        "unchanged": told.unchanged,
        "trainings": [
            {
                "person": each.person,
                "training": each.which,
                "on": each.on,
                "key": each.key or None,
                "recorded": each.recorded,
            }
            for each in told.trainings
        ],
        **_files_json(told.made, language),
    }


MEETINGS_COMMANDS: Commands = {
    "import": import_meetings,
    "move": move,
    "cancel": cancel,
    "add": add,
}
MEMBERS_COMMANDS: Commands = {"import": import_members}
