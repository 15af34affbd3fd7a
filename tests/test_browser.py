"""The page in a real browser: what a visitor does, with a script and without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright
from waitress.server import create_server

from web import create_app

_INSTALLED: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "microsoft-edge",
)
_APPLICATIONS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
_ARGUMENTS: Final = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_CURE: Final = (
    "No Chromium could be started. Install Chrome or Chromium, or run `playwright install "
    "--with-deps chromium`, then run the tests again."
)

Visit = Callable[..., Page]


def installed() -> Iterator[str]:
    """Where browsers are that somebody installed; Debian's package is tried for last."""
    yield from filter(None, map(shutil.which, _INSTALLED))
    yield from filter(os.path.exists, _APPLICATIONS)


def fetched() -> Iterator[str | None]:
    """Browsers that can be had: Playwright's own, then as root the distribution's."""
    ours = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(ours, check=False, capture_output=True, timeout=600).returncode == 0:
        yield None
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, timeout=600)
        yield shutil.which("chromium")


def launched(playwright: Playwright) -> Browser:
    """The first browser that starts; a failure that tells how to get one where there is none."""
    told = [_CURE]
    for paths in (installed(), iter([None]), fetched()):
        for path in paths:
            try:
                return playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
            except Error as error:
                told.append(f"{path or 'Playwright'}: {error.message.splitlines()[0]}")
    pytest.fail("\n".join(told), pytrace=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, whatever it takes."""
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def site(seeds_index: Path) -> Iterator[str]:
    """The address of the real application over an index of the seeds."""
    server = create_server(create_app(seeds_index), host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens a page of the site in a fresh profile; fails where the browser complained of one."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, **options: object) -> Page:
        context = browser.new_context(base_url=site, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def search_for(page: Page, words: str) -> None:
    """Type into the box and press Enter."""
    page.get_by_label("Search the archive").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_visitor_finds_all_seeds_and_narrows_to_one(visit: Visit, script: bool) -> None:
    """Searching lists the five seeds; choosing Worcester leaves one; Back brings all back."""
    page = visit("/", java_script_enabled=script)
    search_for(page, "facial recognition")
    expect(page.locator(".hit")).to_have_count(5)
    page.get_by_label("Worcester, Massachusetts").check()
    if not script:
        page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit h2")).to_contain_text("Worcester")
    expect(page.get_by_label("Worcester, Massachusetts")).to_be_checked()
    assert "city=Worcester" in page.url
    page.go_back()
    expect(page.locator(".hit")).to_have_count(5)


def test_what_matched_is_marked(visit: Visit) -> None:
    """Every hit shows in its own text or in its related coverage why it was found."""
    page = visit("/search?q=facial+recognition")
    expect(page.locator(".hit")).to_have_count(5)
    for hit in page.locator(".hit").all():
        assert hit.locator("mark").count() > 0


def test_the_visitor_reads_an_article_and_why_its_cities(visit: Visit) -> None:
    """A hit leads to its article, which tells its cities, the deciding words, who else ran it."""
    page = visit("/search?q=Cambridge+becomes+4th")
    page.locator(".hit h2 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cambridge becomes 4th")
    cities = page.locator("section.cities")
    expect(cities).to_contain_text("Cambridge, Massachusetts")
    expect(cities.locator("mark").first).to_have_text("Cambridge")
    expect(page.locator("section.coverage")).to_contain_text("The Harvard Crimson")


def test_a_chosen_filter_is_let_go_by_its_chip(visit: Visit) -> None:
    """The chip above the results removes its filter and says so to screen readers."""
    page = visit("/search?q=facial+recognition&city=Worcester,+Massachusetts")
    page.locator(".chosen a").first.click()
    expect(page.locator(".hit")).to_have_count(5)
    expect(page.get_by_label("Worcester, Massachusetts")).not_to_be_checked()
    expect(page.locator("#said")).to_have_text("5 articles")
    expect(page.locator("main")).to_be_focused()


def test_choosing_keeps_the_focus(visit: Visit) -> None:
    """Results are swapped in place: whoever chooses by keyboard stays on the checkbox."""
    page = visit("/search?q=facial+recognition")
    page.get_by_label("Boston, Massachusetts").focus()
    page.keyboard.press("Space")
    expect(page.locator(".hit")).to_have_count(3)
    expect(page.get_by_label("Boston, Massachusetts")).to_be_focused()


def test_a_bar_of_the_histogram_narrows_to_its_time(visit: Visit) -> None:
    """Clicking a bar chooses its dates in the form."""
    page = visit("/search?q=facial+recognition")
    page.get_by_role("link", name="January 2020: 1 article").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.get_by_label("From")).to_have_value("2020-01-01")
    expect(page.get_by_label("To", exact=True)).to_have_value("2020-01-31")


def test_keys_reach_the_box_and_choose_a_completion(visit: Visit) -> None:
    """ "/" goes to the box; the arrows choose among completions; Enter searches for the chosen."""
    page = visit("/help")
    page.keyboard.press("/")
    box = page.get_by_label("Search the archive")
    expect(box).to_be_focused()
    page.keyboard.type("recog")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option").first.inner_text()
    expect(box).to_have_value(chosen)
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    expect(box).to_have_value(chosen)


def test_the_first_key_leads_past_the_header(visit: Visit) -> None:
    """The skip link comes first and leads to the content."""
    page = visit("/search?q=facial+recognition")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/help", "/facet/provider", "/article/000_8feee25d5bf3b605"),
        *("/search?q=facial+recognition", "/search?q=zzzz&city=Boston,+Massachusetts"),
        "/search?q=" + "unbroken" * 30,
    ],
)
def test_a_phone_never_scrolls_sideways(visit: Visit, path: str, scheme: str) -> None:
    """At 375 pixels every page fits, in light and in dark."""
    page = visit(path, viewport={"width": 375, "height": 700}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("width", [700, 970, 1024, 1280])
def test_the_bar_is_as_high_as_its_box_at_any_width(visit: Visit, width: int) -> None:
    """However little room the box leaves it, the link to the help stays on one line."""
    page = visit("/search?q=ban", viewport={"width": width, "height": 700})
    assert page.locator(".links").evaluate("it => it.offsetHeight") < 40


def test_a_phone_opens_the_filters_on_demand(visit: Visit) -> None:
    """On a narrow screen filters are closed until asked for, and applied together."""
    page = visit("/search?q=facial+recognition", viewport={"width": 375, "height": 700})
    box = page.get_by_label("Worcester, Massachusetts")
    expect(box).to_be_hidden()
    page.locator("label.toggle").click()
    box.check()
    expect(page.locator(".hit")).to_have_count(5)
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".hit")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_value_is_found_and_chosen_among_many(visit: Visit, script: bool) -> None:
    """On a facet's own page Enter finds values, and what is ticked there narrows the search."""
    page = visit("/facet/provider?q=facial+recognition", java_script_enabled=script)
    page.get_by_label("Find a provider").fill("mash")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_label("Mashable").check()
    page.get_by_role("button", name="Show the articles").click()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.get_by_label("Search the archive")).to_have_value("facial recognition")
