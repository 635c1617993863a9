"""The pages behind the buttons of mails, as scanners, people and proxies meet them."""

from __future__ import annotations

import logging
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from answer_site import AFTALE, BASE_URL, KONTOR, MORNING, PLAN, SVAR, answer_site, mailed
from applied_sites import AppliedSites
from playwright.sync_api import Page, sync_playwright
from shown_page import ShownPage
from web_visits import Visitor, serving, visiting

from engine.config import read_config
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.doing import done
from engine.service.feeds import hashed
from engine.service.reminding import remind
from engine.service.site import Site
from engine.service.waiving import waive
from engine.web.answering import MOST_BYTES
from engine.wording.catalogue import LANGUAGES, catalogue

CHROMIUM = Path("/usr/bin/chromium")
AFAR = "203.0.113.9"
LATER = "2026-03-12T09:30"
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}
Tokens = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def mailed_site(applied_sites: AppliedSites, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mailed") / "site"
    applied_sites.copy("answers", "sqlite", folder, answer_site, MORNING)
    remind(site_at(folder, MORNING))
    return folder


@pytest.fixture
def at(mailed_site: Path, tmp_path: Path) -> Callable[[str], Site]:
    folder = tmp_path / "site"
    shutil.copytree(mailed_site, folder)
    return lambda moment: site_at(folder, moment)


@pytest.fixture
def tokens(at: Callable[[str], Site]) -> Tokens:
    return mailed(at(MORNING))


@pytest.fixture
def client(at: Callable[[str], Site]) -> Iterator[Visitor]:
    """Somebody elsewhere, through a proxy that passes the name on."""
    with visiting(at(LATER), AFAR, BASE_URL) as client:
        yield client


def site_at(folder: Path, moment: str) -> Site:
    return Site(folder, read_config(folder), stopped_at(moment), pretended=True)


def facts(site: Site) -> list[tuple[str, str, str]]:
    with site.store() as store:
        return [(row.key, row.kind, row.how) for row in store.fact_rows()]


def words(html: str) -> list[str]:
    """What the main part says, block by block."""
    page = ShownPage(html)
    return [
        each.text
        for each in page.named("h1", "p", "legend", "label", "button", "dt", "dd")
        if "main" in each.above and each.text
    ]


def test_the_page_says_what_it_is_about_and_what_can_be_answered(
    client: Visitor, tokens: Tokens
) -> None:
    shown = client.get(f"/do/{tokens['person:bjl', SVAR]}")
    assert (shown.status_code, {name: shown.headers.get(name) for name in HEADERS}) == (
        200,
        HEADERS,
    )
    assert "set-cookie" not in shown.headers
    assert words(shown.text) == [
        "Frist: Svaret er sendt",
        "afdelingsMED Økonomi & Stab · Årets frist",
        "Senest mandag den 16. marts 2026.",
        "Der er ikke meldt noget endnu. Vælg et svar, og send det.",
        "Linket er sendt til bjl, og svaret gemmes under det navn.",
        "Dit svar",
        "Det er gjort",
        "Fristen bliver meldt udført i dag, og der mindes ikke mere om den.",
        "Udsæt til en senere dag",
        "Skriv den nye dag herunder.",
        "Ny dag",
        "Tidligst tirsdag den 17. marts 2026 og senest onsdag den 15. april 2026.",
        "Det er ikke mig, der skal gøre det",
        "De, der passer Medfrist, får besked, så den rette kan findes. Fristen står ved magt.",
        "Begrundelse, eller hvor det kan ses (kan udelades)",
        "Højst 300 tegn. Skriv ingen navne, CPR-numre eller oplysninger om helbred.",
        "Send svaret",
        "Linket kan bruges én gang, til og med mandag den 30. marts 2026.",
        "Sådan er datoen regnet ud",
        "Fristen er en fast dato: mandag den 16. marts 2026.",
        "Ansvarlig",
        "Sekretæren for afdelingsMED Økonomi & Stab",
        "Grundlag",
        "Lokal aftale § 1",
    ]


def test_looking_changes_nothing_however_often(
    client: Visitor, at: Callable[[str], Site], tokens: Tokens
) -> None:
    """Scanners of mail follow every link, and some ask with HEAD first."""
    before = links(at(LATER), tokens)
    for token in tokens.values():
        for method in ("HEAD", "GET", "HEAD", "GET"):
            shown = client.request(method, f"/do/{token}")
            assert shown.status_code == 200
            assert (shown.text == "") == (method == "HEAD")
    assert (facts(at(LATER)), links(at(LATER), tokens)) == ([], before)


def links(site: Site, tokens: Tokens) -> list[object]:
    with site.store() as store:
        return [store.link(hashed(token)) for token in tokens.values()]


def test_an_answer_is_recorded_and_a_second_is_told_what_was(
    client: Visitor, at: Callable[[str], Site], tokens: Tokens
) -> None:
    path = f"/do/{tokens['person:bjl', SVAR]}"
    first = client.post(path, {"choice": "done", "text": "Sag 81.38", "to": ""})
    second = client.post(path, {"choice": "postpone", "to": "2026-03-20"})
    later = client.get(path)
    assert facts(at(LATER)) == [(SVAR, "done", "link:person:bjl")]
    assert [each.status_code for each in (first, second, later)] == [200, 410, 410]
    assert words(first.text) == [
        "Tak – det er meldt",
        "Frist: Svaret er sendt",
        "Udført torsdag den 12. marts 2026. Se: Sag 81.38. Meldt via link sendt til bjl.",
        "Er det forkert, så sig det til udvalgets sekretær, som kan fortryde det. Siden kan "
        "lukkes.",
    ]
    assert (
        words(second.text)
        == words(later.text)
        == [
            "Der er allerede svaret med linket",
            "Frist: Svaret er sendt",
            "Meldt udført torsdag den 12. marts 2026 kl. 9.30.",
            "Et link kan bruges én gang. Skal svaret laves om, så sig det til udvalgets sekretær.",
        ]
    )


def test_the_page_speaks_the_recipients_language(client: Visitor, tokens: Tokens) -> None:
    shown = client.get(f"/do/{tokens['person:ckv', PLAN]}")
    assert [each.attributes["lang"] for each in ShownPage(shown.text).named("html")] == ["en"]
    assert words(shown.text)[5:11] == [
        "Your answer",
        "It is done",
        "The deadline is reported done today, and there are no more reminders of it.",
        "Postpone it to the next meeting, Thursday 18 June 2026",
        "The item is moved, and those who follow it get the new day. It goes together with "
        "Tallene drøftes.",
        "It is not mine to do",
    ]
    path = f"/do/{tokens['person:ckv', PLAN]}"
    taken = client.post(path, {"choice": "postpone", "to": "2026-06-18"})
    assert words(taken.text) == [
        "Thank you – it has been postponed",
        "Deadline: Planen drøftes",
        "Postponed from the meeting on Thursday 26 March 2026 to the meeting on Thursday 18 June "
        "2026. Reported via link sent to ckv.",
        "It goes together with Tallene drøftes.",
        "If it is wrong, tell the committee’s secretary, who can undo it. You can close the page.",
    ]


def test_a_unit_answers_for_itself(client: Visitor, tokens: Tokens) -> None:
    path = f"/do/{tokens['person:efa', AFTALE]}"
    assert words(client.get(path).text)[4:11] == [
        "Linket er sendt til efa, og svaret gemmes under det navn. Du svarer for IT.",
        "Dit svar",
        "Den er dækkende",
        "Fristen bliver meldt udført i dag med det svar.",
        "Vi når det ikke",
        "Sekretæren får besked. Fristen står ved magt.",
        "Det er ikke mig, der skal gøre det",
    ]
    taken = client.post(path, {"choice": "answer:daekkende"})
    assert words(taken.text)[:4] == [
        "Tak – det er meldt",
        "Frist: Enhederne drøfter deres aftale",
        "IT har svaret torsdag den 12. marts 2026. Svaret var: Den er dækkende. Meldt via link "
        "sendt til efa.",
        "1 af 3 har svaret.",
    ]
    assert words(client.get(path).text)[2] == (
        "Svaret torsdag den 12. marts 2026 kl. 9.30 var: Den er dækkende."
    )


def test_an_answer_that_tells_only_says_so(
    client: Visitor, at: Callable[[str], Site], tokens: Tokens
) -> None:
    mine = client.post(f"/do/{tokens['person:bjl', SVAR]}", {"choice": "not-mine"})
    later = client.post(f"/do/{tokens['person:efa', AFTALE]}", {"choice": "answer:senere"})
    assert [words(each.text) for each in (mine, later)] == [
        [
            "Tak – der er ikke meldt noget om fristen",
            "Frist: Svaret er sendt",
            "De rette får besked med den næste mail.",
            "Du behøver ikke gøre mere. Siden kan lukkes.",
        ],
        [
            "Tak – fristen står ved magt",
            "Frist: Enhederne drøfter deres aftale",
            "De rette får besked med den næste mail.",
            "Du behøver ikke gøre mere. Siden kan lukkes.",
        ],
    ]
    assert facts(at(LATER)) == []


def test_what_cannot_be_postponed_says_until_when(client: Visitor, tokens: Tokens) -> None:
    shown = words(client.get(f"/do/{tokens['office:hr', KONTOR]}").text)
    assert shown[4] == "Linket er sendt til HR & Løn, og svaret gemmes under det navn."
    assert shown[10] == (
        "Fristen kan ikke udsættes her: tirsdag den 17. marts 2026 er den sidste dag, lov eller "
        "aftale giver. Tal med udvalgets sekretær."
    )


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({}, "choices", "Vælg et af svarene."),
        ({"choice": "waive"}, "choices", "Vælg et af svarene."),
        ({"choice": "postpone"}, "to", "Den nye dag mangler. Vælg den dag, der udsættes til."),
        (
            {"choice": "postpone", "to": "2026-04-16"},
            "to",
            "Den 16. april 2026 er efter den sidste dag, lov eller aftale giver: den 15. april "
            "2026. Vælg en tidligere dag.",
        ),
        (
            {"choice": "postpone", "to": "2026-03-16"},
            "to",
            "Den 16. marts 2026 ligger ikke efter fristen den 16. marts 2026. Vælg en senere dag.",
        ),
        (
            {"choice": "postpone", "to": "snart"},
            "to",
            "Den nye dag er ikke en dato. Vælg en dag i kalenderen.",
        ),
        (
            {"choice": "done", "text": "Aftalt med Eva Farsø"},
            "text",
            "Teksten nævner en person. Udelad navnet, og skriv stillingen eller et journalnummer "
            "i stedet.",
        ),
        (
            {"choice": "not-mine", "text": "010190-1234"},
            "text",
            "Teksten ligner et CPR-nummer. Udelad det.",
        ),
        (
            {"choice": "done", "text": "x" * 301},
            "text",
            "Teksten er på 301 tegn og må højst være på 300. Skriv kortere.",
        ),
    ],
)
def test_a_fault_is_told_where_it_is_and_what_was_written_stays(
    client: Visitor,
    at: Callable[[str], Site],
    tokens: Tokens,
    given: dict[str, str],
    field: str,
    said: str,
) -> None:
    path = f"/do/{tokens['person:bjl', SVAR]}"
    answered = client.post(path, given)
    page = ShownPage(answered.text)
    [link] = [each for each in page.named("a") if each.attributes["href"] == f"#{field}"]
    [fault] = [each for each in page.elements if each.attributes.get("id") == "fault"]
    assert (answered.status_code, link.text, fault.text) == (422, said, said)
    assert [each.text for each in page.named("title")] == [
        "Svaret er ikke sendt: Frist: Svaret er sendt – Medfrist"
    ]
    described = [
        each.attributes["aria-describedby"].split()
        for each in page.elements
        if each.attributes.get("id") == field
    ]
    assert [parts[-1] for parts in described] == ["fault"]
    assert [each.text for each in page.named("textarea")] == [given.get("text", "")]
    chosen = [e.attributes["value"] for e in page.named("input") if "checked" in e.attributes]
    offered = given.get("choice", "") in ("done", "postpone", "not-mine")
    assert chosen == ([given["choice"]] if offered else [])
    assert (facts(at(LATER)), client.get(path).status_code) == ([], 200)


def test_a_link_that_leads_nowhere_says_why_and_what_to_do(
    at: Callable[[str], Site], client: Visitor, tokens: Tokens
) -> None:
    path = f"/do/{tokens['person:bjl', SVAR]}"
    with visiting(at("2026-04-02T09:00"), AFAR, BASE_URL) as late:
        expired = late.post(path, {"choice": "done"})
    done(at(LATER), SVAR, by="ckv", evidence="Sag 81.38")
    done(at(LATER), AFTALE, by="efa")
    waive(at(LATER), KONTOR, by="ckv", why="Bortfalder i år")
    others = [
        client.get(f"/do/{token}")
        for token in (
            tokens["person:bjl", SVAR],
            tokens["person:efa", AFTALE],
            tokens["office:hr", KONTOR],
            "x" * 43,
        )
    ]
    assert [(each.status_code, words(each.text)) for each in (expired, *others)] == [
        (
            410,
            [
                "Linket er udløbet",
                "Brug den nyeste mail om fristen, eller giv udvalgets sekretær besked. Der er "
                "ikke meldt noget.",
            ],
        ),
        (
            409,
            [
                "Fristen er allerede meldt udført",
                "Frist: Svaret er sendt",
                "Udført torsdag den 12. marts 2026. Se: Sag 81.38.",
                "Du skal ikke gøre noget. Er det forkert, så sig det til udvalgets sekretær.",
            ],
        ),
        (
            409,
            [
                "I har allerede svaret",
                "Frist: Enhederne drøfter deres aftale",
                "IT har svaret torsdag den 12. marts 2026.",
                "Andre, der er spurgt, mangler endnu at svare. Du skal ikke gøre mere.",
            ],
        ),
        (
            409,
            [
                "Fristen er frafaldet",
                "Frist: Tallene er opgjort",
                "Frafaldet torsdag den 12. marts 2026, godkendt af ckv. Begrundelse: Bortfalder "
                "i år.",
                "Du skal ikke gøre noget. Er det forkert, så sig det til udvalgets sekretær.",
            ],
        ),
        (
            404,
            [
                "Linket virker ikke",
                "Se efter, om hele linket fra mailen kom med. Er mailen gammel, så brug den "
                "nyeste mail om fristen, eller spørg udvalgets sekretær.",
            ],
        ),
    ]


@pytest.mark.parametrize(
    ("file", "before", "after", "status", "said"),
    [
        (
            "organisation/members.csv",
            "bjl@kommune.example;2025-06-01;;",
            "bjl@kommune.example;2025-06-01;2026-03-11;",
            403,
            [
                "Fristen er ikke længere din",
                "Opgaven er gået over til en anden, siden mailen blev sendt. Der er ikke meldt "
                "noget, og du skal ikke gøre noget. Er det forkert, så sig det til udvalgets "
                "sekretær.",
            ],
        ),
        (
            "workflows/frist.yaml",
            "svar: {",
            "svar: {confidential: yes, ",
            410,
            [
                "Fristen er her ikke mere",
                "Den er bortfaldet, eller den kan ikke længere besvares uden login. Der er ikke "
                "meldt noget. Spørg udvalgets sekretær, hvis du er i tvivl.",
            ],
        ),
    ],
    ids=["not-yours", "confidential"],
)
def test_what_is_no_longer_the_recipients_is_not_shown(
    at: Callable[[str], Site],
    tokens: Tokens,
    file: str,
    before: str,
    after: str,
    status: int,
    said: list[str],
) -> None:
    path = at(LATER).folder / file
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    apply(at(LATER))
    with visiting(at(LATER), AFAR, BASE_URL) as client:
        address = f"/do/{tokens['person:bjl', SVAR]}"
        shown = [client.get(address), client.post(address, {"choice": "done"})]
    assert [(each.status_code, words(each.text)) for each in shown] == [(status, said)] * 2
    assert facts(at(LATER)) == []


def test_whatever_nobody_was_sent_gets_the_same_answer(client: Visitor) -> None:
    """Whether it looks like a token or not, and whether it is asked for or answered."""
    paths = ("/do/", "/do/x", f"/do/{'x' * 43}", f"/do/{'Å' * 43}", "/do/a/b/c")
    told = {
        (answer.status_code, answer.text, tuple(sorted(answer.headers)))
        for path in paths
        for answer in (client.get(path), client.post(path, {"choice": "done"}))
    }
    assert len(told) == 1
    assert next(iter(told))[0] == 404


def test_nothing_else_of_the_site_can_be_reached(client: Visitor, tokens: Tokens) -> None:
    shown = client.get(f"/do/{tokens['person:bjl', SVAR]}").text
    page = ShownPage(shown)
    assert [each.attributes["href"] for each in page.named("a")] == ["#main"]
    assert [each.attributes["href"] for each in page.named("link")] == ["/do/medfrist.css"]
    style = client.get("/do/medfrist.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert [client.get(path).status_code for path in ("/", "/static/medfrist.css")] == [403, 403]


def test_only_the_sites_own_name_is_answered(at: Callable[[str], Site], tokens: Tokens) -> None:
    path = f"/do/{tokens['person:bjl', SVAR]}"
    with visiting(at(LATER), AFAR, "https://other.example") as elsewhere:
        assert elsewhere.get(path).status_code == 403
        assert elsewhere.post(path, {"choice": "done"}).status_code == 403
    assert facts(at(LATER)) == []


def test_other_methods_and_long_answers_are_refused(
    client: Visitor, at: Callable[[str], Site], tokens: Tokens
) -> None:
    path = f"/do/{tokens['person:bjl', SVAR]}"
    other = client.request("DELETE", path)
    long = client.post(path, {"choice": "done", "text": "x" * MOST_BYTES})
    assert (other.status_code, other.headers["allow"]) == (405, "GET, HEAD, POST")
    assert (long.status_code, facts(at(LATER))) == (413, [])


def test_a_database_that_is_away_is_said_calmly_and_without_the_token(
    at: Callable[[str], Site], tokens: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    site, token = at(LATER), tokens["person:bjl", SVAR]
    (site.var / "medfrist.db").write_bytes(b"no database at all, whatever it was before")
    with visiting(site, AFAR, BASE_URL) as client, caplog.at_level(logging.DEBUG):
        shown = client.get(f"/do/{token}")
    assert (shown.status_code, words(shown.text)[0]) == (503, "Medfrist kan ikke svare lige nu")
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("httpx")]
    assert ours
    assert token not in "\n".join(ours)


def test_a_real_server_answers_a_form_and_keeps_the_token_out_of_its_log(
    at: Callable[[str], Site], tokens: Tokens, capfd: pytest.CaptureFixture[str]
) -> None:
    token = tokens["person:bjl", SVAR]
    with serving(at(LATER)) as base:
        with urllib.request.urlopen(f"{base}/do/{token}") as shown:
            assert b"Send svaret" in shown.read()
        with urllib.request.urlopen(f"{base}/do/{token}", b"choice=done&to=&text=") as taken:
            assert taken.status == 200
        with pytest.raises(urllib.error.HTTPError) as used:
            urllib.request.urlopen(f"{base}/do/{token}", b"choice=done")
        used.value.close()
        assert used.value.code == 410
    assert facts(at(LATER)) == [(SVAR, "done", "link:person:bjl")]
    said = capfd.readouterr()
    assert token not in said.out + said.err


@pytest.mark.parametrize("given", [None, {"choice": "postpone"}, {"choice": "done"}])
def test_the_pages_can_be_read_by_everybody(
    client: Visitor, tokens: Tokens, given: dict[str, str] | None
) -> None:
    """Every field has a label and what explains it; headings, names and landmarks are in order."""
    path = f"/do/{tokens['person:bjl', SVAR]}"
    page = ShownPage((client.get(path) if given is None else client.post(path, given)).text)
    ids = page.ids()
    fields = [
        each
        for each in page.named("input", "textarea", "select")
        if each.attributes.get("type") != "hidden"
    ]
    pointed = [
        name
        for each in page.elements
        for kind in ("aria-describedby", "for")
        for name in each.attributes.get(kind, "").split()
    ]
    assert [each.attributes["id"] for each in fields] == [
        each.attributes["for"] for each in page.named("label")
    ]
    assert all("aria-describedby" in each.attributes for each in fields)
    assert len(ids) == len(set(ids))
    assert set(pointed) <= set(ids)
    assert [len(page.named(name)) for name in ("h1", "main", "header")] == [1, 1, 1]
    assert page.named("script", "style", "img", "iframe") == []
    assert not any(
        name == "style" or name.startswith("on") for e in page.elements for name in e.attributes
    )


def test_both_languages_say_the_same_things() -> None:
    codes = ("answer.", "editions.mail.not-mine", "editions.mail.later", "told.via", "told.own")
    danish, english = (
        {
            code: {name for _, name, _, _ in Formatter().parse(str(message)) if name}
            for code, message in catalogue(language).items()
            if code.startswith(codes)
        }
        for language in LANGUAGES
    )
    assert danish == english
    assert len(danish) > 80


@pytest.fixture(params=[360, 800])
def window(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Page]]:
    """A browser window without scripts; whatever it complains of fails the test."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        complaints: list[str] = []

        def opened(base: str) -> Page:
            context = browser.new_context(
                base_url=base,
                viewport={"width": request.param, "height": 800},
                java_script_enabled=False,
            )
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            return page

        yield opened
        browser.close()
        assert [each for each in complaints if "422" not in each] == []


@pytest.mark.slow
def test_somebody_answers_in_a_browser_without_scripts(
    window: Callable[[str], Page], at: Callable[[str], Site], tokens: Tokens
) -> None:
    with serving(at(LATER)) as base:
        page = window(base)
        page.goto(f"/do/{tokens['person:bjl', SVAR]}")
        photograph(page, "open")
        page.get_by_role("button", name="Send svaret").click()
        assert page.locator("[role=alert] a").inner_text() == "Vælg et af svarene."
        page.get_by_label("Udsæt til en senere dag").check()
        page.get_by_label("Ny dag").fill("2026-04-20")
        page.get_by_role("button", name="Send svaret").click()
        photograph(page, "fault")
        assert page.get_by_label("Udsæt til en senere dag").is_checked()
        assert fits(page)
        page.get_by_label("Ny dag").fill("2026-04-10")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Send svaret").press("Enter")
        photograph(page, "receipt")
        assert page.locator("h1").inner_text() == "Tak – det er udsat"
    assert facts(at(LATER)) == [(SVAR, "postponed", "link:person:bjl")]


def fits(page: Page) -> bool:
    """Whether nothing stands outside the window, and what is to be pressed is large enough."""
    size = page.viewport_size
    assert size is not None
    boxes = [
        each.bounding_box() for each in page.locator("input, textarea, button, label, p, h1").all()
    ]
    shown = [box for box in boxes if box is not None]
    pressed = [each.bounding_box() for each in page.locator("input:visible, button").all()]
    return all(box["x"] + box["width"] <= size["width"] for box in shown) and all(
        min(box["width"], box["height"]) >= 24 for box in pressed if box is not None
    )


def photograph(page: Page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        size = page.viewport_size
        assert size is not None
        page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
