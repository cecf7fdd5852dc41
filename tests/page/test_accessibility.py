"""axe-core finds nothing serious in the page, in any color scheme or width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench

WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 380, "height": 760}


def faults(window: Page) -> list[str]:
    """Return the serious and critical findings, each with its rule and place."""
    found = Axe().run(window).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def opened(window: Page) -> None:
    expect(window.get_by_role("textbox", name="Message #ops")).to_be_visible()


def thread(window: Page) -> None:
    window.get_by_role("button", name="1 reply").click()
    expect(window.get_by_role("complementary", name="Thread")).to_be_visible()


def commands(window: Page) -> None:
    window.get_by_role("textbox", name="Message #ops").fill("/sa")
    expect(window.get_by_role("option").first).to_be_visible()


def modal(window: Page) -> None:
    window.get_by_role("textbox", name="Message #ops").fill("/sample form ")
    window.keyboard.press("Enter")
    dialog = window.get_by_role("dialog", name="A form")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert").first).to_be_visible()


def drawer(window: Page) -> None:
    window.goto(f"{window.url}&drawer=1")
    expect(window.get_by_role("row").nth(1)).to_be_visible()


def keys(window: Page) -> None:
    window.get_by_role("region", name="Messages").focus()
    window.keyboard.press("?")
    expect(window.get_by_role("dialog")).to_be_visible()


Step = Callable[[Page], None]


@pytest.mark.parametrize("step", [opened, thread, commands, modal, drawer, keys])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    bench: Bench, visit: Visit, step: Step, scheme: Literal["light", "dark"]
) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    bench.driver.invite_bot(ops, by=ana)
    root = ana.say(ops, "The queue is *full*, see https://example.com and ask @ben")
    ben.say(ops, "whisper")
    ben.say(ops, "On it :eyes:", thread=root)
    ben.react(ops, root, "eyes")
    window = visit("?as=ana&in=ops")
    window.emulate_media(color_scheme=scheme)
    window.set_viewport_size(WIDE)
    opened(window)
    step(window)

    assert faults(window) == []
    window.set_viewport_size(NARROW)
    assert faults(window) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_all_of_block_kit(
    visit: Visit, scheme: Literal["light", "dark"]
) -> None:
    window = visit("kit.html")
    window.emulate_media(color_scheme=scheme)
    expect(window.get_by_role("article").first).to_be_visible()

    assert faults(window) == []
