"""An absence in the members file, and what it does to the morning's mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from engine.config import read_config
from engine.errors import StoreError, Unknown
from engine.service.applying import apply
from engine.service.away import away
from engine.service.clock import stopped_at
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.service.starting import init
from engine.sink import letters

MEMBERS = "organisation/members.csv"
SUBSTITUTE = "sub;oes-med;suppleant;Sofie Ulk;sub@kommune.example;2024-01-01;;;;;;;;\n"
FIRST, LAST = date(2026, 11, 23), date(2026, 12, 4)


@pytest.fixture
def at(tmp_path: Path) -> Callable[[str], Site]:
    init(tmp_path)
    path = tmp_path / MEMBERS
    path.write_text(path.read_text("utf-8") + SUBSTITUTE, "utf-8")
    roles = tmp_path / "organisation/organisation.yaml"
    text = roles.read_text("utf-8")
    if "\n  suppleant:" not in text:
        text = text.replace("\nroles:\n", "\nroles:\n  suppleant: {title: suppleant}\n")
        roles.write_text(text, "utf-8")
    return lambda moment: Site(tmp_path, read_config(tmp_path), stopped_at(moment), pretended=True)


def test_reminders_go_to_the_substitute_and_say_why(at: Callable[[str], Site]) -> None:
    site = at("2026-11-26T08:00")
    before = (site.folder / MEMBERS).read_text("utf-8")
    found = away(site, "hny", FIRST, LAST, "sub")
    after = (site.folder / MEMBERS).read_text("utf-8")

    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert [line for line in found.diff if line.startswith("+") and ";" in line] == [
        f"+{line}" for line in changed
    ]
    assert [line.split(";")[0] for line in changed] == ["hny", "hny", "hny", "sub"]
    assert changed[0].endswith(";;;2026-11-23;2026-12-04;")
    assert changed[3] == "sub;oes-med;suppleant;Sofie Ulk;sub@kommune.example;2024-01-01;;;;;hny;;;"
    assert found.without == ("hr-loen", "sekretaernetvaerk")
    assert away(site, "hny", FIRST, LAST, "sub").diff == ()

    apply(site, demo=True)
    remind(site)
    mails = {each.to: each.text for each in letters(mail_folder(site))}
    assert "hny@kommune.example" not in mails
    assert "Du får denne, fordi hny er væk." in " ".join(mails["sub@kommune.example"].split())

    assert away(site, "hny", None, None).without == ()
    assert (site.folder / MEMBERS).read_text("utf-8") == before.replace(
        SUBSTITUTE, SUBSTITUTE.replace(";;;;;;;;\n", ";;;;;hny;;;\n")
    )


def test_an_absence_that_cannot_be_is_refused_and_nothing_written(
    at: Callable[[str], Site],
) -> None:
    site = at("2026-11-26T08:00")
    before = (site.folder / MEMBERS).read_bytes()
    for given, code in (
        (("hny", LAST, FIRST, ""), "people.away-backwards"),
        (("hny", FIRST, LAST, "kho"), "people.no-common-seat"),
        (("zzz", FIRST, LAST, ""), "service.unknown-person"),
        (("hny", FIRST, LAST, "zzz"), "service.unknown-person"),
        (("hny", FIRST, LAST, "hny"), "service.unknown-person"),
    ):
        with pytest.raises((StoreError, Unknown)) as raised:
            away(site, *given)
        assert raised.value.code == code
    away(site, "hny", FIRST, LAST, "sub")
    with pytest.raises(StoreError) as raised:
        away(site, "rkj", FIRST, LAST, "sub")
    assert raised.value.code == "people.substitutes-another"
    away(site, "hny", None, None)
    assert (site.folder / MEMBERS).read_bytes() != before


def test_whoever_has_left_gets_nothing_that_still_waits(at: Callable[[str], Site]) -> None:
    site = at("2026-11-26T08:00")
    apply(site, demo=True)
    config = site.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("sink = true", "sink = false"), "utf-8")
    assert remind(at("2026-11-26T08:00")).no_relay
    config.write_text(config.read_text("utf-8").replace("sink = false", "sink = true"), "utf-8")
    path = site.folder / MEMBERS
    left = path.read_text("utf-8").replace(
        "hny@kommune.example;2024-01-01;;", "hny@kommune.example;2024-01-01;2026-11-26;"
    )
    path.write_text(left, "utf-8")
    next_day = at("2026-11-27T07:30")
    apply(next_day)
    run = remind(next_day)
    assert [mail for mail in run.mails if mail.to == "hny@kommune.example"] == []
    with next_day.store() as store:
        theirs = [row for row in store.messages(500) if row.recipient == "person:hny"]
    assert {(row.state, row.outcome) for row in theirs} == {("cancelled", "service.overtaken")}
    assert "hny@kommune.example" not in {each.to for each in letters(mail_folder(next_day))}
