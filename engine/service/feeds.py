"""Subscriptions: made, listed, revoked, and fetched by a token that is never kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.errors import Unknown
from engine.feed import Scope, etag, render
from engine.service.current import Current, in_store
from engine.service.plans import PlanKept, View
from engine.service.site import Site
from engine.store import Feed, FeedRow, Store
from engine.wording.catalogue import Language, say
from engine.wording.gate import NOBODY, viewer

TOKEN_BYTES = 32
FeedKind = Literal["person", "committee", "all"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed; the address is known only at the moment it is made, or for an open committee's."""

    feed: int
    scope: str
    url: str
    fetched_on: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a calendar program gets."""

    body: bytes
    etag: str


def hashed(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_url(site: Site, token: str) -> str:
    """The address of a subscription."""
    return f"{site.config.web.base_url.rstrip('/')}/feeds/{token}.ics"


def create(
    site: Site, committee: str = "", person: str = "", meetings: bool | None = None
) -> Subscription:
    """A new subscription for a person, a committee, or everything that is open to all."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with site.writing() as store, store.writing():
        now = in_store(store)
        if now is None:
            raise Unknown("service.no-edition")
        language = _checked(now, committee, person)
        if person and has_left(now, person, site.today):
            raise Unknown("service.feed-has-left", name=person)
        kind: FeedKind = "person" if person else "committee" if committee else "all"
        row = store.add_feed(
            Feed(
                token_hash=hashed(token),
                scope_kind=kind,
                scope=person or committee,
                language=language,
                with_meetings=not person if meetings is None else meetings,
                created_at=site.now,
            )
        )
    return Subscription(row.id or 0, scope_words(row), feed_url(site, token))


def scope_words(row: FeedRow) -> str:
    """`person:hny`, `committee:oes-med`, `all`."""
    return f"{row.scope_kind}:{row.scope}" if row.scope else row.scope_kind


def listed(site: Site) -> list[Subscription]:
    """The subscriptions that stand, without their addresses."""
    with site.store() as store:
        return [
            Subscription(
                row.id or 0,
                scope_words(row),
                "",
                row.fetched_on.isoformat() if row.fetched_on else "",
            )
            for row in store.feeds()
        ]


def has_left(now: Current, person: str, today: date) -> bool:
    """Whether somebody holds no seat today and has none to come."""
    seats = (seat for seat in now.edition.seats if seat.person == person)
    return all(seat.until_on is not None and seat.until_on < today for seat in seats)


def end_leavers(site: Site, store: Store, now: Current) -> int:
    """End the subscriptions of those who have left, so that coming back does not revive them."""
    gone = [
        row
        for row in store.feeds()
        if row.scope_kind == "person" and has_left(now, row.scope, site.today)
    ]
    for row in gone:
        store.revoke_feed(row.id or 0, site.now)
    return len(gone)


def revoke(site: Site, number: int) -> Subscription:
    """End a subscription at once."""
    with site.writing() as store:
        row = store.revoke_feed(number, site.now)
    return Subscription(row.id or 0, scope_words(row), "")


def open_token(secret: str, committee: str) -> str:
    """The token of a committee's open calendar, the same for everybody.

    It protects nothing that the published files do not show; it only keeps the address from
    being guessed, so it can be shown again where a personal one cannot.
    """
    key = bytes.fromhex(secret)
    digest = hmac.new(key, f"open feed {committee}".encode(), hashlib.sha256).hexdigest()
    return digest[:40]


def open_feeds(site: Site, store: Store, now: Current) -> list[tuple[str, str]]:
    """Every committee's title with the address of its open calendar."""
    secret = store.site().secret
    return [
        (committee.title, feed_url(site, open_token(secret, key)))
        for key, committee in now.edition.organisation.committees.items()
    ]


def fetched(site: Site, kept: PlanKept, token: str) -> Content | None:
    """A calendar by its token; None when there is no such subscription, or no longer."""
    with kept.store(site) as store:
        found = _found(store, kept, token, site)
        if found is None:
            return None
        scope, language, row = found
        view, today = kept.view(site, store), site.today
        content = kept.made(
            view, (hashed(token), today), lambda: _rendered(site, kept, view, scope, language)
        )
        if row is not None and row.fetched_on != today:
            store.feed_fetched(row.id or 0, today)
    return content


def _rendered(site: Site, kept: PlanKept, view: View, scope: Scope, language: Language) -> Content:
    looking = viewer(view.plan.register, scope.person, site.today) if scope.person else NOBODY
    body = render(
        view.plan,
        view.ledger,
        looking,
        calendar_name=_name(view.now, scope, language),
        language=language,
        scope=scope,
        today=site.today,
        base_url=site.config.web.base_url,
        cache=kept.events,
    )
    return Content(body, etag(body))


def _found(
    store: Store, kept: PlanKept, token: str, site: Site
) -> tuple[Scope, Language, FeedRow | None] | None:
    row = store.feed_by_token_hash(hashed(token))
    if row is not None:
        if row.revoked_at is not None:
            return None
        committee = row.scope if row.scope_kind == "committee" else ""
        person = row.scope if row.scope_kind == "person" else ""
        if person and has_left(kept.view(site, store).now, person, site.today):
            return None
        return Scope(committee, person, meetings=row.with_meetings), row.language, row
    secret = store.site().secret
    organisation = kept.view(site, store).now.edition.organisation
    for key in organisation.committees:
        if hmac.compare_digest(open_token(secret, key), token):
            return Scope(key, meetings=True), organisation.settings.language, None
    return None


def _checked(now: Current, committee: str, person: str) -> Language:
    organisation = now.edition.organisation
    if committee and person:
        raise Unknown("service.feed-one-scope")
    if committee and committee not in organisation.committees:
        raise Unknown("service.unknown-committee", name=committee, near="")
    if not person:
        return organisation.settings.language
    if person not in now.people:
        raise Unknown("service.unknown-person", name=person, near="")
    return now.people[person].language or organisation.settings.language


def _name(now: Current, scope: Scope, language: Language) -> str:
    organisation = now.edition.organisation
    if scope.committee:
        title = organisation.committees[scope.committee].title
        return say("feed.name-of-committee", language, committee=title)
    if scope.person:
        return say("service.feed-name-mine", language)
    return say("feed.name", language, organisation=organisation.name)
