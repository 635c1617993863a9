"""The secretary in the mails: of what nobody has the role for, and of what becomes later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from answer_site import AFTALE, KONTOR, MORNING, SVAR, answer_site, mailed
from applied_sites import AppliedSites

from engine.config import read_config
from engine.service.answering import Given, answer, pressed_in
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.deciding import ground_of
from engine.service.offering import Hearing
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.sink import letters
from engine.web.answer_words import form_of

MEMBERS = "organisation/members.csv"
ROLES = "organisation/organisation.yaml"
OWN = "bjl;oes-med;sekretaer;Bo Jølle;bjl@kommune.example;2025-06-01;"
ABOVE = "asp;kommune-med;sekretaer;Asta Sparre;asp@kommune.example;2025-06-01;;"
At = Callable[[str], Site]
Change = tuple[str, str, str]
VACANT: Change = (MEMBERS, f"{OWN};", f"{OWN}2026-03-11;")
UNITS_ALONE: Change = ("workflows/enheder.yaml", "responsible:", "visible: employees\nresponsible:")


@pytest.fixture
def at(applied_sites: AppliedSites, tmp_path: Path) -> Iterator[At]:
    folder = tmp_path / "site"
    applied_sites.copy("answers", "sqlite", folder, answer_site, MORNING)
    yield lambda moment: Site(folder, read_config(folder), stopped_at(moment), pretended=True)
    applied_sites.drop()


def changed(site: Site, *changes: Change) -> None:
    for path, old, new in changes:
        file = site.folder / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    apply(site)


def mails_of(site: Site, who: str) -> list[str]:
    return [
        " ".join(f"{each.subject} {each.text}".split())
        for each in letters(mail_folder(site))
        if each.to == f"{who}@kommune.example"
    ]


def told_later(site: Site) -> dict[str, list[str]]:
    """Whom a mail tells that it becomes later, and what about, without what stands around it."""
    found = {}
    for letter in letters(mail_folder(site)):
        if "kan ikke holdes efter planen" in letter.subject:
            text = " ".join(letter.text.split())
            said = text.partition("DET DREJER SIG OM ")[2].partition(" -- ")[0]
            found.setdefault(letter.to.partition("@")[0], []).append(said)
    return found


OPEN = (
    "efa har svaret på »Enhederne drøfter deres aftale« (afdelingsMED Økonomi & Stab, onsdag den "
    "18. marts 2026): Vi når det ikke. Begrundelse: Vi mødes i april."
)
CLOSED = (
    "efa har svaret på »Frist – log ind« (afdelingsMED Økonomi & Stab, onsdag den 18. marts 2026)."
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((), {"bjl": [OPEN]}),
        ((VACANT,), {"asp": [OPEN]}),
        # The units' own side: the secretary is told if on it, and not what was asked.
        ((UNITS_ALONE, (MEMBERS, f"{OWN};", f"{OWN};employees")), {"bjl": [CLOSED]}),
        # Neither the secretary nor the one above is on it: those who look after the site.
        ((UNITS_ALONE, (MEMBERS, f"{OWN};", f"{OWN};management")), {"asp": [CLOSED]}),
        ((UNITS_ALONE,), {"asp": [CLOSED]}),
        # Another role says that it is the secretary.
        (
            (
                (ROLES, "roles:\n", "roles:\n  referent: {title: referent, secretary: yes}\n"),
                (MEMBERS, "efa;", "ref;oes-med;referent;Rie;ref@kommune.example;2025-06-01;\nefa;"),
            ),
            {"ref": [OPEN]},
        ),
    ],
)
def test_who_is_told_that_it_becomes_later_and_how_much(
    at: At, changes: tuple[Change, ...], expected: dict[str, list[str]]
) -> None:
    changed(at(MORNING), *changes)
    remind(at(MORNING))
    token = mailed(at(MORNING))["person:efa", AFTALE]
    answer(at("2026-03-12T09:30"), token, Given("answer:senere", text="Vi mødes i april."))
    remind(at("2026-03-12T09:31"))
    assert told_later(at(MORNING)) == expected


def test_an_answer_in_the_evening_is_told_the_next_morning_and_is_not_late(at: At) -> None:
    remind(at(MORNING))
    token = mailed(at(MORNING))["person:efa", AFTALE]
    answer(at("2026-03-12T19:30"), token, Given("answer:senere", text="Vi mødes i april."))
    remind(at("2026-03-13T07:30"))
    assert told_later(at(MORNING)) == {"bjl": [OPEN]}
    texts = [letter.text for letter in letters(mail_folder(at(MORNING)))]
    assert [text for text in texts if "først sendt nu" in text] == []


NO_SECRETARIES: Change = (MEMBERS, ";sekretaer;", ";referent;")
UNASKED: Change = (ROLES, "  administrators: sekretaer of kommune-med\n", "")
REFERENT: Change = (ROLES, "roles:\n", "roles:\n  referent: {title: referent}\n")


@pytest.mark.parametrize(
    ("changes", "later", "not_mine"),
    [
        ((), Hearing.SECRETARY, Hearing.ADMINISTRATORS),
        ((UNASKED,), Hearing.SECRETARY, Hearing.NOBODY),
        ((UNITS_ALONE,), Hearing.ADMINISTRATORS, Hearing.ADMINISTRATORS),
        ((UNITS_ALONE, UNASKED), Hearing.NOBODY, Hearing.NOBODY),
        ((REFERENT, NO_SECRETARIES, UNASKED), Hearing.NOBODY, Hearing.NOBODY),
    ],
)
def test_the_page_says_who_will_hear_of_an_answer_before_it_is_sent(
    at: At, changes: tuple[Change, ...], later: Hearing, not_mine: Hearing
) -> None:
    changed(at(MORNING), *changes)
    remind(at(MORNING))
    token, site = mailed(at(MORNING))["person:efa", AFTALE], at("2026-03-12T09:30")
    with site.store() as store:
        pressed = pressed_in(store, ground_of(store, site), token)
    assert pressed.offer is not None
    assert (pressed.offer.later, pressed.offer.not_mine) == (later, not_mine)
    hints = {choice.value: choice.hint for choice in form_of(pressed, Given(), None).choices}
    assert (hints["answer:senere"], hints["not-mine"]) == (LATER[later], NOT_MINE[not_mine])
    taken = answer(site, token, Given("answer:senere"))
    assert taken.told == (later is not Hearing.NOBODY)


ALONE = "Medfrist har ingen at give besked, så sig det selv til udvalget. Fristen står ved magt."
LATER = {
    Hearing.SECRETARY: "Sekretæren får besked. Fristen står ved magt.",
    Hearing.ADMINISTRATORS: "Der er ingen sekretær at sige det til, så de, der passer Medfrist, "
    "får besked. Fristen står ved magt.",
    Hearing.NOBODY: ALONE,
}
NOT_MINE = {
    Hearing.ADMINISTRATORS: "De, der passer Medfrist, får besked, så den rette kan findes. "
    "Fristen står ved magt.",
    Hearing.NOBODY: ALONE,
}


HR_ON_SIDE: Change = (ROLES, "hr@kommune.example", "hr@kommune.example, side: management")
VACANCY = "Du får denne, fordi ingen har den rolle, som opgaven hører til."


def test_what_a_vacant_role_must_do_is_mailed_to_the_secretary_above_with_a_button(at: At) -> None:
    changed(at(MORNING), VACANT)
    remind(at(MORNING))
    [mail] = mails_of(at(MORNING), "asp")
    assert ("Svaret er sendt" in mail, VACANCY in mail) == (True, True)
    assert ("person:asp", SVAR) in mailed(at(MORNING))
    assert mails_of(at(MORNING), "bjl") == []


@pytest.mark.parametrize(
    ("side", "arrives"), [("management", True), ("employees", False), ("", False)]
)
def test_what_is_one_sides_own_reaches_the_secretary_above_on_that_side_only(
    at: At, side: str, arrives: bool
) -> None:
    alone: Change = (
        "workflows/frist.yaml",
        "responsible: sekretaer",
        "visible: management\nresponsible: sekretaer",
    )
    changed(at(MORNING), VACANT, alone, HR_ON_SIDE, (MEMBERS, ABOVE, f"{ABOVE}{side}"))
    remind(at(MORNING))
    said = " ".join(mails_of(at(MORNING), "asp"))
    assert ("Svaret er sendt" in said, VACANCY in said) == (arrives, arrives)


@pytest.mark.parametrize("is_on_the_side", [True, False])
def test_what_is_one_sides_own_is_mailed_to_an_office_on_that_side_only(
    at: At, is_on_the_side: bool
) -> None:
    alone: Change = (
        "workflows/frist.yaml",
        "limit: 17 march, responsible: office hr",
        "responsible: [forperson, office hr], visible: management",
    )
    changed(at(MORNING), *((HR_ON_SIDE,) if is_on_the_side else ()), alone)
    remind(at(MORNING))
    told = {to: " ".join(mails_of(at(MORNING), to)) for to in ("hr", "ckv", "bjl")}
    assert {to for to, text in told.items() if "Tallene er opgjort" in text} == (
        {"ckv", "hr"} if is_on_the_side else {"ckv"}
    )
    assert (("office:hr", KONTOR) in mailed(at(MORNING))) == is_on_the_side
