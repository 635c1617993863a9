"""A small site whose mails have every kind of button, and the buttons as they were mailed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from engine.service.feeds import hashed
from engine.service.reminding import mail_folder
from engine.service.site import Site
from engine.sink import letters

BASE = Path(__file__).parent / "sites" / "base"
MORNING = "2026-03-12T08:00"
MEMBERS = """\
person;committee;role;name;email;from;until;side;mandate;language;unit;substitute_for
asp;kommune-med;sekretaer;Asta Sparre;asp@kommune.example;2025-06-01;;;;;;
ckv;oes-med;forperson;Carla Kvist;ckv@kommune.example;2025-06-01;;management;;en;;
bjl;oes-med;sekretaer;Bo Jølle;bjl@kommune.example;2025-06-01;;;;;;
efa;oes-med;medlem;Eva Farsø;efa@kommune.example;2025-06-01;;employees;;;IT;
glo;oes-med;medlem;Gert Lod;;2025-06-01;;employees;;;HR & Løn;
sub;oes-med;naestforperson;Sofie Ulk;sub@kommune.example;2025-06-01;;employees;;;;glo
hni;oes-med;medlem;Hanne Nim;hni@kommune.example;2025-06-01;;employees;;;Økonomi;
"""
MEETINGS = """\
committee: oes-med
meetings: [{date: 2026-03-26}, {date: 2026-06-18}, {date: 2026-11-19}]
"""
SOURCE = "source: {document: Lokal aftale, reference: '§ 1'}\ncommittees: {committee: oes-med}\n"
WORKFLOWS = {
    "frist": """\
title: Årets frist
start: {each: year}
responsible: sekretaer
steps:
  svar: {title: Svaret er sendt, due: 16 march, limit: 15 april}
  kvittering: {title: Kvitteringen er kommet, due: 2 weeks after done svar}
  kontor: {title: Tallene er opgjort, due: 17 march, limit: 17 march, responsible: office hr}
  selv: {title: Dagen kommer af sig selv, due: 17 march, done: automatic}
  lukket: {title: En hemmelig sag, due: 17 march, confidential: yes}
""",
    "enheder": """\
title: Enhedernes aftaler
start: {each: year}
responsible: medlem
steps:
  aftale:
    title: Enhederne drøfter deres aftale
    due: 18 march
    finish: each
    answers:
      daekkende: {title: Den er dækkende, means: done}
      senere: {title: Vi når det ikke, means: later}
""",
    "punkt": """\
title: Punkter på mødet
start: {each: meeting}
responsible: forperson
steps:
  plan: {title: Planen drøftes, at: meeting, agenda: {group: planer}}
  tal: {title: Tallene drøftes, at: meeting, responsible: naestforperson, agenda: {group: planer}}
""",
}
SVAR = "frist/oes-med/2026/svar"
KONTOR = "frist/oes-med/2026/kontor"
AFTALE = "enheder/oes-med/2026/aftale"
PLAN = "punkt/oes-med/2026-03-26/plan"
TAL = "punkt/oes-med/2026-03-26/tal"
BASE_URL = "https://med.kommune.example"


def answer_site(folder: Path) -> None:
    """Writes the site's files."""
    shutil.copytree(BASE, folder)
    (folder / "workflows/moeder.yaml").unlink()
    (folder / "organisation/members.csv").write_text(MEMBERS, "utf-8")
    (folder / "calendars/meetings/oes-med-2026.yaml").write_text(MEETINGS, "utf-8")
    organisation = folder / "organisation/organisation.yaml"
    text = organisation.read_text("utf-8")
    told = '  send at: "07:30"\n'
    organisation.write_text(
        text.replace(told, f"{told}  administrators: sekretaer of kommune-med\n"), "utf-8"
    )
    for key, given in WORKFLOWS.items():
        title, rest = given.split("\n", 1)
        (folder / f"workflows/{key}.yaml").write_text(f"{title}\n{SOURCE}{rest}", "utf-8")
    (folder / "config.toml").write_text(
        f'[database]\nurl = "sqlite:///var/medfrist.db"\n\n'
        f'[web]\nbase_url = "{BASE_URL}"\n\n[mail]\nsink = true\n',
        "utf-8",
    )


def mailed(site: Site) -> dict[tuple[str, str], str]:
    """The newest token of every button in the sink, by whom it is for and what it is about."""
    found: dict[tuple[str, str], str] = {}
    with site.store() as store:
        for letter in letters(mail_folder(site)):
            for token in re.findall(rf"{re.escape(BASE_URL)}/do/(\S+)", letter.text):
                link = store.link(hashed(token))
                assert link is not None
                found.setdefault((link.recipient, link.key), token)
    return found
