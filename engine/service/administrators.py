"""Mail to those who look after the site: about faults, and about what must be asked first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from engine.message import Entry, Letter, Section, letter_to_json
from engine.planning.roster import Roster
from engine.planning.workflow import parse_holder
from engine.service.addressing import address
from engine.service.clock import local
from engine.service.current import Current
from engine.service.hours import opens_at
from engine.service.letters import language_of
from engine.service.site import Site
from engine.store import Message, Store
from engine.wording.catalogue import Language, has, say

Lines = Callable[[Language], Sequence[str]]


def administrators(site: Site, now: Current) -> tuple[str, ...]:
    """Those who look after the site today, as mails are addressed to them."""
    return looking_after(now, site.today)


def looking_after(now: Current, today: date) -> tuple[str, ...]:
    """Those who look after the site on a day, as mails are addressed to them."""
    organisation, found = now.edition.organisation, dict[str, None]()
    roster = Roster(now.edition)
    for text in organisation.settings.administrators:
        holder = parse_holder(text)
        if holder.office:
            found[f"office:{holder.office}"] = None
            continue
        seats = roster.holding(holder, holder.body, today)
        found.update({f"person:{seat.person}": None for seat in seats})
    return tuple(each for each in found if address(each, now))


def tell_administrators(
    site: Site,
    store: Store,
    now: Current,
    words: str,
    lines: Lines,
    matter: str,
    **said: object,
) -> int:
    """Queue one mail to each in their own language; a matter is told each of them once.

    `words` is what the codes of subject, intro and heading begin with, and `said` fills them;
    `matter` tells one occasion from another. Such mails go although the outbox is held.
    """
    return tell(site, store, now, administrators(site, now), words, lines, matter, **said)


def tell(
    site: Site,
    store: Store,
    now: Current,
    recipients: Sequence[str],
    words: str,
    lines: Lines,
    matter: str,
    **said: object,
) -> int:
    """Queue one mail to each recipient in their own language; a matter is told each once."""
    mails = [
        (_message(site, now, recipient, words, lines, matter, said), ()) for recipient in recipients
    ]
    return len(store.queue(mails))


def _message(
    site: Site,
    now: Current,
    recipient: str,
    words: str,
    lines: Lines,
    matter: str,
    said: Mapping[str, object],
) -> Message:
    language = language_of(recipient, now)
    domain = site.config.mail.sender.rpartition("@")[2]
    name = hashlib.sha256(f"{words}\n{recipient}\n{matter}".encode()).hexdigest()[:32]
    own_footer = f"{words}.footer"
    letter = Letter(
        subject=say(f"{words}.subject", language, edition=now.number, **said),
        intro=say(f"{words}.intro", language, edition=now.number, **said),
        sections=(
            Section(
                heading=say(f"{words}.heading", language),
                entries=tuple(Entry(title=line) for line in lines(language)),
            ),
        ),
        footer=say(own_footer if has(own_footer, language) else "editions.mail.footer", language),
        language=language,
        message_id=f"{name}@{domain}",
        list_id=f"medfrist.{domain}",
    )
    contents = {"letter": letter_to_json(letter), "keys": []}
    due_at = opens_at(now.edition, site.now)
    return Message(
        recipient=recipient,
        kind="site",
        local_day=local(due_at).date(),
        message_id=letter.message_id,
        contents=contents,
        due_at=due_at,
        created_at=site.now,
    )
