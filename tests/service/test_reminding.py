from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import icalendar
import pytest

from engine.definitions import shipped_site
from engine.errors import FactRejected
from engine.feed import horizon
from engine.planning.reminders import Reminder, ReminderKind
from engine.planning.status import State, answered, responsible_seats
from engine.service import feeds
from engine.service.current import in_store
from engine.service.doing import done
from engine.service.keeping import next_moment
from engine.service.letters import Writing, morning_letter, title_in_mail
from engine.service.plans import PlanKept
from engine.service.reminding import forecast, mail_folder, remind
from engine.service.site import Site
from engine.sink import letters
from engine.store import Message


def received(site: Site) -> list[str]:
    return sorted(letter.to for letter in letters(mail_folder(site)))


def test_twice_in_a_row_sends_once(site: Site, at: Callable[[str], Site]) -> None:
    would = forecast(site)
    first = remind(site)
    second = remind(at("2026-11-26T08:05"))

    assert {mail.outcome for mail in first.mails} == {"sent"}
    assert [(m.message_id, m.to, m.subject, m.keys) for m in would.mails] == [
        (m.message_id, m.to, m.subject, m.keys) for m in first.mails
    ]
    assert second.mails == []
    assert received(site) == sorted(mail.to for mail in first.mails)
    digests = [mail.to for mail in first.mails if mail.kind == "digest"]
    assert len(set(digests)) == len(digests), "one digest a person"
    singles = [mail.to for mail in first.mails if mail.kind == "single"]
    assert len(set(singles)) == len(singles), "several that are escalated stand in the overview"


def test_on_a_closed_day_none_goes_and_the_next_moment_is_told(
    site: Site, at: Callable[[str], Site]
) -> None:
    run = remind(at("2026-11-28T09:00"))

    assert run.mails == []
    assert run.closed_today
    assert run.next_at is not None
    assert run.next_at.isoformat() == "2026-11-30T07:30:00+01:00"


def test_a_server_that_starts_after_the_hour_sends_that_mornings_mails(
    site: Site, at: Callable[[str], Site]
) -> None:
    nine = at("2026-11-26T09:00")
    assert next_moment(nine).isoformat() == "2026-11-26T08:01:00+00:00"
    assert remind(at("2026-11-26T09:01")).mails
    assert next_moment(at("2026-11-26T09:02")).isoformat() == "2026-11-27T07:30:00+01:00"
    assert next_moment(at("2026-11-28T09:00")).isoformat() == "2026-11-30T07:30:00+01:00"


def test_before_the_set_hour_none_goes(site: Site, at: Callable[[str], Site]) -> None:
    run = remind(at("2026-11-27T07:29"))

    assert run.mails == []
    assert run.next_at is not None
    assert run.next_at.isoformat() == "2026-11-27T07:30:00+01:00"


def test_what_is_done_is_not_mentioned_again(site: Site, at: Callable[[str], Site]) -> None:
    first = remind(site)
    key = next(key for mail in first.mails for key in mail.keys if key.endswith("/referat"))
    done(at("2026-11-26T09:00"), key, by="hny", evidence="Referatet ligger i sagen")

    later = [
        mail
        for day in ("2026-11-27", "2026-11-30", "2026-12-01", "2026-12-08", "2026-12-15")
        for mail in remind(at(f"{day}T08:00")).mails
    ]

    assert later
    assert [mail for mail in later if key in mail.keys] == []


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.config import read_config
from engine.service import reminding
from engine.service.clock import stopped_at
from engine.service.site import Site

folder, point = Path(sys.argv[1]), sys.argv[2]
site = Site(folder, read_config(folder), stopped_at("2026-11-26T08:00"), pretended=True)
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if point == "queued":
    reminding._drain = die
else:
    sending = reminding.Mailer.send
    count = []
    def send(self, message, to):
        if point == "claimed" and len(count) == 2:
            die()
        sending(self, message, to)
        count.append(to)
        if point == "sent" and len(count) == 3:
            die()
    reminding.Mailer.send = send
reminding.remind(site)
"""


@pytest.mark.parametrize("point", ["queued", "claimed", "sent"])
def test_killed_between_store_and_relay_nothing_is_lost(
    site: Site, at: Callable[[str], Site], point: str
) -> None:
    """A run dies with mails queued, claimed or just sent; a later run delivers the rest."""
    expected = sorted((mail.message_id, mail.to) for mail in forecast(site).mails)
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(site.folder), point],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(shipped_site())},
    )
    assert died.returncode == -signal.SIGKILL, died.stderr

    remind(at("2026-11-26T08:05"))
    remind(at("2026-11-26T08:30"))

    found = sorted(_identities(mail_folder(site)))
    assert sorted(set(found)) == expected
    repeated = len(found) - len(expected)
    assert repeated == (1 if point == "sent" else 0), "only the mail in hand may come twice"


def _identities(folder: Path) -> list[tuple[str, str]]:
    found = []
    for file in (folder / "new").iterdir():
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        found.append((str(message["Message-ID"]).strip("<>"), str(message["Delivered-To"])))
    return found


def test_the_mail_parses_and_its_calendar_entries_are_the_feeds(site: Site) -> None:
    remind(site)
    files = list((mail_folder(site) / "new").iterdir())
    with_entries = 0
    for file in files:
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        assert message["Auto-Submitted"] == "auto-generated"
        body = message.get_body(("plain",))
        assert body is not None
        assert body.get_content().split()[0] in ("Godmorgen", "Good", "Goddag", "Hello")
        for part in message.iter_attachments():
            with_entries += 1
            entries = icalendar.Calendar.from_ical(part.get_content())
            assert entries["METHOD"] == "PUBLISH"
            with site.store() as store:
                uids = {announced.uid for announced in store.ledger().values()}
            assert {str(event["UID"]) for event in entries.walk("VEVENT")} <= uids
    assert with_entries > 0


def test_who_fetches_the_own_calendar_gets_no_copies_by_mail(site: Site) -> None:
    url = feeds.create(site, person="hny").url
    token = url.rpartition("/")[2].removesuffix(".ics")
    assert feeds.fetched(site, PlanKept(), token) is not None

    remind(site)

    attached = {
        str(message["Delivered-To"]): [part.get_filename() for part in message.iter_attachments()]
        for file in (mail_folder(site) / "new").iterdir()
        if (message := BytesParser(policy=policy.default).parsebytes(file.read_bytes()))
    }
    assert attached["hny@kommune.example"] == []
    assert ["frist.ics"] in attached.values()


def test_a_relay_that_is_away_is_tried_again_and_nothing_counts_as_sent(
    site: Site, at: Callable[[str], Site]
) -> None:
    """The same letters, with the same identities, go when the relay is back."""
    away = site.config.mail.model_copy(
        update={"sink": False, "host": "127.0.0.1", "port": unused_port(), "security": "none"}
    )
    lost = replace(site, config=site.config.model_copy(update={"mail": away}))

    first = remind(lost)
    at_once = remind(at("2026-11-26T08:01"))
    later = remind(at("2026-11-26T08:06"))

    assert {mail.outcome for mail in first.mails} == {"temporary"}
    assert at_once.mails == []
    assert sorted((m.message_id, m.to, m.outcome) for m in later.mails) == sorted(
        (m.message_id, m.to, "sent") for m in first.mails
    )
    assert received(site) == sorted(mail.to for mail in first.mails)


def test_without_relay_and_sink_nothing_is_sent_and_nothing_is_marked_sent(
    site: Site, at: Callable[[str], Site]
) -> None:
    nowhere = site.config.mail.model_copy(update={"sink": False, "host": ""})
    run = remind(replace(site, config=site.config.model_copy(update={"mail": nowhere})))
    assert (run.mails, run.no_relay) == ([], True)

    later = remind(at("2026-11-26T09:00"))
    assert {mail.outcome for mail in later.mails} == {"sent"}
    assert later.mails


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def test_an_overdue_duty_of_one_member_is_escalated_with_what_it_is_about(
    site: Site,
) -> None:
    """The chair is told at last, although who lacks training is not for everybody to see."""
    with site.store() as store:
        now = in_store(store)
        assert now is not None
        plan = now.plan(horizon(site.today))
        late = next(
            deadline
            for deadline in plan.deadlines
            if deadline.workflow == "uddannelse/med-grunduddannelse"
            and deadline.committee == "oes-med"
            and deadline.step == "uddannelse"
        )
        chair = next(
            seat.person
            for seat in plan.register.roster.seats_of("oes-med")
            if seat.role == "forperson" and seat.held(site.today)
        )
        reminder = Reminder(
            "key", f"person:{chair}", late, ReminderKind.ESCALATED, State.OVERDUE, site.today
        )
        letter = morning_letter(
            Writing(site, now, plan, {}),
            f"person:{chair}",
            [reminder],
            "id@x.example",
            with_entries=False,
        )
    assert letter is not None
    assert [entry.title for part in letter.sections for entry in part.entries] == [
        title_in_mail(late, "da")
    ]


def test_who_must_each_answer_reads_how_many_have(site: Site, at: Callable[[str], Site]) -> None:
    """Numbers alone: who has answered is for the secretary and the chairs to see."""
    with site.store() as store:
        now = in_store(store)
        assert now is not None
        plan = now.plan(horizon(site.today))
        each = next(
            deadline
            for deadline in plan.deadlines
            if deadline.finish == "each" and len(answered(deadline, plan.register).wanted) > 1
        )
        wanted = answered(each, plan.register).wanted
        seat = responsible_seats(each, plan.register, each.due_on or site.today)[0]
        who = f"person:{seat.person}"
        reminder = Reminder("key", who, each, ReminderKind.DUE, State.OPEN, site.today)
        letter = morning_letter(
            Writing(site, now, plan, {}), who, [reminder], "id@x.example", with_entries=False
        )
    assert letter is not None
    ((entry,),) = [part.entries for part in letter.sections]
    said = f"Andre, der er spurgt: {len(wanted) - 1} (0 af {len(wanted)} har svaret)."
    assert said in entry.text.split("\n")


def test_nobody_gets_a_letter_without_lines(site: Site) -> None:
    """What is one side's own is not even hinted at to the other."""
    with site.store() as store:
        now = in_store(store)
        assert now is not None
        plan = now.plan(horizon(site.today))
        own = next(each for each in plan.deadlines if each.workflow == "bagland/chefforum")
        reminder = Reminder("key", "person:kbo", own, ReminderKind.DUE, State.OPEN, site.today)
        made = morning_letter(
            Writing(site, now, plan, {}),
            "person:kbo",
            [reminder],
            "id@x.example",
            with_entries=False,
        )
    assert made is None


def test_without_a_relay_waiting_mail_wakes_nobody_until_the_next_morning(
    site: Site, at: Callable[[str], Site]
) -> None:
    nowhere = site.config.mail.model_copy(update={"sink": False, "host": ""})
    config = site.config.model_copy(update={"mail": nowhere})
    remind(replace(site, config=config))

    moment = next_moment(replace(at("2026-11-26T08:10"), config=config))
    assert moment.isoformat() == "2026-11-27T07:30:00+01:00"


def test_a_cpr_number_is_refused_in_what_people_write(site: Site) -> None:
    key = "moeder/afdelings-med/oes-med/2026-11-19/referat"
    with pytest.raises(FactRejected) as raised:
        done(site, key, why="vedr. 010190-1234")
    assert raised.value.code == "service.cpr"


def test_what_nobody_has_done_is_reminded_about_until_somebody_has(
    site: Site, at: Callable[[str], Site]
) -> None:
    late = at("2028-06-15T08:00")
    # Due on 30 December 2026, a year and a half ago.
    told = {key for mail in forecast(late).mails for key in mail.keys}
    (old,) = [each for each in told if each.startswith("uddannelse/amo/") and "tre-dage" in each]
    assert old == "uddannelse/amo/bae-med/lag-bae-med-arbejdsmiljoeleder-2026/tre-dage"
    done(late, old, "lag")
    assert old not in {key for mail in forecast(late).mails for key in mail.keys}


def test_a_mail_that_cannot_be_written_waits_and_stops_no_other(
    site: Site, at: Callable[[str], Site], caplog: pytest.LogCaptureFixture
) -> None:
    with site.store() as store:
        broken = Message(
            recipient="person:hny",
            kind="single",
            local_day=site.today,
            message_id="spoilt@kommune.example",
            contents={"letter": {"subject": "Hemmelig sag"}, "keys": []},
            due_at=site.now - timedelta(hours=1),
            created_at=site.now,
        )
        store.queue([(broken, [])])
    run = remind(site)
    outcomes = {mail.message_id: mail.outcome for mail in run.mails}
    assert outcomes.pop("spoilt@kommune.example") == "temporary"
    assert set(outcomes.values()) == {"sent"}
    assert len(outcomes) > 40
    with site.store() as store:
        (waiting,) = store.mails(states=("retry",))
        assert (waiting.message_id, waiting.outcome) == (
            "spoilt@kommune.example",
            "service.mail-unwritten",
        )
    assert caplog.messages == [f"mail {waiting.id} could not be written: ValidationError"]
    later = remind(at("2026-12-01T08:00"))
    assert "spoilt@kommune.example" in {mail.message_id for mail in later.mails}
    with site.store() as store:
        assert [row.state for row in store.mails(states=("stuck",))] == ["stuck"]
