"""A year of a site: what is edited on which day, in the order it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

VOLD = "workflows/retningslinjer/vold.yaml"
KRAENKENDE = "workflows/retningslinjer/kraenkende-handlinger.yaml"
AFDELING = "workflows/moeder/afdelings-med.yaml"
OES_2027 = "calendars/meetings/oes-med-2027.yaml"
ORGANISATION = "organisation/organisation.yaml"
MEMBERS = "organisation/members.csv"
CLOSED = "calendars/working-days/kommune.yaml"

AGENDA = "moeder/afdelings-med/oes-med/2027-01-26/dagsorden"
VOLD_ITEM = "retningslinjer/kraenkende-handlinger/oes-med/2027-1/droeftelse"


@dataclass(frozen=True)
class Step:
    """A day on which somebody edits, or goes back to edition `back_to`; then what is reported."""

    name: str
    moment: str
    edit: Callable[[Path], None] = lambda _: None
    back_to: int = 0
    done: str = ""


def edited(folder: Path, path: str, *pairs: tuple[str, str]) -> None:
    file = folder / path
    text = file.read_text("utf-8")
    for before, after in pairs:
        assert before in text, (path, before)
        text = text.replace(before, after)
    file.write_text(text, "utf-8")


def move_a_meeting(folder: Path) -> None:
    edited(folder, OES_2027, ("{date: 2027-03-18,", "{date: 2027-03-23, moved from: 2027-03-18,"))


def rename_a_workflow(folder: Path) -> None:
    (folder / VOLD).rename(folder / KRAENKENDE)
    edited(
        folder,
        KRAENKENDE,
        (
            "committees: {level: afdelings-med}\n",
            "formerly: retningslinjer/vold\ncommittees: {level: afdelings-med}\n",
        ),
    )


def cancel_a_meeting(folder: Path) -> None:
    edited(folder, OES_2027, ("{date: 2027-08-25,", "{date: 2027-08-25, status: cancelled,"))


def close_a_day(folder: Path) -> None:
    edited(
        folder,
        CLOSED,
        ("days:\n", "days:\n  2027-06-24: {name: sommerlukning}\n"),
    )


def change_the_reminders(folder: Path) -> None:
    edited(
        folder,
        ORGANISATION,
        ("remind: [2 weeks before, 3 days before]", "remind: [3 weeks before, 1 week before]"),
    )


def merge_committees(folder: Path) -> None:
    edited(
        folder,
        ORGANISATION,
        (
            "  borgerservice:\n",
            "  borger-biblioteket:\n    formerly: [borgerservice, biblioteket]\n",
        ),
        ("personalemødet i Borgerservice", "personalemødet i Borgerservice og Biblioteket"),
    )
    text = (folder / ORGANISATION).read_text("utf-8")
    start = text.index("  biblioteket:\n")
    end = text.index("\n\n", start)
    (folder / ORGANISATION).write_text(text[:start].rstrip(" ") + text[end + 1 :], "utf-8")
    for year in (2025, 2026, 2027):
        old = folder / f"calendars/meetings/borgerservice-{year}.yaml"
        new = folder / f"calendars/meetings/borger-biblioteket-{year}.yaml"
        old.rename(new)
        edited(folder, f"calendars/meetings/{new.name}", ("borgerservice", "borger-biblioteket"))
        (folder / f"calendars/meetings/biblioteket-{year}.yaml").unlink()
    edited(
        folder,
        MEMBERS,
        (";borgerservice;", ";borger-biblioteket;"),
        (";biblioteket;", ";borger-biblioteket;"),
    )


def new_term(folder: Path) -> None:
    """The secretary's deputy stays; two members leave, and two others come."""
    edited(
        folder,
        MEMBERS,
        (
            "kbo;oes-med;naestforperson;Kirsten Boysen;kbo@kommune.example;2025-06-01;2027-05-31",
            "kbo;oes-med;naestforperson;Kirsten Boysen;kbo@kommune.example;2025-06-01;2029-05-31",
        ),
    )
    with (folder / MEMBERS).open("a", encoding="utf-8") as file:
        file.write("ahe;oes-med;medlem;Asta Hede;ahe@kommune.example;2027-06-01;2029-05-31")
        file.write(";employees;;;;;;HR & Løn\n")
        file.write("mru;oes-med;medlem;Magnus Rude;mru@kommune.example;2027-06-01;2029-05-31")
        file.write(";employees;TR;;;;;Sekretariatet\n")


def new_secretary(folder: Path) -> None:
    edited(
        folder,
        MEMBERS,
        (
            "hny;oes-med;sekretaer;Helle Nyborg;hny@kommune.example;2024-01-01;;;",
            "ahe;oes-med;sekretaer;Asta Hede;ahe@kommune.example;2027-07-01;;;;;;;;\n"
            "hny;oes-med;sekretaer;Helle Nyborg;hny@kommune.example;2024-01-01;2027-06-30;;",
        ),
    )


def rename_a_step(folder: Path) -> None:
    edited(
        folder,
        AFDELING,
        (
            "  punkter:\n    title: Punkter til dagsordenen er meldt til sekretæren\n",
            "  punkter-meldt:\n    formerly: punkter\n"
            "    title: Punkter til dagsordenen er meldt ind\n",
        ),
        ("/punkter:", "/punkter-meldt:"),
    )


def lengthen_by_mistake(folder: Path) -> None:
    example = "      2026-03-26/referat: {nominal: 2026-04-02, due: 2026-04-01}\n"
    edited(folder, AFDELING, ("due: 7 days after", "due: 17 days after"), (example, ""))


def mend_and_move(folder: Path) -> None:
    edited(folder, AFDELING, ("due: 17 days after", "due: 10 days after"))
    edited(folder, OES_2027, ("{date: 2027-11-18,", "{date: 2027-11-25, moved from: 2027-11-18,"))


YEAR = (
    Step("01-foerste-udgave", "2026-11-26T08:00", done=AGENDA),
    Step("02-flyttet-moede", "2026-12-10T09:15", move_a_meeting),
    Step("03-omdoebt-arbejdsgang", "2027-01-08T10:00", rename_a_workflow),
    Step("04-aflyst-moede", "2027-01-20T13:40", cancel_a_meeting),
    Step("05-ny-lukkedag", "2027-02-05T08:05", close_a_day),
    Step("06-andre-paamindelser", "2027-03-01T11:30", change_the_reminders, done=VOLD_ITEM),
    Step("07-sammenlagte-udvalg", "2027-04-01T09:00", merge_committees),
    Step("08-ny-valgperiode", "2027-05-20T14:20", new_term),
    Step("09-ny-sekretaer", "2027-06-14T09:00", new_secretary),
    Step("10-omdoebt-skridt", "2027-07-02T08:45", rename_a_step),
    Step("11-fejltagelse", "2027-08-16T15:55", lengthen_by_mistake),
    Step("12-tilbage", "2027-08-17T07:50", back_to=10),
    Step("13-rettet-og-flyttet", "2027-10-04T10:10", mend_and_move),
)
