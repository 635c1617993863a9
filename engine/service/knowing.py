"""Who knows of a deadline that somebody else is told of at last: by roles, never by names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.message import Turn
from engine.planning.organisation import Seat
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import Reminder, ReminderKind, next_repeat
from engine.planning.status import reminders_of, responsible_seats
from engine.planning.workflow import Holder, parse_holder
from engine.service.addressing import address
from engine.service.clock import local
from engine.service.current import Current
from engine.service.site import Site
from engine.store import Store
from engine.wording.catalogue import Language, has, say
from engine.wording.dates import clock, day_within
from engine.wording.gate import Sight, office_viewer, seen, viewer
from engine.wording.holders import holder_words, office_title, own_seat_words, role_words
from engine.wording.lengths import listing
from engine.wording.telling import capital

MOST_DAYS = 3
"""More days than this are counted, and the last of them told."""

_OVER = (Turn.REASSIGNED.value, Turn.RETIRED.value)


@dataclass(frozen=True, slots=True)
class Known:
    """Who was told on which days in mails that left, who is told now, and who is told next."""

    told: Mapping[date, frozenset[str]]
    now: frozenset[str]
    next_on: date | None = None
    next_to: tuple[str, ...] = ()


def known_of(
    site: Site, store: Store, now: Current, plan: Plan, reminders: Collection[Reminder]
) -> dict[str, Known]:
    """What is known of each deadline that is escalated, by its key.

    Only what was told of the day that it stands on counts, and only mails that have left.
    """
    late = {r.deadline.key: r.deadline for r in reminders if r.kind is ReminderKind.ESCALATED}
    if not late:
        return {}
    told = _told(store, plan, late)
    today = local(site.now).date()
    at_once: dict[str, set[str]] = {key: set() for key in late}
    for reminder in reminders:
        if reminder.deadline.key in late and _is_told_of(reminder, now, plan, today):
            at_once[reminder.deadline.key].add(reminder.recipient)
    found: dict[str, Known] = {}
    for key, deadline in late.items():
        on, to = next_repeat(deadline, plan, now.people, today) or (None, ())
        to = tuple(who for who in to if address(who, now))
        days = {day: frozenset(who) for day, who in told.get(key, {}).items()}
        found[key] = Known(days, frozenset(at_once[key]), on if to else None, to)
    return found


def _is_told_of(reminder: Reminder, now: Current, plan: Plan, today: date) -> bool:
    kind, _, name = reminder.recipient.partition(":")
    register = plan.register
    looking = office_viewer(name) if kind == "office" else viewer(register, name, today)
    sight = seen(reminder.deadline, looking, register, today, addressed=True)
    return sight is not Sight.HIDDEN and bool(address(reminder.recipient, now))


def _told(
    store: Store, plan: Plan, late: Mapping[str, Deadline]
) -> dict[str, dict[date, set[str]]]:
    former = {old for new, old in store.renames().items() if new in late}
    found: dict[str, dict[date, set[str]]] = {}
    for each in store.departed([*late, *former]):
        key = plan.register.names.present(each.key)
        deadline = late.get(key)
        if deadline is None or each.kind in _OVER or each.due_on != deadline.due_on:
            continue
        day = local(each.sent_at).date()
        found.setdefault(key, {}).setdefault(day, set()).add(each.recipient)
    return found


def known_words(
    known: Known, reader: str, deadline: Deadline, plan: Plan, today: date, language: Language
) -> str:
    """Who knows, and who is told next, in whole sentences; nothing about nobody but the reader."""
    roles = _Roles(deadline, plan, today, language)
    told = " ".join((*_was_told(known, reader, roles, today), *_is_told(known, reader, roles)))
    coming = _next(known, reader, roles, plan, today)
    return " ".join(filter(None, [told and say("mail.known", language, words=told), coming]))


def _was_told(known: Known, reader: str, roles: _Roles, today: date) -> Iterator[str]:
    """Each role with its days, in the order they were told first."""
    days: dict[str, list[date]] = {}
    for on, recipients in sorted(known.told.items()):
        for who in roles.of(recipients - {reader}):
            days.setdefault(who, []).append(on)
    for who, told_on in days.items():
        last = day_within(told_on[-1], today.year, roles.language)
        if len(told_on) > MOST_DAYS:
            many = {"count": len(told_on), "last": last}
            yield capital(say("mail.known.told-often", roles.language, who=who, **many))
            continue
        each = [day_within(on, today.year, roles.language) for on in told_on]
        listed = listing(each, roles.language)
        yield capital(say("mail.known.told", roles.language, who=who, days=listed))


def _is_told(known: Known, reader: str, roles: _Roles) -> Iterator[str]:
    who = roles.of(known.now - {reader})
    if who:
        yield say("mail.known.now", roles.language, who=listing(who, roles.language))


def _next(known: Known, reader: str, roles: _Roles, plan: Plan, today: date) -> str:
    who = roles.of(set(known.next_to) - {reader})
    if reader in known.next_to:
        kind = "office" if reader.startswith("office:") else "you"
        who.insert(0, say(f"mail.known.{kind}", roles.language))
    if known.next_on is None or not who:
        return ""
    send_at = plan.register.edition.organisation.settings.send_at
    return say(
        "mail.known.next",
        roles.language,
        who=listing(who, roles.language),
        day=day_within(known.next_on, today.year, roles.language),
        clock=clock(send_at, roles.language),
    )


class _Roles:
    """What those who are told of one deadline are called: by what they have to do with it."""

    def __init__(self, deadline: Deadline, plan: Plan, today: date, language: Language) -> None:
        self.language = language
        self._deadline = deadline
        self._today = today
        self._roster = plan.register.roster
        self._organisation = plan.register.edition.organisation
        self._holders = [*self._all_holders()]
        self._seats = [(holder, self._seats_of(holder, plan)) for holder in self._holders]

    def _all_holders(self) -> dict[Holder, None]:
        own = self._deadline.terms
        pace = reminders_of(self._deadline, self._organisation.settings.reminders)
        to = map(parse_holder, pace.escalate.to if pace.escalate else ())
        return dict.fromkeys((*own.responsible, *own.inform, *to))

    def _seats_of(self, holder: Holder, plan: Plan) -> tuple[Seat, ...]:
        seats = self._roster.holding(holder, self._deadline.committee, self._today)
        if not own_seat_words(holder, self._deadline, self._organisation, self.language):
            return seats
        own = responsible_seats(self._deadline, plan.register, self._today)
        return tuple(seat for seat in seats if seat in own)

    def of(self, recipients: Collection[str]) -> list[str]:
        """What some recipients are called, each once; whoever has no seat any more is left out."""
        left = set(recipients)
        found: dict[str, None] = {}
        for recipient in sorted(who for who in left if who.startswith("office:")):
            found[office_title(recipient.partition(":")[2], self._organisation)] = None
        for holder, seats in self._seats:
            theirs = {f"person:{seat.person}" for seat in seats}
            if theirs & left:
                found[self._some(holder, len(theirs & left), len(theirs))] = None
                left -= theirs
        for recipient in sorted(left):
            found |= dict.fromkeys(self._beside(recipient.partition(":")[2]))
        return [*found]

    def _some(self, holder: Holder, count: int, of: int) -> str:
        words = self._words(holder)
        if count == of or not self._is_many(holder):
            return words
        return say("mail.known.some", self.language, count=count, who=words)

    def _is_many(self, holder: Holder) -> bool:
        role = self._organisation.roles.get(holder.role)
        return role is not None and has(f"roles.{role.title.casefold()}", self.language)

    def _words(self, holder: Holder) -> str:
        """A role; with its committee only where that is another than the deadline's."""
        deadline, organisation = self._deadline, self._organisation
        own = own_seat_words(holder, deadline, organisation, self.language)
        if own or holder.body not in ("", deadline.committee):
            return own or holder_words(holder, deadline.committee, organisation, self.language)
        return role_words(holder.role, organisation, self.language)

    def _beside(self, person: str) -> Iterable[str]:
        """Whoever stands in: the substitute of one who must act, or a role of another body."""
        held = [
            seat
            for seat in self._roster.edition.seats
            if seat.person == person and seat.held(self._today)
        ]
        acting = {seat.person: holder for holder, seats in self._seats for seat in seats}
        for seat in held:
            if seat.substitute_for in acting:
                holder = acting[seat.substitute_for]
                code = "one-substitute" if self._is_many(holder) else "substitute"
                return [say(f"mail.known.{code}", self.language, who=self._words(holder))]
        duties = {holder.role for holder in self._holders}
        chosen = min(held, key=lambda seat: (seat.role not in duties, seat.id), default=None)
        return [] if chosen is None else [self._words(Holder(chosen.role, chosen.committee))]
