from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from feed_site import (
    BASE_URL,
    MEETINGS,
    NAMES,
    SECRET,
    TODAY,
    TOLD_AT,
    WORKFLOWS,
    ledger_of,
    met,
    planned,
    retired,
    site,
    uid_of,
)
from icalendar import Calendar

from engine.feed import EVERYTHING, FEED_REVISION, EventCache, Scope, etag, published, render
from engine.planning.diff import Announced
from engine.planning.facts import Done, Facts, Waived
from engine.planning.plan import Plan
from engine.wording.gate import NOBODY, Viewer, viewer

AGENDA = "moeder/afdelings-med/oes-med/2026-03-26/dagsorden"
GUIDELINE = "retningslinjer/vold/oes-med/2026-1/droeftelse"
TRAINING = "uddannelse/med-grunduddannelse/oes-med/jkl-oes-med-medlem-2025/taget"
BUDGET = "budget/med-hoering/-/2027/vedtaget"
HEARING = "personale/fortrolig/oes-med/2026-H1/parthoering"
LATER_HEARING = "personale/fortrolig/oes-med/2026-H2/parthoering"
BACKING = "bagland/kontaktudvalg/kontaktudvalg/2026-03-19/oplaeg"
PUBLIC = Scope(meetings=True)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned()


@pytest.fixture(scope="module")
def ledger(plan: Plan) -> dict[str, Announced]:
    return ledger_of(plan)


def calendar_of(
    plan: Plan,
    ledger: Mapping[str, Announced],
    scope: Scope = PUBLIC,
    looking: Viewer = NOBODY,
    today: date = TODAY,
    **more: Any,
) -> bytes:
    return render(
        plan,
        ledger,
        looking,
        scope=scope,
        today=today,
        **{"calendar_name": "Frister", "language": "da", "base_url": BASE_URL, **more},
    )


def entries(content: bytes) -> dict[str, Any]:
    found = {str(entry["uid"]): entry for entry in Calendar.from_ical(content).walk("VEVENT")}
    assert len(found) == content.count(b"BEGIN:VEVENT")
    return found


def entry_of(content: bytes, key: str) -> Any:
    return entries(content)[uid_of(key)]


def uids(*keys: str) -> set[str]:
    return {uid_of(key) for key in keys}


def unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")


# What is in a calendar


def test_a_persons_calendar_holds_what_they_answer_for_or_are_told_of_on_the_day(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    def deadlines(person: str) -> set[str]:
        looking = viewer(plan.register, person, TODAY)
        return set(entries(calendar_of(plan, ledger, Scope(person=person), looking)))

    agendas = {on: f"moeder/afdelings-med/oes-med/{on}/dagsorden" for on in (
        "2026-01-27", "2026-03-26", "2026-05-21", "2026-08-26", "2026-11-12",
    )}  # fmt: skip

    assert deadlines("jkl") == uids(TRAINING)
    assert deadlines("pqr") == uids(BUDGET)
    assert deadlines("mno") == uids(BACKING)
    # The secretary leaves on 31 July; the next one has what is due from August.
    assert deadlines("abc") == uids(
        agendas["2026-01-27"],
        agendas["2026-03-26"],
        agendas["2026-05-21"],
        "personale/fortrolig/oes-med/2025-H2/parthoering",
        "personale/fortrolig/oes-med/2025-H2/opfoelgning",
        HEARING,
        "personale/fortrolig/oes-med/2026-H1/opfoelgning",
        LATER_HEARING,
    )
    assert uids(agendas["2026-08-26"], agendas["2026-11-12"]) <= deadlines("stu")


def test_a_persons_meetings_are_those_of_the_seats_held_on_the_day(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    only_meetings = Scope(person="abc", deadlines=False, meetings=True)

    content = calendar_of(plan, ledger, only_meetings, viewer(plan.register, "abc", TODAY))

    assert set(entries(content)) == uids(
        "meeting/oes-med/2026-01-27",
        "meeting/oes-med/2026-03-26",
        "meeting/oes-med/2026-04-23",
        "meeting/oes-med/2026-05-21",
    )


def test_meetings_are_a_choice(plan: Plan, ledger: dict[str, Announced]) -> None:
    without = entries(calendar_of(plan, ledger, Scope(committee="kontaktudvalg")))
    with_meetings = entries(
        calendar_of(plan, ledger, Scope(committee="kontaktudvalg", meetings=True))
    )

    assert (set(without), set(with_meetings)) == (
        set(),
        uids("meeting/kontaktudvalg/2026-03-19"),
    )


def test_only_what_has_been_announced_is_in_it(plan: Plan, ledger: dict[str, Announced]) -> None:
    content = calendar_of(plan, {AGENDA: ledger[AGENDA]})

    assert set(entries(content)) == uids(AGENDA)


def test_what_has_no_day_is_not_in_it() -> None:
    workflows = {key: WORKFLOWS[key] for key in ("moeder/afdelings-med",)}
    steps = {"svar": {"title": "Svar", "due": "1 week after next meeting"}}
    workflows["moeder/afdelings-med"] = {**workflows["moeder/afdelings-med"], "steps": steps}
    plan = planned(site(workflows, MEETINGS[:1]))
    ledger = ledger_of(plan)

    assert [(one.key, one.due_on) for one in plan.deadlines] == [
        ("moeder/afdelings-med/oes-med/2026-01-27/svar", None)
    ]
    assert set(entries(calendar_of(plan, ledger, Scope(committee="oes-med", meetings=True)))) == (
        uids("meeting/oes-med/2026-01-27")
    )


def test_done_and_waived_deadlines_stay_as_they_were(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    told = Facts(done=(Done(AGENDA, TODAY, "abc"),), waived=(Waived(GUIDELINE, TODAY, "def"),))

    assert calendar_of(planned(facts=told), ledger) == calendar_of(plan, ledger)


def test_entries_stand_by_day_and_then_by_uid(plan: Plan, ledger: dict[str, Announced]) -> None:
    content = calendar_of(plan, dict(reversed(ledger.items())))
    order = [
        (entry["dtstart"].dt.strftime("%Y%m%d"), str(entry["uid"]))
        for entry in entries(content).values()
    ]

    assert order == sorted(order)
    assert content == calendar_of(plan, ledger)


# What an entry says


def test_what_one_member_lacks_is_not_for_everybody(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    assert uid_of(TRAINING).encode() not in calendar_of(plan, ledger)
    assert b"MED-grunduddannelsen" not in calendar_of(plan, ledger)


def test_a_deadline_lasts_a_day_and_takes_nobodys_time(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    member = viewer(plan.register, "jkl", TODAY)
    entry = entry_of(calendar_of(plan, ledger, looking=member), TRAINING)

    assert {name: entry[name].to_ical() for name in ("DTSTART", "DTEND")} == {
        "DTSTART": b"20260529",
        "DTEND": b"20260530",
    }
    assert entry["DTSTART"].params == {"VALUE": "DATE"}
    assert (entry["TRANSP"], entry["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TRANSPARENT", "FREE")
    assert str(entry["SUMMARY"]) == (
        "Frist: MED-grunduddannelsen er taget (afdelingsMED Økonomi & Stab)"
    )
    link = f"{BASE_URL}/deadlines/{uid_of(TRAINING)}"
    assert str(entry["URL"]) == link
    lines = str(entry["DESCRIPTION"]).split("\n")
    assert lines[0].startswith("Senest fredag den 29. maj 2026.")
    assert "søndag den 31. maj" in lines[0]
    assert lines[1] == "Ansvarlig: den, fristen gælder (medlem)."
    assert lines[-1] == f"Se fristen i Medfrist: {link}"


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (AGENDA, "Ansvarlig: sekretæren for afdelingsMED Økonomi & Stab."),
        (GUIDELINE, "Ansvarlig: forpersonen og næstforpersonen for afdelingsMED Økonomi & Stab."),
        (BUDGET, "Ansvarlig: sekretæren for KommuneMED."),
    ],
)
def test_those_responsible_are_roles(
    plan: Plan, ledger: dict[str, Announced], key: str, line: str
) -> None:
    assert line in str(entry_of(calendar_of(plan, ledger), key)["DESCRIPTION"]).split("\n")


def test_a_day_that_comes_by_itself_asks_for_nothing(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    entry = entry_of(calendar_of(plan, ledger), BUDGET)
    link = f"{BASE_URL}/deadlines/{uid_of(BUDGET)}"

    assert str(entry["SUMMARY"]) == "Dato: Budgettet vedtages"
    assert str(entry["DESCRIPTION"]).split("\n")[-1] == f"Se mere i Medfrist: {link}"


def test_the_announcement_stamps_the_entry(plan: Plan, ledger: dict[str, Announced]) -> None:
    local = datetime(2026, 7, 1, 9, 30, 5, 999, tzinfo=ZoneInfo("Europe/Copenhagen"))
    told = {AGENDA: replace(ledger[AGENDA], revision=7, changed_at=local)}

    entry = entry_of(calendar_of(plan, told), AGENDA)

    assert {name: entry[name].to_ical() for name in ("DTSTAMP", "LAST-MODIFIED")} == {
        "DTSTAMP": b"20260701T073005Z",
        "LAST-MODIFIED": b"20260701T073005Z",
    }
    assert entry["SEQUENCE"] == 7 + FEED_REVISION


def test_meetings_have_hours_a_place_and_take_time(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    content = calendar_of(plan, ledger)

    def said(on: str) -> dict[str, str]:
        names = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION", "TRANSP")
        entry = entry_of(content, f"meeting/oes-med/{on}")
        return {name: entry[name].to_ical().decode() for name in names if name in entry}

    assert said("2026-03-26") == {
        "SUMMARY": "Møde i afdelingsMED Økonomi & Stab",
        "DTSTART": "20260326T120000",
        "DTEND": "20260326T140000",
        "LOCATION": r"Mødelokale 823\, 8. sal\; Rådhuset",
        "TRANSP": "OPAQUE",
    }
    assert said("2026-04-23") == {
        "SUMMARY": "Ekstraordinært møde i afdelingsMED Økonomi & Stab",
        "DTSTART": "20260423T153000",
        "DTEND": "20260423T163000",
        "TRANSP": "OPAQUE",
    }
    assert said("2026-05-21") == {
        "SUMMARY": "Møde i afdelingsMED Økonomi & Stab",
        "DTSTART": "20260521T120000",
        "TRANSP": "OPAQUE",
    }
    assert said("2026-08-26") == {
        "SUMMARY": "Møde i afdelingsMED Økonomi & Stab",
        "DTSTART": "20260826",
        "DTEND": "20260827",
        "TRANSP": "TRANSPARENT",
    }
    assert said("2026-11-12") == {
        "SUMMARY": "Møde i afdelingsMED Økonomi & Stab",
        "DTSTART": "20261119T120000",
        "DTEND": "20261119T140000",
        "DESCRIPTION": "Mødet var først planlagt til torsdag den 12. november 2026.",
        "TRANSP": "OPAQUE",
    }


def test_every_hour_names_the_danish_zone(plan: Plan, ledger: dict[str, Announced]) -> None:
    content = calendar_of(plan, ledger)

    assert set(re.findall(rb"DT(?:START|END);([^:]*):2\d{7}T", content)) == {
        b"TZID=Europe/Copenhagen"
    }
    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert b"VALARM" not in content


# Retired


def test_a_lapsed_deadline_and_a_cancelled_meeting_are_struck_out(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    meeting = "meeting/oes-med/2026-05-21"
    content = calendar_of(plan, retired(ledger, [GUIDELINE, meeting], at))

    def said(key: str) -> list[str]:
        names = ("SUMMARY", "STATUS", "SEQUENCE", "DTSTAMP", "TRANSP")
        return [entry_of(content, key)[name].to_ical().decode() for name in names]

    assert said(meeting) == [
        "Aflyst: Møde i afdelingsMED Økonomi & Stab",
        "CANCELLED",
        "2",
        "20260302T090000Z",
        "TRANSPARENT",
    ]
    assert said(GUIDELINE) == [
        "Bortfaldet: Retningslinjen om vold\\, trusler\\; \\\\ og »krænkende handlinger« drøftes"
        " (afdelingsMED Økonomi & Stab)",
        "CANCELLED",
        "2",
        "20260302T090000Z",
        "TRANSPARENT",
    ]


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 4, 30), True),
        (date(2026, 5, 1), False),
    ],
)
def test_what_is_retired_goes_at_the_end_of_the_next_month(
    plan: Plan, ledger: dict[str, Announced], today: date, shown: bool
) -> None:
    # Half past midnight on 1 March in Denmark: it was retired in March.
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    content = calendar_of(plan, retired(ledger, [GUIDELINE], at), today=today)

    assert (uid_of(GUIDELINE) in entries(content)) is shown


def test_what_the_plan_no_longer_yields_keeps_its_announced_day(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    key = "moeder/afdelings-med/oes-med/2026-01-27/dagsorden"
    pruned = planned(site(meetings=MEETINGS[1:]))
    assert key not in pruned.by_key

    entry = entry_of(calendar_of(pruned, ledger), key)

    assert (str(entry["SUMMARY"]), entry["DTSTART"].dt, "STATUS" in entry) == (
        "Frist: Dagsordenen sendes ud (afdelingsMED Økonomi & Stab)",
        date(2026, 1, 20),
        False,
    )


# Who sees what


def test_nothing_hidden_can_be_read_by_anybody(plan: Plan, ledger: dict[str, Announced]) -> None:
    gone = retired(ledger, [LATER_HEARING, BACKING], datetime(2026, 3, 2, tzinfo=UTC))
    scopes = [PUBLIC, *(Scope(committee=key, meetings=True) for key in ("oes-med", "kommune-med"))]
    scopes += [Scope(committee="kontaktudvalg", meetings=True)]
    for told in (ledger, gone):
        for language in ("da", "en"):
            for scope in scopes:
                text = unfolded(calendar_of(plan, told, scope, language=language))
                assert SECRET not in text
                assert "CLASS:PRIVATE" not in text
                for key in (HEARING, LATER_HEARING, BACKING):
                    assert uid_of(key) not in text


def test_one_side_sees_its_own_and_the_other_does_not(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    forum = Scope(committee="kontaktudvalg")

    def seen_by(person: str) -> set[str]:
        looking = viewer(plan.register, person, TODAY)
        return set(entries(calendar_of(plan, ledger, forum, looking)))

    assert (seen_by("mno"), seen_by("def")) == (uids(BACKING), set())


@pytest.mark.parametrize("person", ["def", "abc"])
def test_a_confidential_deadline_says_nothing_even_to_those_it_concerns(
    plan: Plan, ledger: dict[str, Announced], person: str
) -> None:
    gone = retired(ledger, [LATER_HEARING], datetime(2026, 3, 2, tzinfo=UTC))
    looking = viewer(plan.register, person, TODAY)
    content = calendar_of(plan, gone, Scope(person=person), looking)
    link = f"{BASE_URL}/deadlines/{uid_of(HEARING)}"

    entry = entry_of(content, HEARING)
    assert {name: entry[name].to_ical().decode() for name in entry} == {
        "SUMMARY": "Frist – log ind",
        "DESCRIPTION": f"Se Medfrist. {link}",
        "URL": link,
        "CLASS": "PRIVATE",
        "UID": uid_of(HEARING),
        "DTSTART": "20260130",
        "DTEND": "20260131",
        "DTSTAMP": "20260202T063015Z",
        "LAST-MODIFIED": "20260202T063015Z",
        "SEQUENCE": "1",
        "TRANSP": "TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
    }
    assert SECRET not in unfolded(content)


def test_rights_are_those_of_the_day_of_fetching(plan: Plan, ledger: dict[str, Announced]) -> None:
    def closed(today: date) -> set[str]:
        looking = viewer(plan.register, "abc", today)
        content = calendar_of(plan, ledger, Scope(person="abc"), looking, today)
        return {uid for uid, entry in entries(content).items() if "CLASS" in entry}

    assert closed(date(2026, 7, 31)) == uids(
        "personale/fortrolig/oes-med/2025-H2/parthoering", HEARING, LATER_HEARING
    )
    assert closed(date(2026, 8, 1)) == set()


def test_cases_are_told_to_those_who_work_on_them_alone(ledger: dict[str, Announced]) -> None:
    case = {**WORKFLOWS["moeder/afdelings-med"], "start": {"each": "case"}}
    case["steps"] = {"svar": {"title": "Svar", "due": "1 week after opened"}}
    plan = planned(site({**WORKFLOWS, "sager/svar": case}))
    key = "sager/svar/oes-med/1/svar"
    told = {key: replace(ledger[AGENDA], key=key, uid=uid_of(key))}
    looking = viewer(plan.register, "abc", TODAY)

    assert set(entries(calendar_of(plan, told))) == set()
    assert set(entries(calendar_of(plan, told, Scope(committee="oes-med")))) == set()
    assert set(entries(calendar_of(plan, told, Scope(person="abc"), looking))) == uids(key)


def test_a_lapsed_confidential_deadline_says_no_more(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    gone = retired(ledger, [LATER_HEARING], datetime(2026, 3, 2, tzinfo=UTC))
    looking = viewer(plan.register, "def", TODAY)
    entry = entry_of(calendar_of(plan, gone, Scope(person="def"), looking), LATER_HEARING)

    assert [str(entry[name]) for name in ("SUMMARY", "STATUS", "CLASS")] == [
        "Bortfaldet frist – log ind",
        "CANCELLED",
        "PRIVATE",
    ]


def test_an_open_step_does_not_name_the_closed_one_it_is_counted_from(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    entry = entry_of(calendar_of(plan, ledger), "personale/fortrolig/oes-med/2026-H1/opfoelgning")

    assert plan.by_key[HEARING].title == f"{SECRET} partshøring"
    assert "partshøring" not in str(entry["DESCRIPTION"])


def test_no_initials_and_no_keys_are_in_a_calendar(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    looking = viewer(plan.register, "def", TODAY)
    for content in (
        calendar_of(plan, ledger),
        calendar_of(plan, ledger, Scope(person="def"), looking),
    ):
        text = re.sub(r"UID:.*|URL:.*|https://\S*", "", unfolded(content))
        words = set(re.findall(r"[\w/@-]+", text))
        assert words.isdisjoint(NAMES)
        assert words.isdisjoint(ledger)
        assert words.isdisjoint(plan.register.edition.organisation.committees)


def test_uids_are_the_ledgers(plan: Plan, ledger: dict[str, Announced]) -> None:
    public = set(entries(calendar_of(plan, ledger)))

    assert public <= {announced.uid for announced in ledger.values()}
    assert all(re.fullmatch(r"[0-9a-f]{32}", uid) for uid in public)


# The same state, the same bytes


def test_two_days_of_a_month_give_the_same_bytes(plan: Plan, ledger: dict[str, Announced]) -> None:
    told = retired(ledger, [GUIDELINE], datetime(2026, 2, 3, tzinfo=UTC))
    first, last = date(2026, 3, 1), date(2026, 3, 31)

    assert calendar_of(plan, told, today=first) == calendar_of(plan, told, today=last)
    assert etag(calendar_of(plan, told, today=first)) == etag(
        calendar_of(planned(), told, today=last)
    )


def test_two_months_differ_only_in_the_horizon(plan: Plan, ledger: dict[str, Announced]) -> None:
    def parts(today: date) -> tuple[bytes, set[bytes]]:
        content = calendar_of(plan, ledger, today=today).removesuffix(b"END:VCALENDAR\r\n")
        head, *blocks = content.split(b"BEGIN:VEVENT\r\n")
        return head, set(blocks)

    def days(blocks: set[bytes]) -> set[bytes]:
        return {re.findall(rb"DTSTART[^:]*:(\d{8})", block)[0] for block in blocks}

    (head, earlier), (later_head, later) = parts(date(2026, 2, 10)), parts(date(2027, 2, 10))

    assert head == later_head
    assert days(earlier - later) == {b"20250214", b"20250815", b"20260120", b"20260127"}
    assert days(later - earlier) == {b"20280630", b"20280815", b"20281231"}


def test_kept_bytes_are_the_bytes(plan: Plan, ledger: dict[str, Announced]) -> None:
    cache = EventCache()
    looking = viewer(plan.register, "def", TODAY)
    readings = [
        ({"looking": NOBODY}, PUBLIC),
        ({"looking": NOBODY, "language": "en"}, PUBLIC),
        ({"looking": looking}, Scope(person="def")),
        ({"looking": looking, "base_url": "https://andet.example"}, Scope(person="def")),
    ]
    for _ in range(2):
        for more, scope in readings:
            fresh = calendar_of(plan, ledger, scope, **more)
            assert calendar_of(plan, ledger, scope, cache=cache, **more) == fresh
    assert len(cache) > 0


@pytest.mark.parametrize("change", ["revision", "day", "words", "committee"])
def test_kept_bytes_never_outlive_what_they_say(change: str) -> None:
    cache = EventCache()
    plan = planned()
    ledger = ledger_of(plan)
    before = calendar_of(plan, ledger, cache=cache)
    match change:
        case "revision":
            ledger = ledger_of(plan, revision=2, changed_at=TOLD_AT + timedelta(days=1))
        case "day":
            plan = planned(site(meetings=(*MEETINGS[:1], met("2026-03-25", planned="2026-03-26"))))
        case "words":
            steps = {"vedtaget": {"title": "Byrådet vedtager", "on": "anden-behandling"}}
            budget = {**WORKFLOWS["budget/med-hoering"], "steps": steps}
            plan = planned(site({**WORKFLOWS, "budget/med-hoering": budget}))
        case "committee":
            plan = planned(site())
            plan.register.edition.organisation.committees["oes-med"].__dict__["title"] = "ØSMED"

    after = calendar_of(plan, ledger, cache=cache)

    assert after != before
    assert after == calendar_of(plan, ledger)


def test_the_tag_is_strong_and_tells_calendars_apart() -> None:
    assert etag(b"") == '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'
    assert etag(b"a") != etag(b"b")


# Published


def test_published_are_one_calendar_a_committee_and_one_of_all(
    plan: Plan, ledger: dict[str, Announced]
) -> None:
    files = published(plan, ledger, TODAY, language="da", base_url=BASE_URL)

    assert list(files) == [
        EVERYTHING,
        "kommune-med.ics",
        "oes-med.ics",
        "bf-med.ics",
        "kontaktudvalg.ics",
    ]
    assert files[EVERYTHING] == calendar_of(
        plan, ledger, calendar_name="Frister og møder: Eksempel Kommune"
    )
    assert files["oes-med.ics"] == calendar_of(
        plan,
        ledger,
        Scope(committee="oes-med", meetings=True),
        calendar_name="Frister og møder: afdelingsMED Økonomi & Stab",
    )
    assert files == published(plan, ledger, TODAY, language="da", base_url=BASE_URL)
