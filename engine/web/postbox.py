"""The mails that the sink received, as far as they speak of what anybody may see."""

from __future__ import annotations

from dataclasses import dataclass

from engine.service.addressing import address
from engine.service.reminding import mail_folder
from engine.service.site import Site
from engine.sink import Received, letters
from engine.web.served import Look
from engine.web.visible import all_open
from engine.wording.dates import moment

NEWEST = 20
# As many rows of the outbox as can stand behind the newest mails, each of them tried again.
ROWS = 400


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail on the page."""

    subject: str
    to: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Postbox:
    """The newest mails, and how many of them the page may not show."""

    mails: tuple[Mail, ...]
    withheld: int


def postbox(site: Site, look: Look) -> Postbox | None:
    """What the sink holds; none where mail goes to a real relay.

    A mail that speaks of anything closed is counted, not shown. So is one whose contents the
    outbox does not know.
    """
    if not site.config.mail.sink:
        return None
    received = letters(mail_folder(site), NEWEST)
    shown = _showable(site, look) if received else set()
    mails = tuple(_mail(each, look) for each in received if (each.to, each.subject) in shown)
    return Postbox(mails, len(received) - len(mails))


def _showable(site: Site, look: Look) -> set[tuple[str, str]]:
    """Recipient and subject of the mails in which everything is open to all."""
    shown: set[tuple[str, str]] = set()
    closed: set[tuple[str, str]] = set()
    for row in look.store.messages(ROWS):
        subject = str(row.contents["letter"]["subject"])
        keys = [str(key) for key in row.contents["keys"]]
        fit = shown if all_open(look.view, keys, site.today) else closed
        fit.add((address(row.recipient, look.view.now), subject))
    return shown - closed


def _mail(received: Received, look: Look) -> Mail:
    at = moment(received.sent_at, look.language) if received.sent_at else ""
    return Mail(received.subject, received.to, at, received.text.strip())
