"""The mails of a year, counted by kind."""

from __future__ import annotations

from collections import Counter
from datetime import date

from engine.documents import Table
from engine.planning.reminders import ReminderKind
from engine.service.current import Current
from engine.service.site import Site
from engine.store import Sent
from engine.wording.catalogue import Language, say


def sent_in(site: Site, now: Current, year: int, committee: str = "") -> list[Sent]:
    """What was sent in a year, of one committee or of all."""
    if not now.number:
        return []
    with site.store() as store:
        sent = store.sent_between(date(year, 1, 1), date(year, 12, 31))
    return [each for each in sent if not committee or _committee(each.key) == committee]


def _committee(key: str) -> str:
    """The committee of a reminder's deadline; a fan-out's target stands behind its step."""
    parts = key.partition("#")[0].rsplit("/", 3)
    if len(parts) < 4:
        return ""
    return parts[3].partition("@")[2] or parts[1]


def mail_table(sent: list[Sent], language: Language) -> Table:
    """How many mails left of each kind, and how many reminders of each kind they carried."""
    mails = Counter({each.message: each.mail_kind for each in sent}.values())
    reminders = Counter(each.reminder_kind for each in sent if each.key)
    counts = {f"report.mail.{kind}": mails[kind] for kind in ("digest", "single")}
    counts |= {f"report.reminder.{kind.value}": reminders[kind.value] for kind in ReminderKind}
    rows = [(say(code, language), count) for code, count in counts.items() if count]
    heads = tuple(say(f"report.head.{name}", language) for name in ("kind", "count"))
    return Table(say("report.mails", language), heads, tuple(rows), (40, 10))
