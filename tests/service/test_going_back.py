"""Going back to an older edition, and getting an edition's files back into the folder."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from year_of_edits import (
    AFDELING,
    MEMBERS,
    OES_2027,
    VOLD,
    edited,
    lengthen_by_mistake,
    move_a_meeting,
    rename_a_workflow,
)

from engine.definitions import site_files
from engine.errors import DefinitionError, StoreError, Unknown
from engine.feed import horizon
from engine.service.applying import apply
from engine.service.current import current, in_store
from engine.service.history import history
from engine.service.postponing import postpone
from engine.service.pulling import pull, pulling
from engine.service.rolling_back import rollback
from engine.service.site import Site

LATER = "2026-11-27T09:00"
VOLD_ITEM = "retningslinjer/vold/oes-med/2027-1/droeftelse"


def files(folder: Path) -> dict[str, bytes]:
    return site_files(folder)


def test_going_back_appends_an_edition_equal_to_the_old_one(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    with site.store() as store:
        first = {key: each.snapshot for key, each in store.ledger().items()}
        uids = {key: each.uid for key, each in store.ledger().items()}
    lengthen_by_mistake(folder)
    wrong = apply(at(LATER), by="hny")
    back = rollback(at("2026-11-27T09:30"), 1, by="sfo", note="fejl i fristen")
    assert (back.edition, back.restores, back.changes["moved"]) == (3, 1, wrong.changes["moved"])
    with site.store() as store:
        assert store.edition(3).texts == store.edition(1).texts
        after = {key: each for key, each in store.ledger().items() if key in first}
        assert {key: each.snapshot for key, each in after.items()} == first
        assert {key: each.uid for key, each in after.items()} == uids
        heads = [(row.number, row.parent, row.restores, row.by) for row in store.editions()]
    assert heads == [(3, 2, 1, "sfo"), (2, 1, None, "hny"), (1, None, None, "")]
    assert [(each.head.number, each.files) for each in history(site)][:2] == [
        (3, (AFDELING,)),
        (2, (AFDELING,)),
    ]


def test_there_is_nothing_to_go_back_to_where_nothing_differs(site: Site) -> None:
    with pytest.raises(StoreError) as raised:
        rollback(site, 1)
    assert raised.value.code == "editions.rollback-same"
    with pytest.raises(Unknown) as unknown:
        rollback(site, 7)
    assert unknown.value.code == "store.edition-unknown"


def test_an_edition_with_somebody_forgotten_is_not_used_again(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    edited(folder, MEMBERS, ("hny;", "abc;"), ("Helle Nyborg;hny@", "Alma Bech;abc@"))
    for file in sorted((folder / "workflows").rglob("*.yaml")):
        file.write_text(file.read_text("utf-8").replace("by: hny", "by: abc"), "utf-8")
    apply(at(LATER))
    with site.store() as store:
        store.erase({"hny": site.now})
    with pytest.raises(StoreError) as raised:
        rollback(at(LATER), 1)
    assert raised.value.code == "editions.rollback-forgotten"
    assert raised.value.params == {"number": 1, "people": ["hny"]}
    assert current(site).number == 2


def test_a_file_does_not_bring_back_somebody_forgotten(
    site: Site, at: Callable[[str], Site]
) -> None:
    with site.store() as store:
        store.erase({"hny": site.now})
    with pytest.raises(StoreError) as raised:
        apply(at(LATER))
    assert raised.value.code == "store.person-erased"
    assert current(site).people["hny"].email == ""


def test_an_edition_that_no_longer_checks_is_not_used_again(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    with site.store() as store, store.writing():
        texts = dict(store.edition(1).texts)
        texts[VOLD] = texts[VOLD].replace("start:", "strat:")
        store.append_edition(texts, "of an older program", parent=1, by="", note="", at=site.now)
        store.append_edition(store.edition(1).texts, "h", parent=2, by="", note="", at=site.now)
    with pytest.raises(DefinitionError) as raised:
        rollback(at(LATER), 2)
    assert {finding.path for finding in raised.value.findings} == {VOLD}
    assert current(site).number == 3


def test_pulling_gives_the_folder_back_byte_for_byte(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    own = folder / "workflows/vores-egen.yaml"
    first = files(folder)
    move_a_meeting(folder)
    rename_a_workflow(folder)
    apply(at(LATER))
    rollback(at("2026-11-27T09:30"), 1)
    own.write_bytes((folder / AFDELING).read_bytes())
    found = pulling(at("2026-11-27T10:00"))
    assert (found.edition, found.kept) == (3, ("workflows/vores-egen.yaml",))
    assert [(each.path, each.content is None) for each in found.files] == [
        (OES_2027, False),
        (VOLD, False),
        ("workflows/retningslinjer/kraenkende-handlinger.yaml", True),
    ]
    assert found.files[0].diff[-2:] == (
        '+  - {date: 2027-03-18, time: "12:00-14:00", place: Mødelokale 823}',
        '   - {date: 2027-06-17, time: "12:00-14:00", place: Mødelokale 823}',
    )
    pull(at("2026-11-27T10:00"), found)
    own.unlink()
    assert files(folder) == first
    assert pulling(site).files == ()


def test_people_are_written_back_into_the_members(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    edited(
        folder,
        MEMBERS,
        (
            "hny;oes-med;sekretaer;Helle Nyborg;hny@kommune.example;2024-01-01;;;;;;;",
            "hny;oes-med;sekretaer;Helle Nyborg;hny@kommune.example;2024-01-01;;;;en;;"
            "2026-12-20;2027-01-03",
        ),
    )
    apply(at(LATER))
    known = current(site).people
    text = (folder / MEMBERS).read_text("utf-8")
    (folder / MEMBERS).write_text(text.splitlines()[0] + "\n", "utf-8")
    found = pulling(site)
    pull(at(LATER), found)
    with (folder / MEMBERS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    names = ("name", "email", "language", "away_from")
    written = {row["person"]: tuple(row[name] for name in names) for row in rows}
    assert written["hny"] == ("Helle Nyborg", "hny@kommune.example", "en", "2026-12-20")
    assert apply(at("2026-11-27T11:00")).is_new is False
    assert {key: asdict(person) for key, person in current(site).people.items()} == {
        key: asdict(person) for key, person in known.items()
    }


def test_a_folder_left_behind_is_in_step_again_after_a_pull(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    kept = (site.var / "edition.json").read_text("utf-8")
    move_a_meeting(folder)
    apply(at(LATER))
    (site.var / "edition.json").write_text(kept, "utf-8")
    lengthen_by_mistake(folder)
    with pytest.raises(StoreError):
        apply(at(LATER))
    pull(site_later := at("2026-11-27T10:00"), pulling(site_later))
    lengthen_by_mistake(folder)
    assert apply(at("2026-11-27T10:30")).edition == 3


def test_what_was_told_under_a_new_name_holds_under_the_old_one_again(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    """Going back past a renaming takes nothing back of what people decided meanwhile."""
    new = "retningslinjer/kraenkende-handlinger/oes-med/2027-1/droeftelse"
    with site.store() as store:
        uid = store.ledger()[VOLD_ITEM].uid
    rename_a_workflow(folder)
    apply(at("2026-11-27T09:00"), by="hny")
    moved = postpone(at("2026-11-27T10:00"), new, by="hny").after.plan.by_key[new]
    rollback(at("2026-11-27T11:00"), 1, by="sfo")
    later = at("2026-11-27T12:00")
    with later.store() as store:
        now = in_store(store)
        assert now is not None
        ledger = store.ledger()
    item = now.plan(horizon(later.today, now.in_force_on)).by_key[VOLD_ITEM]
    assert (item.due_on, item.meeting, item.postponed) == (moved.due_on, moved.meeting, True)
    assert (ledger[VOLD_ITEM].uid, new in ledger) == (uid, False)
