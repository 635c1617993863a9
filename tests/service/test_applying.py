from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from engine.errors import DefinitionError, StoreError
from engine.service.applying import apply
from engine.service.changes import preview
from engine.service.current import current
from engine.service.planning import Asked, listed
from engine.service.site import Site

VIOLENCE = "workflows/retningslinjer/vold.yaml"


def test_the_first_apply_is_edition_1_and_announces_every_deadline(
    at: Callable[[str], Site],
) -> None:
    site = at("2026-11-26T08:00")

    applied = apply(site, by="hny", note="Første udgave", demo=True)

    assert applied.edition == 1
    assert applied.is_new
    assert {name: n for name, n in applied.changes.items() if n} == {"new": applied.changes["new"]}
    with site.store() as store:
        assert len(store.ledger()) == applied.changes["new"]
        assert [(row.number, row.parent, row.by, row.note) for row in store.editions()] == [
            (1, None, "hny", "Første udgave")
        ]


def test_the_same_files_make_no_new_edition_and_no_new_announcement(site: Site) -> None:
    again = apply(site)

    assert (again.edition, again.is_new) == (1, False)
    assert sum(n for name, n in again.changes.items() if name != "unchanged") == 0


def test_a_reworded_step_is_a_second_edition_with_one_verb(site: Site) -> None:
    path = site.folder / VIOLENCE
    before = path.read_text(encoding="utf-8")
    path.write_text(
        before.replace("Retningslinjen drøftes", "Retningslinjen om vold drøftes"), "utf-8"
    )

    seen = {
        (each.change.verb.value, tuple(edit.path for edit in each.reason.edits))
        for each in preview(site)
    }
    applied = apply(site)

    assert seen == {("reworded", (VIOLENCE,))}
    assert applied.edition == 2
    assert applied.changes["reworded"] > 0
    assert applied.changes["new"] == applied.changes["retired"] == applied.changes["moved"] == 0


def test_a_fault_keeps_the_edition_in_force(site: Site) -> None:
    path = site.folder / VIOLENCE
    path.write_text(path.read_text(encoding="utf-8").replace("start:", "strat:"), "utf-8")

    with pytest.raises(DefinitionError) as raised:
        apply(site)

    assert {finding.path for finding in raised.value.findings if finding.severity == "error"} == {
        VIOLENCE
    }
    assert current(site).number == 1
    assert "retningslinjer/vold" in current(site).edition.workflows


def test_files_of_an_older_edition_do_not_undo_a_newer_one(site: Site, folder: Path) -> None:
    step = site.var / "edition.json"
    kept = step.read_text("utf-8")
    path = site.folder / VIOLENCE
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("Retningslinjen drøftes", "Vold drøftes"), "utf-8")
    apply(site)
    step.write_text(kept, "utf-8")
    path.write_text(before.replace("Retningslinjen drøftes", "Noget andet"), "utf-8")

    with pytest.raises(StoreError) as raised:
        apply(site)

    assert raised.value.code == "service.left-behind"
    assert raised.value.params == {"remembered": 1, "current": 2}
    assert current(site).number == 2


def test_a_pretended_moment_writes_only_to_a_demo(at: Callable[[str], Site]) -> None:
    with pytest.raises(StoreError) as raised:
        apply(at("2026-11-26T08:00"))

    assert raised.value.code == "service.pretended-moment"


def test_names_and_addresses_stand_in_the_person_table_only(site: Site) -> None:
    people = current(site).people
    assert people["hny"].email == "hny@kommune.example"
    words = {person.name for person in people.values()} | {
        person.email for person in people.values()
    }
    with site.store() as store, store.reading() as connection:
        tables = set(inspect(connection).get_table_names()) - {"person"}
        content = "\n".join(
            str(row)
            for table in sorted(tables)
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        )
    assert len(content) > 100_000
    near = [word for word in sorted(words) if word in content]
    assert [word for word in near if re.search(rf"\b{re.escape(word)}\b", content)] == []


def test_the_stored_edition_gives_the_plan_that_the_files_gave(
    at: Callable[[str], Site],
) -> None:
    asked = Asked()
    site = at("2026-11-26T08:00")
    from_files = listed(site, asked)
    apply(site, demo=True)
    from_store = listed(site, asked)

    assert (from_files.now.number, from_store.now.number) == (0, 1)
    assert [row.deadline for row in from_store.rows] == [row.deadline for row in from_files.rows]
    assert from_store.rows == from_files.rows
