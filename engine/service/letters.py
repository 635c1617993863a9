"""The morning letter: reminders of one recipient, said in the recipient's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.message import Group, Kind, Letter, Line, digest, footer, single
from engine.planning.diff import Announced
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import Reminder, ReminderKind
from engine.planning.status import State, answered
from engine.service.attaching import entries
from engine.service.buttons import button
from engine.service.clock import local
from engine.service.current import Current
from engine.service.knowing import Known, known_words
from engine.service.site import Site
from engine.wording.cases import with_case
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.explain import basis
from engine.wording.gate import Sight, Viewer, office_viewer, seen, viewer
from engine.wording.holders import responsible_words, role_title
from engine.wording.lengths import listing
from engine.wording.meetings import told_with_meeting

_KINDS = {
    ReminderKind.HEADS_UP: Kind.HEADS_UP,
    ReminderKind.DUE: Kind.DUE,
    ReminderKind.OVERDUE: Kind.OVERDUE,
    ReminderKind.ESCALATED: Kind.ESCALATION,
    ReminderKind.INFORMED: Kind.OVERDUE,
    ReminderKind.UNDATED: Kind.UNDATED,
}


@dataclass(frozen=True, slots=True)
class Writing:
    """What the letters of a morning are written from."""

    site: Site
    now: Current
    plan: Plan
    ledger: Mapping[str, Announced]
    known: Mapping[str, Known] = field(default_factory=dict)
    """Who knows of what is escalated, by the deadline's key."""

    @property
    def today(self) -> date:
        """The day they are written."""
        return local(self.site.now).date()

    def uid(self, key: str) -> str:
        """What a deadline is announced under; empty before it is."""
        announced = self.ledger.get(key)
        return announced.uid if announced else ""


def morning_letter(
    writing: Writing,
    recipient: str,
    reminders: list[Reminder],
    message_id: str,
    *,
    with_entries: bool,
) -> Letter | None:
    """The digest of a recipient's reminders, with calendar entries for those without a feed.

    None where the recipient may see nothing of them: nobody gets a letter without lines.
    """
    now, language = writing.now, language_of(recipient, writing.now)
    looking = viewer_of(recipient, writing.plan, writing.today)
    lines = [_line(writing, reminder, looking, language) for reminder in reminders]
    settled = [line for line in lines if line is not None]
    if not settled:
        return None
    return digest(
        settled,
        writing.today,
        language,
        message_id=message_id,
        list_id=list_id(writing.site),
        because=part_words(now, looking, language),
        office=office_words(now, looking),
        ics=_entries(writing, looking, reminders, language) if with_entries else None,
    )


def single_letter(
    writing: Writing,
    recipient: str,
    reminders: list[Reminder],
    message_id: str,
    *,
    with_entries: bool,
) -> Letter | None:
    """The letter about one matter, in the thread of its deadline; None as for an overview."""
    now, language = writing.now, language_of(recipient, writing.now)
    looking = viewer_of(recipient, writing.plan, writing.today)
    (reminder,) = reminders
    line = _line(writing, reminder, looking, language)
    if line is None:
        return None
    return single(
        line,
        writing.today,
        language,
        message_id=message_id,
        list_id=list_id(writing.site),
        references=root_id(writing.site, writing.uid(reminder.deadline.key) or message_id),
        because=footer_words(now, looking, language),
        ics=_entries(writing, looking, reminders, language) if with_entries else None,
    )


def footer_words(now: Current, looking: Viewer, language: Language) -> str:
    """Why the recipient gets a mail."""
    return footer(part_words(now, looking, language), office_words(now, looking), language)


def late_letter(letter: Letter, planned_on: date) -> Letter:
    """A letter that goes on a later day than its own, which says so first."""
    day = long_day(planned_on, letter.language)
    told = say("mail.late", letter.language, day=day)
    return replace(letter, intro=f"{letter.intro}\n{told}")


def viewer_of(recipient: str, plan: Plan, today: date) -> Viewer:
    """Whoever reads what is sent to a recipient."""
    kind, _, name = recipient.partition(":")
    return office_viewer(name) if kind == "office" else viewer(plan.register, name, today)


def list_id(site: Site) -> str:
    """What mail programs sort the site's mails by."""
    return f"medfrist.{site.config.mail.sender.rpartition('@')[2]}"


def root_id(site: Site, uid: str) -> str:
    """What every mail about a deadline alone refers to, so that they stand together."""
    return f"{uid}.deadline@{site.config.mail.sender.rpartition('@')[2]}"


def language_of(recipient: str, now: Current) -> Language:
    """The recipient's own choice, or the site's."""
    kind, _, name = recipient.partition(":")
    person = now.people.get(name) if kind == "person" else None
    return (person and person.language) or now.edition.organisation.settings.language


def _line(writing: Writing, reminder: Reminder, looking: Viewer, language: Language) -> Line | None:
    deadline, plan, today = reminder.deadline, writing.plan, writing.today
    sight = seen(deadline, looking, plan.register, today, addressed=True)
    if sight is Sight.HIDDEN:
        return None
    uid = writing.uid(deadline.key)
    url = f"{writing.site.config.web.base_url.rstrip('/')}/deadlines/{uid}" if uid else ""
    organisation = plan.register.edition.organisation
    body = organisation.committees.get(deadline.committee)
    if sight is Sight.MASKED:
        return Line(_group(reminder), _kind(reminder), "", url, due_on=deadline.due_on, masked=True)
    told = told_with_meeting(deadline, plan, today, language)
    return Line(
        group=_group(reminder),
        kind=_kind(reminder),
        title=title_in_mail(deadline, language),
        url=url,
        committee_title=body.title if body else "",
        due_on=deadline.due_on,
        nominal_on=deadline.nominal_on,
        meeting=told.meeting,
        reason=_reason(reminder, writing.now, language),
        sentence=told.sentence,
        basis=basis(deadline, language),
        if_missed=deadline.terms.if_missed,
        responsible=responsible_words(deadline, organisation, language),
        others=others_words(deadline, plan, language),
        known=_known(writing, reminder, language),
        button=button(reminder, writing.now, plan, today, language),
    )


def _known(writing: Writing, reminder: Reminder, language: Language) -> str:
    known = writing.known.get(reminder.deadline.key)
    if known is None or reminder.kind is not ReminderKind.ESCALATED:
        return ""
    deadline, plan = reminder.deadline, writing.plan
    return known_words(known, reminder.recipient, deadline, plan, writing.today, language)


def others_words(deadline: Deadline, plan: Plan, language: Language) -> str:
    """How many others are asked the same, and how many of all have answered; names nobody."""
    if deadline.finish == "one":
        return ""
    asked = answered(deadline, plan.register)
    given, wanted = len(asked.given), len(asked.wanted)
    if wanted < 2:
        return ""
    return say("mail.asked", language, count=wanted - 1, given=given, wanted=wanted)


def _reason(reminder: Reminder, now: Current, language: Language) -> str:
    """Why somebody else than those who must act is told; empty where it goes without saying."""
    if reminder.vacant:
        return say("people.told-vacant", language)
    if not reminder.instead_of:
        return ""
    people = [now.people[who] for who in reminder.instead_of if who in now.people]
    forgotten = all(not person.is_reachable for person in people)
    code = "people.told-without-address" if forgotten else "people.told-while-away"
    return say(code, language, people=", ".join(reminder.instead_of))


def title_in_mail(deadline: Deadline, language: Language) -> str:
    """A matter where nothing stands around it: a member by initials, a case by number."""
    if deadline.seat is not None:
        return f"{deadline.title} ({deadline.seat.person})"
    return with_case(deadline.title, deadline.case, language)


def _kind(reminder: Reminder) -> Kind:
    if reminder.kind is ReminderKind.UNDATED and reminder.deadline.kind == "open":
        return Kind.OPEN
    return _KINDS[reminder.kind]


def _group(reminder: Reminder) -> Group:
    if reminder.kind is ReminderKind.INFORMED:
        return Group.FYI
    if reminder.state is State.BLOCKED:
        return Group.WAITING
    return Group.ACT


def part_words(now: Current, looking: Viewer, language: Language) -> str:
    """Which seats the recipient gets the letter for."""
    organisation = now.edition.organisation
    words: dict[str, None] = {}
    for seat in sorted(looking.seats, key=lambda seat: seat.id):
        body = organisation.committees.get(seat.committee)
        if body is not None:
            role = role_title(seat.role, organisation, language)
            words[say("service.seat", language, role=role, committee=body.title)] = None
    return listing([*words], language)


def office_words(now: Current, looking: Viewer) -> str:
    """What the office is called whose mailbox it is."""
    return now.edition.organisation.offices[looking.office].title if looking.office else ""


def _entries(
    writing: Writing, looking: Viewer, reminders: list[Reminder], language: Language
) -> str | None:
    keys = [reminder.deadline.key for reminder in reminders]
    return entries(writing.site, writing.plan, writing.ledger, looking, keys, language)
