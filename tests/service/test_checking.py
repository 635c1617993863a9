"""What `check` finds once people have told facts: dates lie where they have been moved to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from engine.service.applying import apply
from engine.service.cases import open_case
from engine.service.checking import check
from engine.service.doing import done
from engine.service.site import Site
from engine.store import Fact

KEY = "drift/prov/oes-med/2027/punkt"
PUNKT = """\
title: En prøve
source: {document: Aftalen, reference: "§ 9"}
committees: {committee: oes-med}
start: {each: year}
responsible: forperson
steps:
  punkt: {title: Punktet drøftes, at: first meeting on or after 1 january, limit: 31 march}
"""
CASE = """\
title: Et forløb
source: {document: Aftalen, reference: "§ 9"}
committees: {committee: oes-med}
start: {each: case, inputs: {sendt: {type: date, title: Sendt}}}
responsible: office hr
steps:
  svar: {title: Svaret er givet, due: 8 weeks after sendt, limit: 2 weeks after sendt}
"""


def fences(site: Site) -> list[tuple[str, object]]:
    return [
        (finding.field, finding.params["on"])
        for finding in check(site).findings
        if finding.code == "plan.after-limit"
    ]


def told(site: Site, *kinds: tuple[str, str, str]) -> None:
    with site.writing() as store, store.writing():
        for kind, from_meeting, to_meeting in kinds:
            store.add_fact(
                Fact(
                    key=KEY,
                    kind=kind,
                    on=site.today,
                    from_meeting=from_meeting,
                    to_meeting=to_meeting,
                    how="command",
                    recorded_at=site.now,
                )
            )


def test_a_postponement_past_the_limit_is_found_until_it_is_done(
    at: Callable[[str], Site], folder: Path
) -> None:
    (folder / "workflows/drift/prov.yaml").write_text(PUNKT, "utf-8")
    site = at("2026-11-26T08:00")
    apply(site, demo=True)
    assert fences(site) == []
    told(site, ("postponed", "2027-01-26", ""))
    assert fences(site) == []
    told(site, ("postponed", "2027-03-18", ""))
    assert fences(site) == [(KEY, date(2027, 6, 17))]
    done(site, KEY)
    assert fences(site) == []


def test_an_open_case_counts_and_a_confidential_one_is_not_mentioned(
    at: Callable[[str], Site], folder: Path
) -> None:
    (folder / "workflows/drift/aabent.yaml").write_text(CASE, "utf-8")
    (folder / "workflows/drift/lukket.yaml").write_text(f"{CASE}confidential: yes\n", "utf-8")
    site = at("2026-11-26T08:00")
    apply(site, demo=True)
    for key in ("drift/aabent", "drift/lukket"):
        open_case(site, key, "oes-med", ["sendt=2026-12-01"])
    assert fences(site) == [("drift/aabent/oes-med/2026-001/svar", date(2027, 1, 26))]


def test_a_case_that_cannot_be_reckoned_keeps_no_file_from_taking_effect(
    at: Callable[[str], Site], folder: Path
) -> None:
    (folder / "workflows/drift/aabent.yaml").write_text(CASE, "utf-8")
    site = at("2026-11-26T08:00")
    apply(site, demo=True)
    open_case(site, "drift/aabent", "oes-med", ["sendt=2040-12-20"])
    assert check(site).sound
