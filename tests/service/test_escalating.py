"""Who is told at last reads who knows already, who is told as well, and who is told next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from answer_site import MORNING, answer_site
from applied_sites import AppliedSites

from engine.config import read_config
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site
from engine.sink import letters

GOLDEN = Path(__file__).parents[1] / "golden" / "mails" / "overskredet.txt"
At = Callable[[str], Site]
DAYS = ("2026-03-12", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-24", "2026-03-25")


def late_site(folder: Path) -> None:
    """The site of the buttons, where the deputy chair is told at last as well, all in Danish."""
    answer_site(folder)
    members = folder / "organisation/members.csv"
    members.write_text(members.read_text("utf-8").replace(";en;", ";;"), "utf-8")
    organisation = folder / "organisation/organisation.yaml"
    text = organisation.read_text("utf-8")
    assert text.count("remind: [2 weeks before, 3 days before]") == text.count("to: forperson") == 1
    text = text.replace("remind: [2 weeks before, 3 days before]", "remind: 2 weeks before")
    organisation.write_text(
        text.replace("to: forperson", "to: [forperson, naestforperson]"), "utf-8"
    )


@pytest.fixture
def folder(applied_sites: AppliedSites, database: str, tmp_path: Path) -> Iterator[Path]:
    yield applied_sites.copy("late", database, tmp_path / "site", late_site, MORNING)
    applied_sites.drop()


@pytest.fixture
def at(folder: Path) -> At:
    return lambda moment: Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def told(site: Site, to: str, title: str) -> str:
    """The text of the only mail to somebody about one deadline alone."""
    (text,) = [
        letter.text
        for letter in letters(mail_folder(site))
        if letter.to == to and letter.subject.startswith(f"{title} – ")
    ]
    # The address of a page holds the site's secret.
    return re.sub(r"/(deadlines|do)/\S+", r"/\1/…", text)


def known(text: str) -> str:
    """What the mail says of who knows."""
    return " ".join(text.split("Hvem ved det: ")[1].partition("Sådan er")[0].split())


def test_the_chair_reads_who_knows_and_who_is_told_next(at: At, rewriting: bool) -> None:
    for day in DAYS:
        remind(at(f"{day}T08:00"))
    remind(at("2026-03-30T08:00"))
    text = told(at("2026-03-30T08:05"), "ckv@kommune.example", "Svaret er sendt")
    if rewriting:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
    assert known(told(at("2026-03-30T08:05"), "sub@kommune.example", "Svaret er sendt")) == (
        "Sekretæren fik besked torsdag den 12. marts, tirsdag den 17. marts og tirsdag den "
        "24. marts. Samtidig får forpersonen besked. Hører vi intet, går næste påmindelse til "
        "sekretæren tirsdag den 31. marts kl. 7.30."
    )


def test_of_several_who_are_asked_it_is_told_how_many_and_of_nobody_by_name(at: At) -> None:
    for day in (*DAYS, "2026-03-26", "2026-03-30", "2026-03-31", "2026-04-01"):
        remind(at(f"{day}T08:00"))
    text = told(at("2026-04-01T08:05"), "ckv@kommune.example", "Enhederne drøfter deres aftale")
    assert known(text) == (
        "2 af medlemmerne fik besked torsdag den 12. marts, torsdag den 19. marts og torsdag den "
        "26. marts. Næstforpersonen fik besked torsdag den 12. marts, torsdag den 19. marts og "
        "torsdag den 26. marts. Hører vi intet, går næste påmindelse til 2 af medlemmerne og "
        "næstforpersonen fredag den 3. april kl. 7.30."
    )


def test_of_a_vacant_role_it_is_told_who_stood_in(at: At, folder: Path) -> None:
    members = folder / "organisation/members.csv"
    rows = members.read_text("utf-8").splitlines(keepends=True)
    members.write_text("".join(row for row in rows if not row.startswith("bjl;")), "utf-8")
    apply(at("2026-03-12T07:50"))
    for day in (*DAYS, "2026-03-30"):
        remind(at(f"{day}T08:00"))
    assert known(told(at("2026-03-30T08:05"), "ckv@kommune.example", "Svaret er sendt")) == (
        "Sekretæren for KommuneMED fik besked torsdag den 12. marts, tirsdag den 17. marts og "
        "tirsdag den 24. marts. Samtidig får næstforpersonen besked. Hører vi intet, går næste "
        "påmindelse til sekretæren for KommuneMED tirsdag den 31. marts kl. 7.30."
    )


def test_mails_that_have_not_left_are_not_told_of(at: At, folder: Path) -> None:
    remind(at("2026-03-12T08:00"))
    config = folder / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("sink = true", "sink = false"), "utf-8")
    for day in DAYS[1:]:
        assert remind(at(f"{day}T08:00")).no_relay
    config.write_text(text, "utf-8")
    for day in ("2026-03-30", "2026-03-31"):
        remind(at(f"{day}T08:00"))
    assert known(told(at("2026-03-31T08:05"), "ckv@kommune.example", "Tallene er opgjort")) == (
        "HR & Løn fik besked torsdag den 12. marts og mandag den 30. marts. Samtidig får "
        "næstforpersonen besked. Hører vi intet, går næste påmindelse til HR & Løn onsdag den "
        "1. april kl. 7.30."
    )
