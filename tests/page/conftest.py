"""A browser, and people at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.browser import CHROMIUM_FLAGS, chromium
from tests.page.hands import Hand, Keyboard, Mouse
from tests.sandbox_sample import Bench, running

# `visit(path, **options)` opens the page at a path, in a window of its own; options are those of
# Playwright's new_context.
Visit = Callable[..., Page]

_PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium; without one the tests of the page are skipped, never in CI."""
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium here, and .ci/run installs one")
        pytest.skip("no Chromium on this machine; Debian, Ubuntu: apt install chromium")
    # A machine with other things to do is slower than Playwright's five seconds allow for.
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(browser: Browser) -> BrowserContext:
    """The profile of each test's first window: making one takes longer than most tests."""
    return browser.new_context()


@pytest.fixture
def visitor(browser: Browser, profile: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Open windows; what a page's script complains of fails the test.

    Other windows, and those with options, have a profile of their own.
    """
    complaints: list[str] = []
    opened: list[Page] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def visit(url: str, **options: object) -> Page:
        first = not opened and not options
        context = profile if first else browser.new_context(**options)  # type: ignore[arg-type]  # as named
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on("console", console)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(page)
        page.goto(url)
        return page

    yield visit
    for page in opened:
        if page.context is not profile:
            page.context.close()
    for page in profile.pages:
        # Another sandbox may have its port, and so its storage.
        page.evaluate("localStorage.clear()")
        page.close()
    assert complaints == []


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def hand_of(request: pytest.FixtureRequest) -> Callable[[Page], Hand]:
    """Give the hand that a person has at a window; the test is run with either."""
    return request.param  # type: ignore[no-any-return]  # one of the two


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Run the sample app in a sandbox, called in process."""
    with running(tmp_path, retry_delays=()) as found:
        yield found


@pytest.fixture
def visit(bench: Bench, visitor: Callable[..., Page]) -> Visit:
    """Open the page of the sample's sandbox."""
    return lambda path="", **options: visitor(f"{bench.sandbox.url}/page/{path}", **options)


@pytest.fixture
def kit(visit: Visit) -> Page:
    """Open the fixture page, which shows all of Block Kit."""
    page = visit("kit.html")
    expect(page.get_by_role("article").first).to_be_visible()
    return page
