"""Who holds what on a day: roles of committees, offices, and the committees a selector means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from engine.planning.edition import Edition
from engine.planning.organisation import Committee, Seat, Side
from engine.planning.workflow import Holder, Selector


class Roster:
    """The seats and committees of an edition, indexed once."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.committees = edition.organisation.committees
        self._seats: dict[tuple[str, str], list[Seat]] = defaultdict(list)
        self._of_committee: dict[str, list[Seat]] = defaultdict(list)
        self._below: dict[str, set[str]] = defaultdict(set)
        self._chosen: dict[tuple[tuple[Selector, ...], str], tuple[str, ...]] = {}
        self._order = {key: number for number, key in enumerate(self.committees)}
        for key, body in self.committees.items():
            if body.parent is not None:
                self._below[body.parent].add(key)
        for seat in sorted(edition.seats, key=lambda seat: (seat.from_on, seat.id)):
            self._seats[seat.committee, seat.role].append(seat)
            self._of_committee[seat.committee].append(seat)

    def holding(self, holder: Holder, committee: str, on: date) -> tuple[Seat, ...]:
        """The seats that a role means on the day; none where it is vacant or an office."""
        if holder.office:
            return ()
        seats = self._seats.get((holder.body or committee, holder.role), ())
        return tuple(seat for seat in seats if seat.held(on))

    def seats_of(self, committee: str) -> tuple[Seat, ...]:
        """Every seat of a committee, past and coming, by entry."""
        return tuple(self._of_committee.get(committee, ()))

    def side_of(self, seat: Seat) -> Side | None:
        """The side a seat is on; a forum of one side needs not say so of every seat."""
        if seat.side is not None:
            return seat.side
        body = self.committees.get(seat.committee)
        return body.visible if body is not None and body.kind == "forum" else None

    def office_on(self, office: str, side: Side) -> bool:
        """Whether an office belongs to the side; most belong to none."""
        known = self.edition.organisation.offices.get(office)
        return known is not None and known.side is side

    def chosen(self, selectors: Iterable[Selector], own: str = "") -> tuple[str, ...]:
        """The committees the selectors mean, in the order of the organisation's file."""
        ways = tuple(selectors)
        asked = (ways, own if any(map(_leans_on_own, ways)) else "")
        if asked not in self._chosen:
            wanted = {key for selector in ways for key in self._matching(selector, own)}
            self._chosen[asked] = tuple(sorted(wanted, key=self._order.__getitem__))
        return self._chosen[asked]

    def _matching(self, selector: Selector, own: str) -> set[str]:
        found = self._selected(selector, own)
        for left_out in selector.excluded:
            found -= self._matching(left_out, own)
        return found

    def _selected(self, selector: Selector, own: str) -> set[str]:
        if selector.below is not None:
            return set(self._below.get(own, ()))
        return {key for key, body in self.committees.items() if _fits(selector, key, body)}


def _fits(selector: Selector, key: str, committee: Committee) -> bool:
    if selector.all:
        return True
    if selector.level is not None:
        return committee.level == selector.level
    if selector.committee is not None:
        return key == selector.committee
    return committee.kind == selector.kind


def _leans_on_own(selector: Selector) -> bool:
    """Whether it means other committees for another committee's own duty."""
    return selector.below is not None or any(map(_leans_on_own, selector.excluded))
