"""What has served its time and is erased at night: people, mails and cases."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from engine import sink
from engine.definitions.members import read_members
from engine.definitions.reading import MEMBERS
from engine.errors import EngineError, NotCovered, Unknown
from engine.feed import horizon
from engine.planning.facts import Case
from engine.planning.inputs import inputs_of
from engine.planning.organisation import Seat
from engine.planning.rules import Unit
from engine.planning.spans import Span, earlier
from engine.planning.status import MAIL_DAYS
from engine.service.clock import local
from engine.service.current import Current, in_store
from engine.service.erasing import erase_several
from engine.service.members_file import emptied, write_members
from engine.service.reminding import mail_folder
from engine.service.site import Site
from engine.store import Store

log = logging.getLogger("medfrist.retention")

SEATS = Span(2, Unit.YEAR)
"""How long somebody is known after the last seat, where the site says nothing."""

LINKS_DAYS = 30
"""How long a button that can no longer be used is known, so that it can say why."""

_NEVER_TEXT = frozenset({"date", "whole number", "choice", "yes/no"})


@dataclass(frozen=True, slots=True)
class Due:
    """What a run erases: people by initials, cases by number, mails in number only.

    `received` are the mails that the sink keeps.
    """

    people: tuple[str, ...] = ()
    mails: int = 0
    cases: tuple[str, ...] = ()
    received: int = 0
    left_in_file: bool = False
    """Whether names still stand in the members file, which could not be written."""


def listed(site: Site) -> Due:
    """What tonight's run would erase; nothing is changed."""
    with site.store() as store, store.reading():
        return _run(site.once(), store, _current(store), dry=True)


def retain(site: Site) -> Due:
    """Erase what is older than the site's periods; told by number, never by name."""
    site = site.once()
    with site.writing() as store:
        done = _run(site, store, _current(store), dry=False)
        if done.people or done.mails or done.cases or done.received:
            store.settle()
            log.info(
                "erased: people %d, mails %d, mails received %d, cases %d",
                len(done.people),
                done.mails,
                done.received,
                len(done.cases),
            )
    return done


def _current(store: Store) -> Current:
    now = in_store(store)
    if now is None:
        raise Unknown("service.no-edition")
    return now


def _run(site: Site, store: Store, now: Current, *, dry: bool) -> Due:
    periods = now.edition.organisation.settings.retention
    people = _people(site, store, now, _before(periods.seats or SEATS, now, site.today))
    mails = received = 0
    left = False
    if not dry:
        links_before_on = site.today - timedelta(days=LINKS_DAYS)
        store.whole(lambda: store.drop_links(links_before_on))
    if people and not dry:
        left = not _out_of_the_file(site, people)
        erase_several(site, store, people)
    if periods.mails is not None:
        before_on = _before(periods.mails, now, site.today)
        mails = store.whole(lambda: store.empty_mails(before_on, dry=dry))
        received = sink.expire(mail_folder(site), before_on, dry=dry)
    cases: tuple[str, ...] = ()
    if periods.cases is not None:
        before_on = _before(periods.cases, now, site.today)
        old = [case for case in now.facts.cases if _closed_before(case, before_on)]
        cases = tuple(case.number for case in old if _empty(site, store, now, case, dry=dry))
    return Due(people, mails, cases, received, left)


def _before(period: Span, now: Current, today: date) -> date:
    """What ended before this day has served; beyond the years that are known nothing has."""
    try:
        return earlier(today, period, now.edition.working(MAIL_DAYS))
    except NotCovered:
        return date.min


def _closed_before(case: Case, on: date) -> bool:
    return case.closed_on is not None and case.closed_on < on


def _empty(site: Site, store: Store, now: Current, case: Case, *, dry: bool) -> bool:
    """Texts go at once; what dates are reckoned from when no calendar goes so far back.

    So no deadline of a closed case moves that anybody can still see in a calendar.
    """
    kept: set[str] = set()
    workflow = now.edition.workflows.get(case.workflow)
    assert case.closed_on is not None
    if workflow is not None and case.closed_on >= horizon(site.today).from_on:
        asked = inputs_of(workflow.start)
        kept = {name for name, one in asked.items() if one.type in _NEVER_TEXT}
    return store.whole(lambda: store.empty_case(case.number, kept, dry=dry))


def _people(site: Site, store: Store, now: Current, before_on: date) -> tuple[str, ...]:
    """Those who are known and whose last seat ended before a day."""
    named = {who for who, person in now.people.items() if person.name or person.email}
    ended = _ended(store, now.edition.seats, named, site.today)
    return tuple(sorted(who for who, on in ended.items() if on < before_on))


def _ended(store: Store, seats: tuple[Seat, ...], people: set[str], today: date) -> dict[str, date]:
    """The day each one's last seat ended; of those no longer in the files, the day they left.

    Looked for in ever older editions, as long as somebody is not found.
    """
    found = _last_days(seats, people)
    lacking = people - found.keys()
    left_on = today
    for head in store.editions() if lacking else ():
        text = store.edition(head.number).texts.get(MEMBERS, "")
        then = _last_days(read_members(text.encode(), MEMBERS).seats, lacking)
        for who, on in then.items():
            found[who] = min(on, left_on)
        lacking -= then.keys()
        if not lacking:
            break
        left_on = local(head.applied_at).date()
    return found


def _last_days(seats: tuple[Seat, ...], people: set[str]) -> dict[str, date]:
    """The last day of each one's last seat; the end of time for one that goes on."""
    found: dict[str, date] = {}
    for seat in seats:
        if seat.person in people:
            until_on = seat.until_on or date.max
            found[seat.person] = max(found.get(seat.person, date.min), until_on)
    return found


def _out_of_the_file(site: Site, people: tuple[str, ...]) -> bool:
    try:
        content, rows = emptied(site, people)
        if rows:
            write_members(site, content)
    except EngineError as error:
        # The database forgets all the same; an apply says what is still to be taken out.
        log.warning("the members file still holds names of erased people: %s", error.code)
        return False
    return True
