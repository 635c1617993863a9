"""Who can be written to on a day, and who stands in for somebody who is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.planning.organisation import Person, Seat
from engine.planning.roster import Roster


@dataclass(frozen=True, slots=True)
class Absences:
    """The people of a site on a day; of somebody it does not know nothing is said."""

    people: Mapping[str, Person]
    roster: Roster
    on: date

    def away(self, person: str) -> bool:
        """Whether a person is away on the day; the last day of an absence is part of it."""
        known = self.people.get(person)
        if known is None or (known.away_from_on is None and known.away_until_on is None):
            return False
        begun = known.away_from_on is None or known.away_from_on <= self.on
        return begun and (known.away_until_on is None or self.on <= known.away_until_on)

    def reached(self, seat: Seat) -> bool:
        """Whether whoever holds a seat is there and has an address."""
        known = self.people.get(seat.person)
        return known is None or (known.is_reachable and not self.away(seat.person))

    def acting(self, seat: Seat) -> tuple[Seat, ...]:
        """The seat itself, or those of its substitutes in the same committee who are there."""
        if self.reached(seat):
            return (seat,)
        return tuple(
            other
            for other in self.roster.seats_of(seat.committee)
            if other.substitute_for == seat.person and other.held(self.on) and self.reached(other)
        )

    def all_acting(self, seats: Iterable[Seat]) -> dict[Seat, str]:
        """Whoever acts for some seats; with the initials of the one they stand in for, if any."""
        found: dict[Seat, str] = {}
        for seat in seats:
            for acts in self.acting(seat):
                absent = "" if acts.person == seat.person else seat.person
                found[acts] = absent if found.get(acts, absent) else ""
        return found
