"""What reaches somebody for several reasons is told once, in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.feed import horizon
from engine.message import letter_from_json
from engine.planning.plan import Plan
from engine.planning.reminders import Reminder, ReminderKind, due
from engine.service.clock import local
from engine.service.current import in_store
from engine.service.due_mails import due_mails
from engine.service.site import Site
from engine.store import Message, Store, Told

Mails = Sequence[tuple[Message, Sequence[Told]]]


def morning(site: Site, store: Store) -> tuple[list[Reminder], Mails]:
    """All that is to be told on a morning, and the mails that tell it."""
    now = in_store(store)
    assert now is not None
    plan: Plan = now.plan(horizon(site.today, now.in_force_on))
    reminders = due(plan, {}, {}, site.today, now.in_force_on, now.people)
    return reminders, due_mails(site, store, now, plan)


def test_a_matter_stands_once_in_all_that_somebody_gets_of_a_morning(site: Site) -> None:
    with site.store() as store:
        reminders, mails = morning(site, store)
    wanted = {(each.recipient, each.deadline.key) for each in reminders}
    several = Counter((each.recipient, each.deadline.key) for each in reminders)
    assert max(several.values()) > 1, "some reach somebody for two reasons"

    written = [(message.recipient, key) for message, _ in mails for key in message.contents["keys"]]
    assert sorted(written) == sorted(wanted)
    for message, _ in mails:
        letter = letter_from_json(message.contents["letter"])
        entries = [entry for section in letter.sections for entry in section.entries]
        assert len(entries) == len(message.contents["keys"])


def test_no_reminder_is_left_untold_when_several_are_told_as_one(site: Site) -> None:
    with site.store() as store:
        reminders, mails = morning(site, store)
        told = sorted(each.key for _, carried in mails for each in carried)
        assert told == sorted(each.key for each in reminders)
        store.queue(mails)
        assert [message for message, _ in morning(site, store)[1]] == []


def test_who_must_act_is_not_told_that_others_have_not(site: Site) -> None:
    """An escalation to the one whose duty it is would only be a second reminder of it."""
    with site.store() as store:
        reminders, mails = morning(site, store)
    acting = {
        (each.recipient, each.deadline.key)
        for each in reminders
        if each.kind in (ReminderKind.OVERDUE, ReminderKind.DUE)
    }
    escalated = {
        (each.recipient, each.deadline.key)
        for each in reminders
        if each.kind is ReminderKind.ESCALATED
    }
    assert escalated
    assert acting & escalated == set()
    assert {local(message.created_at).date() for message, _ in mails} == {site.today}
