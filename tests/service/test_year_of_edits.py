"""A year of edits on the shipped site: what each would change, and the plan as it was each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from itertools import pairwise
from pathlib import Path

import pytest
from year_of_edits import AGENDA, YEAR

from engine.cli.app import run
from engine.service.applying import apply
from engine.service.doing import done
from engine.service.rolling_back import rollback
from engine.service.site import Site

GOLDEN = Path(__file__).parents[1] / "golden" / "year-of-edits"


def printed(folder: Path, *words: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([*words, "--site", str(folder)], "da") == 0, out.getvalue()
    return out.getvalue()


@pytest.mark.slow
def test_a_year_of_edits_is_told_as_it_happened(
    folder: Path, at: Callable[[str], Site], rewriting: bool
) -> None:
    told: dict[str, str] = {}
    plans: dict[str, str] = {}
    uids: dict[str, set[str]] = {}
    for step in YEAR:
        site = at(step.moment)
        step.edit(folder)
        if step.back_to:
            rollback(site, step.back_to, by="hny", note="Referatet skal være klar efter en uge")
        else:
            text = printed(folder, "plan", "--diff", "--now", step.moment)
            if rewriting:
                (GOLDEN / f"{step.name}.txt").write_text(text, "utf-8")
            told[step.name] = text
            apply(site, by="hny", demo=True)
        if step.done:
            done(site, step.done, by="sfo", on=site.today)
        plans[step.moment] = printed(folder, "plan", "--now", step.moment)
        with site.store() as store:
            uids[step.name] = {each.uid for each in store.ledger().values()}
    as_of = {moment: printed(folder, "plan", "--as-of", moment) for moment in plans}
    assert as_of == plans
    names = [step.name for step in YEAR]
    lost = [name for before, name in pairwise(names) if not uids[before] <= uids[name]]
    assert lost == []
    assert AGENDA in printed(folder, "plan", "--from", "2027-01-01", "--as-of", "2027-01-20T13:40")
    for name, text in told.items():
        assert text == (GOLDEN / f"{name}.txt").read_text("utf-8"), name
