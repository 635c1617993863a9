from __future__ import annotations

import ast
import doctest
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from situation import ORGANISATION, deadline, planned

import engine
import engine.wording.dates
import engine.wording.lengths
import engine.wording.states
from engine.planning.diff import Verb
from engine.planning.organisation import Side
from engine.planning.status import State
from engine.planning.workflow import parse_holder
from engine.wording.catalogue import LANGUAGES, Language, catalogue
from engine.wording.gaps import GAPS
from engine.wording.holders import holder_words, responsible_words, role_title
from engine.wording.links import TELLERS
from engine.wording.states import (
    missing_word,
    postponed_word,
    provisional_word,
    side_word,
    state_word,
    verb_word,
)

ENGINE = Path(engine.__file__).parent


def kinds(maker: str) -> set[str]:
    """The first argument of every call of `Link(…)` or `Missing(…)` where plans are made."""
    found: set[str] = set()
    for folder in ("planning", "service"):
        for path in sorted((ENGINE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == maker:
                    found |= set(_texts(node.args[0]))
    return found


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    else:
        assert isinstance(node, ast.Constant), ast.dump(node)
        yield str(node.value)


def test_every_kind_of_link_has_words() -> None:
    assert kinds("Link") - set(TELLERS) == set()
    assert {"anchor", "count", "within", "later", "earlier", "rolled"} <= kinds("Link")


def test_every_kind_of_missing_has_words() -> None:
    assert kinds("Missing") - set(GAPS) == set()
    assert {"anchor", "milestone", "meeting", "next meeting", "done"} <= kinds("Missing")


def placeholders(message: str | tuple[str, ...]) -> set[str]:
    texts = message if isinstance(message, tuple) else (message,)
    names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    # A singular may say one without its number.
    return names - {"count"}


# Codes whose two languages rightly differ: English needs no article or number there.
UNLIKE = {"holder.own-seat"}


def test_both_languages_say_the_same_things() -> None:
    da, en = catalogue("da"), catalogue("en")
    assert set(da) == set(en)
    unlike = {code for code in da if placeholders(da[code]) != placeholders(en[code])}
    assert unlike - UNLIKE == set()


SUBJECTS = ("explain.", "gap.", "gate.", "holder.", "role", "state.", "stretch.", "unit.", "verb.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_neat(language: Language) -> None:
    ours = {code: said for code, said in catalogue(language).items() if code.startswith(SUBJECTS)}
    assert len(ours) > 150
    for code, message in ours.items():
        for said in message if isinstance(message, tuple) else (message,):
            assert said.strip(" ") == said, code
            assert "  " not in said, code
            assert said, code


def test_states_verbs_sides_and_flags() -> None:
    assert [state_word(each, "da") for each in State] == [
        "udført",
        "frafaldet",
        "overskredet",
        "afventer",
        "kan gøres nu",
        "kommende",
    ]
    assert [verb_word(each, "da") for each in Verb] == [
        "ny",
        "flyttet",
        "ny ansvarlig",
        "omformuleret",
        "bortfaldet",
    ]
    assert [side_word(each, "da") for each in Side] == ["ledelsessiden", "medarbejdersiden"]
    assert [flag("da") for flag in (postponed_word, missing_word, provisional_word)] == [
        "udsat",
        "dato mangler",
        "foreløbig",
    ]
    assert [state_word(each, "en") for each in State] == [
        "done",
        "waived",
        "overdue",
        "waiting",
        "can be done now",
        "upcoming",
    ]
    assert [verb_word(each, "en") for each in Verb] == [
        "new",
        "moved",
        "reassigned",
        "reworded",
        "lapsed",
    ]


@pytest.mark.parametrize(
    ("holder", "da", "en"),
    [
        (
            "sekretaer",
            "sekretæren for afdelingsMED Økonomi & Stab",
            "the secretary of afdelingsMED Økonomi & Stab",
        ),
        ("forperson of kommune-med", "forpersonen for KommuneMED", "the chair of KommuneMED"),
        (
            "naestforperson of chefforum",
            "næstforpersonen for Chefforum",
            "the deputy chair of Chefforum",
        ),
        (
            "medlem",
            "medlemmerne i afdelingsMED Økonomi & Stab",
            "the members of afdelingsMED Økonomi & Stab",
        ),
        ("office hr", "HR & Løn", "HR & Løn"),
        (
            "ordstyrer of kommune-med",
            "rollen »ordstyrer« for KommuneMED",
            "the role “ordstyrer” of KommuneMED",
        ),
        ("kok of kantinen", "rollen »kok«", "the role “kok”"),
        ("office ukendt", "ukendt", "ukendt"),
    ],
)
def test_holders_have_their_definite_forms(holder: str, da: str, en: str) -> None:
    said = [
        holder_words(parse_holder(holder), "oes-med", ORGANISATION, language)
        for language in LANGUAGES
    ]
    assert said == [da, en]


def test_roles_in_lists_have_their_plain_titles() -> None:
    roles = ("sekretaer", "ordstyrer", "ukendt")
    assert [role_title(role, ORGANISATION, "da") for role in roles] == [
        "sekretær",
        "ordstyrer",
        "ukendt",
    ]
    assert role_title("sekretaer", ORGANISATION, "en") == "secretary"


def test_a_duty_that_comes_with_a_seat_is_that_members_own() -> None:
    plan = planned(
        "{each: member}",
        "{frist: {title: Uddannelse, due: within 1 year of joining}}",
        "{joining: 2025-06-02}",
        responsible=["medlem", "office hr"],
    )
    found = deadline(plan, "abc-oes-med-medlem-2025/frist")
    assert [responsible_words(found, ORGANISATION, language) for language in LANGUAGES] == [
        "den, fristen gælder (medlem i afdelingsMED Økonomi & Stab) og HR & Løn",
        "the person it concerns (member, afdelingsMED Økonomi & Stab) and HR & Løn",
    ]


@pytest.mark.parametrize(
    "module", [engine.wording.dates, engine.wording.lengths, engine.wording.states]
)
def test_the_examples_of_the_modules_hold(module: ModuleType) -> None:
    told = doctest.testmod(module)
    assert (told.failed, told.attempted > 2) == (0, True)
