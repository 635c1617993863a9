"""A small site whose outbox is tried: two committees, seven people, one morning with five mails."""

from __future__ import annotations

import shutil
from pathlib import Path

BASE = Path(__file__).parents[1] / "sites" / "base"
BEFORE, MORNING = "2026-03-02T08:00", "2026-03-05T07:30"
"""A Monday before anything is due, and the Thursday on which the first reminders go."""

MEMBERS = """\
person;committee;role;name;email;from;until;side;substitute_for
asp;kommune-med;forperson;Asta Sparre;asp@kommune.example;2025-06-01;;management;
bjl;kommune-med;sekretaer;Bo Jølle;bjl@kommune.example;2025-06-01;;;
ckv;oes-med;forperson;Carla Kvist;ckv@kommune.example;2025-06-01;;management;
dmo;oes-med;naestforperson;Dan Molin;dmo@kommune.example;2025-06-01;;employees;
ehl;oes-med;sekretaer;Eva Holt;ehl@kommune.example;2025-06-01;;;
frk;oes-med;medlem;Frank Krog;frk@kommune.example;2025-06-01;;employees;
gul;oes-med;leder;Gunhild Uldal;gul@kommune.example;2025-06-01;;management;ehl
"""
MEETINGS = """\
committee: oes-med
meetings:
  - {date: 2026-03-26, time: "12:00-14:00"}
  - {date: 2026-11-12, time: "12:00-14:00"}
"""
AGENDA = """\
title: Møde i afdelingsMED
source: {document: Lokal praksis, reference: "dagsorden en uge før"}
committees: {level: afdelings-med}
start: {each: meeting}
responsible: [forperson, naestforperson, sekretaer]
steps:
  dagsorden: {title: Dagsordenen sendes ud, due: 7 days before meeting, finish: one}
"""
ITEMS = """\
title: Bidrag til mødet
source: {document: Lokal praksis, reference: dagsorden}
committees: {committee: oes-med}
start: {each: meeting}
responsible: medlem
steps:
  bilag: {title: Bilagene er samlet, due: 7 days before meeting}
  tale: {title: Indledningen er skrevet, due: 7 days before meeting, responsible: forperson}
  tal: {title: Tallene er gjort op, due: 7 days before meeting, responsible: office hr}
"""
SITE = """\
name: Prøve Kommune
settings:
  language: da
  in force from: 2026-03-01
  send at: "07:30"
  send until: "17:00"
  administrators: [office it, forperson of kommune-med]
  reminders:
    remind: [2 weeks before, 3 days before]
    overdue: every week
    escalate: {after: 2 weeks, to: forperson}
"""
CONFIG = """\
[mail]
sender = "medfrist@kommune.example"
timeout_seconds = 0.3
security = "none"

[database]
"""


def fault_site(folder: Path) -> None:
    """Writes the files."""
    shutil.copytree(BASE, folder)
    path = folder / "organisation" / "organisation.yaml"
    _, levels, rest = path.read_text("utf-8").partition("levels:\n")
    rest = rest.replace(
        "  medlem:  ", "  leder:           {title: leder, en: manager}\n  medlem:  "
    )
    rest = rest.replace("offices:\n", "offices:\n  it: {title: IT, email: it@kommune.example}\n")
    path.write_text(SITE + levels + rest, "utf-8")
    for name, text in (
        ("organisation/members.csv", MEMBERS),
        ("calendars/meetings/oes-med-2026.yaml", MEETINGS),
        ("workflows/moeder.yaml", AGENDA),
        ("workflows/bidrag.yaml", ITEMS),
        ("config.toml", CONFIG),
    ):
        (folder / name).write_text(text, "utf-8")


def edited(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Changes a file of the site."""
    path = folder / name
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
