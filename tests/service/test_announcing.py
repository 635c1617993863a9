"""Only what changed is written, all of it at once, and time alone takes nothing away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import text

from engine.service.doing import done
from engine.service.keeping import nightly
from engine.service.postponing import postpone
from engine.service.site import Site

AGENDA = "moeder/afdelings-med/oes-med/2027-01-26/dagsorden"
ITEM = "retningslinjer/vold/oes-med/2027-1/droeftelse"


def told(site: Site) -> Counter[tuple[str, str]]:
    """How many announcements were written, by verb and reason."""
    with site.store() as store, store.reading() as connection:
        rows = connection.execute(text("SELECT verb, reason FROM announcement")).fetchall()
    return Counter((verb, reason.partition(" ")[0]) for verb, reason in rows)


def test_a_night_in_the_same_month_writes_nothing(site: Site, at: Callable[[str], Site]) -> None:
    before = told(site)
    nightly(at("2026-11-27T04:15"))
    nightly(at("2026-11-30T04:15"))
    assert told(site) == before


def test_months_come_into_view_and_nothing_is_retired(
    site: Site, at: Callable[[str], Site]
) -> None:
    before = told(site)
    seen: list[int] = []
    for moment in ("2026-12-01T04:15", "2027-01-01T04:15", "2027-06-01T04:15", "2027-06-02T04:15"):
        nightly(at(moment))
        seen.append(sum(told(site).values()))
    added = told(site) - before
    assert {verb for verb, _ in added} == {"new"}
    assert {reason for _, reason in added} == {"horizon"}
    assert seen[2] == seen[3] > seen[0]


def test_a_fact_writes_what_it_changes_and_nothing_else(
    site: Site, at: Callable[[str], Site]
) -> None:
    """The item and the units' deadline move, and so do those of the half-year after."""
    before = told(site)
    postpone(at("2026-11-26T09:00"), ITEM, by="hny")
    assert told(site) - before == Counter({("moved", "fact"): 4})


def test_a_fact_that_changes_no_date_writes_nothing(site: Site, at: Callable[[str], Site]) -> None:
    before = told(site)
    done(at("2026-11-26T09:00"), AGENDA, by="hny")
    assert told(site) == before


def test_a_fact_that_cannot_be_announced_is_not_recorded(
    site: Site, at: Callable[[str], Site]
) -> None:
    before = told(site)
    refuse_announcements(site)
    with pytest.raises(Exception, match="no_more"):
        postpone(at("2026-11-26T09:00"), ITEM, by="hny")
    with site.store() as store:
        assert store.fact_rows() == []
    assert told(site) == before


def refuse_announcements(site: Site) -> None:
    """Lets the database itself refuse every further announcement."""
    with site.store() as store, store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("ALTER TABLE announcement ADD CONSTRAINT no_more CHECK (id < 0) NOT VALID")
            )
        else:
            connection.execute(
                text(
                    "CREATE TRIGGER no_more BEFORE INSERT ON announcement "
                    "BEGIN SELECT RAISE(ABORT, 'no_more'); END"
                )
            )
