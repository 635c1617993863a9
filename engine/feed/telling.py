"""What an entry says: a deadline, one that has lapsed, a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import quote

from engine.feed.entries import Entry
from engine.planning.diff import Announced, Snapshot
from engine.planning.organisation import Organisation
from engine.planning.plan import Deadline, Plan
from engine.planning.workflow import Holder, parse_holder
from engine.wording import explain
from engine.wording.cases import with_case
from engine.wording.catalogue import Language, say
from engine.wording.dates import ZONE, long_day
from engine.wording.gate import Sight, text, title
from engine.wording.holders import office_title, role_title, role_words


@dataclass(frozen=True, slots=True)
class Teller:
    """Says entries in one language, with links to one address."""

    plan: Plan
    language: Language
    base_url: str

    @property
    def organisation(self) -> Organisation:
        """The municipality's own words for its bodies and roles."""
        return self.plan.register.edition.organisation

    def deadline(self, deadline: Deadline, announced: Announced, sight: Sight) -> Entry:
        """A deadline that the plan yields."""
        assert deadline.due_on is not None
        if sight is Sight.MASKED:
            return self._masked(deadline, announced, deadline.due_on)
        kind = "feed.day" if deadline.kind == "on" else "feed.deadline"
        return Entry(
            uid=announced.uid,
            revision=announced.revision,
            changed_at=announced.changed_at,
            summary=self._with_committee(kind, deadline, deadline.committee),
            starts=deadline.due_on,
            description="\n".join(filter(None, self._lines(deadline, announced.uid))),
            url=self._link(announced.uid),
        )

    def former(self, announced: Announced, sight: Sight) -> Entry:
        """A deadline as it was announced: one that has lapsed, or whose past is tidied away."""
        snapshot = announced.snapshot
        due_on = date.fromisoformat(snapshot.due_on)
        if sight is Sight.MASKED:
            return self._masked(snapshot, announced, due_on)
        lapsed = announced.retired_at is not None
        kind = "feed.day" if snapshot.kind == "on" else "feed.deadline"
        return Entry(
            uid=announced.uid,
            revision=announced.revision,
            changed_at=announced.changed_at,
            summary=self._with_committee(
                "feed.lapsed" if lapsed else kind, snapshot, snapshot.committee
            ),
            starts=due_on,
            description="\n".join(filter(None, self._lines_of_former(announced))),
            url=self._link(announced.uid),
            cancelled=lapsed,
        )

    def meeting(self, announced: Announced) -> Entry:
        """A meeting with its hours, or the whole day where they are not known."""
        snapshot = announced.snapshot
        cancelled = announced.retired_at is not None
        starts, ends = hours(snapshot)
        kind = "extraordinary" if snapshot.derivation == "extraordinary" else "meeting"
        summary = say(f"feed.{kind}", self.language, committee=snapshot.title)
        return Entry(
            uid=announced.uid,
            revision=announced.revision,
            changed_at=announced.changed_at,
            summary=say("feed.cancelled", self.language, title=summary) if cancelled else summary,
            starts=starts,
            ends=ends,
            description=self._of_meeting(snapshot, cancelled),
            place=snapshot.place,
            cancelled=cancelled,
        )

    def _masked(self, told: Deadline | Snapshot, announced: Announced, due_on: date) -> Entry:
        lapsed = announced.retired_at is not None
        summary = title(told, Sight.MASKED, self.language)
        link = self._link(announced.uid)
        return Entry(
            uid=announced.uid,
            revision=announced.revision,
            changed_at=announced.changed_at,
            summary=say("feed.masked-lapsed", self.language) if lapsed else summary,
            starts=due_on,
            description=f"{text(Sight.MASKED, self.language)} {link}",
            url=link,
            private=True,
            cancelled=lapsed,
        )

    def _with_committee(self, code: str, told: Deadline | Snapshot, committee: str) -> str:
        words = with_case(told.title, told.case, self.language)
        body = self.organisation.committees.get(committee)
        if body is None:
            return say(f"{code}-alone", self.language, title=words)
        return say(code, self.language, title=words, committee=body.title)

    def _lines(self, deadline: Deadline, uid: str) -> Iterator[str]:
        yield explain.legal_sentence(deadline, self.language)
        yield self._whose(deadline)
        yield explain.sentence(deadline, self.plan, self.language)
        yield explain.basis(deadline, self.language)
        code = "feed.look" if deadline.automatic else "feed.act"
        yield say(code, self.language, link=self._link(uid))

    def _lines_of_former(self, announced: Announced) -> Iterator[str]:
        snapshot = announced.snapshot
        if announced.retired_at is not None:
            yield say("feed.lapsed-text", self.language)
        else:
            yield self._responsible(map(parse_holder, snapshot.holders), snapshot.committee)
        yield say("feed.look", self.language, link=self._link(announced.uid))

    def _whose(self, deadline: Deadline) -> str:
        """Who must act; what begins with a seat and is its role's to do is one person's alone."""
        seat, holders = deadline.seat, deadline.terms.responsible
        if seat is None or Holder(seat.role) not in holders:
            return self._responsible(holders, deadline.committee)
        role = role_title(seat.role, self.organisation, self.language)
        return say("feed.responsible-seat", self.language, role=role)

    def _responsible(self, holders: Iterable[Holder], committee: str) -> str:
        """Who must act, as roles: a calendar leaves the house, so it names nobody."""
        roles: dict[str, list[str]] = {}
        offices: list[str] = []
        for holder in dict.fromkeys(holders):
            if holder.office:
                offices.append(office_title(holder.office, self.organisation))
            else:
                words = role_words(holder.role, self.organisation, self.language)
                roles.setdefault(holder.body or committee, []).append(words)
        of_bodies = [self._of_body(self._joined(words), body) for body, words in roles.items()]
        if not of_bodies and not offices:
            return ""
        told = self._joined([*of_bodies, *offices])
        return say("feed.responsible", self.language, holders=told)

    def _of_body(self, holders: str, body: str) -> str:
        known = self.organisation.committees.get(body)
        if known is None:
            return holders
        return say("holder.of-committee", self.language, holder=holders, committee=known.title)

    def _joined(self, words: Sequence[str]) -> str:
        *first, last = words
        if not first:
            return last
        return say("feed.and", self.language, first=", ".join(first), last=last)

    def _of_meeting(self, snapshot: Snapshot, cancelled: bool) -> str:
        if cancelled:
            return say("feed.cancelled-text", self.language)
        if snapshot.nominal_on == snapshot.due_on:
            return ""
        first_on = date.fromisoformat(snapshot.nominal_on)
        return say("feed.moved", self.language, day=long_day(first_on, self.language))

    def _link(self, uid: str) -> str:
        return f"{self.base_url.rstrip('/')}/deadlines/{quote(uid, safe='@')}"


def hours(snapshot: Snapshot) -> tuple[date, datetime | None]:
    """When a meeting begins and ends, by the clock in Denmark; the day where no hours are known."""
    on = date.fromisoformat(snapshot.due_on)
    if not snapshot.hours:
        return on, None
    starts, _, ends = snapshot.hours.partition("-")
    return _at(on, starts), _at(on, ends) if ends else None


def _at(on: date, clock: str) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), ZONE)
