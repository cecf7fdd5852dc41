"""`python -m tests.pictures`: the pictures of the README and the tour, taken of the demo itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.demo import acts, landing
from bot.demo.acts import Ops
from bot.demo.chat import Chat
from bot.demo.processes import Running, running
from sandbox.seen import Message
from tests.browser import CHROMIUM_FLAGS, chromium

_FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
_DECIDED: Final = "From now on we drain a node before we reboot it: agreed with storage."


def take() -> None:
    """Replay the demo's chat, act in it as the demo does, and take every picture anew."""
    _FOLDER.mkdir(exist_ok=True)
    with running() as up, sync_playwright() as playwright:
        ops, digest = _scene(up)
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        _read(browser, up, ops, digest)
        _record(browser, up, ops)
        _look_around(browser, up, ops)
        browser.close()


def _scene(up: Running) -> tuple[Ops, Message]:
    ops = acts.replay(up.driver, Chat.load().until(datetime.now(UTC)), lambda _: None)
    up.settle()
    acts.record_decision(ops, "clara")
    acts.record_escalation(ops, "theo", ["noor", "hugo", "clara"])
    acts.record_handoff(ops, "hugo")
    acts.deviate(ops, "zara")
    digest = acts.ask_for_digest(ops, "theo")
    up.settle()
    landing.welcome(ops, digest)
    return ops, digest


def _read(browser: Browser, up: Running, ops: Ops, digest: Message) -> None:
    """The digest, in light and dark, and on a telephone."""
    here = landing.address(up.url, ops)
    for name, scheme in (("digest", "light"), ("digest-dark", "dark")):
        with _window(browser, here, color_scheme=scheme) as window:
            window.locator(f"[data-ts='{digest.ts}']").evaluate("each => each.scrollIntoView()")
            _keep(window, name)
    with _window(browser, here, viewport={"width": 390, "height": 760}) as window:
        window.get_by_role("button", name="Dismiss").first.press("Enter")
        window.locator(f"[data-ts='{digest.ts}']").evaluate("each => each.scrollIntoView()")
        _keep(window, "narrow")


def _record(browser: Browser, up: Running, ops: Ops) -> None:
    """From a thread to its card."""
    root = ops.ts[acts.PENDING]
    with _window(browser, f"{landing.address(up.url, ops)}&thread={root}") as window:
        thread = window.get_by_role("complementary", name="Thread")
        card = thread.get_by_role("article", name="opslore").last
        card.scroll_into_view_if_needed()
        _keep(window, "card")
    with _window(browser, landing.address(up.url, ops)) as window:
        ops.people["mira"].say(ops.channel, _DECIDED)
        prompt = window.get_by_role("button", name="Record decision")
        expect(prompt).to_be_visible()
        _keep(window, "prompt")
        prompt.click()
        form = window.get_by_role("dialog", name="Record a decision")
        expect(form.get_by_label("Title")).not_to_have_value("")
        _keep(window, "form")
        window.keyboard.press("Escape")


def _look_around(browser: Browser, up: Running, ops: Ops) -> None:
    """Search, App Home, what went over the wire, and next Monday."""
    here = landing.address(up.url, ops)
    with _window(browser, here) as window:
        box = window.get_by_role("textbox", name="Message #ops")
        box.fill("/lore find login node is ful")
        box.press("Enter")
        expect(window.get_by_text("Only visible to you").last).to_be_visible()
        _keep(window, "search")
    with _window(browser, f"{up.url}/page/?as=clara&in=ops&tab=home") as window:
        expect(window.get_by_role("region", name="Home").get_by_text("DEC-1")).to_be_visible()
        _keep(window, "home")
    with _window(browser, f"{here}&drawer=1") as window:
        expect(window.get_by_role("row").nth(3)).to_be_visible()
        _keep(window, "drawer")
    with _window(browser, f"{here}&clock=1") as window:
        expect(window.get_by_role("dialog")).to_be_visible()
        expect(window.get_by_role("article").first).to_be_attached()
        _keep(window, "clock")


@contextmanager
def _window(browser: Browser, where: str, **options: object) -> Iterator[Page]:
    wide = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1.5}
    context = browser.new_context(**(wide | options))  # type: ignore[arg-type]  # Playwright's names
    window = context.new_page()
    window.goto(where)
    expect(window.get_by_role("main")).to_be_attached()
    yield window
    context.close()


def _keep(window: Page, name: str) -> None:
    """Take a picture once fonts and emoji are there and nothing moves any more."""
    window.evaluate("document.fonts.ready")
    window.screenshot(path=_FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    take()
