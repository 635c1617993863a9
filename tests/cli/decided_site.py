"""A small site with one workflow of each kind that people decide something about."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import open_site

BASE = Path(__file__).parent.parent / "sites" / "base"
MEMBERS = """\
person;committee;role;name;email;from;until;side;mandate;language;unit
asp;kommune-med;forperson;Asta Sparre;asp@kommune.example;2025-06-01;;management;;;
ckv;oes-med;forperson;Carla Kvist;ckv@kommune.example;2025-06-01;;management;;;
dmo;oes-med;naestforperson;Dan Molin;dmo@kommune.example;2025-06-01;;employees;;;
bjl;oes-med;sekretaer;Bo Jølle;bjl@kommune.example;2025-06-01;;;;;
efa;oes-med;medlem;Eva Farsø;efa@kommune.example;2025-06-01;;employees;;;IT
glo;oes-med;medlem;Gert Lod;glo@kommune.example;2025-06-01;;employees;;;HR & Løn
hni;oes-med;medlem;Hanne Nim;hni@kommune.example;2025-06-01;;employees;;;Økonomi
ivo;oes-med;medlem;Iver Vost;ivo@kommune.example;2025-06-01;;employees;;;Økonomi
"""
MEETINGS = """\
committee: oes-med
meetings:
  - {date: 2026-01-27}
  - {date: 2026-03-26}
  - {date: 2026-05-07, kind: extraordinary}
  - {date: 2026-06-18}
  - {date: 2026-08-26}
  - {date: 2026-10-01, status: cancelled}
  - {date: 2026-11-19}
"""
SOURCE = "source: {document: Lokal aftale, reference: '§ 1'}\ncommittees: {committee: oes-med}\n"
WORKFLOWS = {
    "vold": """\
title: Retningslinje om vold
start: {times: 2, per: year, prefer: [march, september], apart: 4 months}
responsible: forperson
inform: sekretaer
steps:
  enheder: {title: Enhederne drøfter deres aftale, due: 3 weeks before droeftelse,
            responsible: medlem, finish: each}
  droeftelse: {title: Retningslinjen drøftes, at: meeting, limit: part end}
  samlet: {title: Enhedernes svar er samlet, due: 1 week after done enheder,
           responsible: sekretaer}
""",
    "frist": """\
title: Årets frist
start: {each: year}
responsible: sekretaer
steps:
  svar: {title: Svaret er sendt, due: 1 june, limit: 15 june}
  kvittering: {title: Kvitteringen er kommet, due: 2 weeks after svar}
  arkiv: {title: Svaret er arkiveret, needs: svar}
  ikraft: {title: Ordningen træder i kraft, on: 1 september}
""",
    "lukket": """\
title: Noget fortroligt
start: {each: meeting}
responsible: forperson
confidential: yes
steps:
  punkt: {title: En hemmelig sag, at: meeting}
""",
    "runde": """\
title: Gennemgang hvert år
start: {every: 1 year, from: done, first: 2026-03-02}
responsible: medlem
steps:
  gennemgang: {title: Aftalen er gennemgået, due: round end, finish: each}
""",
    "referat": """\
title: Referat
start: {each: meeting}
responsible: [forperson, naestforperson]
steps:
  godkendt: {title: Referatet er godkendt, due: 2 weeks after meeting, finish: all}
""",
}


def decided_site(folder: Path) -> Path:
    """The site in a folder, applied on 5 January 2026 with a demo store."""
    shutil.copytree(BASE, folder)
    (folder / "workflows/moeder.yaml").unlink()
    (folder / "organisation/members.csv").write_text(MEMBERS, "utf-8")
    (folder / "calendars/meetings/oes-med-2026.yaml").write_text(MEETINGS, "utf-8")
    for key, text in WORKFLOWS.items():
        title, rest = text.split("\n", 1)
        (folder / f"workflows/{key}.yaml").write_text(f"{title}\n{SOURCE}{rest}", "utf-8")
    (folder / "config.toml").write_text("[mail]\nsink = true\n", "utf-8")
    apply(open_site(folder, stopped_at("2026-01-05T08:00")), demo=True)
    return folder
