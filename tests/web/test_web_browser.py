from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from web_visits import serving

from engine.service.site import Site

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = [320, 360, 1000]
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists() and os.environ.get("CI") != "true",
        reason="Chromium is missing: apt-get install chromium",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@contextmanager
def looking(browser: Browser, base: str, width: int, scheme: Scheme = "light") -> Iterator[Page]:
    """A window of a width; whatever the browser complains of fails the test."""
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_has_to_be_scrolled_sideways(site: Site, browser: Browser, width: int) -> None:
    with serving(site) as base, looking(browser, base, width) as page:
        page.goto("/")
        for summary in page.query_selector_all("section > details > summary"):
            summary.click()
        front = sideways(page)
        page.click(".line .title >> nth=0")
        page.wait_for_load_state()
        assert (front, sideways(page)) == (0, 0)


def test_a_reader_finds_a_deadline_with_the_keyboard_alone(site: Site, browser: Browser) -> None:
    with serving(site) as base, looking(browser, base, 1000) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert page.evaluate(f"{focused}.textContent") == "Gå til indholdet"
        assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
        assert page.evaluate(f"{focused}.getBoundingClientRect().left") >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.id") == "committee"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?committee=oes-med")
        page.click("text=Dagsordenen sendes ud")
        assert page.inner_text("h1") == "Dagsordenen sendes ud"
        assert page.inner_text(".when") == "Senest torsdag den 19. marts 2026."


def test_the_dark_is_dark(site: Site, browser: Browser) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    with serving(site) as base:
        seen = {}
        for scheme in SCHEMES:
            with looking(browser, base, 1000, scheme) as page:
                page.goto("/")
                seen[scheme] = page.evaluate(colour)
    assert seen == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 29)"}


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_to_be_pressed_is_large_enough(site: Site, browser: Browser, width: int) -> None:
    small = (
        "[...document.querySelectorAll('a, button, select, summary')]"
        ".filter(each => { const box = each.getBoundingClientRect();"
        " return box.width && Math.min(box.width, box.height) < 18; })"
        ".map(each => each.textContent)"
    )
    with serving(site) as base, looking(browser, base, width) as page:
        page.goto("/")
        assert page.evaluate(small) == []
