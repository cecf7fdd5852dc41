"""The welcome line at the top of the page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench

ON_TO_IT_AS_IT_CLOSES = """(next) => new MutationObserver((_, seen) => {
    if (document.querySelector("dialog")) return;
    seen.disconnect();
    next.focus();
}).observe(document.body, { childList: true, subtree: true })"""
NEXT_FRAMES = """() => new Promise((done) => {
    const next = (left) => requestAnimationFrame(() => setTimeout(left ? next : done, 0, left - 1));
    next(3);
})"""


def test_it_leads_to_what_there_is_to_try_until_it_is_dismissed(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    asked = ana.say(ops, "Who restarts the queue?")
    ana.say(ops, "Whoever is on call", thread=asked)
    here = {"channel": ops.id, "thread": None, "at": None}
    tries = [
        {"words": "Read this thread", "place": here | {"thread": asked, "at": asked}},
        {"words": "Move to next Monday", "place": here | {"clock": "1"}},
    ]
    bench.driver.do("page.welcome", words="A workspace to try. Try:", tries=tries)
    window = visit("?as=ana&in=ops")
    line = window.get_by_role("complementary", name="Welcome")
    expect(line).to_contain_text("A workspace to try.")

    line.get_by_role("link", name="Read this thread").click()
    thread = window.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("Whoever is on call")).to_be_visible()
    line.get_by_role("link", name="Move to next Monday").click()
    clock = window.get_by_role("dialog", name="Move the clock")
    expect(clock).to_be_visible()
    dismiss = line.get_by_role("button", name="Dismiss")
    # Even a very quick person isn't moved away from where they went.
    window.evaluate(ON_TO_IT_AS_IT_CLOSES, dismiss.element_handle())
    window.keyboard.press("Escape")
    expect(clock).to_have_count(0)
    window.evaluate(NEXT_FRAMES)
    expect(dismiss).to_be_focused()

    window.keyboard.press("Enter")
    expect(line).to_have_count(0)
    window.reload()
    expect(window.get_by_text("Who restarts the queue?").first).to_be_visible()
    expect(line).to_have_count(0)
