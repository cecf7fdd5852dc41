"""The API log."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_sdk.errors import SlackApiError

from sandbox.seen import Channel
from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench


@pytest.fixture
def ops(bench: Bench) -> Channel:
    """Put ana and the app into #ops."""
    ana = bench.driver.person("ana")
    found = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(found, by=ana)
    return found


def refused(bench: Bench, **message: Any) -> None:  # noqa: ANN401 - arguments of a call
    """Let the app post a message that Slack refuses."""
    with pytest.raises(SlackApiError):
        bench.client.chat_postMessage(text="Hello", **message)


def drawer(window: Page) -> Any:  # noqa: ANN401 - a locator
    return window.get_by_role("region", name="API log")


def test_it_opens_from_the_side_bar_and_escape_leads_back(
    bench: Bench, visit: Visit, ops: Channel
) -> None:
    refused(bench, channel="C0NOWHERE01")
    window = visit(f"?as=ana&in={ops.id}")
    button = window.get_by_role("button", name="API log")
    expect(button).to_contain_text("1 refused")

    button.focus()
    window.keyboard.press("Enter")
    expect(window.get_by_role("searchbox", name="Search calls and events")).to_be_focused()
    row = drawer(window).get_by_role("row").filter(has_text="channel_not_found")
    expect(row).to_be_visible()
    expect(drawer(window).get_by_text("There is no such channel, or it is private")).to_be_visible()
    window.keyboard.press("Escape")

    expect(drawer(window)).to_have_count(0)
    expect(button).to_be_focused()


def test_what_happens_stands_in_it_at_once_unless_it_is_paused(
    bench: Bench, visit: Visit, ops: Channel
) -> None:
    window = visit(f"?as=ana&in={ops.id}&drawer=1")
    expect(drawer(window)).to_be_visible()
    ana = bench.driver.known("ana")

    ana.say(ops, "Something new")
    expect(drawer(window).get_by_role("cell", name="#ops · ana · Something new")).to_be_visible()
    drawer(window).get_by_role("button", name="Pause").click()
    ana.say(ops, "Something else")
    expect(window.get_by_role("article").get_by_text("Something else")).to_be_visible()
    expect(drawer(window).get_by_text("Something else")).to_have_count(0)
    drawer(window).get_by_role("button", name="Pause").click()
    expect(drawer(window).get_by_text("Something else")).to_be_visible()

    drawer(window).get_by_role("button", name="Clear").click()
    expect(drawer(window).get_by_role("row")).to_have_count(0)
    ana.say(ops, "After that")
    expect(drawer(window).get_by_text("After that")).to_be_visible()
    expect(drawer(window).get_by_text("Something else")).to_have_count(0)


def test_a_row_opens_to_its_json_with_the_offending_block_marked(
    bench: Bench, visit: Visit, ops: Channel
) -> None:
    blocks = [{"type": "divider"}, {"type": "header", "text": "bare"}]
    refused(bench, channel=ops.id, blocks=blocks)
    window = visit(f"?as=ana&in={ops.id}&drawer=1")
    row = drawer(window).get_by_role("button", name="chat.postMessage")
    row.click()

    expect(row).to_have_attribute("aria-expanded", "true")
    expect(drawer(window).get_by_role("listitem")).to_have_text(
        "Block 2 (header) /blocks/1/text must provide an object"
    )
    arguments = drawer(window).get_by_role("region", name="Arguments, as JSON")
    expect(arguments.locator(".wrong")).to_have_text('"text": "bare"')
    expect(drawer(window).get_by_role("region", name="Answer, as JSON")).to_contain_text(
        '"error": "invalid_blocks"'
    )


def test_an_opened_row_stays_open_and_keeps_the_focus_as_others_come(
    bench: Bench, visit: Visit, ops: Channel
) -> None:
    refused(bench, channel="C0NOWHERE01")
    window = visit(f"?as=ana&in={ops.id}&drawer=1")
    row = drawer(window).get_by_role("button", name="chat.postMessage")
    row.click()

    bench.driver.known("ana").say(ops, "Meanwhile")

    expect(drawer(window).get_by_text("Meanwhile")).to_be_attached()
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-expanded", "true")


def test_rows_are_chosen_by_kind_and_by_words(bench: Bench, visit: Visit, ops: Channel) -> None:
    ana = bench.driver.known("ana")
    ana.say(ops, "card, please")
    ana.say(ops, "Nothing of note")
    refused(bench, channel="C0NOWHERE01")
    window = visit(f"?as=ana&in={ops.id}&drawer=1")
    shown = drawer(window).get_by_role("button", expanded=False)

    def titles(kind: str) -> list[str]:
        drawer(window).get_by_role("button", name=kind, exact=True).click()
        expect(drawer(window).get_by_role("button", name=kind)).to_have_attribute(
            "aria-pressed", "true"
        )
        return [" ".join(each.split()).strip("↑↓ ") for each in shown.all_inner_texts()]

    expect(shown.first).to_be_visible()
    assert titles("Refused") == ["Call: chat.postMessage"]
    assert all(title.startswith("Event: ") for title in titles("Events"))
    assert all(title.startswith("Call: ") for title in titles("Calls"))
    drawer(window).get_by_role("button", name="All", exact=True).click()
    drawer(window).get_by_role("searchbox").fill("message NOTE")
    expect(shown).to_have_count(1)
    expect(drawer(window).get_by_role("status")).to_have_text("1 row")


def test_a_command_that_came_to_nothing_stands_there_with_slacks_word(
    bench: Bench, visit: Visit, ops: Channel
) -> None:
    bench.answer = lambda _body, _headers: (500, {}, b"")
    window = visit(f"?as=ana&in={ops.id}&drawer=1")
    expect(drawer(window)).to_be_visible()

    bench.driver.known("ana").slash(ops, "/sample quick")

    expect(drawer(window).get_by_role("cell", name="dispatch_failed")).to_be_visible()
    expect(window.get_by_role("button", name="API log")).to_contain_text("1 refused")
