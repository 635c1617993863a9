"""The buttons of mails, from the letter to the recorded fact."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from answer_site import AFTALE, KONTOR, MORNING, PLAN, SVAR, TAL, answer_site, mailed
from applied_sites import AppliedSites

from engine.config import read_config
from engine.errors import FactRejected
from engine.service.answering import Given, Standing, Taken, answer, pressed_in
from engine.service.applying import apply
from engine.service.backups import backup, restore
from engine.service.clock import stopped_at
from engine.service.deciding import ground_of
from engine.service.doing import done
from engine.service.erasing import forget
from engine.service.explaining import explain
from engine.service.feeds import hashed
from engine.service.outbox import listed
from engine.service.reminding import forecast, mail_folder, remind
from engine.service.reports.year import year_report
from engine.service.retention import retain
from engine.service.site import Site
from engine.service.undoing import undo
from engine.service.waiving import waive
from engine.sink import letters
from engine.store import LinkRow
from engine.wording.told import told_sentence

AT = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
At = Callable[[str], Site]


@pytest.fixture
def folder(applied_sites: AppliedSites, database: str, tmp_path: Path) -> Iterator[Path]:
    yield applied_sites.copy("answers", database, tmp_path / "site", answer_site, MORNING)
    applied_sites.drop()


@pytest.fixture
def at(folder: Path) -> At:
    return lambda moment: Site(folder, read_config(folder), stopped_at(moment), pretended=True)


@pytest.fixture
def tokens(at: At) -> dict[tuple[str, str], str]:
    remind(at(MORNING))
    return mailed(at(MORNING))


def standing(site: Site, token: str) -> Standing:
    with site.store() as store:
        return pressed_in(store, ground_of(store, site), token).standing


def link_of(site: Site, token: str) -> LinkRow | None:
    with site.store() as store:
        return store.link(hashed(token))


def told(site: Site) -> list[dict[str, object]]:
    """Every fact as it was recorded, without what is empty."""
    with site.store() as store:
        return [
            {
                name: value
                for name, value in row.model_dump(exclude={"id", "recorded_at"}).items()
                if value not in ("", None, False)
            }
            for row in store.fact_rows()
        ]


def mails_of(site: Site, to: str) -> list[str]:
    return [
        " ".join(f"{each.subject} {each.text}".split())
        for each in letters(mail_folder(site))
        if each.to == to
    ]


@sqlite
def test_everybody_who_must_act_gets_a_button_and_nobody_else(
    tokens: dict[tuple[str, str], str],
) -> None:
    """Nothing for what is confidential or comes by itself; the substitute has the absent's."""
    assert sorted(tokens) == [
        ("office:hr", KONTOR),
        ("person:bjl", SVAR),
        ("person:ckv", PLAN),
        ("person:efa", AFTALE),
        ("person:hni", AFTALE),
        ("person:sub", AFTALE),
        ("person:sub", TAL),
    ]
    assert {len(token) for token in tokens.values()} == {43}
    assert len(set(tokens.values())) == len(tokens)


@sqlite
def test_the_buttons_say_what_they_are_for(at: At, tokens: dict[tuple[str, str], str]) -> None:
    [mail] = mails_of(at(MORNING), "bjl@kommune.example")
    assert mail.count("Meld færdig eller udsæt: https://med.kommune.example/do/") == 1
    [mail] = mails_of(at(MORNING), "hr@kommune.example")
    assert f"Meld færdig: https://med.kommune.example/do/{tokens['office:hr', KONTOR]}" in mail
    [mail] = mails_of(at(MORNING), "efa@kommune.example")
    assert (
        "Svar: Den er dækkende · Vi når det ikke: "
        f"https://med.kommune.example/do/{tokens['person:efa', AFTALE]}" in mail
    )
    [mail] = mails_of(at(MORNING), "ckv@kommune.example")
    assert "Report it done or postpone it: https://med.kommune.example/do/" in mail


@sqlite
def test_who_is_told_at_last_can_answer_from_a_mail_of_its_own(at: At) -> None:
    """The chair, two weeks after the secretary's day."""
    remind(at(MORNING))
    remind(at("2026-03-30T08:00"))
    site = at("2026-03-30T09:00")
    with site.store() as store:
        found = [
            (row.kind, json.dumps(row.contents).count(f'"do:{SVAR}"'))
            for row in store.messages()
            if row.recipient == "person:ckv" and SVAR in row.contents["keys"]
        ]
    assert found == [("single", 1)]
    answer(site, mailed(site)["person:ckv", SVAR], Given("done"))
    assert [(row["by"], row["how"]) for row in told(site)] == [("ckv", "link:person:ckv")]


@sqlite
def test_a_token_is_nowhere_but_in_the_mail(
    at: At, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    would = forecast(at(MORNING))
    sent = remind(at(MORNING))
    tokens = mailed(at(MORNING))
    answer(at("2026-03-12T09:30"), tokens["person:bjl", SVAR], Given("done"))
    with at(MORNING).store() as store:
        kept = json.dumps([row.model_dump(mode="json") for row in store.messages()])
        links = [store.link(hashed(token)) for token in tokens.values()]
    database = b"".join(file.read_bytes() for file in (folder / "var").glob("medfrist.db*"))
    said = f"{would}{sent}{listed(at(MORNING))}{kept}{links}{caplog.text}"
    for token in tokens.values():
        assert token not in said
        assert token.encode() not in database
    assert f"do:{SVAR}" in kept


@sqlite
def test_a_mail_that_is_tried_again_has_the_same_button(at: At) -> None:
    nowhere = at(MORNING)
    away = nowhere.config.mail.model_copy(
        update={"sink": False, "host": "127.0.0.1", "port": 1, "security": "none"}
    )
    lost = replace(nowhere, config=nowhere.config.model_copy(update={"mail": away}))
    assert {mail.outcome for mail in remind(lost).mails} == {"temporary"}
    remind(at("2026-03-12T08:06"))
    assert standing(at("2026-03-12T08:06"), mailed(at(MORNING))["person:bjl", SVAR]) == "open"


def test_done_is_recorded_once_by_whom_the_link_was_sent_to(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    """On both databases; what follows is planned anew and announced as by the command."""
    token, site = tokens["person:bjl", SVAR], at("2026-03-12T09:30")
    taken = answer(site, token, Given("done", text="Sag 81.38, bilag 2"))
    again = answer(site, token, Given("postpone", "2026-03-20"))

    assert told(site) == [
        {
            "key": SVAR,
            "kind": "done",
            "on": date(2026, 3, 12),
            "by": "bjl",
            "how": "link:person:bjl",
            "evidence": "Sag 81.38, bilag 2",
        }
    ]
    assert [row.key for row in taken.facts] == [SVAR]
    assert (again.pressed.standing, again.facts) == (Standing.USED, ())
    link = link_of(site, token)
    assert link is not None
    assert (link.used_at, link.answer, link.until_on) == (AT, "done", date(2026, 3, 30))
    with site.store() as store:
        moved = store.announcements("frist/oes-med/2026/kvittering")[-1]
    assert (moved.verb, moved.reason, moved.snapshot["due_on"]) == ("moved", "fact 1", "2026-03-26")

    found = explain(site, SVAR)
    [each] = found.told
    assert [told_sentence(each, "oes-med", found.plan, language) for language in ("da", "en")] == [
        "Udført torsdag den 12. marts 2026. Se: Sag 81.38, bilag 2. Meldt via link sendt til bjl.",
        "Done on Thursday 12 March 2026. See: Sag 81.38, bilag 2. Reported via link sent to bjl.",
    ]
    line = next(row for row in year_report(site, 2026).rows if row["key"] == SVAR)
    assert "Meldt via link sendt til sekretæren." in str(line)
    assert "bjl" not in str(line)


def test_of_two_answers_at_once_one_is_recorded(at: At, tokens: dict[tuple[str, str], str]) -> None:
    token, site = tokens["person:bjl", SVAR], at("2026-03-12T09:30")
    taken: list[Taken] = []
    start = threading.Barrier(2)

    def press(given: Given) -> None:
        start.wait()
        taken.append(answer(site, token, given))

    both = [
        threading.Thread(target=press, args=(given,))
        for given in (Given("done"), Given("postpone", "2026-03-20"))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted((each.pressed.standing, len(each.facts)) for each in taken) == [
        (Standing.OPEN, 1),
        (Standing.USED, 0),
    ]
    assert len(told(site)) == 1


@sqlite
def test_an_office_answers_as_itself(at: At, tokens: dict[tuple[str, str], str]) -> None:
    site = at("2026-03-12T09:30")
    answer(site, tokens["office:hr", KONTOR], Given("done"))
    assert told(site) == [
        {
            "key": KONTOR,
            "kind": "done",
            "on": date(2026, 3, 12),
            "by": "hr",
            "how": "link:office:hr",
        }
    ]
    found = explain(site, KONTOR)
    [each] = found.told
    assert told_sentence(each, "oes-med", found.plan, "da") == (
        "Udført torsdag den 12. marts 2026. Meldt via link sendt til HR & Løn."
    )


@sqlite
def test_where_each_is_asked_an_answer_counts_for_the_unit(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    """A substitute answers for the unit of the one who cannot be reached."""
    site = at("2026-03-12T09:30")
    answer(site, tokens["person:efa", AFTALE], Given("answer:daekkende"))
    assert standing(site, tokens["person:efa", AFTALE]) == Standing.USED
    answer(site, tokens["person:sub", AFTALE], Given("answer:daekkende"))
    assert [(row["by"], row["unit"], row["what"], row["how"]) for row in told(site)] == [
        ("efa", "IT", "Den er dækkende", "link:person:efa"),
        ("sub", "HR & Løn", "Den er dækkende", "link:person:sub"),
    ]
    assert standing(site, tokens["person:hni", AFTALE]) == Standing.OPEN
    with site.store() as store:
        ground = ground_of(store, site)
        asked = pressed_in(store, ground, tokens["person:hni", AFTALE]).asked
    assert asked is not None
    assert (asked.mine, asked.lacking) == (("Økonomi",), ("Økonomi",))
    [efa, _] = explain(site, AFTALE).told
    assert told_sentence(efa, "oes-med", ground.plan, "da") == (
        "IT har svaret torsdag den 12. marts 2026. Svaret var: Den er dækkende. "
        "Meldt via link sendt til efa."
    )


@sqlite
def test_a_unit_that_has_answered_otherwise_needs_no_second_answer(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    site = at("2026-03-12T09:30")
    done(site, AFTALE, by="efa")
    assert standing(site, tokens["person:efa", AFTALE]) == Standing.ANSWERED


@sqlite
def test_later_leaves_the_step_open_and_tells_the_secretary(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    site = at("2026-03-12T09:30")
    taken = answer(
        site, tokens["person:efa", AFTALE], Given("answer:senere", text="Mødet er først i april.")
    )
    assert (taken.facts, taken.told, told(site)) == ((), True, [])
    remind(at("2026-03-12T09:31"))
    assert mails_of(site, "bjl@kommune.example")[0] == (
        "Medfrist: en frist kan ikke holdes efter planen En, der er spurgt, har svaret på en "
        "frist uden at melde den udført. Fristen står ved magt. Tal med den, der svarede, og "
        "udsæt fristen, hvis det er nødvendigt. DET DREJER SIG OM efa har svaret på »Enhederne "
        "drøfter deres aftale« (afdelingsMED Økonomi & Stab, onsdag den 18. marts 2026): Vi når "
        "det ikke. Begrundelse: Mødet er først i april. -- Du får mailen, fordi du er sekretær "
        "for udvalget eller passer Medfrist."
    )


@sqlite
def test_not_mine_records_nothing_and_tells_the_administrators_once(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    site = at("2026-03-12T09:30")
    taken = answer(site, tokens["person:bjl", SVAR], Given("not-mine"))
    assert (taken.facts, taken.told, told(site)) == ((), True, [])
    remind(at("2026-03-12T09:31"))
    remind(at("2026-03-13T07:31"))
    second = mailed(site)["person:bjl", SVAR]
    assert second != tokens["person:bjl", SVAR]
    answer(at("2026-03-13T08:00"), second, Given("not-mine"))
    remind(at("2026-03-13T08:01"))
    assert mails_of(site, "asp@kommune.example") == [
        "Medfrist: en frist er sendt til en, der siger nej En, der fik mail om en frist, svarer, "
        "at en anden skal gøre det. Der er ikke meldt noget om fristen. Find den rette, og ret "
        "rollen i organisation/members.csv eller de ansvarlige i arbejdsgangen. Er det rigtigt "
        "nok, så tal med den, der svarede. DET DREJER SIG OM bjl fik mail om »Svaret er sendt« "
        "(afdelingsMED Økonomi & Stab, mandag den 16. marts 2026) og svarer, at det er en anden, "
        "der skal gøre det. -- Du får mailen, fordi du passer sitet (administrators i "
        "organisation.yaml)."
    ]


@sqlite
def test_a_deadline_is_postponed_within_its_limit(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    token, site = tokens["person:bjl", SVAR], at("2026-03-12T09:30")
    with site.store() as store:
        offer = pressed_in(store, ground_of(store, site), token).offer
    assert offer is not None and offer.move is not None
    assert (offer.move.first_on, offer.move.last_on) == (date(2026, 3, 17), date(2026, 4, 15))
    for to, code in (
        ("", "fact.to-missing"),
        ("i morgen", "cli.not-a-date"),
        ("2026-03-16", "fact.earlier-day"),
        ("2026-04-16", "fact.past-limit"),
    ):
        with pytest.raises(FactRejected) as refused:
            answer(site, token, Given("postpone", to))
        assert refused.value.code == code
    assert (told(site), standing(site, token)) == ([], Standing.OPEN)

    answer(site, token, Given("postpone", "2026-04-15", "Tallene kommer først i april"))
    assert told(site) == [
        {
            "key": SVAR,
            "kind": "postponed",
            "on": date(2026, 3, 12),
            "from_on": date(2026, 3, 16),
            "to_on": date(2026, 4, 15),
            "by": "bjl",
            "how": "link:person:bjl",
            "why": "Tallene kommer først i april",
        }
    ]
    line = next(row for row in year_report(site, 2026).rows if row["key"] == SVAR)
    assert "Meldt via link sendt til sekretæren." in str(line)


@sqlite
def test_an_item_goes_to_the_meeting_the_page_told_of(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    """The items of its group go along, as by the command; their own buttons still stand."""
    token, site = tokens["person:ckv", PLAN], at("2026-03-12T09:30")
    with pytest.raises(FactRejected) as refused:
        answer(site, token, Given("postpone", "2026-11-19"))
    assert refused.value.code == "answer.other-meeting"
    answer(site, token, Given("postpone", "2026-06-18"))
    assert told(site) == [
        {
            "key": key,
            "kind": "postponed",
            "on": date(2026, 3, 12),
            "from_meeting": "2026-03-26",
            "to_meeting": "2026-06-18",
            "by": "ckv",
            "how": "link:person:ckv",
        }
        for key in (PLAN, TAL)
    ]
    assert standing(site, tokens["person:sub", TAL]) == Standing.OPEN


@sqlite
@pytest.mark.parametrize(
    ("recipient", "key", "given"),
    [
        ("office:hr", KONTOR, Given("postpone", "2026-03-20")),
        ("person:efa", AFTALE, Given("postpone", "2026-03-20")),
        ("person:efa", AFTALE, Given("done")),
        ("person:efa", AFTALE, Given("answer:andet")),
        ("person:bjl", SVAR, Given("waive")),
        ("person:bjl", SVAR, Given()),
    ],
)
def test_what_is_not_offered_is_not_taken(
    at: At, tokens: dict[tuple[str, str], str], recipient: str, key: str, given: Given
) -> None:
    """Past the limit, by one of several who are asked, or a choice that the page does not have."""
    site, token = at("2026-03-12T09:30"), tokens[recipient, key]
    with pytest.raises(FactRejected) as refused:
        answer(site, token, given)
    assert refused.value.code == "answer.none-chosen"
    assert (told(site), standing(site, token)) == ([], Standing.OPEN)


@sqlite
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 301, "service.too-long"),
        ("Vedr. 010190-1234", "service.cpr"),
        ("Spørg Eva Farsø", "fact.names"),
    ],
)
@pytest.mark.parametrize("choice", ["done", "not-mine"])
def test_words_about_somebody_are_refused_whatever_is_answered(
    at: At, tokens: dict[tuple[str, str], str], choice: str, text: str, code: str
) -> None:
    site, token = at("2026-03-12T09:30"), tokens["person:bjl", SVAR]
    with pytest.raises(FactRejected) as refused:
        answer(site, token, Given(choice, text=text))
    assert refused.value.code == code
    assert standing(site, token) == Standing.OPEN
    answer(site, token, Given(choice, text="x" * 300))
    assert standing(site, token) == Standing.USED


@sqlite
def test_a_button_lasts_two_weeks_after_the_deadline(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    token = tokens["person:bjl", SVAR]
    assert standing(at("2026-03-30T23:59"), token) == Standing.OPEN
    late = at("2026-03-31T00:01")
    assert standing(late, token) == Standing.EXPIRED
    assert answer(late, token, Given("done")).pressed.standing == Standing.EXPIRED
    assert told(late) == []


@sqlite
def test_what_is_settled_otherwise_is_said_and_can_be_answered_when_undone(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    site, token = at("2026-03-12T09:30"), tokens["person:bjl", SVAR]
    done(site, SVAR, by="bjl")
    assert answer(site, token, Given("done")).pressed.standing == Standing.DONE
    undo(site, SVAR)
    assert standing(site, token) == Standing.OPEN
    waive(site, SVAR, by="ckv", why="Bortfalder i år")
    assert answer(site, token, Given("done")).pressed.standing == Standing.WAIVED


@sqlite
def test_who_no_longer_holds_the_role_records_nothing(
    at: At, folder: Path, tokens: dict[tuple[str, str], str]
) -> None:
    members = folder / "organisation/members.csv"
    text = members.read_text("utf-8")
    ended = "bjl@kommune.example;2025-06-01;2026-03-13;"
    new = "nyt;oes-med;sekretaer;Nanna Yde;nyt@kommune.example;2026-03-14;;;;;;\n"
    members.write_text(text.replace("bjl@kommune.example;2025-06-01;;", ended) + new, "utf-8")
    apply(at("2026-03-12T10:00"))
    token = tokens["person:bjl", SVAR]
    assert standing(at("2026-03-13T10:00"), token) == Standing.OPEN
    site = at("2026-03-14T10:00")
    assert answer(site, token, Given("done")).pressed.standing == Standing.NOT_YOURS
    assert (told(site), link_of(site, token)) == ([], link_of(at(MORNING), token))


@sqlite
@pytest.mark.parametrize("change", ["confidential: yes, ", None])
def test_what_is_gone_or_closed_shows_nothing(
    at: At, folder: Path, tokens: dict[tuple[str, str], str], change: str | None
) -> None:
    path = folder / "workflows/frist.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [
        line.replace("svar: {", f"svar: {{{change}") if change else line
        for line in lines
        if change or ("svar: {" not in line and "kvittering" not in line)
    ]
    path.write_text("".join(kept), "utf-8")
    site = at("2026-03-12T10:00")
    apply(site)
    pressed = answer(site, tokens["person:bjl", SVAR], Given("done")).pressed
    assert (pressed.standing, pressed.deadline, told(site)) == (Standing.GONE, None, [])


@sqlite
def test_a_button_follows_its_deadline_to_a_new_name(
    at: At, folder: Path, tokens: dict[tuple[str, str], str]
) -> None:
    path = folder / "workflows/frist.yaml"
    renamed = path.read_text("utf-8").replace("  svar: {", "  sendt: {formerly: svar, ")
    path.write_text(renamed.replace("done svar", "done sendt"), "utf-8")
    site = at("2026-03-12T10:00")
    apply(site)
    answer(site, tokens["person:bjl", SVAR], Given("done"))
    assert [row["key"] for row in told(site)] == ["frist/oes-med/2026/sendt"]


@sqlite
def test_a_token_that_nobody_was_sent_opens_nothing(at: At) -> None:
    site = at("2026-03-12T09:30")
    assert [standing(site, token) for token in ("", "x", "x" * 43)] == [Standing.UNKNOWN] * 3
    assert answer(site, "x" * 43, Given("done")).pressed.standing == Standing.UNKNOWN


@sqlite
def test_the_buttons_of_somebody_forgotten_are_gone(
    at: At, folder: Path, tokens: dict[tuple[str, str], str]
) -> None:
    site = at("2026-03-12T09:30")
    forget(site, "bjl", anyway=True)
    assert link_of(site, tokens["person:bjl", SVAR]) is None
    assert link_of(site, tokens["person:ckv", PLAN]) is not None


@sqlite
def test_buttons_are_forgotten_a_month_after_their_last_day(
    at: At, tokens: dict[tuple[str, str], str]
) -> None:
    """Until then they can still say that they have expired."""
    token = tokens["person:bjl", SVAR]
    for day, known in (("2026-04-29", True), ("2026-04-30", False)):
        retain(at(f"{day}T02:00"))
        assert (link_of(at(MORNING), token) is not None) == known


@sqlite
def test_a_backup_carries_the_buttons_and_what_they_were_used_for(
    at: At, tmp_path: Path, tokens: dict[tuple[str, str], str]
) -> None:
    site, token = at("2026-03-12T09:30"), tokens["person:bjl", SVAR]
    answer(site, tokens["person:ckv", PLAN], Given("done"))
    backup(site, tmp_path / "copy.db")
    answer(site, token, Given("done"))
    restore(site, tmp_path / "copy.db", replace=True)
    assert [standing(site, each) for each in (token, tokens["person:ckv", PLAN])] == [
        Standing.OPEN,
        Standing.USED,
    ]
