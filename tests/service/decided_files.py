"""A site of two workflows whose files are edited: what they say, and the days that follow of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

TODAY = date(2026, 3, 27)
MEETINGS = ("2026-01-27", "2026-03-26", "2026-06-18", "2026-08-26", "2026-11-19")
HELD, COMING = MEETINGS[:2], MEETINGS[2:]
STEPS = ("punkt", "sag")
ITEMS = tuple(f"punkt/oes-med/{on}/{step}" for on in MEETINGS for step in STEPS)
QUARTERS = tuple(f"frist/oes-med/2026-Q{number}/svar" for number in (1, 2, 3, 4))
# One and two months after the quarter's first day; from a Saturday or Sunday back to the Friday.
DUE_ON = {
    1: (date(2026, 1, 30), date(2026, 5, 1), date(2026, 7, 31), date(2026, 10, 30)),
    2: (date(2026, 2, 27), date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1)),
}
FILES = {
    "organisation/organisation.yaml": """\
name: Prøve Kommune
levels: {afdelings-med: {title: AfdelingsMED, rank: 1}}
roles: {forperson: {title: forperson}, sekretaer: {title: sekretær}}
committees: {oes-med: {title: afdelingsMED, level: afdelings-med}}
""",
    "organisation/members.csv": """\
person;committee;role;name;email;from;until
ckv;oes-med;forperson;Carla Kvist;ckv@kommune.example;2025-06-01;
bjl;oes-med;sekretaer;Bo Jølle;bjl@kommune.example;2025-06-01;
""",
    "calendars/working-days/kommune.yaml": """\
title: lørdage og søndage
covers: 2015..2040
weekend: [saturday, sunday]
days: {2026-01-01: nytårsdag}
""",
    "config.toml": "[mail]\nsink = true\n\n[database]\n",
}
ITEM = """\
title: Punkter på hvert møde
source: {document: Aftalen, reference: "§ 1"}
committees: {committee: oes-med}
start: {each: meeting}
responsible: forperson
steps:
  punkt: {title: Punktet drøftes, at: meeting}
  sag: {title: Sagen drøftes, at: meeting}
"""
QUARTER = """\
title: En frist hvert kvartal
source: {document: Aftalen, reference: "§ 2"}
committees: {committee: oes-med}
start: {each: quarter}
responsible: sekretaer
"""


@dataclass(frozen=True)
class Says:
    """What the files say where they are edited."""

    moved: tuple[int, int, int] = (0, 0, 0)
    """By how many weeks each coming meeting is moved."""
    months: int = 1
    renamed: bool = False
    in_use: bool = True

    def move(self, which: int, weeks: int) -> Says:
        """The same with a coming meeting moved."""
        moved = list(self.moved)
        moved[which] = weeks
        return replace(self, moved=(moved[0], moved[1], moved[2]))

    def held_on(self, meeting: str) -> date:
        """The day a meeting is held, by its name."""
        weeks = self.moved[COMING.index(meeting)] if meeting in COMING else 0
        return date.fromisoformat(meeting) + timedelta(weeks=weeks)

    def own_day(self, key: str) -> date:
        """The day a deadline is due where nothing is told of it."""
        if key in QUARTERS:
            return DUE_ON[self.months][QUARTERS.index(key)]
        return self.held_on(key.split("/")[2])

    def called(self, key: str) -> str:
        """A deadline's key as it is now."""
        return key.replace("punkt/oes", "emne/oes", 1) if self.renamed else key

    def write(self, folder: Path) -> None:
        """The files that are edited, in a site's folder."""
        for name in ("punkt", "emne"):
            (folder / f"workflows/{name}.yaml").unlink(missing_ok=True)
        formerly = "formerly: punkt\n" if self.renamed else ""
        title, rest = ITEM.split("\n", 1)
        name = "emne" if self.renamed else "punkt"
        _put(folder / f"workflows/{name}.yaml", f"{title}\n{formerly}{rest}")
        unit = "month" if self.months == 1 else "months"
        due = f"{self.months} {unit} after period start"
        steps = f"steps:\n  svar: {{title: Svaret er sendt, due: {due}}}\n"
        in_use = "" if self.in_use else "in use: no\n"
        _put(folder / "workflows/frist.yaml", f"{QUARTER}{in_use}{steps}")
        rows = "".join(f"  - {{date: {self._row(meeting)}}}\n" for meeting in MEETINGS)
        plan = f"committee: oes-med\nmeetings:\n{rows}"
        _put(folder / "calendars/meetings/oes-med-2026.yaml", plan)

    def _row(self, meeting: str) -> str:
        on = self.held_on(meeting).isoformat()
        return on if on == meeting else f"{on}, moved from: {meeting}"


def site_of_files(folder: Path) -> None:
    """The site as it is before anything is edited."""
    for path, text in FILES.items():
        _put(folder / path, text)
    Says().write(folder)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
