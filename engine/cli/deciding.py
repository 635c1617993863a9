"""Commands about what people decide of a deadline: done, postpone, waive, undo."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from engine.cli.options import AsJson, By, Commands, Now, SiteFolder, day, opened
from engine.cli.showing import show, show_json
from engine.planning.plan import Deadline
from engine.planning.status import answered
from engine.service.deciding import Decided, Effect, body_of, effects, sight
from engine.service.doing import Treated
from engine.service.doing import done as tell_done
from engine.service.postponing import postpone as tell_postponed
from engine.service.undoing import undo as tell_undone
from engine.service.waiving import waive as tell_waived
from engine.store import FactRow, told_by
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.gate import Sight, title
from engine.wording.told import answered_words, told_sentence

Key = Annotated[str, typer.Argument(metavar="KEY")]
Why = Annotated[str, typer.Option("--why", metavar="T")]
On = Annotated[str | None, typer.Option("--on", metavar="D")]
Evidence = Annotated[str, typer.Option("--evidence", metavar="T")]


def done(
    key: Key,
    by: By = "",
    why: Why = "",
    on: On = None,
    evidence: Evidence = "",
    meeting: Annotated[str, typer.Option("--meeting", metavar="M")] = "",
    item: Annotated[str, typer.Option("--item", metavar="N")] = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med done KEY`."""
    treated = Treated(meeting, item)
    decided = tell_done(opened(site, now), key, by, why, evidence, day(on) if on else None, treated)
    return show_decided(decided, as_json)


def postpone(
    key: Key,
    to: Annotated[str, typer.Option("--to", metavar="M|D")] = "",
    by: By = "",
    why: Why = "",
    on: On = None,
    evidence: Evidence = "",
    override: Annotated[bool, typer.Option("--override")] = False,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med postpone KEY`."""
    decided = tell_postponed(
        opened(site, now), key, to, by, why, evidence, day(on) if on else None, override
    )
    return show_decided(decided, as_json)


def waive(
    key: Key,
    by: By = "",
    why: Why = "",
    on: On = None,
    evidence: Evidence = "",
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med waive KEY`."""
    decided = tell_waived(opened(site, now), key, by, why, evidence, day(on) if on else None)
    return show_decided(decided, as_json)


def undo(
    key: Key,
    by: By = "",
    why: Why = "",
    fact: Annotated[int | None, typer.Option("--fact", metavar="N")] = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med undo KEY`."""
    return show_decided(tell_undone(opened(site, now), key, by, why, fact), as_json)


def show_decided(decided: Decided, as_json: bool) -> int:
    """A fact as it was recorded, and what it changed."""
    language = decided.after.language
    if as_json:
        show_json(decided_json(decided))
        return 0
    for row in decided.facts:
        for line in fact_lines(row, decided, language):
            show(line)
    if len(decided.facts) > 1 and decided.fact.kind in ("postponed", "undone"):
        show(say("fact.together", language, count=len(decided.facts)))
    for line in effect_lines(decided, language):
        show(line)
    return 0


def fact_lines(row: FactRow, decided: Decided, language: Language) -> list[str]:
    """A fact for people: what was told, of what, and how it is undone."""
    deadline = deadline_told(row, decided)
    if deadline is None:
        return [say("fact.undone", language, number=row.undoes, key=row.key)]
    shown = sight(deadline)
    name = title(deadline, shown, language)
    if row.kind == "undone":
        return [say("fact.undone-of", language, number=row.undoes, title=name)]
    told = told_by(row)
    plan = decided.after.plan
    said = told_sentence(told, body_of(deadline), plan, language) if told else ""
    lines = [say(f"fact.{row.kind}", language, title=name)]
    if shown is Sight.FULL:
        if deadline.finish != "one" and row.kind == "done":
            said += " " + answered_words(answered(deadline, plan.register), language) + "."
        lines[0] = f"{name}: {said}"
        lines.append("  " + say("fact.number", language, number=row.id, key=row.key))
    return lines


def deadline_told(row: FactRow, decided: Decided) -> Deadline | None:
    """The deadline a fact is about, as it stands, or as it stood before."""
    key = decided.after.plan.register.names.present(row.key)
    for plan in (decided.after.plan, decided.before.plan):
        found = plan.by_key.get(key) or plan.beyond.get(key)
        if found is not None:
            return found
    return None


def effect_lines(decided: Decided, language: Language) -> list[str]:
    """What a decision moved, brought or took away."""
    found = [_effect_line(each, language) for each in effects(decided)]
    return [say("fact.changes", language), *(f"  {line}" for line in found)] if found else []


def _effect_line(effect: Effect, language: Language) -> str:
    deadline = effect.deadline
    name = title(deadline, sight(deadline), language)
    days = {
        end: _day(getattr(effect, end), language)
        for end in ("before", "after")
        if getattr(effect, end) is not None
    }
    if effect.before is None:
        return say("fact.came", language, title=name, day=days["after"])
    if effect.after is None:
        return say("fact.went", language, title=name, day=days["before"])
    return say("fact.moved", language, title=name, **days)


def _day(deadline: Deadline, language: Language) -> str:
    return long_day(deadline.due_on, language) if deadline.due_on else say("cli.no-date", language)


def decided_json(decided: Decided) -> dict[str, Any]:
    """The fact, those that go with it, and what they changed."""
    others = [fact_json(row, decided) for row in decided.facts[1:]]
    return {
        **fact_json(decided.fact, decided),
        **({"together": others} if others else {}),
        "changes": [_effect_json(each, decided) for each in effects(decided)],
    }


def fact_json(row: FactRow, decided: Decided) -> dict[str, Any]:
    """A fact with every field; of a confidential deadline its id and days, and no words."""
    deadline = deadline_told(row, decided)
    closed = deadline is not None and sight(deadline) is not Sight.FULL
    told = {
        "fact": row.id,
        "key": decided.uids.get(row.key) if closed else row.key,
        "kind": row.kind,
        "on": row.on,
        "by": row.by,
        "why": None if closed else row.why,
        "evidence": None if closed else row.evidence,
    }
    match row.kind:
        case "done":
            told |= {"unit": row.unit, "meeting": row.meeting, "item": row.minutes_item}
        case "postponed":
            told |= {
                "from": row.from_meeting or row.from_on,
                "to": row.to_meeting or row.to_on,
                "past_limit": row.past_limit,
            }
        case "undone":
            told |= {"undoes": row.undoes}
        case "follow-up":
            told |= {
                "number": row.follow_up,
                "what": row.what,
                "who": row.who,
                "due_on": row.to_on,
                "meeting": row.to_meeting,
            }
    return told


def _effect_json(effect: Effect, decided: Decided) -> dict[str, Any]:
    deadline = effect.deadline
    shown = sight(deadline)
    return {
        "key": deadline.key if shown is Sight.FULL else decided.uids.get(deadline.key),
        "title": title(deadline, shown, decided.after.language),
        "before": effect.before.due_on if effect.before else None,
        "after": effect.after.due_on if effect.after else None,
    }


COMMANDS: Commands = {"done": done, "postpone": postpone, "waive": waive, "undo": undo}
