"""A browser for the page, where one is installed."""

from __future__ import annotations

import shutil

import pytest

from negosim.report.page.page import page_of
from negosim.report.page.render import render

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def page_html(found) -> str:
    """The page about a dossier."""
    return render(page_of(found, command="negosim report quarrel -o page.html", version="0"))


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium through Playwright; the tests that need it are skipped without it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no page is opened")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium is installed here: no page is opened")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield found
        found.close()


class Opened:
    """A page as a person has it before them, and what it said or asked for behind their back."""

    def __init__(self, page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    @property
    def quiet(self) -> bool:
        """Nothing on the console, and nothing asked for but the file itself."""
        return self.said == [] and len(self.asked) == 1

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    def evaluate(self, script: str):
        return self.page.evaluate(script)

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})


@pytest.fixture(scope="session")
def windows(browser):
    """A window of the browser by colour scheme, made once: ``windows(scheme)``."""
    made = {}

    def window(scheme: str):
        if scheme not in made:
            made[scheme] = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
        return made[scheme]

    yield window
    for one in made.values():
        one.close()


@pytest.fixture
def opened(windows, tmp_path):
    """Open HTML in a page of its own: ``opened(html, width=, scheme=)``."""
    pages = []

    def show(html: str, *, width: int = 1280, scheme: str = "light") -> Opened:
        file = tmp_path / f"page-{len(pages)}.html"
        file.write_text(html, encoding="utf-8")
        found = Opened(windows(scheme).new_page())
        pages.append(found.page)
        found.resize(width)
        found.page.goto(file.as_uri())
        return found

    yield show
    for page in pages:
        page.close()
