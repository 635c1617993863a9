"""Whether everything that mails and calendars depend on is in order, one check after another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine import migrations
from engine.errors import EngineError, MailError
from engine.mailer import Mailer
from engine.planning.meetings import MeetingPlanOf
from engine.planning.periods import add_months
from engine.planning.status import MAIL_DAYS
from engine.service.administrators import looking_after
from engine.service.clock import ZONE, local
from engine.service.current import Current, in_store
from engine.service.heartbeat import first_mail_on
from engine.service.reminding import relay_of
from engine.service.site import Site
from engine.store import MessageRow, Store
from engine.store.tables import SCHEMA

MONTHS_AHEAD = 6
QUIET = timedelta(days=30)
SKEW = timedelta(seconds=60)
RENEWAL = timedelta(days=14)
ROOM = 500 * 1024 * 1024
# A run that began on time may take this long.
RUNNING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `code` and `params` say what was seen."""

    check: str
    ok: bool
    code: str
    params: dict[str, object] = field(default_factory=dict)


def examined(site: Site) -> list[Check]:
    """Every check, in the order a person would mend things."""
    site = site.once()
    found = [_database(site)]
    if found[0].ok:
        with site.store() as store:
            now = in_store(store)
            found.append(_edition(now))
            found.extend(_of_store(site, store, now))
    return [*found, *_relay(site), _time_zone(), _disk(site)]


def _database(site: Site) -> Check:
    """Reachable, and of this program's schema; looking changes nothing."""
    if not site.has_store:
        return Check("database", False, "database-none")
    try:
        revision = migrations.current(site.url)
    except EngineError as error:
        return Check("database", False, "database-unreachable", {"reason": error.code})
    if revision != SCHEMA:
        params: dict[str, object] = {"found": revision or "–", "known": SCHEMA}
        return Check("database", False, "database-schema", params)
    return Check("database", True, "database-fine", {"found": revision})


def _edition(now: Current | None) -> Check:
    if now is None:
        return Check("edition", False, "edition-none")
    return Check("edition", True, "edition-fine", {"edition": now.number})


def _of_store(site: Site, store: Store, now: Current | None) -> Iterator[Check]:
    yield _clock(site, store)
    if now is not None:
        yield _meetings(site, now)
        yield _day_sets(site, now)
        yield _last_run(site, store, now)
        told = looking_after(now, site.today)
        code = "administrators-fine" if told else "administrators-none"
        yield Check("administrators", bool(told), code, {"count": len(told)})
    yield _feeds(site, store)
    yield _stuck(store)
    held_at, why = store.outbox_held()
    yield Check("outbox", held_at is None, f"outbox-{why or 'fine'}")
    refused = sorted(who for who, each in store.people().items() if each.refused_on is not None)
    yield _some("addresses", refused, "addresses")


def _clock(site: Site, store: Store) -> Check:
    """The machine's clock beside the database's; a file has none of its own."""
    if site.pretended:
        return Check("clock", True, "clock-pretended")
    seconds = abs(round((store.clock(site.now) - site.now).total_seconds()))
    ok = seconds <= SKEW.total_seconds()
    return Check("clock", ok, "clock-fine" if ok else "clock-skewed", {"count": seconds})


def _meetings(site: Site, now: Current) -> Check:
    """Bodies with a meeting plan whose last meeting is near."""
    until_on = add_months(site.today, MONTHS_AHEAD)
    ending = []
    for body, meetings in sorted(now.edition.meetings.items()):
        committee = now.edition.organisation.committees.get(body)
        ended = committee is not None and committee.until_on is not None
        held = MeetingPlanOf(meetings).all
        if not ended and (not held or held[-1].on < until_on):
            ending.append(body)
    return _some("meetings", ending, "meetings")


def _day_sets(site: Site, now: Current) -> Check:
    until_on = add_months(site.today, MONTHS_AHEAD)
    sets = now.edition.day_sets.items()
    return _some(
        "day-sets",
        sorted(key for key, days in sets if days.day_set.until_on < until_on),
        "day-sets",
    )


def _last_run(site: Site, store: Store, now: Current) -> Check:
    """Whether the last morning on which mail could go had a run."""
    ran_at, expected_at = store.ran_at(), _expected(site, store, now)
    params: dict[str, object] = {"at": ran_at} if ran_at else {}
    code = "last-run-fine" if ran_at else "last-run-never"
    if expected_at is not None and (ran_at is None or ran_at < expected_at):
        return Check("last-run", False, "last-run-late" if ran_at else "last-run-none", params)
    return Check("last-run", True, code, params)


def _expected(site: Site, store: Store, now: Current) -> datetime | None:
    """The last moment at which a run should have begun and ended; none before the first."""
    first_on = first_mail_on(store, now)
    if first_on is None:
        return None
    working, send_at = now.edition.working(MAIL_DAYS), now.edition.organisation.settings.send_at
    on: date = local(site.now).date()
    while on >= first_on:
        at = datetime.combine(on, send_at, ZONE)
        if working.is_working(on) and at + RUNNING <= site.now:
            return at
        on -= timedelta(days=1)
    return None


def _feeds(site: Site, store: Store) -> Check:
    """Personal subscriptions, by initials, that nobody's calendar asks for any more."""
    since_on = site.today - QUIET
    quiet = {
        row.scope
        for row in store.feeds()
        if row.scope_kind == "person"
        and (row.fetched_on or local(row.created_at).date()) < since_on
    }
    return _some("feeds", sorted(quiet), "feeds")


def _stuck(store: Store) -> Check:
    count, code = store.counted()[0].get("stuck", 0), "stuck-some"
    if not count:
        count, code = sum(_is_refused(row) for row in store.mails(states=("failed",))), "refused"
    return Check("stuck", count == 0, code if count else "stuck-fine", {"count": count})


def _is_refused(row: MessageRow) -> bool:
    """Whether nobody gets what a mail says; for a person without an address somebody else does."""
    return row.outcome != "mail.recipient-refused" or not row.recipient.startswith("person:")


def _relay(site: Site) -> Iterator[Check]:
    """The relay as a mail would meet it, up to its recipient; how long its certificate holds."""
    mail = site.config.mail
    if mail.sink:
        yield Check("relay", True, "relay-sink")
        return
    if not mail.host:
        yield Check("relay", False, "relay-none")
        return
    params: dict[str, object] = {"host": mail.host, "port": mail.port}
    try:
        with Mailer(relay_of(mail)) as mailer:
            ends_at = mailer.greeted(mail.sender)
    except MailError as error:
        yield Check("relay", False, error.code, {**params, **error.params})
        return
    yield Check("relay", True, "relay-fine", params)
    if ends_at is None:
        yield Check("certificate", True, "certificate-none")
        return
    ok = ends_at - site.now > RENEWAL
    code = "certificate-fine" if ok else "certificate-ends"
    yield Check("certificate", ok, code, {"on": local(ends_at).date()})


def _time_zone() -> Check:
    """Whether this machine knows when clocks change in Denmark."""
    seen = [ZONE.utcoffset(datetime(2026, month, 1)) for month in (1, 7)]  # noqa: DTZ001 - local
    ok = seen == [timedelta(hours=1), timedelta(hours=2)]
    return Check("time-zone", ok, "time-zone-fine" if ok else "time-zone-wrong")


def _disk(site: Site) -> Check:
    folder = site.var if site.var.exists() else site.folder
    free = shutil.disk_usage(folder).free
    ok = free >= ROOM
    return Check("disk", ok, "disk-fine" if ok else "disk-full", {"count": free // 2**20})


def _some(check: str, found: list[str], code: str) -> Check:
    """Fine when nothing was found; otherwise which."""
    if not found:
        return Check(check, True, f"{code}-fine")
    return Check(check, False, f"{code}-some", {"count": len(found), "which": tuple(found)})
