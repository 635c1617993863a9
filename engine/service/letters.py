"""The morning letter: reminders of one recipient, said in the recipient's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from engine.feed import Scope, render
from engine.message import Group, Kind, Letter, Line, digest, footer, single
from engine.planning.diff import Announced
from engine.planning.plan import Deadline, Plan
from engine.planning.reminders import Reminder, ReminderKind
from engine.planning.status import State, answered
from engine.service.buttons import button
from engine.service.clock import local
from engine.service.current import Current
from engine.service.site import Site
from engine.wording.cases import with_case
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.explain import basis
from engine.wording.gate import Sight, Viewer, office_viewer, seen, viewer
from engine.wording.holders import holder_words, role_title
from engine.wording.meetings import told_with_meeting

_KINDS = {
    ReminderKind.HEADS_UP: Kind.HEADS_UP,
    ReminderKind.DUE: Kind.DUE,
    ReminderKind.OVERDUE: Kind.OVERDUE,
    ReminderKind.ESCALATED: Kind.ESCALATION,
    ReminderKind.INFORMED: Kind.OVERDUE,
    ReminderKind.UNDATED: Kind.UNDATED,
}


def morning_letter(
    site: Site,
    now: Current,
    plan: Plan,
    recipient: str,
    reminders: list[Reminder],
    ledger: Mapping[str, Announced],
    message_id: str,
    *,
    with_entries: bool,
) -> Letter | None:
    """The digest of a recipient's reminders, with calendar entries for those without a feed.

    None where the recipient may see nothing of them: nobody gets a letter without lines.
    """
    today, language = local(site.now).date(), language_of(recipient, now)
    looking = viewer_of(recipient, plan, today)
    uids = {key: announced.uid for key, announced in ledger.items()}
    lines = [_line(site, now, plan, reminder, looking, uids, language) for reminder in reminders]
    keys = [reminder.deadline.key for reminder in reminders]
    settled = [line for line in lines if line is not None]
    if not settled:
        return None
    return digest(
        settled,
        today,
        language,
        message_id=message_id,
        list_id=list_id(site),
        because=part_words(now, looking, language),
        office=office_words(now, looking),
        ics=_entries(site, plan, ledger, looking, keys, language) if with_entries else None,
    )


def single_letter(
    site: Site,
    now: Current,
    plan: Plan,
    recipient: str,
    reminders: list[Reminder],
    ledger: Mapping[str, Announced],
    message_id: str,
    *,
    with_entries: bool,
) -> Letter | None:
    """The letter about one matter, in the thread of its deadline; None as for an overview."""
    today, language = local(site.now).date(), language_of(recipient, now)
    looking = viewer_of(recipient, plan, today)
    uids = {key: announced.uid for key, announced in ledger.items()}
    (reminder,) = reminders
    line = _line(site, now, plan, reminder, looking, uids, language)
    if line is None:
        return None
    key = reminder.deadline.key
    return single(
        line,
        today,
        language,
        message_id=message_id,
        list_id=list_id(site),
        references=root_id(site, uids.get(key, message_id)),
        because=footer_words(now, looking, language),
        ics=_entries(site, plan, ledger, looking, [key], language) if with_entries else None,
    )


def footer_words(now: Current, looking: Viewer, language: Language) -> str:
    """Why the recipient gets a mail."""
    return footer(part_words(now, looking, language), office_words(now, looking), language)


def late_letter(letter: Letter, planned_on: date) -> Letter:
    """A letter that could not be delivered on its day, which says so first."""
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


def _line(
    site: Site,
    now: Current,
    plan: Plan,
    reminder: Reminder,
    looking: Viewer,
    uids: Mapping[str, str],
    language: Language,
) -> Line | None:
    deadline = reminder.deadline
    sight = seen(deadline, looking, plan.register, local(site.now).date(), addressed=True)
    if sight is Sight.HIDDEN:
        return None
    uid = uids.get(deadline.key, "")
    url = f"{site.config.web.base_url.rstrip('/')}/deadlines/{uid}" if uid else ""
    organisation = plan.register.edition.organisation
    body = organisation.committees.get(deadline.committee)
    if sight is Sight.MASKED:
        return Line(_group(reminder), _kind(reminder), "", url, due_on=deadline.due_on, masked=True)
    today = local(site.now).date()
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
        sentence=_with_reason(reminder, now, told.sentence, language),
        basis=basis(deadline, language),
        if_missed=deadline.terms.if_missed,
        responsible=", ".join(
            holder_words(holder, deadline.committee, organisation, language)
            for holder in deadline.terms.responsible
        ),
        others=_others(deadline, plan, language),
        button=button(reminder, now, plan, today, language),
    )


def _others(deadline: Deadline, plan: Plan, language: Language) -> str:
    """How many others are asked the same, and how many of all have answered; names nobody."""
    if deadline.finish == "one":
        return ""
    asked = answered(deadline, plan.register)
    given, wanted = len(asked.given), len(asked.wanted)
    if wanted < 2:
        return ""
    return say("mail.asked", language, count=wanted - 1, given=given, wanted=wanted)


def _with_reason(reminder: Reminder, now: Current, text: str, language: Language) -> str:
    """The sentence of a matter, after why somebody else than those who must act is told."""
    if reminder.vacant:
        return f"{say('people.told-vacant', language)} {text}".rstrip()
    if not reminder.instead_of:
        return text
    people = [now.people[who] for who in reminder.instead_of if who in now.people]
    forgotten = all(not person.is_reachable for person in people)
    code = "people.told-without-address" if forgotten else "people.told-while-away"
    told = say(code, language, people=", ".join(reminder.instead_of))
    return f"{told} {text}".rstrip()


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
    return ", ".join(words)


def office_words(now: Current, looking: Viewer) -> str:
    """What the office is called whose mailbox it is."""
    return now.edition.organisation.offices[looking.office].title if looking.office else ""


def _entries(
    site: Site,
    plan: Plan,
    ledger: Mapping[str, Announced],
    looking: Viewer,
    keys: list[str],
    language: Language,
) -> str | None:
    """The coming deadlines of a letter as calendar entries, the same as in any feed."""
    today = local(site.now).date()
    coming = {
        key: ledger[key]
        for key in keys
        if key in ledger and ledger[key].snapshot.due_on >= today.isoformat()
    }
    content = render(
        plan,
        coming,
        looking,
        calendar_name=say("service.feed-name-mine", language),
        language=language,
        scope=Scope(),
        today=today,
        base_url=site.config.web.base_url,
    )
    return content.decode() if b"BEGIN:VEVENT" in content else None
