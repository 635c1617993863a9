"""What a mail tells of the meeting that a deadline leads up to, and how it reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time

import pytest
from good_language import check
from situation import WINDOW, deadline, edition, read, workflow
from test_shipped_sentences import every, ours

from engine.planning.facts import NOTHING_TOLD, Meeting
from engine.planning.plan import Plan, make_plan
from engine.wording.catalogue import LANGUAGES, Language
from engine.wording.meetings import told_with_meeting

TODAY = date(2026, 6, 8)
NOON, TWO = time(12), time(14)
AGENDA = "skridt: {title: Dagsordenen sendes ud, due: 7 days before meeting}"
ITEM = "skridt: {title: Planen drøftes, at: meeting}"
UNITS = (
    "skridt: {title: Enhederne melder ind, due: 3 weeks before plan},"
    " plan: {title: Planen drøftes, at: meeting%s}"
)
MINUTES = "skridt: {title: Referatet er klar, due: 7 days after meeting}"
ELSEWHERE = "skridt: {title: Input er sendt, due: 7 days before their meeting}"


def held(plan_of: str, steps: str, *meetings: Meeting) -> Plan:
    flow = workflow(read(f"{{{plan_of}}}"), read(f"{{{steps}}}"))
    found = edition(flow, {})
    bodies = {meeting.committee: (meeting,) for meeting in meetings}
    return make_plan(replace(found, meetings=bodies), NOTHING_TOLD, WINDOW)


def own(
    on: str = "2026-06-18",
    starts: time | None = NOON,
    ends: time | None = TWO,
    place: str = "Mødelokale 823",
) -> Meeting:
    day = date.fromisoformat(on)
    return Meeting("oes-med", on, day, starts, ends, place)


def told(steps: str, meeting: Meeting, language: Language = "da") -> tuple[str, str]:
    plan = held("each: meeting", steps, meeting)
    return told_with_meeting(deadline(plan, f"{meeting.id}/skridt"), plan, TODAY, language)


def test_what_leads_up_to_a_meeting_tells_of_it_and_says_its_day_once() -> None:
    assert told(AGENDA, own()) == (
        "Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00 i mødelokale 823.",
        "Fristen er 7 dage før mødet, altså torsdag den 11. juni.",
    )
    assert told(AGENDA, own(), "en") == (
        "The meeting is on Thursday 18 June 2026, 12:00–14:00 in meeting room 823.",
        "The deadline is 7 days before the meeting, that is, Thursday 11 June.",
    )


@pytest.mark.parametrize(
    ("meeting", "danish"),
    [
        (own(ends=None), "Mødet er torsdag den 18. juni 2026 kl. 12.00 i mødelokale 823."),
        (own(starts=None, ends=None), "Mødet er torsdag den 18. juni 2026 i mødelokale 823."),
        (own(starts=None, ends=None, place=""), "Mødet er torsdag den 18. juni 2026."),
        (
            own(place="Kulturhuset, salen"),
            "Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00. Sted: Kulturhuset, salen.",
        ),
        (own(place="Lokale 4"), "Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00 i lokale 4."),
    ],
)
def test_only_what_is_known_is_told(meeting: Meeting, danish: str) -> None:
    assert told(AGENDA, meeting)[0] == danish


@pytest.mark.parametrize(
    ("meeting", "danish"),
    [
        (own(), "Mødet er kl. 12.00–14.00 i mødelokale 823."),
        (own(starts=None, ends=None), "Mødet er i mødelokale 823."),
        (own(starts=None, ends=None, place="Kantinen"), "Sted: Kantinen."),
        (own(starts=None, ends=None, place=""), ""),
    ],
)
def test_an_item_at_the_meeting_has_its_day_already(meeting: Meeting, danish: str) -> None:
    sentence = "Punktet er på dagsordenen til mødet torsdag den 18. juni 2026."
    assert told(ITEM, meeting) == (danish, sentence)


def test_where_the_sentence_must_say_the_day_the_rest_follows_it() -> None:
    assert told(UNITS % "", own("2026-07-09")) == (
        "",
        "Fristen er 3 uger før »Planen drøftes« torsdag den 9. juli 2026, altså torsdag den "
        "18. juni. Mødet torsdag den 9. juli er kl. 12.00–14.00 i mødelokale 823.",
    )


def test_of_a_step_that_fewer_may_know_of_no_meeting_is_told() -> None:
    _, sentence = told(UNITS % ", confidential: yes", own("2026-07-09"))
    assert sentence == (
        "Fristen er 3 uger før en anden frist torsdag den 9. juli 2026, altså torsdag den 18. juni."
    )


def test_of_another_body_it_is_said_whose_meeting_it_is() -> None:
    theirs = replace(own(), committee="kommune-med")
    plan = held("each: meeting, of: kommune-med", ELSEWHERE, theirs)
    found = deadline(plan, "2026-06-18/skridt")
    assert told_with_meeting(found, plan, TODAY, "da") == (
        "Mødet i KommuneMED er torsdag den 18. juni 2026 kl. 12.00–14.00 i mødelokale 823.",
        "Fristen er 7 dage før mødet i KommuneMED, altså torsdag den 11. juni.",
    )


def test_a_meeting_that_is_over_or_comes_first_is_left_to_the_sentence() -> None:
    assert told(AGENDA, own("2026-06-05")) == (
        "",
        "Fristen er 7 dage før mødet fredag den 5. juni 2026, altså fredag den 29. maj.",
    )
    assert told(MINUTES, own()) == (
        "",
        "Fristen er 7 dage efter mødet torsdag den 18. juni 2026, altså torsdag den 25. juni.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deadline_is_told_in_good_sentences_with_its_meeting(language: Language) -> None:
    found = [
        (deadline, told_with_meeting(deadline, plan, date(2026, 1, 1), language))
        for deadline, plan in every()
    ]
    assert sum(bool(each.meeting) for _, each in found) > 500
    for _, each in found:
        whole = f"{each.meeting} {each.sentence}".strip()
        # What rooms are called is the site's own.
        without = re.sub(r"(Place|Sted): [^.]*|\b1 og 2\b", "", ours(whole))
        check(whole, without, language)
