from __future__ import annotations

import re
from importlib import resources
from itertools import pairwise
from string import Formatter

import pytest
from shown_page import ShownPage
from web_visits import Visitor

from engine.wording.catalogue import LANGUAGES, catalogue

FRONT, REFUSED = "/", "/nothing"
LANDMARKS = {"header", "main", "footer", "nav"}


@pytest.fixture(params=["front", "deadline", "refused"])
def page(request: pytest.FixtureRequest, reader: Visitor) -> ShownPage:
    front = reader.get(FRONT).text
    if request.param == "front":
        return ShownPage(front)
    if request.param == "refused":
        return ShownPage(reader.get(REFUSED).text)
    path = next(
        each.attributes["href"]
        for each in ShownPage(front).named("a")
        if each.attributes["href"].startswith("/deadlines/")
    )
    return ShownPage(reader.get(path).text)


def test_the_page_says_its_language_and_what_it_is(page: ShownPage) -> None:
    assert [each.attributes["lang"] for each in page.named("html")] == ["da"]
    titles, headings = page.named("title"), page.named("h1")
    assert [each.text for each in titles] == [f"{each.text} – Medfrist" for each in headings]
    assert len(headings) == 1


def test_headings_go_down_one_level_at_a_time(page: ShownPage) -> None:
    levels = [int(each.name[1]) for each in page.named("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_everything_lies_in_a_landmark(page: ShownPage) -> None:
    assert [len(page.named("main")), len(page.named("header"))] == [1, 1]
    outside = [
        each
        for each in page.elements
        if each.text
        and "body" in each.above
        and each.name not in LANDMARKS
        and not LANDMARKS & set(each.above)
    ]
    assert [each.attributes.get("class") for each in outside] == ["skip"]
    assert all(each.attributes.get("aria-label") for each in page.named("nav"))


def test_the_first_link_skips_to_the_content(page: ShownPage) -> None:
    first = page.named("a")[0]
    main = page.named("main")[0]
    assert (first.attributes["href"], first.text) == (
        f"#{main.attributes['id']}",
        "Gå til indholdet",
    )


def test_names_refer_to_what_is_there(page: ShownPage) -> None:
    ids = page.ids()
    assert len(ids) == len(set(ids))
    pointed = [
        each.attributes[name]
        for each in page.elements
        for name in ("aria-labelledby", "for")
        if name in each.attributes
    ]
    inside = [a.attributes["href"][1:] for a in page.named("a") if a.attributes["href"][0] == "#"]
    assert set(pointed) | set(inside) <= set(ids)


def test_every_link_and_button_has_words(page: ShownPage) -> None:
    assert all(each.text for each in page.named("a", "button", "summary", "option", "caption"))
    named = [each for each in page.named("a") if "aria-label" in each.attributes]
    assert all(each.attributes["aria-label"].startswith(each.text) for each in named)


def test_there_are_no_scripts_and_no_styles_of_the_pages_own(page: ShownPage) -> None:
    assert page.named("script", "style", "iframe", "img") == []
    assert [
        name
        for each in page.elements
        for name in each.attributes
        if name == "style" or name.startswith("on")
    ] == []


def test_fields_have_labels_and_tables_have_heads(reader: Visitor) -> None:
    page = ShownPage(reader.get(FRONT).text)
    fields = [each.attributes["id"] for each in page.named("select", "input", "textarea")]
    assert fields == [each.attributes["for"] for each in page.named("label")] == ["committee"]
    assert len(page.named("table")) == len(page.named("caption")) == 1
    heads = [each.attributes["scope"] for each in page.named("th")]
    rows = len(page.named("tbody")) and len([r for r in page.named("tr") if "tbody" in r.above])
    assert heads == ["col", "col", *["row"] * rows]
    assert rows > 10


def test_a_state_is_a_word_beside_its_symbol(reader: Visitor) -> None:
    page = ShownPage(reader.get(FRONT).text)
    symbols = [each for each in page.elements if each.attributes.get("class") == "symbol"]
    states = [e for e in page.elements if "state" in e.attributes.get("class", "").split()]
    assert {each.attributes["aria-hidden"] for each in symbols} == {"true"}
    assert [len(each.text.split()[0]) for each in states] == [1] * len(symbols)
    assert all(len(each.text.split()) > 1 for each in states)


STYLE = (resources.files("engine.web") / "static/medfrist.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", part))
    for part in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
)
WORDS = ("text", "quiet", "link", "good", "wait", "bad")


def test_the_style_has_the_same_colours_in_the_dark() -> None:
    assert LIGHT.keys() == DARK.keys() == {*WORDS, "page", "panel", "rule", "edge"}
    outside = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", outside) == []


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(colours: dict[str, str]) -> None:
    on_page = {name: contrast(colours[name], colours["page"]) for name in WORDS}
    on_panel = {name: contrast(colours[name], colours["panel"]) for name in ("text", "quiet")}
    assert {name: ratio for name, ratio in on_page.items() if ratio < 4.5} == {}
    assert {name: ratio for name, ratio in on_panel.items() if ratio < 4.5} == {}
    assert contrast(colours["edge"], colours["page"]) >= 3


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_both_languages_say_the_same_things() -> None:
    danish, english = (
        {
            code: [{name for _, name, _, _ in Formatter().parse(form) if name} for form in forms]
            for code, message in catalogue(language).items()
            for forms in [message if isinstance(message, tuple) else (message,)]
            if code.startswith(("page.", "web."))
        }
        for language in LANGUAGES
    )
    assert danish == english
    assert len(danish) > 50


def test_every_message_of_the_pages_is_used() -> None:
    """What templates and modules ask for by name, and what they build from a shorter one."""
    folder = resources.files("engine.web")
    texts = [
        file.read_text(encoding="utf-8")
        for place in (folder, folder / "templates")
        for file in place.iterdir()
        if file.name.endswith((".py", ".html"))
    ]
    asked = set(re.findall(r"[\"']((?:page|web)\.[a-z0-9-]+)", "\n".join(texts)))
    built = tuple(name for name in asked if name.endswith("-"))
    known = {code for code in catalogue("da") if code.startswith(("page.", "web."))}
    assert {name for name in asked if not name.endswith("-")} <= known
    unused = {code for code in known - asked if not code.startswith(built)}
    assert {code for code in unused if not code.removesuffix("-do").startswith(built)} == set()
