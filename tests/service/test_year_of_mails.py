"""Everything that a year sends, by mail over SMTP, held to an index that one can read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from email import policy
from email.parser import BytesHeaderParser
from itertools import groupby
from pathlib import Path

import pytest
from year_of_mails import ENDS, Day, begun, days

from engine.config import read_config
from engine.definitions import read_site, shipped_site, site_files
from engine.planning.status import MAIL_DAYS
from engine.service.clock import stopped_at
from engine.service.reminding import Mail, mail_folder
from engine.service.site import Site

GOLDEN = Path(__file__).parents[1] / "golden" / "year"
SHORT = date(2027, 1, 15)
# The most that one person can be asked to read: a mail every second working day.
BEARABLE = 126


def index(year: list[Day]) -> Iterator[tuple[str, str]]:
    """A text a month: every mail with its day, who gets it, and what it is about."""
    for month, several in groupby(year, key=lambda day: f"{day.on:%Y-%m}"):
        lines = [
            f"{day.on} {mail.to.partition('@')[0]:<14} {mail.kind:<6} {mail.subject}"
            for day in several
            for mail in sorted(day.sent, key=lambda mail: (mail.to, mail.kind, mail.subject))
        ]
        yield month, "".join(f"{line}\n" for line in lines)


def busiest(year: list[Day]) -> str:
    """Everything that whoever gets the most is sent, under how much that is."""
    per_person = Counter(mail.to for day in year for mail in day.sent)
    to, count = min(per_person.items(), key=lambda each: (-each[1], each[0]))
    told = f"{per_person.total()} mails til {len(per_person)}; flest til {to}: {count}"
    lines = [
        f"{day.on} {mail.kind:<6} {mail.subject}"
        for day in year
        for mail in day.sent
        if mail.to == to
    ]
    return "\n".join((told, "", *lines, ""))


def held(year: list[Day], folder: Path) -> None:
    """What must hold of every day of a year."""
    edition = read_site(site_files(shipped_site()), None).edition
    assert edition is not None
    working = edition.working(MAIL_DAYS)
    closed = {day.on: day.sent for day in year if day.sent and not working.is_working(day.on)}
    assert closed == {}, "nothing on a closed day"
    assert [day.on for day in year if day.at_night] == [], "nothing outside the hours"
    for day in year:
        assert _said(day.foreseen) == _said(day.sent), day.on
        digests = Counter(mail.to for mail in day.sent if mail.kind == "digest")
        assert {to: count for to, count in digests.items() if count > 1} == {}
    assert {mail.outcome for day in year for mail in day.sent} == {"sent"}
    sent = sorted(mail.message_id for day in year for mail in day.sent)
    site = Site(folder, read_config(folder), stopped_at(f"{ENDS}T23:00"), pretended=True)
    arrived = []
    for entry in os.scandir(mail_folder(site) / "new"):
        headers = BytesHeaderParser(policy=policy.default).parsebytes(Path(entry).read_bytes())
        arrived.append(str(headers["Message-ID"]).strip("<>"))
    assert sorted(arrived) == sent
    assert len(set(sent)) == len(sent), "none twice"


def _said(mails: list[Mail]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return sorted((mail.to, mail.message_id, mail.subject, mail.keys) for mail in mails)


def test_the_first_weeks_of_a_year(tmp_path: Path) -> None:
    folder = begun(tmp_path / "site")
    year = list(days(folder, SHORT))
    held(year, folder)
    ((month, text),) = index(year)
    whole = (GOLDEN / f"{month}.txt").read_text("utf-8")
    until = [line for line in whole.splitlines(keepends=True) if line[:10] <= SHORT.isoformat()]
    assert text == "".join(until)


@pytest.mark.prove
def test_a_whole_year(tmp_path: Path, rewriting: bool) -> None:
    folder = begun(tmp_path / "site")
    year = list(days(folder))
    held(year, folder)
    found = dict(index(year)) | {"travlest": busiest(year)}
    if rewriting:
        for month, text in found.items():
            (GOLDEN / f"{month}.txt").write_text(text, "utf-8")
    assert found == {path.stem: path.read_text("utf-8") for path in sorted(GOLDEN.glob("*.txt"))}
    per_person = Counter(mail.to for day in year for mail in day.sent)
    assert max(per_person.values()) <= BEARABLE
