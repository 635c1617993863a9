from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest
from shown_page import Element, ShownPage
from web_visits import Visitor, serving, visiting

from engine.config import Editions
from engine.planning.plan import Deadline
from engine.service.applying import apply
from engine.service.autoapplying import Outcome, look
from engine.service.clock import stopped_at
from engine.service.plans import PlanKept, View
from engine.service.reminding import mail_folder, remind
from engine.service.site import Site, open_site
from engine.service.starting import init
from engine.sink import letters
from engine.web.coming import Line, coming
from engine.web.deadline import Basis, about
from engine.wording.gate import NOBODY, Sight, seen

GOLDEN = Path(__file__).parent / "golden"
UNKNOWN = "0" * 32
TODAY = date(2026, 3, 12)


def closed(view: View, today: date) -> list[tuple[Deadline, str]]:
    """What no page may show, with the address it would have."""
    return [
        (deadline, view.ledger[deadline.key].uid)
        for deadline in view.plan.deadlines
        if deadline.seat is not None
        or seen(deadline, NOBODY, view.plan.register, today) is not Sight.FULL
    ]


def told(line: Line) -> str:
    parts = (line.day, line.title, line.workflow, line.committee, line.responsible)
    state = f"{line.badge.symbol} {line.badge.word}"
    return " | ".join((*parts, ", ".join((state, *line.badge.flags))))


def test_the_list_of_one_committee(view: View, rewriting: bool) -> None:
    found = coming(view, TODAY, "da", "oes-med")
    lines = [f"{found.from_day} – {found.until_day}: {found.count}"]
    for week in found.weeks:
        lines += ["", week.heading, *map(told, week.lines)]
    text = "\n".join(lines) + "\n"
    golden = GOLDEN / "frister-oes-med.txt"
    if rewriting:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert found.count == sum(len(week.lines) for week in found.weeks) > 0


def test_the_page_shows_the_list_in_words(view: View, reader: Visitor) -> None:
    found = coming(view, TODAY, "da", "oes-med")
    page = ShownPage(reader.get("/?committee=oes-med").text)
    assert [each.text for each in page.named("time")] == [
        line.day for week in found.weeks for line in week.lines
    ]
    assert [(each.text, each.attributes["href"]) for each in _links(page, "title")] == [
        (line.title, line.path) for week in found.weeks for line in week.lines
    ]
    assert [each.text for each in _classed(page, "state")] == [
        f"{line.badge.symbol} {line.badge.word}" for week in found.weeks for line in week.lines
    ]
    chosen = [each.text for each in page.named("option") if "selected" in each.attributes]
    assert chosen == ["afdelingsMED Økonomi & Stab"]


def test_every_deadline_in_the_list_has_its_page(reader: Visitor) -> None:
    paths = [
        each.attributes["href"]
        for each in _links(ShownPage(reader.get("/?committee=oes-med").text), "title")
    ]
    assert {reader.get(path).status_code for path in paths} == {200}


def test_an_unknown_committee_shows_them_all_and_says_so(reader: Visitor) -> None:
    every, unknown = reader.get("/").text, reader.get("/?committee=<b>x").text
    assert unknown != every
    note = "Udvalget findes ikke. Her er fristerne for alle udvalg."
    assert unknown.replace(f'<p class="note">{note}</p>\n', "") == every


def test_what_is_closed_is_nowhere(view: View, reader: Visitor) -> None:
    hidden = closed(view, TODAY)
    front, nothing = reader.get("/").text, reader.get(f"/deadlines/{UNKNOWN}")
    assert len(hidden) > 10
    assert [uid for _, uid in hidden if uid in front] == []
    assert nothing.status_code == 404
    answers = [reader.get(f"/deadlines/{uid}") for _, uid in hidden]
    assert {(each.status_code, each.content) for each in answers} == {(404, nothing.content)}
    assert {each.headers["content-length"] for each in answers} == {
        nothing.headers["content-length"]
    }


def test_no_person_is_named(view: View, reader: Visitor) -> None:
    shown = "\n".join(
        reader.get(path).text
        for path in ("/", *[line.path for line in _lines(view) if line.responsible][:40])
    )
    people = view.now.people.values()
    assert [each.id for each in people if each.name in shown or each.email in shown] == []


def test_confidential_items_leave_the_page_when_they_become_so(site: Site) -> None:
    meetings = site.folder / "workflows/moeder/afdelings-med.yaml"
    text = meetings.read_text(encoding="utf-8")
    with visiting(site) as client:
        before = _titles(client)
        meetings.write_text(f"{text}\nconfidential: true\n", encoding="utf-8")
        apply(site)
        after = _titles(client)
    assert ("Referatet er klar" in before, "Referatet er klar" in after) == (True, False)


def test_the_page_of_a_deadline_with_two_dates(view: View) -> None:
    """The day to act by and the day of the text are only understood with words."""
    training = next(
        deadline
        for deadline in view.plan.deadlines
        if deadline.nominal_on == date(2026, 5, 31) and deadline.due_on == date(2026, 5, 29)
    )
    shown = about(training, view, TODAY, "da")
    assert shown.when == (
        "Senest fredag den 29. maj 2026. Reglen giver til og med søndag den 31. maj, "
        "men der er weekend."
    )
    assert Basis("Referat, KommuneMED den 25. juni 2025, punkt 13", "") in shown.basis


def test_the_page_of_a_deadline(view: View, reader: Visitor) -> None:
    key = "moeder/afdelings-med/oes-med/2026-03-26/dagsorden"
    page = ShownPage(reader.get(f"/deadlines/{view.ledger[key].uid}").text)
    assert [each.text for each in page.named("h1")] == ["Dagsordenen sendes ud"]
    assert [each.text for each in _classed(page, "when")] == ["Senest torsdag den 19. marts 2026."]
    facts = [(each.name, each.text) for each in page.named("dt", "dd")]
    assert facts[:4] == [
        ("dt", "Sådan er datoen regnet ud"),
        (
            "dd",
            "Fristen er 7 dage før mødet torsdag den 26. marts 2026, altså torsdag den 19. marts.",
        ),
        ("dt", "Ansvarlig"),
        ("dd", "Sekretæren for afdelingsMED Økonomi & Stab"),
    ]


def test_sources_on_the_net_are_links(view: View, reader: Visitor) -> None:
    key = "retningslinjer/vold/oes-med/2026-1/droeftelse"
    page = ShownPage(reader.get(f"/deadlines/{view.ledger[key].uid}").text)
    outside = [each for each in page.named("a") if each.attributes["href"].startswith("https:")]
    sources = view.plan.by_key[key].terms.source
    assert [each.attributes["href"] for each in outside] == [s.url for s in sources if s.url]
    assert {each.attributes["rel"] for each in outside} == {"noreferrer"}


def test_a_title_cannot_be_markup(site: Site) -> None:
    meetings = site.folder / "workflows/moeder/afdelings-med.yaml"
    text = meetings.read_text(encoding="utf-8")
    title = "<script>alert(1)</script>"
    meetings.write_text(text.replace("Dagsordenen sendes ud", f"'{title}'"), encoding="utf-8")
    apply(site)
    with visiting(site) as client:
        page = client.get("/?committee=oes-med").text
    assert (title in page, "&lt;script&gt;alert(1)&lt;/script&gt;" in page) == (False, True)


def test_the_mails_of_the_sink_are_shown_as_far_as_they_are_open(site: Site) -> None:
    later = replace(site, clock=stopped_at("2026-11-23T08:00"))
    with visiting(later) as client:
        none = ShownPage(client.get("/").text)
        remind(later)
        page = ShownPage(client.get("/").text)
    assert [each for each in none.named("section") if "mails" in each.attributes.values()]
    received = letters(mail_folder(later), 20)
    shown = [each.text for each in _classed(page, "subject")]
    assert shown == [each.subject for each in received if each.subject in shown]
    bodies = [each.text for each in _classed(page, "letter")]
    texts = [" ".join(each.text.split()) for each in received]
    assert (len(bodies) == len(shown) > 0, set(bodies) <= set(texts)) == (True, True)
    _no_closed_title(later, " ".join(bodies + shown))
    withheld = len(received) - len(shown)
    notes = [each.text for each in _classed(page, "note")]
    assert any(note.startswith(f"{withheld} mail") for note in notes) == (withheld > 0)


def _no_closed_title(site: Site, text: str) -> None:
    kept = PlanKept()
    with kept.store(site) as store:
        view = kept.view(site, store)
        hidden = {deadline.title for deadline, _ in closed(view, site.today)}
        public = {d.title for d in view.plan.deadlines} - hidden
    kept.close()
    assert [title for title in hidden - public if title in text] == []


def test_with_a_relay_there_are_no_mails_on_the_page(site: Site) -> None:
    mail = site.config.mail.model_copy(update={"sink": False, "host": "mail.kommune.example"})
    relayed = replace(site, config=site.config.model_copy(update={"mail": mail}))
    with visiting(relayed) as client:
        assert 'id="mails"' not in client.get("/").text


def test_in_english_where_the_site_is(site: Site) -> None:
    organisation = site.folder / "organisation/organisation.yaml"
    text = organisation.read_text(encoding="utf-8")
    organisation.write_text(text.replace("language: da", "language: en"), encoding="utf-8")
    apply(site)
    with visiting(site) as client:
        page, missing = ShownPage(client.get("/").text), ShownPage(client.get("/nothing").text)
    assert [each.attributes["lang"] for each in page.named("html")] == ["en"]
    headings = [each.text for each in page.named("h1", "h2")]
    assert headings[:2] == ["Coming deadlines", "Week 11 · 9–15 March 2026"]
    assert headings[-2:] == ["Calendars to subscribe to", "Mails received"]
    assert [each.text for each in missing.named("h1")] == ["There is no such page"]


def test_before_the_first_edition_the_page_says_what_to_do(tmp_path: Path) -> None:
    init(tmp_path / "new")
    with visiting(open_site(tmp_path / "new", stopped_at("2026-03-12T08:00"))) as client:
        page, ready = client.get("/"), client.get("/health/ready")
        live = client.get("/health/live")
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "Kør »med apply« i sitets mappe" in page.text
    assert (ready.status_code, ready.json()) == (
        503,
        {"status": "not ready", "reason": "service.no-edition"},
    )
    assert (live.status_code, live.json()) == (200, {"status": "live"})


@pytest.mark.parametrize(
    ("method", "path", "status", "heading"),
    [
        ("GET", "/nothing", 404, "Siden findes ikke"),
        ("GET", "/deadlines/x", 404, "Fristen kan ikke vises"),
        ("GET", "/static/nothing.css", 404, "Siden findes ikke"),
        ("GET", "/static/../pages.py", 404, "Siden findes ikke"),
        ("GET", "/static/%2e%2e/pages.py", 404, "Siden findes ikke"),
        ("POST", "/", 405, "Siden kan kun læses"),
        ("DELETE", "/health/live", 405, "Siden kan kun læses"),
    ],
)
def test_what_cannot_be_shown_says_so(
    reader: Visitor, method: str, path: str, status: int, heading: str
) -> None:
    answer = reader.request(method, path)
    assert answer.status_code == status
    assert [each.text for each in ShownPage(answer.text).named("h1")] == [heading]


def test_a_fault_of_the_program_shows_no_traceback(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    def stopped_for_good() -> datetime:
        raise RuntimeError("secret")

    with visiting(replace(site, clock=stopped_for_good)) as client:
        page, calendar = client.get("/"), client.get(f"/feeds/{UNKNOWN}.ics")
    assert (page.status_code, "secret" in page.text) == (500, False)
    assert [each.text for each in ShownPage(page.text).named("h1")] == ["Noget gik galt"]
    assert (calendar.status_code, calendar.text) == (500, "Internal error\n")
    assert caplog.messages == [
        "a page could not be shown: RuntimeError",
        "a calendar could not be made: RuntimeError",
    ]


@pytest.mark.parametrize(
    "path", ["/", f"/deadlines/{UNKNOWN}", "/nothing", "/static/medfrist.css", "/health/live"]
)
def test_every_page_is_safe(reader: Visitor, path: str) -> None:
    headers = reader.get(path).headers
    names = ("content-security-policy", "x-content-type-options", "referrer-policy", "set-cookie")
    assert [headers.get(name) for name in names] == [
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
        "nosniff",
        "no-referrer",
        None,
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "127.0.0.1"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "127.0.0.1@evil.example"}, 403),
        ({"Host": "192.168.1.4"}, 403),
        ({"Host": ""}, 403),
        ({"X-Forwarded-For": "127.0.0.1"}, 200),
        ({"X-Forwarded-For": "203.0.113.9"}, 403),
        ({"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, 403),
        ({"X-Forwarded-For": "nonsense"}, 403),
        ({"X-Real-IP": "203.0.113.9"}, 403),
        ({"Forwarded": "for=203.0.113.9"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/", "/health/ready", "/static/medfrist.css"])
def test_pages_answer_this_machine_alone(
    reader: Visitor, headers: dict[str, str], status: int, path: str
) -> None:
    assert reader.get(path, headers).status_code == status


def test_health_says_which_edition_is_in_force(reader: Visitor) -> None:
    assert reader.get("/health/ready").json() == {"status": "ready", "edition": 1}


def test_a_real_server_answers_pages_as_json_and_html(site: Site) -> None:
    with serving(site) as base:
        front, head = httpx.get(base), httpx.head(base)
        live = httpx.get(f"{base}/health/live")
    assert (front.status_code, head.status_code, head.content) == (200, 200, b"")
    assert json.loads(live.content) == {"status": "live"}


def _lines(view: View) -> list[Line]:
    found = coming(view, TODAY, "da")
    return [line for week in found.weeks for line in week.lines]


def _titles(reader: Visitor) -> set[str]:
    path = "/?committee=oes-med"
    return {each.text for each in _links(ShownPage(reader.get(path).text), "title")}


def _links(page: ShownPage, name: str) -> list[Element]:
    return [each for each in page.named("a") if each.attributes.get("class") == name]


def _classed(page: ShownPage, name: str) -> list[Element]:
    return [each for each in page.elements if name in each.attributes.get("class", "").split()]


def test_a_page_says_why_the_files_do_not_take_effect(site: Site) -> None:
    config = site.config.model_copy(update={"editions": Editions(auto_apply=True)})
    site = replace(site, config=config)
    (site.folder / "workflows/retningslinjer/vold.yaml").unlink()
    look(site)
    later = replace(site, clock=stopped_at("2026-03-12T08:02"))
    assert look(later).outcome is Outcome.ASKS
    with visiting(later) as visitor:
        shown = ShownPage(visitor.get("/").text)
    notices = [each.text for each in shown.named("p") if each.attributes.get("class") == "notice"]
    assert notices == [
        "Filerne tages ikke i brug af sig selv, fordi noget ville forsvinde. "
        "Er det meningen, så kør »med apply«."
    ]
