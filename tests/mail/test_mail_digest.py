from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from letters_given import DANISH, MORNING

from engine.message import (
    Entry,
    Group,
    Kind,
    Letter,
    Line,
    Link,
    digest,
    letter_to_json,
    single,
)
from engine.message.digest import footer
from engine.wording.catalogue import Language, catalogue

TABLE = Path(__file__).parents[1] / "tables" / "mailemner.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter=";"))


def letter(*lines: Line, on: date = MORNING, language: Language = "da") -> Letter:
    return digest(lines, on, language, message_id="m@medfrist", list_id="l.example")


def line(text: str) -> Line:
    """A line of the table: group, kind, title and date, with a lock before a masked one."""
    group, kind, title, due = (word.strip() for word in text.split("|"))
    return Line(
        Group(group),
        Kind(kind),
        title.removeprefix("🔒"),
        "https://med.example/x",
        due_on=date.fromisoformat(due) if due else None,
        masked=title.startswith("🔒"),
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["note"])
def test_the_subject_says_what_when_and_what_is_wrong(row: dict[str, str]) -> None:
    lines = [line(text) for text in row["linjer"].split(" + ") if text]
    on = date.fromisoformat(row["dag"])
    assert (letter(*lines, on=on).subject, letter(*lines, on=on, language="en").subject) == (
        row["emne"],
        row["subject"],
    )


def test_the_headings_stand_in_their_order_and_empty_ones_are_left_out() -> None:
    told = letter(*reversed(DANISH))
    assert [section.heading for section in told.sections] == [
        "Du skal gøre noget",
        "Venter på andre",
        "Til orientering",
    ]
    assert [entry.when for entry in told.sections[0].entries] == [
        "Overskredet",
        "Torsdag den 11. juni (om 3 dage)",
        "Her mangler vi en dato",
    ]
    assert [section.heading for section in letter(DANISH[3]).sections] == ["Venter på andre"]


def test_an_entry_says_what_to_do_and_then_why() -> None:
    (section,) = letter(DANISH[0]).sections
    assert section.entries == (
        Entry(
            title="Enhederne drøfter, om deres aftale om krænkende handlinger fortsat er dækkende",
            when="Overskredet",
            text="Fristen var torsdag den 28. maj 2026, for 11 dage siden. "
            "Det gælder afdelingsMED Økonomi & Stab.\n"
            "Andre, der er spurgt: de tre øvrige enheder.\n"
            "Hvis det ikke sker: Retningslinjen bliver ikke drøftet to gange i 2026.",
            why="Sådan er datoen regnet ud: "
            "3 uger før mødet torsdag den 18. juni 2026 er torsdag den 28. maj.",
            basis="Grundlag: lokal retningslinje i ØSMED (lokal praksis).",
            links=(Link("Se fristen", "https://med.kommune.example/deadlines/a1"),),
        ),
    )


def test_why_somebody_else_is_told_and_who_knows_stand_with_what_is_late() -> None:
    late = replace(
        DANISH[0],
        kind=Kind.ESCALATION,
        reason="Du får denne, fordi kho er væk.",
        known="Hvem ved det: Sekretæren fik besked onsdag den 3. juni.",
    )
    (section,) = letter(late).sections
    assert section.entries[0].text.split("\n") == [
        "Fristen var torsdag den 28. maj 2026, for 11 dage siden. Du får besked, fordi den endnu "
        "ikke er meldt udført. Du får denne, fordi kho er væk. Det gælder afdelingsMED Økonomi & "
        "Stab.",
        "Andre, der er spurgt: de tre øvrige enheder.",
        "Hvis det ikke sker: Retningslinjen bliver ikke drøftet to gange i 2026.",
        "Hvem ved det: Sekretæren fik besked onsdag den 3. juni.",
    ]


def test_a_masked_line_says_only_that_there_is_one() -> None:
    hidden = replace(DANISH[0], masked=True)
    (section,) = letter(hidden).sections
    assert section.entries == (
        Entry(
            title="Frist – log ind",
            when="Torsdag den 28. maj",
            links=(Link("Log ind", "https://med.kommune.example/deadlines/a1"),),
        ),
    )


def test_an_office_is_not_told_that_what_it_only_hears_of_is_its_own() -> None:
    assert footer("", "IT", "da") == (
        "Mailen er sendt til fællespostkassen for IT, fordi kontoret er ansvarligt eller skal have "
        "besked. Der kommer kun en ny, når der er noget nyt."
    )


def test_a_mail_about_a_masked_matter_alone_is_called_by_what_it_is() -> None:
    hidden = replace(DANISH[0], masked=True)
    told = {
        language: single(
            hidden, MORNING, language, message_id="m@x", list_id="l.x", references="r@x", because=""
        ).subject
        for language in ("da", "en")
    }
    assert told == {"da": "Frist – log ind", "en": "Deadline – sign in"}


def test_nothing_of_a_masked_line_but_its_date_and_link_changes_the_letter() -> None:
    bare = Line(Group.ACT, Kind.DUE, "", "https://med.example/x", due_on=MORNING, masked=True)
    full = replace(
        bare,
        kind=Kind.OVERDUE,
        title="Afsked",
        committee_title="HR",
        nominal_on=date(2026, 6, 1),
        meeting="Et møde.",
        sentence="En grund.",
        basis="Et grundlag.",
        if_missed="En følge.",
        responsible="nogen",
        others="andre",
        reason="En anden er væk.",
        known="Sekretæren ved det.",
    )
    for language in ("da", "en"):
        told = letter(full, *DANISH, language=language)
        assert letter_to_json(told) == letter_to_json(letter(bare, *DANISH, language=language))


@pytest.mark.parametrize(
    ("due_on", "danish", "english"),
    [
        (date(2026, 6, 8), "I dag, mandag den 8. juni", "Today, Monday 8 June"),
        (date(2026, 6, 9), "I morgen, tirsdag den 9. juni", "Tomorrow, Tuesday 9 June"),
        (date(2026, 6, 10), "Onsdag den 10. juni (om 2 dage)", "Wednesday 10 June (in 2 days)"),
        (
            date(2027, 1, 7),
            "Torsdag den 7. januar 2027 (om 213 dage)",
            "Thursday 7 January 2027 (in 213 days)",
        ),
        (date(2026, 6, 7), "Søndag den 7. juni (for 1 dag siden)", "Sunday 7 June (1 day ago)"),
    ],
)
def test_when_is_said_as_people_say_it(due_on: date, danish: str, english: str) -> None:
    coming = Line(Group.ACT, Kind.HEADS_UP, "Referatet er klar", "https://x", due_on=due_on)
    told = [
        letter(coming, language=language).sections[0].entries[0].when for language in ("da", "en")
    ]
    assert told == [danish, english]


def test_both_languages_have_the_same_messages_with_the_same_placeholders() -> None:
    def shapes(language: Language) -> dict[str, list[set[str]]]:
        return {
            code: [set(_placeholders(text)) for text in _forms(message)]
            for code, message in catalogue(language).items()
            if code.startswith("mail.")
        }

    assert len(shapes("da")) > 40
    assert shapes("da") == shapes("en")


def _forms(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return message if isinstance(message, tuple) else (message,)


def _placeholders(text: str) -> list[str]:
    return [piece.split("}")[0] for piece in text.split("{")[1:]]


def test_a_line_without_an_address_has_no_button() -> None:
    (section,) = letter(replace(DANISH[0], url="")).sections
    assert section.entries[0].links == ()
