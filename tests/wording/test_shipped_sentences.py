"""Every deadline of the shipped site over three years, and every example, explained in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from good_language import check

from engine.definitions import read_site, site_files
from engine.planning.edition import Edition
from engine.planning.examples import planned
from engine.planning.facts import NOTHING_TOLD
from engine.planning.periods import Window
from engine.planning.plan import Deadline, Plan, make_plan
from engine.planning.rules import ANCHORS
from engine.planning.sources import Source
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.dates import long_day, short_day
from engine.wording.explain import basis, legal_sentence, sentence

ROOT = Path(__file__).parents[2]
THREE_YEARS = Window(date(2025, 1, 1), date(2027, 12, 31))
SATURDAY = 5


@cache
def site() -> Edition:
    edition = read_site(site_files(ROOT), None).edition
    assert edition is not None
    return edition


@cache
def plans() -> tuple[Plan, ...]:
    """The site's own plan, and that of every example: cases and rounds are told of there."""
    examples = (
        planned(site(), workflow, example)
        for workflow in site().workflows.values()
        for example in workflow.examples
    )
    return (make_plan(site(), NOTHING_TOLD, THREE_YEARS), *examples)


def every() -> Iterator[tuple[Deadline, Plan]]:
    for plan in plans():
        for deadline in plan.deadlines:
            yield deadline, plan


def ours(said: str) -> str:
    """What is left when the site's own titles are taken out."""
    names = [body.title for body in site().organisation.committees.values()]
    names += [workflow.title for workflow in site().workflows.values()]
    names += [part for source in sources() for part in (source.document, source.reference) if part]
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, "")
    # A set of milestones is called what its file is called.
    said = re.sub(rf"\b(?:{'|'.join(sorted(kinds()))}) \d{{4}}\b", "", said)
    cited = r"(?:The notice is laid down in|Varslet står i) .*"
    return re.sub(rf"»[^«]*«|“[^”]*”|forløb eksempel|case eksempel|{cited}", "", said)


def sources() -> Iterator[Source]:
    """Where the site's duties are written, in the words of its files."""
    for workflow in site().workflows.values():
        yield from workflow.source
        for step in workflow.steps.values():
            yield from step.source
    for table in site().tables.values():
        yield from table.source


def kinds() -> set[str]:
    return {each.kind for each in site().milestones}


def keys() -> frozenset[str]:
    """Everything that has a key with a hyphen or a slash in it, which no title has."""
    organisation = site().organisation
    known = {*organisation.committees, *organisation.levels, *site().workflows}
    for workflow in site().workflows.values():
        known |= set(workflow.steps)
    for milestones in site().milestones:
        known |= set(milestones.dates)
    return frozenset(key for key in known if re.search(r"[-/]", key)) | {"kommunemed", "okonomi"}


ENUMS = re.compile(r"[a-z]_[a-z]|\b(?:None|True|False|[A-Z][a-z]+\.[A-Z_]+)\b|[{}<>]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deadline_is_told_in_good_sentences(language: Language) -> None:
    found = [(deadline, sentence(deadline, plan, language)) for deadline, plan in every()]
    assert len(found) > 3_000
    for _, said in found:
        check(said, ours(said), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_says_the_day_to_act_by(language: Language) -> None:
    silent = [
        deadline.key
        for deadline, plan in every()
        if deadline.due_on is not None
        and short_day(deadline.due_on, language) not in sentence(deadline, plan, language)
        and "samme dag" not in sentence(deadline, plan, "da")
    ]
    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_holds_a_key_an_enum_or_a_placeholder(language: Language) -> None:
    wrong = {}
    for deadline, plan in every():
        said = sentence(deadline, plan, language)
        words = set(re.findall(r"[\w/-]+", said.replace("»", " ").replace("“", " ")))
        raw = words & (keys() - kinds())
        if raw or ENUMS.search(said):
            wrong[deadline.key] = said
    assert wrong == {}


def test_no_danish_sentence_says_an_anchor_in_english() -> None:
    english = re.compile(rf"\b(?:{'|'.join(map(re.escape, ANCHORS))})\b")
    wrong = [
        said for deadline, plan in every() if english.search(said := sentence(deadline, plan, "da"))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_that_moved_names_the_closed_days_and_the_new_day(language: Language) -> None:
    moved = 0
    for deadline, plan in every():
        rolled = [link for link in deadline.derivation if link.kind == "rolled"]
        if not rolled:
            continue
        moved += 1
        (link,) = rolled
        said = sentence(deadline, plan, language)
        weekend = {"da": "som ligger i en weekend", "en": "which falls on a weekend"}[language]
        assert str(link.detail["name"] or weekend) in said, said
        for _, name in link.detail["passed"]:
            assert str(name).casefold() in said.casefold(), said
        assert deadline.due_on is not None
        assert long_day(deadline.due_on, language) in said, said
        assert legal_sentence(deadline, language) != ""
    assert moved > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deadline_names_its_clause(language: Language) -> None:
    for deadline, _ in every():
        words = basis(deadline, language)
        assert words.endswith(".")
        for source in deadline.terms.source:
            assert source.document in words
            assert (source.reference or "").removesuffix(".") in words


def test_every_shipped_workflow_is_told_of() -> None:
    assert {deadline.workflow for deadline, _ in every()} == set(site().workflows)
