"""What is done to a site and killed in the middle of it, and how the site is made ready for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from engine.service import importing_meetings, importing_members
from engine.service.applying import apply
from engine.service.backups import backup, restore
from engine.service.closing import Outcome, Verdict, close
from engine.service.followups import Wanted
from engine.service.pulling import pull, pulling
from engine.service.rewriting import write
from engine.service.rolling_back import rollback
from engine.service.site import Site

BASE = Path(__file__).parent.parent / "sites" / "base"
MEMBERS = "organisation/members.csv"
MEETINGS = "calendars/meetings/oes-med-2026.yaml"
MORE = "calendars/meetings/kommune-med-2026.yaml"
BACKUP = "kopi.db"
ROW = "{0};kommune-med;medlem;Zita Zeuthen;{0}@kommune.example;2026-01-01;;\n"
PLANNED = """\
udvalg;dato;tid
oes-med;2026-03-26;10-12
oes-med;2027-01-26;10-12
kommune-med;2026-05-05;9-11
kommune-med;2027-02-02;9-11
"""
ITEMS = """\
title: Punkter på hvert møde
source: {document: Lokal praksis, reference: dagsorden}
committees: {committee: oes-med}
start: {each: meeting}
responsible: forperson
steps:
  regnskab: {title: Regnskabet drøftes, at: meeting}
  trivsel: {title: Trivslen drøftes, at: meeting}
"""
SEATED = """\
person;committee;role;name;email;from;until;side
dmo;oes-med;naestforperson;Dan Molin;dan@kommune.example;;;
zz;oes-med;medlem;Zita Zeuthen;zz@kommune.example;2026-04-01;;employees
yy;kommune-med;medlem;Yrsa Yde;yy@kommune.example;2026-04-01;;employees
"""


def base(folder: Path) -> None:
    """The small site with two items at each meeting, and room for an address of a database."""
    shutil.copytree(BASE, folder)
    (folder / "workflows/punkter.yaml").write_text(ITEMS, "utf-8")
    (folder / "config.toml").write_text("[mail]\nsink = true\n\n[database]\n", "utf-8")


def one_more(site: Site, person: str = "zz") -> None:
    """A member more in the files."""
    with (site.folder / MEMBERS).open("a", encoding="utf-8") as file:
        file.write(ROW.format(person))


def two_editions(site: Site) -> None:
    """A second edition with a member more."""
    one_more(site)
    apply(site)


def restorable(site: Site) -> None:
    """A backup of the first edition, beside a store with two."""
    backup(site, site.folder / BACKUP)
    two_editions(site)


def edited(site: Site) -> None:
    """Three files edited since the edition: one changed, one new, one taken away."""
    one_more(site)
    (site.folder / MORE).write_text("committee: kommune-med\nmeetings: []\n", "utf-8")
    apply(site)
    (site.folder / MORE).unlink()
    one_more(site, "yy")
    text = (site.folder / MEETINGS).read_text("utf-8")
    (site.folder / MEETINGS).write_text(text + "  - {date: 2026-12-10}\n", "utf-8")


def close_it(site: Site) -> None:
    """The first meeting: one item treated, one postponed, and a follow-up to each."""
    see_to = Wanted("Find et lokale", "sekretær", meeting="next")
    item = "punkter/oes-med/2026-01-27"
    verdicts = [
        Verdict(f"{item}/regnskab", Outcome.TREATED, minutes_item="5", follow_ups=(see_to,)),
        Verdict(f"{item}/trivsel", Outcome.POSTPONED, why="tiden slap op", follow_ups=(see_to,)),
    ]
    close(site, "oes-med", "2026-01-27", verdicts, by="dmo")


def import_meetings(site: Site) -> None:
    """Four meetings of two committees, in as many files."""
    write(site, importing_meetings.read(site, PLANNED.encode(), "moeder.csv").made)


def import_members(site: Site) -> None:
    """Two seats more, and another address."""
    write(site, importing_members.read(site, SEATED.encode(), "medlemmer.csv").made)


ACTS: dict[str, Callable[[Site], object]] = {
    "apply": apply,
    "close": close_it,
    "restore": lambda site: restore(site, site.folder / BACKUP, replace=True),
    "rollback": lambda site: rollback(site, 1),
    "pull": lambda site: pull(site, pulling(site)),
    "import meetings": import_meetings,
    "import members": import_members,
}
READY: dict[str, Callable[[Site], object]] = {
    "apply": one_more,
    "close": lambda _: None,
    "restore": restorable,
    "rollback": two_editions,
    "pull": edited,
    "import meetings": lambda _: None,
    "import members": lambda _: None,
}
