"""What the site's files do not say of the time to come, told before it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.edition import DaySetFile
from engine.planning.organisation import Organisation
from engine.planning.workdays import DaySet, WorkingCalendar

_AHEAD = timedelta(days=365)
_YEARS_AHEAD = 2


def day_set_remarks(
    parts: Mapping[str, Part[DaySetFile]],
    calendars: Mapping[str, WorkingCalendar],
    today: date | None,
) -> Iterator[Finding]:
    """Day sets that end within a year, and coming years that have no closed days of their own."""
    if today is None:
        return
    for key, part in parts.items():
        if key not in calendars:
            continue
        day_set = calendars[key].day_set
        # A set that takes its years from the one it extends is mended there.
        at = ("covers",) if part.written("covers") else ("extends",)
        if at == ("extends",) and part.model.extends in calendars:
            continue
        if day_set.until_on < today + _AHEAD:
            until_on = day_set.until_on
            yield part.finding(at, "day-set-ends", Severity.WARNING, on=until_on)
        if years := _bare_years(day_set, today):
            yield part.finding(at, "years-without-days", Severity.WARNING, years=years)


def _bare_years(day_set: DaySet, today: date) -> str:
    """The years to come that no closed day is listed for; a set of weekdays alone has none."""
    told = {on.year for on in day_set.days}
    last = min(day_set.until_on.year, today.year + _YEARS_AHEAD)
    coming = range(max(day_set.from_on.year, today.year), last + 1)
    return ", ".join(str(year) for year in coming if told and year not in told)


def force_remarks(part: Part[Organisation], today: date | None) -> Iterator[Finding]:
    """A site that comes in force much later tells nobody anything until then."""
    starts_on = part.model.settings.in_force_from_on
    if today is not None and starts_on is not None and starts_on > today + _AHEAD:
        at = ("settings", "in force from")
        yield part.finding(at, "in-force-far", Severity.WARNING, on=starts_on)
