"""The page's clock, which shows the workspace's time and moves it forward."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench

# A Wednesday; in Berlin it is 11:00.
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Fix the clock until it is moved."""
    return NOW


@pytest.fixture
def window(bench: Bench, visit: Visit) -> Page:
    ana = bench.driver.person("ana")
    bench.driver.channel("ops", members=[ana])
    return visit("?as=ana&in=ops")


def test_next_monday_is_a_key_away_and_what_is_said_then_is_said_on_it(window: Page) -> None:
    clock = window.get_by_role("button", name="Move the clock")
    expect(clock).to_have_accessible_name(re.compile(r"Wed,? 4 Mar,? 11:00"))

    clock.focus()
    window.keyboard.press("Enter")
    dialog = window.get_by_role("dialog", name="Move the clock")
    dialog.get_by_role("button", name="Next Monday, 09:00").press("Enter")

    # The notice disappears by itself, so look for it first.
    expect(window.get_by_role("status")).to_contain_text("Monday")
    expect(dialog).to_have_count(0)
    expect(clock).to_be_focused()
    expect(clock).to_have_accessible_name(re.compile(r"Mon,? 9 Mar,? 09:00"))
    window.get_by_role("textbox", name="Message #ops").fill("A new week")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", name=re.compile("Monday|Today"))).to_be_visible()


def test_it_moves_to_a_chosen_time_and_not_back(window: Page) -> None:
    window.get_by_role("button", name="Move the clock").click()
    dialog = window.get_by_role("dialog", name="Move the clock")
    chosen = dialog.get_by_label("Or choose a date and time")
    expect(chosen).to_have_value("2026-03-04T11:00")

    chosen.fill("2026-03-04T10:59")
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(dialog).to_be_visible()
    chosen.fill("2026-06-01T08:30")
    dialog.get_by_role("button", name="Move", exact=True).click()

    clock = window.get_by_role("button", name="Move the clock")
    expect(clock).to_have_accessible_name(re.compile(r"Mon,? 1 Jun,? 08:30"))


def test_each_window_shows_the_time_wherever_it_was_moved(
    bench: Bench, visit: Visit, window: Page
) -> None:
    bench.driver.person("zoe", tz="America/New_York")
    hers = visit("?as=zoe")

    window.get_by_role("button", name="Move the clock").click()
    window.get_by_role("button", name="+1 day").click()

    clock = hers.get_by_role("button", name="Move the clock")
    expect(clock).to_have_accessible_name(re.compile(r"Thu,? 5 Mar,? 05:00"))
