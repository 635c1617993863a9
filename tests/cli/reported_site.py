"""The site of decisions with what reports must be careful with, and a year's facts told."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from decided_site import MEMBERS, SOURCE, decided_site

from engine.cli.app import run
from engine.errors import Outcome
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.store import Message, Told

ALL = (
    "source: {document: Protokollat om MED-uddannelse, reference: '§ 2'}\ncommittees: {all: yes}\n"
)
FILES = {
    "workflows/uddannelse.yaml": "title: MED-grunduddannelse\n"
    + ALL
    + """\
start: {each: member, roles: [forperson, naestforperson, medlem], new members only: yes}
responsible: office hr
steps:
  kursus: {title: MED-grunduddannelsen er gennemført, due: within 1 year of joining}
""",
    "workflows/bagland.yaml": "title: Medarbejdersidens formøde\n"
    + SOURCE
    + """\
start: {each: meeting}
responsible: naestforperson
visible: employees
steps:
  formoede: {title: HEMMELIGT formøde, due: 1 week before meeting}
""",
    "workflows/tidsplan.yaml": "title: Tidsplan for budgettet\n"
    + SOURCE
    + """\
start: {each: milestones, kind: budget}
responsible: office hr
steps:
  droeftelse: {title: Budgettet drøftes, at: first meeting on or after katalog}
  orientering: {title: "TR og organisationer: de er orienteret", due: 1 week before katalog}
  svar: {title: Svaret er sendt, due: 3 days after katalog, responsible: sekretaer}
  lukket: {title: HEMMELIGT skridt, due: katalog, confidential: yes}
  arkiv: {title: Svaret er arkiveret, needs: svar}
""",
    "workflows/tidsplan-forloeb.yaml": "title: HEMMELIGT forløb\n"
    + SOURCE
    + """\
start: {each: case, inputs: {opsiges: {type: date, title: Opsigelserne}}}
responsible: office hr
confidential: yes
steps:
  svar: {title: "TR og organisationer: HEMMELIGT svar", due: 2 weeks before opsiges}
  opsigelse: {title: HEMMELIG opsigelse, due: opsiges}
""",
    "organisation/courses.yaml": """\
courses:
  - {training: uddannelse, starts: 2026-05-19, ends: 2026-05-20, seats: 6, where: Rådhuset}
  - {training: uddannelse, starts: 2026-09-08, seats: 2, for: {committee: oes-med}}
  - {training: uddannelse, starts: 2026-10-06, seats: 3}
""",
    "organisation/timetables.yaml": """\
timetables:
  budget:
    title: Tidsplan for budgettet
    workflows: tids*
    columns:
      med: {title: MED, meetings: yes, responsible: sekretaer}
      tr: {title: TR og organisationer}
""",
}
COMMANDS = """\
2026-03-27 postpone vold/oes-med/2026-1/droeftelse --by bjl --why "enhederne mangler"
2026-05-28 done vold/oes-med/2026-1/enheder --by IT
2026-06-02 waive frist/oes-med/2026/kvittering --by ckv --why "svaret er givet på mødet"
2026-06-19 done vold/oes-med/2026-1/droeftelse --meeting 2026-06-18 --item 10 --by bjl
2026-06-20 done frist/oes-med/2026/svar --by bjl --evidence "journal 81.38.05-A26-1-26"
2026-06-22 done referat/oes-med/2026-06-18/godkendt --by dmo
2026-06-23 done referat/oes-med/2026-06-18/godkendt --by ckv
2026-06-24 followup add oes-med "Find et lokale" --for sekretær --due 2026-08-01 --by ckv
2026-10-14 case open tidsplan-forloeb --committee oes-med --input opsiges=2027-01-29
"""


def reported_site(folder: Path) -> Path:
    """The site in a folder, applied on 5 January 2026, with what was told and mailed since."""
    decided_site(folder)
    members = MEMBERS.replace("ivo@kommune.example;2025-06-01", "ivo@kommune.example;2026-02-01")
    (folder / "organisation/members.csv").write_text(members, "utf-8")
    for path, text in FILES.items():
        (folder / path).write_text(text, "utf-8")
    apply(open_site(folder, stopped_at("2026-01-05T08:00")), demo=True)
    for line in COMMANDS.splitlines():
        day, *command = shlex.split(line)
        assert run([*command, "--site", str(folder), "--now", f"{day}T09:00"], "da") == 0
    _mail(folder)
    return folder


def _mail(folder: Path) -> None:
    """Two digests that left, with three reminders, and one that did not."""
    key = "vold/oes-med/2026-1/droeftelse"
    carried = [
        [("heads-up", f"{key}#2 weeks before person:ckv")],
        [
            ("overdue", "frist/oes-med/2026/svar#overdue 1 person:bjl"),
            ("due", f"{key}#on the day person:bjl"),
        ],
        [("heads-up", f"{key}#3 days before person:ckv")],
    ]
    with open_site(folder).store() as store:
        for number, reminders in enumerate(carried):
            at = datetime(2026, 3, 12 + number, 6, 30, tzinfo=UTC)
            mail = Message(
                recipient="person:ckv",
                kind="digest",
                local_day=date(2026, 3, 12 + number),
                message_id=f"{number}@kommune.example",
                contents={},
                due_at=at,
                created_at=at,
            )
            store.queue([(mail, [Told(key=each, kind=kind) for kind, each in reminders])])
            (row,) = store.claim("test", at, timedelta(minutes=5), 1)
            sent = Outcome.SENT if number < 2 else Outcome.PERMANENT
            store.record(row.id, row.fence, sent, at=at)
