"""Keyboard navigation, and the window's title."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench


@pytest.fixture
def ana(bench: Bench) -> PersonDriver:
    return bench.driver.person("ana")


@pytest.fixture
def ops(bench: Bench, ana: PersonDriver) -> Channel:
    return bench.driver.channel("ops", members=[ana])


def test_alt_and_arrows_lead_from_channel_to_channel(
    bench: Bench, visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    bench.driver.channel("random", members=[ana])
    window = visit("?as=ana&in=ops")
    expect(window).to_have_title("#ops – sandbox")

    window.keyboard.press("Alt+ArrowDown")
    expect(window.get_by_role("heading", name="random")).to_be_visible()
    expect(window).to_have_title("#random – sandbox")
    window.keyboard.press("Alt+ArrowUp")
    expect(window.get_by_role("heading", name="ops")).to_be_visible()
    window.go_back()

    expect(window.get_by_role("heading", name="random")).to_be_visible()
    assert ops.id not in window.url


def test_f6_leads_through_the_parts_of_the_page(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    root = ana.say(ops, "where it began")
    window = visit(f"?as=ana&in=ops&thread={root}")
    box = window.get_by_role("textbox", name="Message #ops")
    box.focus()

    window.keyboard.press("F6")
    expect(window.get_by_role("region", name="Thread messages")).to_be_focused()
    window.keyboard.press("F6")
    expect(window.get_by_role("textbox", name="Reply…")).to_be_focused()
    window.keyboard.press("F6")
    here = window.get_by_role("navigation", name="Workspace").locator("[aria-current=page]")
    expect(here).to_be_focused()
    window.keyboard.press("Shift+F6")

    expect(window.get_by_role("textbox", name="Reply…")).to_be_focused()


def test_arrows_lead_from_message_to_message_and_tab_to_what_one_can_do(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    for words in ("one", "two", "three"):
        ana.say(ops, words)
    window = visit("?as=ana&in=ops")
    expect(window.get_by_role("article").filter(has_text="three")).to_be_visible()
    window.get_by_role("region", name="Messages").focus()

    window.keyboard.press("ArrowUp")
    window.keyboard.press("ArrowUp")
    expect(window.get_by_role("article").filter(has_text="two")).to_be_focused()
    window.keyboard.press("Tab")
    expect(window.get_by_role("button", name="Add a reaction")).to_be_focused()
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")

    expect(window.get_by_role("complementary", name="Thread").get_by_text("two")).to_be_visible()


def test_escape_closes_the_thread_and_leads_back_to_its_message(
    visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    root = ana.say(ops, "where it began")
    window = visit(f"?as=ana&in=ops&thread={root}")
    listed = window.get_by_role("main").get_by_role("article", name="ana")
    expect(listed).to_be_visible()
    window.get_by_role("textbox", name="Reply…").focus()

    window.keyboard.press("Escape")

    expect(window.get_by_role("complementary", name="Thread")).to_have_count(0)
    expect(listed).to_be_focused()


def test_a_question_mark_lists_the_keys(visit: Visit, ana: PersonDriver, ops: Channel) -> None:
    ana.say(ops, "hello")
    window = visit("?as=ana&in=ops")
    window.get_by_role("region", name="Messages").focus()

    window.keyboard.press("?")
    expect(window.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    window.keyboard.press("Escape")

    expect(window.get_by_role("dialog")).to_have_count(0)
    expect(window.get_by_role("region", name="Messages")).to_be_focused()


def test_the_title_tells_of_mentions_elsewhere(
    bench: Bench, visit: Visit, ana: PersonDriver, ops: Channel
) -> None:
    ben = bench.driver.person("ben")
    random = bench.driver.channel("random", members=[ana, ben])
    window = visit(f"?as=ana&in={ops}")
    expect(window.get_by_role("heading", name="ops")).to_be_visible()

    ben.say(random, "anyone?")
    expect(window).to_have_title("* #ops – sandbox")
    ben.say(random, "@ana?")
    expect(window).to_have_title("(1) #ops – sandbox")
    window.get_by_role("button", name="random 1 mentions").click()

    expect(window).to_have_title("#random – sandbox")


@pytest.mark.parametrize("now", [datetime(2026, 3, 4, 10, 30, tzinfo=UTC)])
def test_days_are_told_in_the_readers_zone(bench: Bench, visit: Visit, now: datetime) -> None:
    """It is already Thursday for one reader, and still Tuesday for the other."""
    kiri = bench.driver.person("kiri", tz="Pacific/Kiritimati")
    pago = bench.driver.person("pago", tz="Pacific/Pago_Pago")
    ops = bench.driver.channel("ops", members=[kiri, pago])
    moment = now - timedelta(minutes=1)
    kiri.say(ops, "now", at=moment)
    kiri.say(ops, "a day ago", at=moment - timedelta(days=1))

    for who, hours in (("kiri", 14), ("pago", -11)):
        window = visit(f"?as={who}&in=ops")
        clock = (moment + timedelta(hours=hours)).strftime("%H:%M")
        expect(_days(window)).to_have_text(["Yesterday", "Today"])
        expect(window.get_by_role("article", name=f"kiri, {clock}").last).to_contain_text("now")


def _days(window: Page) -> Locator:
    return window.get_by_role("region", name="Messages").get_by_role("heading", level=3)
