"""How long the sandbox's page keeps a reader waiting, measured in the browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Page, sync_playwright

from bot.cli.demo.processes import running
from sandbox import Driver
from sandbox.seen import Channel
from tests.bench.figures import Figure, percentile
from tests.support.browser import CHROMIUM_FLAGS, chromium

_MESSAGES: Final = 5_000
_RATE: Final = 200
_SECONDS: Final = 10
# Collects the tasks that kept the page busy for 50 ms or more (W3C, Long Tasks).
_COLLECT: Final = """
window.busy = [];
new PerformanceObserver((list) => busy.push(...list.getEntries().map((each) => each.duration)))
  .observe({ type: "longtask", buffered: true });
"""
# Types a key, and returns how long the page takes to draw it.
_TYPE: Final = """
() => new Promise((done) => {
  const began = performance.now();
  document.execCommand("insertText", false, "x");
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})
"""


def page() -> Iterator[Figure]:
    """Yield how long the page takes to open, and its longest task while someone reads and types."""
    with running() as demo, _window() as window:
        driver = demo.driver
        ana = driver.person("ana")
        ops = driver.channel("ops", members=[ana])
        for number in range(_MESSAGES):
            ana.say(ops, f"message {number} of a long day in operations", wait=False)
        where = f"{demo.url}/page/?as=ana&in=ops"
        _open(window, where)
        opened = float(window.evaluate("performance.now()"))
        yield Figure(f"opened with {_MESSAGES:,} messages", opened, "ms", 1000)
        yield Figure("longest task as it opens", _longest(window), "ms", 100)
        _scroll_to_the_first(window)
        yield Figure("longest task while scrolling to the first", _longest(window), "ms", 100)
        _open(window, where)
        _longest(window)
        waits = _typed_under_load(window, driver, ops)
        yield Figure(f"longest task at {_RATE} messages a second", _longest(window), "ms", 100)
        yield Figure("a key typed at that rate, p99", percentile(waits, 0.99), "ms", 100)


@contextmanager
def _window() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        window = browser.new_page()
        window.add_init_script(_COLLECT)
        yield window
        browser.close()


def _open(window: Page, where: str) -> None:
    window.goto(where)
    window.get_by_text(f"message {_MESSAGES - 1} of").wait_for()


def _longest(window: Page) -> float:
    """Return the longest task since the last call; 0 if none took 50 ms."""
    # The browser reports a task after it ends, so wait until the page is idle.
    window.evaluate("() => new Promise((done) => requestIdleCallback(done, { timeout: 1000 }))")
    return float(window.evaluate("Math.max(0, ...busy.splice(0))"))


def _scroll_to_the_first(window: Page) -> None:
    window.get_by_role("region", name="Messages").hover()
    first = window.get_by_text("message 0 of")
    while not first.is_visible():
        window.mouse.wheel(0, -4_000)
        window.evaluate("() => new Promise(requestAnimationFrame)")


def _typed_under_load(window: Page, driver: Driver, channel: Channel) -> list[float]:
    """Type one key after another while messages arrive, and return each one's wait in ms."""
    others = [driver.person(f"w{number}") for number in range(20)]
    for person in others:
        driver.do("places.invite", channel=channel.id, user=person.id)
    load = threading.Thread(
        target=driver.load, args=(channel, _RATE, _SECONDS, others, ["a line of chat"])
    )
    window.get_by_role("textbox", name="Message #ops").focus()
    load.start()
    waits = []
    while load.is_alive():
        waits.append(float(window.evaluate(_TYPE)))
    load.join()
    return waits
