"""When mail may go: on working days, between two hours of the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.planning.edition import Edition
from engine.planning.status import MAIL_DAYS
from engine.planning.workdays import Roll
from engine.service.clock import ZONE, local


def opens_at(edition: Edition, moment: datetime) -> datetime:
    """The first moment, from this one on, at which mail may go.

    Nothing is dropped at night or on a closed day; it waits. On Friday 27 November 2026 at
    18:00 the next is Monday the 30th at 7:30.
    """
    here, settings = local(moment), edition.organisation.settings
    if is_open(edition, moment):
        return moment
    waits_a_day = here.time() >= settings.send_at
    first_on = here.date() + timedelta(days=waits_a_day)
    on = edition.working(MAIL_DAYS).roll(first_on, Roll.DAY_AFTER)
    return datetime.combine(on, settings.send_at, ZONE)


def is_open(edition: Edition, moment: datetime) -> bool:
    """Whether mail may go now."""
    here, settings = local(moment), edition.organisation.settings
    is_day = edition.working(MAIL_DAYS).is_working(here.date())
    return is_day and settings.send_at <= here.time() < settings.send_until


def last_morning(edition: Edition, moment: datetime) -> datetime:
    """The last moment at which a morning's mails went.

    On Sunday 29 November 2026 at 18:00 it is Friday the 27th at 7:30.
    """
    here, settings = local(moment), edition.organisation.settings
    last_on = here.date() - timedelta(days=here.time() < settings.send_at)
    on = edition.working(MAIL_DAYS).roll(last_on, Roll.DAY_BEFORE)
    return datetime.combine(on, settings.send_at, ZONE)


def mail_day(edition: Edition, on: date) -> date:
    """The day on which what belongs to a day is told."""
    return edition.working(MAIL_DAYS).roll(on, Roll.DAY_AFTER)
