"""What a mail about changes says first, of its days, and of calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.message import Changed, Entry, Letter, Link, Todo, Turn, changes
from engine.wording.catalogue import Language

ON = date(2026, 3, 27)
SEE = "https://med.kommune.example/deadlines/a1"
BUTTON = Link(
    "Svar: Den er dækkende · Den skal ændres", "do:retningslinjer/vold/oes-med/2026-1/enheder"
)
UNITS = Changed(
    Turn.MOVED,
    "Enhederne drøfter deres aftale om krænkende handlinger",
    date(2026, 3, 5),
    date(2026, 5, 28),
    committee_title="afdelingsMED Økonomi & Stab",
    responsible="repræsentanterne",
    meeting="Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00 i mødelokale 823.",
    sentence="Fristen er 3 uger før mødet, altså torsdag den 28. maj.",
    basis="Grundlag: Lokal retningslinje i ØSMED.",
    others="3 (0 af 4 har svaret)",
    url=SEE,
    todo=Todo(several=True),
    button=BUTTON,
)
PLAIN = Changed(Turn.MOVED, "Referatet er klar", date(2026, 3, 30), date(2026, 4, 2), url=SEE)


def letter(*items: Changed, language: Language = "da", references: str | None = None) -> Letter:
    return changes(
        items,
        ON,
        language,
        message_id="m@x",
        list_id="l.x",
        because="Derfor.",
        references=references,
    )


def texts(made: Letter) -> list[str]:
    return [entry.text for section in made.sections for entry in section.entries]


def test_what_to_do_comes_first_and_the_button_with_it() -> None:
    made = letter(PLAIN, UNITS)
    assert [section.heading for section in made.sections] == ["Ny dato"]
    assert made.sections[0].entries == (
        Entry(
            title="Enhederne drøfter deres aftale om krænkende handlinger",
            text="Det skal I gøre: Sørg for det senest torsdag den 28. maj, og giv derefter besked "
            "herunder. Er det allerede gjort, så giv bare besked nu.\n"
            "Før: torsdag den 5. marts 2026\n"
            "Nu: torsdag den 28. maj 2026\n"
            "Det gælder afdelingsMED Økonomi & Stab. "
            "Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00 i mødelokale 823.\n"
            "Andre, der er spurgt: 3 (0 af 4 har svaret).",
            why="Sådan er datoen regnet ud: "
            "Fristen er 3 uger før mødet, altså torsdag den 28. maj.",
            basis="Grundlag: Lokal retningslinje i ØSMED.",
            links=(BUTTON, Link("Se fristen", SEE)),
        ),
        Entry(
            title="Referatet er klar",
            text="Før: mandag den 30. marts 2026\nNu: torsdag den 2. april 2026",
            links=(Link("Se fristen", SEE),),
        ),
    )


@pytest.mark.parametrize(
    ("todo", "after_on", "danish", "english"),
    [
        (
            Todo(),
            date(2026, 4, 2),
            "Det skal du gøre: Sørg for det senest torsdag den 2. april, og giv derefter besked "
            "herunder. Er det allerede gjort, så giv bare besked nu.",
            "What you need to do: See to it by Thursday 2 April, and then report it below. "
            "If it is done already, just report it now.",
        ),
        (
            Todo(several=True, at_meeting=True),
            date(2026, 6, 18),
            "Det skal I gøre: Tag punktet op på mødet torsdag den 18. juni, og giv derefter "
            "besked herunder. Er det allerede gjort, så giv bare besked nu.",
            "What you need to do: Take the item up at the meeting on Thursday 18 June, and then "
            "report it below. If it is done already, just report it now.",
        ),
        (
            Todo(),
            date(2026, 3, 26),
            "Det skal du gøre: Fristen er overskredet. Sørg for det hurtigst muligt, og giv "
            "besked herunder.",
            "What you need to do: The deadline has passed. See to it as soon as you can, and "
            "report it below.",
        ),
    ],
)
def test_what_to_do_is_said_in_both_languages(
    todo: Todo, after_on: date, danish: str, english: str
) -> None:
    item = replace(PLAIN, todo=todo, after_on=after_on)
    first = [texts(letter(item, language=language))[0] for language in ("da", "en")]
    assert [text.split("\n")[0] for text in first] == [danish, english]


def test_without_a_day_nothing_is_asked_by_a_day() -> None:
    item = replace(PLAIN, todo=Todo(), after_on=None, button=BUTTON)
    assert texts(letter(item)) == ["Før: mandag den 30. marts 2026\nNu: datoen kendes ikke endnu"]


def test_calendars_move_what_moves_and_correct_the_rest() -> None:
    over = replace(PLAIN, turn=Turn.RETIRED, after_on=None)
    said = [letter(*items).footer for items in ((PLAIN,), (PLAIN, UNITS), (PLAIN, over))]
    hours = "Det kan tage op til et døgn.\nDerfor."
    assert said == [
        f"Abonnerer du på kalenderen, flytter fristen sig af sig selv. {hours}",
        f"Abonnerer du på kalenderen, flytter fristerne sig af sig selv. {hours}",
        f"Abonnerer du på kalenderen, retter den sig selv. {hours}",
    ]


def test_of_what_is_masked_only_its_days_and_its_link_are_told() -> None:
    full = replace(UNITS, masked=True)
    bare = Changed(Turn.MOVED, "", UNITS.before_on, UNITS.after_on, url=SEE, masked=True)
    assert letter(full, PLAIN).sections == letter(bare, PLAIN).sections


def test_what_is_over_or_anothers_tells_of_no_meeting_and_of_no_others() -> None:
    for turn in (Turn.RETIRED, Turn.REASSIGNED):
        (text,) = texts(letter(replace(UNITS, turn=turn, todo=None, button=None)))
        assert "Mødet" not in text
        assert "spurgt" not in text


def test_a_day_to_come_that_is_anothers_now_is_not_told_as_past() -> None:
    day = date(2026, 3, 30)
    stays = replace(PLAIN, turn=Turn.REASSIGNED, before_on=day, after_on=day)
    told = [
        texts(letter(item))[0].split("\n")[0]
        for item in (
            stays,
            replace(stays, before_on=date(2026, 3, 26), after_on=date(2026, 3, 26)),
            replace(stays, after_on=date(2026, 4, 2)),
            replace(stays, turn=Turn.RETIRED),
        )
    ]
    assert told == [
        "Fristen er mandag den 30. marts 2026.",
        "Fristen var torsdag den 26. marts 2026.",
        "Fristen var mandag den 30. marts 2026.",
        "Fristen var mandag den 30. marts 2026.",
    ]


def test_a_mail_about_one_matter_is_called_by_it_and_by_nothing_secret() -> None:
    masked = replace(PLAIN, masked=True)
    said = [letter(item, references="r@x").topic for item in (PLAIN, masked)]
    assert said == ["Referatet er klar", "Frist – log ind"]
    assert letter(PLAIN, UNITS).topic == ""
