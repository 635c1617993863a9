"""A rename moves what was announced: the same entry in calendars, told under its new name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from year_of_edits import merge_committees, rename_a_step, rename_a_workflow

from engine.planning.diff import Announced
from engine.service.applying import apply
from engine.service.changes import foreseen
from engine.service.site import Site


def ledger(site: Site) -> dict[str, Announced]:
    with site.store() as store:
        return store.ledger()


@pytest.mark.parametrize(
    ("rename", "old", "new"),
    [
        (
            rename_a_workflow,
            "retningslinjer/vold/oes-med/2027-1/droeftelse",
            "retningslinjer/kraenkende-handlinger/oes-med/2027-1/droeftelse",
        ),
        (
            rename_a_step,
            "moeder/afdelings-med/oes-med/2027-03-18/punkter",
            "moeder/afdelings-med/oes-med/2027-03-18/punkter-meldt",
        ),
        (
            merge_committees,
            "meeting/borgerservice/2027-03-09",
            "meeting/borger-biblioteket/2027-03-09",
        ),
    ],
    ids=["workflow", "step", "merged committees"],
)
def test_it_goes_on_under_its_new_name(
    site: Site,
    at: Callable[[str], Site],
    folder: Path,
    rename: Callable[[Path], None],
    old: str,
    new: str,
) -> None:
    before = ledger(site)
    rename(folder)
    verbs = {each.change.key: each.change.verb.value for each in foreseen(site).changes}
    assert (verbs[new], old in verbs) == ("reworded", False)
    apply(at("2026-11-27T09:00"))
    after = ledger(site)
    assert (after[new].uid, after[new].revision) == (before[old].uid, before[old].revision + 1)
    assert after[new].retired_at is None
    assert old not in after
    gone = before.keys() - after.keys()
    assert {before[key].uid for key in gone} <= {each.uid for each in after.values()}


def test_of_two_merged_committees_each_entry_goes_on_or_lapses(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    before = ledger(site)
    of_both = {key for key in before if "borgerservice" in key or "biblioteket" in key}
    merge_committees(folder)
    told = Counter(each.change.verb.value for each in foreseen(site).changes)
    apply(at("2026-11-27T09:00"))
    after = {each.uid: (key, each) for key, each in ledger(site).items()}
    ends = Counter(
        "lapsed" if after[before[key].uid][1].retired_at else "goes on" for key in of_both
    )
    assert ends["goes on"] > 20
    assert ends["lapsed"] == told["retired"]
    names = [after[before[key].uid][0] for key in of_both if "2027-03-11" in key]
    assert names
    assert apply(at("2026-11-27T10:00")).changes["retired"] == 0
