"""Fixtures: a browser, and windows of people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.page.hands import Hand, Keyboard, Mouse
from tests.support.browser import CHROMIUM_FLAGS, chromium
from tests.support.processes import PORTS, free_port
from tests.support.sandbox_sample import Bench, running

# `visit(path, **options)` opens the page at a path in a new window; the options are those of
# Playwright's new_context.
Visit = Callable[..., Page]

_PATIENCE_MS = 60_000
# Playwright's own.
_WINDOW: Final = ViewportSize(width=1280, height=720)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium. Without it the page's tests are skipped, but never in CI."""
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium here, and .ci/run installs one")
        pytest.skip("the tests of the page need a Chromium; Debian, Ubuntu: apt install chromium")
    # Playwright's five seconds are too short on a busy machine.
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept() -> list[Page]:
    """Windows that tests reuse, because opening one takes longer than most tests."""
    return []


@pytest.fixture
def visitor(browser: Browser, kept: list[Page]) -> Iterator[Callable[..., Page]]:
    """Open windows, each with its own profile.

    An error in a page's script fails the test.
    """
    complaints: list[str] = []
    opened: list[Page] = []
    free = list(kept)

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def failed(error: Error) -> None:
        complaints.append(str(error))

    def window(**options: object) -> Page:
        if free and not options:
            return free.pop(0)
        page = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # as named
        page.set_default_timeout(_PATIENCE_MS)
        if not options:
            kept.append(page)
        return page

    def visit(url: str, **options: object) -> Page:
        page = window(**options)
        page.on("console", console)
        page.on("pageerror", failed)
        opened.append(page)
        page.goto(url)
        return page

    yield visit
    for page in opened:
        if page in kept:
            leave(page)
            page.remove_listener("console", console)
            page.remove_listener("pageerror", failed)
        else:
            page.context.close()
    assert complaints == []


def leave(page: Page) -> None:
    """Reset a window to its initial state, and close the windows that it opened."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    # Another sandbox may get the same port, and with it the storage.
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.unroute_all()
    page.goto("about:blank")
    page.emulate_media(color_scheme="null", media="null")
    page.set_viewport_size(_WINDOW)
    page.mouse.move(-1, -1)


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def hand_of(request: pytest.FixtureRequest) -> Callable[[Page], Hand]:
    """Return the hand of a person at a window; the test runs with each kind."""
    return request.param  # type: ignore[no-any-return]  # one of the two


@pytest.fixture
def now() -> datetime | None:
    """The fixed time of a sandbox's clock, for tests that set one."""
    return None


@pytest.fixture(scope="session")
def port(worker_id: str) -> int:
    """The port of every sandbox, so that the browser's cache works for all of them.

    Each worker has its own, outside the range of other tests.
    """
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    first = PORTS.stop + number % 32 * 20
    return free_port(range(first, first + 20))


@pytest.fixture
def bench(tmp_path: Path, now: datetime | None, port: int) -> Iterator[Bench]:
    """Run the sample app in a sandbox, in process."""
    options: dict[str, Any] = {} if now is None else {"now": lambda: now}
    with running(tmp_path, retry_delays=(), port=port, **options) as found:
        yield found


@pytest.fixture
def visit(bench: Bench, visitor: Callable[..., Page]) -> Visit:
    """Open the page of the sample app's sandbox."""
    return lambda path="", **options: visitor(f"{bench.sandbox.url}/page/{path}", **options)


@pytest.fixture
def kit(visit: Visit) -> Page:
    """Open the page that shows all of Block Kit."""
    page = visit("kit.html")
    expect(page.get_by_role("article").first).to_be_visible()
    return page
