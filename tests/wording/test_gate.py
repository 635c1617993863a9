from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from situation import DAYS, ORGANISATION, workflow

from engine.errors import Unknown
from engine.planning.diff import deadline_snapshot, meeting_snapshot
from engine.planning.edition import Edition
from engine.planning.facts import NOTHING_TOLD, Meeting
from engine.planning.organisation import Seat, Side
from engine.planning.periods import Window
from engine.planning.plan import Deadline, make_plan
from engine.planning.workflow import Workflow
from engine.wording.gate import (
    NOBODY,
    Sight,
    Viewer,
    office_viewer,
    seen,
    text,
    title,
    viewer,
)

TABLE = Path(__file__).parents[1] / "tables" / "adgang.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter=";"))
WORDS = {"alt": Sight.FULL, "sløret": Sight.MASKED, "intet": Sight.HIDDEN}
COLUMNS = {
    "åben frist": "aaben",
    "fortrolig frist": "fortrolig",
    "kun medarbejdersiden": "medarbejdere",
    "fortrolig og kun ledelsessiden": "ledelse-fortrolig",
    "frist i kontaktudvalget": "kontakt",
    "frist i Chefforum": "chef",
    "fortrolig uddannelse for abc": "uddannelse",
    "uddannelse for abc": "aaben-uddannelse",
}
TODAY = date(2026, 3, 12)

SEATS = (
    Seat("sek", "oes-med", "sekretaer", date(2025, 6, 1), date(2026, 7, 31)),
    Seat("gam", "oes-med", "sekretaer", date(2023, 6, 1), date(2025, 5, 31)),
    Seat("ny", "oes-med", "sekretaer", date(2026, 8, 1)),
    Seat("for", "oes-med", "forperson", date(2025, 6, 1), side=Side.MANAGEMENT),
    Seat("nae", "oes-med", "naestforperson", date(2025, 6, 1), side=Side.EMPLOYEES),
    Seat("abc", "oes-med", "medlem", date(2025, 6, 1), side=Side.EMPLOYEES),
    Seat("def", "oes-med", "medlem", date(2025, 6, 2), side=Side.EMPLOYEES),
    Seat("kon", "kontaktudvalg", "medlem", date(2025, 6, 1)),
    Seat("fej", "kontaktudvalg", "medlem", date(2025, 6, 1), side=Side.MANAGEMENT),
    Seat("che", "chefforum", "forperson", date(2025, 6, 1), side=Side.MANAGEMENT),
    Seat("kms", "kommune-med", "sekretaer", date(2025, 6, 1), side=Side.MANAGEMENT),
)


def flow(key: str, **more: object) -> Workflow:
    step = {"title": f"Titel {key}", "due": "period end"}
    made = workflow({"each": "year"}, {"trin": step}, **more)
    return made.model_copy(update={"key": key})


WORKFLOWS = (
    flow("aaben"),
    flow(
        "fortrolig", confidential="yes", responsible="forperson", inform=["sekretaer", "office hr"]
    ),
    flow(
        "medarbejdere",
        visible="employees",
        responsible="naestforperson",
        inform=["office hr", "office fag", "office stab"],
    ),
    flow(
        "ledelse-fortrolig",
        confidential="yes",
        visible="management",
        responsible="forperson",
        inform=["naestforperson", "sekretaer of kommune-med", "office fag", "office stab"],
    ),
    flow("kontakt", committees={"committee": "kontaktudvalg"}),
    flow("chef", committees={"committee": "chefforum"}),
    workflow(
        {"each": "member", "roles": "medlem"},
        {"trin": {"title": "Titel uddannelse", "due": "within 1 year of joining"}},
        confidential="yes",
        responsible="medlem",
        inform="sekretaer",
    ).model_copy(update={"key": "uddannelse"}),
    workflow(
        {"each": "member", "roles": "medlem"},
        {"trin": {"title": "Titel uddannelse", "due": "within 1 year of joining"}},
        responsible="office hr",
        inform="sekretaer",
    ).model_copy(update={"key": "aaben-uddannelse"}),
)
MEETING = Meeting("oes-med", "2026-03-26", date(2026, 3, 26))
EDITION = Edition(
    ORGANISATION,
    SEATS,
    {"oes-med": (MEETING,)},
    (),
    {"kommune": DAYS},
    {made.key: made for made in WORKFLOWS},
)
PLAN = make_plan(EDITION, NOTHING_TOLD, Window(date(2026, 1, 1), date(2026, 12, 31)))


def found(name: str) -> Deadline:
    return next(
        deadline
        for deadline in PLAN.deadlines
        if deadline.workflow == name and (deadline.seat is None or deadline.seat.person == "abc")
    )


def looking(who: str, today: date = TODAY) -> Viewer:
    if who == "ingen bestemt":
        return NOBODY
    if who in ORGANISATION.offices:
        return office_viewer(who)
    return viewer(PLAN.register, who, today)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["hvem"])
def test_the_table_of_who_sees_what(row: dict[str, str]) -> None:
    who = looking(row["hvem"])
    given = {head: seen(found(name), who, PLAN.register, TODAY) for head, name in COLUMNS.items()}
    assert given == {head: WORDS[row[head]] for head in COLUMNS}
    met = meeting_snapshot(MEETING, "afdelingsMED Økonomi & Stab")
    assert seen(met, who, PLAN.register, TODAY) is WORDS[row["møde i afdelingsMED"]]


ORDER = (Sight.HIDDEN, Sight.MASKED, Sight.FULL)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["hvem"])
def test_what_was_announced_shows_no_more_than_the_deadline_itself(row: dict[str, str]) -> None:
    who = looking(row["hvem"])
    for name in COLUMNS.values():
        own = seen(found(name), who, PLAN.register, TODAY)
        told = deadline_snapshot(found(name), PLAN.register)
        assert ORDER.index(seen(told, who, PLAN.register, TODAY)) <= ORDER.index(own)


@pytest.mark.parametrize(
    ("name", "who", "sight"),
    [
        # One side's own reaches whoever it is addressed to on that side, of whatever committee.
        ("medarbejdere", "kon", Sight.FULL),
        ("kontakt", "abc", Sight.FULL),
        ("chef", "kms", Sight.FULL),
        # Nothing crosses to the other side, or to whoever is on none.
        ("medarbejdere", "kms", Sight.HIDDEN),
        ("kontakt", "fej", Sight.HIDDEN),
        ("medarbejdere", "sek", Sight.HIDDEN),
        ("chef", "abc", Sight.HIDDEN),
        ("medarbejdere", "hr", Sight.HIDDEN),
        # An office is on a side, or on none.
        ("kontakt", "fag", Sight.FULL),
        ("kontakt", "stab", Sight.HIDDEN),
        ("chef", "stab", Sight.FULL),
        ("chef", "hr", Sight.HIDDEN),
        # What is confidential is not opened by an address.
        ("fortrolig", "kms", Sight.HIDDEN),
        ("ledelse-fortrolig", "che", Sight.HIDDEN),
    ],
)
def test_who_is_addressed_sees_it_only_on_the_side(name: str, who: str, sight: Sight) -> None:
    item = found(name)
    assert seen(item, looking(who), PLAN.register, TODAY, addressed=True) is sight
    assert seen(item, looking(who), PLAN.register, TODAY) is Sight.HIDDEN


def test_rights_are_those_of_the_day_of_looking() -> None:
    item, later = found("fortrolig"), date(2026, 8, 1)
    before = {who: seen(item, looking(who), PLAN.register, TODAY) for who in ("sek", "ny")}
    after = {who: seen(item, looking(who, later), PLAN.register, later) for who in ("sek", "ny")}
    assert before == {"sek": Sight.MASKED, "ny": Sight.HIDDEN}
    assert after == {"sek": Sight.HIDDEN, "ny": Sight.MASKED}


def test_a_viewer_kept_overnight_loses_what_has_ended() -> None:
    kept = looking("sek")
    assert seen(found("fortrolig"), kept, PLAN.register, date(2026, 8, 1)) is Sight.HIDDEN


def test_a_masked_item_says_only_that_it_is_there() -> None:
    item = found("fortrolig")
    assert [title(item, Sight.MASKED, "da"), text(Sight.MASKED, "da")] == [
        "Frist – log ind",
        "Se Medfrist.",
    ]
    assert [title(item, Sight.FULL, "da"), text(Sight.FULL, "da")] == ["Titel fortrolig", ""]
    with pytest.raises(Unknown):
        title(item, Sight.HIDDEN, "da")
