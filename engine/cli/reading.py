"""Commands that only look: check, plan, explain, date, schema."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from engine.cli.options import (
    AsJson,
    Commands,
    Committee,
    Now,
    PersonId,
    SiteFolder,
    Workflow,
    day,
    opened,
)
from engine.cli.previewing import show_preview
from engine.cli.showing import day_column, show, show_json, warn
from engine.definitions import schema as json_schema
from engine.errors import EngineError, RuleError, Severity
from engine.planning.plan import Deadline
from engine.planning.rules import ANCHORS, Anchor, Name, Notice, parse, write
from engine.planning.status import answered
from engine.planning.workdays import Roll
from engine.service.calculating import Reckoned, reckon
from engine.service.checking import check as check_site
from engine.service.covering import Covering, covering
from engine.service.deciding import body_of
from engine.service.explaining import explain as explain_key
from engine.service.history import moment_of, then
from engine.service.planning import Asked, Listed, Row, listed
from engine.wording.catalogue import Language, say
from engine.wording.coverage import coverage_lines
from engine.wording.dates import long_day
from engine.wording.explain import basis, date_sentence, sentence
from engine.wording.faults import finding_json, finding_line
from engine.wording.gate import Sight, title
from engine.wording.holders import office_title
from engine.wording.plan_findings import in_words
from engine.wording.report import report_lines
from engine.wording.states import missing_word, postponed_word, state_word
from engine.wording.told import answered_words, told_sentence

_ROLLS = {"before": Roll.DAY_BEFORE, "after": Roll.DAY_AFTER, "stay": Roll.STAY}


def check(
    site: SiteFolder = None,
    coverage: Annotated[bool, typer.Option("--coverage")] = False,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med check`."""
    where = opened(site, now).once()
    checked = check_site(where)
    if coverage:
        return _show_coverage(covering(where, checked), strict, as_json)
    edition = checked.reading.edition
    organisation = edition.organisation if edition else None
    language: Language = organisation.settings.language if organisation else "da"
    findings = [in_words(finding, language, organisation) for finding in checked.findings]
    if as_json:
        show_json([finding_json(finding, language) for finding in findings])
    else:
        for line in report_lines(findings, language):
            show(line)
        counts = dict.fromkeys(Severity, 0)
        for finding in checked.findings:
            counts[finding.severity] += 1
        show(say("cli.checked", language, **{each.value: n for each, n in counts.items()}))
    wanting = any(finding.severity is Severity.WARNING for finding in checked.findings)
    return 1 if not checked.sound or (strict and wanting) else 0


def _show_coverage(found: Covering, strict: bool, as_json: bool) -> int:
    edition = found.edition
    language: Language = edition.organisation.settings.language if edition else "da"
    if as_json:
        show_json([finding_json(finding, language) for finding in found.findings])
    elif found.coverage is None or edition is None:
        for finding in found.findings:
            show(finding_line(finding, language))
    else:
        for finding in found.faults:
            show(finding_line(finding, language))
        for line in coverage_lines(found.coverage, edition, language):
            show(line)
    wanting = any(finding.severity is Severity.WARNING for finding in found.findings)
    return 1 if found.faults or (strict and wanting) else 0


def plan(
    site: SiteFolder = None,
    from_on: Annotated[str | None, typer.Option("--from", metavar="D")] = None,
    until_on: Annotated[str | None, typer.Option("--until", metavar="D")] = None,
    committee: Committee = "",
    workflow: Workflow = "",
    person: PersonId = "",
    diff: Annotated[bool, typer.Option("--diff")] = False,
    every: Annotated[bool, typer.Option("--all")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="MOMENT")] = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med plan`."""
    where = opened(site, moment_of(as_of).isoformat() if as_of else now)
    if as_of and (diff or now):
        raise EngineError("editions.as-of-alone")
    if diff:
        return show_preview(where, as_json=as_json, every=every)
    asked = Asked(
        day(from_on) if from_on else None,
        day(until_on) if until_on else None,
        committee,
        workflow,
        person,
    )
    before = then(where) if as_of else None
    found = listed(where, asked, before.now if before else None)
    language = _language(found)
    _say_which(found, language)
    if before and before.announced_otherwise:
        warn(say("editions.announced-otherwise", language, count=before.announced_otherwise))
    if as_json:
        show_json([shown_json(row, found, language) for row in found.rows])
    else:
        for row in found.rows:
            show(row_line(row, found, language))
        if not found.rows:
            show(say("cli.no-deadlines", language))
    return 0


def _language(found: Listed) -> Language:
    return found.now.edition.organisation.settings.language


def _say_which(found: Listed, language: Language) -> None:
    if found.now.number == 0:
        warn(say("cli.from-files", language))


def shown_json(row: Row, found: Listed, language: Language) -> dict[str, Any]:
    """A deadline as a command may show it: of a confidential one its day and state, no more."""
    told = row_json(row, found)
    if not row.deadline.terms.confidential:
        return told
    return {
        **dict.fromkeys(told),
        "key": found.uids.get(row.deadline.key),
        "title": title(row.deadline, Sight.MASKED, language),
        "due_on": row.deadline.due_on,
        "state": row.state,
        "postponed": row.deadline.postponed,
        "missing": [],
        "responsible": [],
        "informed": [],
        "confidential": True,
        "source": [],
        "derivation": [],
    }


def row_json(row: Row, found: Listed) -> dict[str, Any]:
    """A deadline with the fields programs rely on, and its derivation."""
    deadline = row.deadline
    offices = found.now.edition.organisation.offices
    return {
        "key": deadline.key,
        "workflow": deadline.workflow,
        "committee": deadline.committee,
        "occurrence": deadline.occurrence,
        "step": deadline.step,
        "title": deadline.title,
        "kind": deadline.kind,
        "nominal_on": deadline.nominal_on,
        "not_before_on": deadline.not_before_on,
        "due_on": deadline.due_on,
        "limit_on": deadline.limit_on,
        "state": row.state,
        "postponed": deadline.postponed,
        "missing": [{"kind": each.kind, **each.detail} for each in deadline.missing],
        "responsible": [
            *(person.email for person in row.responsible if person.email),
            *(offices[office].email for office in row.responsible_offices if office in offices),
        ],
        "informed": [
            *(person.email for person in row.informed if person.email),
            *(offices[office].email for office in row.informed_offices if office in offices),
        ],
        "confidential": deadline.terms.confidential,
        "source": [source.model_dump() for source in deadline.terms.source],
        "derivation": deadline.derivation,
        "answered": _answered_json(deadline, found),
    }


def _answered_json(deadline: Deadline, found: Listed) -> dict[str, int] | None:
    """How many have answered, where each of several is asked."""
    if deadline.finish == "one":
        return None
    asked = answered(deadline, found.plan.register)
    return {"given": len(asked.wanted) - len(asked.lacking), "wanted": len(asked.wanted)}


def row_line(row: Row, found: Listed, language: Language) -> str:
    """A deadline on one line: day, week, state, what, whose, and its key."""
    deadline = row.deadline
    organisation = found.now.edition.organisation
    body = organisation.committees.get(deadline.committee)
    word = say("cli.week", language)
    week = f"{word} {deadline.due_on.isocalendar().week:2}" if deadline.due_on else ""
    flags = [state_word(row.state, language)]
    if deadline.postponed:
        flags.append(postponed_word(language))
    if deadline.due_on is None:
        flags.append(missing_word(language))
    if deadline.finish != "one" and not deadline.terms.confidential:
        flags.append(answered_words(answered(deadline, found.plan.register), language))
    head = (
        f"{day_column(deadline.due_on, language)}  {week:<{len(word) + 3}}  "
        f"{', '.join(flags):<12}  "
    )
    if deadline.terms.confidential:
        return head + title(deadline, Sight.MASKED, language)
    where = (
        body.title
        if body
        else ", ".join(office_title(office, organisation) for office in row.responsible_offices)
    )
    return f"{head}{deadline.title} · {where}\n{'':25}{deadline.key}"


def explain(
    key: Annotated[str, typer.Argument(metavar="KEY")],
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med explain KEY`."""
    found = explain_key(opened(site, now), key)
    deadline, made = found.deadline, found.plan
    language = found.now.edition.organisation.settings.language
    if as_json:
        show_json(
            {
                "key": deadline.key,
                "nominal_on": deadline.nominal_on,
                "due_on": deadline.due_on,
                "sentence_da": sentence(deadline, made, "da"),
                "sentence_en": sentence(deadline, made, "en"),
                "derivation": deadline.derivation,
                "source": [source.model_dump() for source in deadline.terms.source],
                "told": [asdict(each) for each in found.told],
            }
        )
        return 0
    body = body_of(deadline)
    told = [told_sentence(each, body, made, language) for each in found.told]
    noted = [each for each in made.register.follow_ups if each.key == deadline.key]
    told += [told_sentence(each, body, made, language) for each in noted]
    said = [sentence(deadline, made, language), *told, basis(deadline, language)]
    show(f"{deadline.title}: {' '.join(part for part in said if part)}")
    return 0


def date_of(
    rule: Annotated[str, typer.Argument(metavar="RULE")],
    given: Annotated[list[str] | None, typer.Option("--given", metavar="NAME=D")] = None,
    days: Annotated[str, typer.Option("--days", metavar="SET")] = "kommune",
    if_closed: Annotated[str, typer.Option("--if-closed", metavar="before|after|stay")] = "stay",
    year: Annotated[int | None, typer.Option("--year", metavar="Y")] = None,
    until_on: Annotated[str | None, typer.Option("--until", metavar="D")] = None,
    site: SiteFolder = None,
    as_json: AsJson = False,
    now: Now = None,
) -> int:
    """`med date RULE`."""
    if if_closed not in _ROLLS:
        raise EngineError("cli.if-closed", text=if_closed)
    where = opened(site, now)
    named = dict(_given(each) for each in given or [])
    answer = reckon(
        where,
        rule,
        {name: day(text) for name, text in named.items()},
        days,
        _ROLLS[if_closed],
        year,
        day(until_on) if until_on else None,
    )
    sentences = {language: _answered(answer, language) for language in ("da", "en")}
    if as_json:
        show_json(
            {
                "nominal_on": answer.nominal_on,
                "due_on": answer.due_on,
                "sentence_da": sentences["da"],
                "sentence_en": sentences["en"],
            }
        )
    else:
        show(sentences[answer.rule.language])
    return 0


def _given(text: str) -> tuple[str, str]:
    name, sign, on = text.partition("=")
    if not sign:
        raise EngineError("cli.given", text=text)
    return _called(name), on.strip()


def _called(name: str) -> str:
    """What a rule calls it: anchors have the same name in both languages."""
    try:
        rule = parse(name)
    except RuleError as error:
        raise EngineError("cli.given-name", name=name.strip()) from error
    if isinstance(rule, Anchor | Name):
        return rule.name
    raise EngineError("cli.given-name", name=name.strip())


def _answered(answer: Reckoned, language: Language) -> str:
    told = date_sentence(answer.value, answer.due_on, answer.links, language)
    if not answer.backwards or answer.nominal_on is None or answer.until_on is None:
        return told
    days = {
        "day": long_day(answer.nominal_on, language),
        "until": long_day(answer.until_on, language),
    }
    if isinstance(answer.rule, Notice) and answer.backwards == answer.rule.given:
        return f"{say('explain.notice.give-by', language, **days)} {told}"
    name = _in_rule(answer.backwards, language)
    return f"{say('cli.backwards', language, name=name, **days)} {told}"


def _in_rule(name: str, language: Language) -> str:
    """What a name is called in a rule of the language: `meeting` is `mødet`."""
    return write(Anchor(name), language) if name in ANCHORS else name


def schema() -> int:
    """`med schema`."""
    show_json(json_schema())
    return 0


COMMANDS: Commands = {
    "check": check,
    "plan": plan,
    "explain": explain,
    "date": date_of,
    "schema": schema,
}
