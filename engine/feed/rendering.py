"""A whole calendar: who sees what, entry by entry, joined in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from engine.feed.entries import END, Entry, head, written
from engine.feed.kept import Audience, EventCache
from engine.feed.scope import Scope, horizon, still_struck_out
from engine.feed.telling import Teller
from engine.planning.diff import Announced, Snapshot
from engine.planning.plan import Deadline, Plan
from engine.wording.catalogue import Language, say
from engine.wording.gate import NOBODY, Sight, Viewer, seen

EVERYTHING = "alle.ics"
"""The file of `published` that holds all committees."""


def render(  # noqa: PLR0913  # what a feed is made of, all but three told by name
    plan: Plan,
    ledger: Mapping[str, Announced],
    viewer: Viewer,
    *,
    calendar_name: str,
    language: Language,
    scope: Scope,
    today: date,
    base_url: str,
    cache: EventCache | None = None,
) -> bytes:
    """The calendar that a viewer may see of a scope, by day and then by UID.

    An entry is written for whatever is announced and has a day inside the horizon. The same
    plan, ledger and rights give the same bytes on every day of a month.
    """
    desk = _Desk(
        plan,
        Teller(plan, language, base_url),
        viewer,
        today,
        EventCache() if cache is None else cache,
    )
    lines = sorted(desk.lines(ledger, scope), key=lambda line: (line.on, line.uid))
    return b"".join((head(calendar_name), *(line.content for line in lines), END))


def published(
    plan: Plan,
    ledger: Mapping[str, Announced],
    today: date,
    *,
    language: Language,
    base_url: str,
    cache: EventCache | None = None,
) -> dict[str, bytes]:
    """The calendars for nobody in particular by file name: one a committee, and everything."""
    organisation = plan.register.edition.organisation
    names = {EVERYTHING: ("", say("feed.name", language, organisation=organisation.name))}
    for key, committee in organisation.committees.items():
        name = say("feed.name-of-committee", language, committee=committee.title)
        names[f"{key}.ics"] = (key, name)
    kept = EventCache() if cache is None else cache
    return {
        file: render(
            plan,
            ledger,
            NOBODY,
            calendar_name=name,
            language=language,
            scope=Scope(committee=key, meetings=True),
            today=today,
            base_url=base_url,
            cache=kept,
        )
        for file, (key, name) in names.items()
    }


def etag(content: bytes) -> str:
    """The strong entity tag of a calendar, in its quotation marks."""
    return f'"{sha256(content).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class _Line:
    on: date
    uid: str
    content: bytes


class _Desk:
    """Writes the entries of one calendar."""

    def __init__(
        self, plan: Plan, teller: Teller, viewer: Viewer, today: date, cache: EventCache
    ) -> None:
        self.plan = plan
        self.register = plan.register
        self.teller = teller
        self.viewer = viewer
        self.today = today
        self.horizon = horizon(today)
        self.cache = cache

    def lines(self, ledger: Mapping[str, Announced], scope: Scope) -> Iterator[_Line]:
        """An entry for whatever of the ledger belongs in the scope."""
        for announced in ledger.values():
            line = self._one(announced, scope)
            if line is not None:
                yield line

    def _one(self, announced: Announced, scope: Scope) -> _Line | None:
        retired_at = announced.retired_at
        if retired_at is not None and not still_struck_out(retired_at, self.today):
            return None
        if announced.snapshot.kind == "meeting":
            return self._meeting(announced, scope)
        deadline = self._deadline(announced.key) if retired_at is None else None
        if deadline is not None:
            return self._planned(deadline, announced, scope)
        return self._former(announced, scope)

    def _deadline(self, key: str) -> Deadline | None:
        return self.plan.by_key.get(key) or self.plan.beyond.get(key)

    def _meeting(self, announced: Announced, scope: Scope) -> _Line | None:
        snapshot = announced.snapshot
        if not self._inside(snapshot) or not scope.holds_meeting(snapshot, self.register):
            return None
        return self._line(announced, snapshot, lambda _: self.teller.meeting(announced))

    def _planned(self, deadline: Deadline, announced: Announced, scope: Scope) -> _Line | None:
        if deadline.due_on is None or not self.horizon.holds(deadline.due_on):
            return None
        if not scope.holds_deadline(deadline, self.register):
            return None
        return self._line(
            announced,
            deadline,
            lambda sight: self.teller.deadline(deadline, announced, sight),
        )

    def _former(self, announced: Announced, scope: Scope) -> _Line | None:
        if not self._inside(announced.snapshot) or not scope.holds_former(announced, self.register):
            return None
        return self._line(
            announced, announced.snapshot, lambda sight: self.teller.former(announced, sight)
        )

    def _inside(self, snapshot: Snapshot) -> bool:
        return bool(snapshot.due_on) and self.horizon.holds(date.fromisoformat(snapshot.due_on))

    def _line(
        self,
        announced: Announced,
        told: Deadline | Snapshot,
        tell: Callable[[Sight], Entry],
    ) -> _Line | None:
        """The entry as the viewer may see it, written only if its bytes are not kept."""
        sight = seen(told, self.viewer, self.register, self.today)
        if sight is Sight.HIDDEN:
            return None
        audience = Audience(sight, self.teller.language, self.teller.base_url)
        content = self.cache.content(
            audience, announced, told, self.register.edition, lambda: written(tell(sight))
        )
        return _Line(_day(told), announced.uid, content)


def _day(told: Deadline | Snapshot) -> date:
    on = told.due_on
    assert on is not None
    return date.fromisoformat(on) if isinstance(on, str) else on
